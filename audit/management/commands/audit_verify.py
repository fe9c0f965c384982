"""Checks the audit log and its chain; for the nightly job and for whoever doubts it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import anchor
from audit.services import sealing, verification


class Command(BaseCommand):
    """Exit code 0: the log is as it was written. 1: it is not; what and where is printed."""

    help = "Check that the audit log is as it was written (exit code 0), or say where it is not."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--read-only",
            action="store_true",
            help="do not seal waiting entries first; entries that wait too long are a problem",
        )
        parser.add_argument(
            "--accept-head",
            action="store_true",
            help="after a restore that was meant: anchor the chain as it stands now",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify; raises CommandError (exit code 1) when something is wrong."""
        if options["accept_head"]:
            anchor.write(sealing.head())
        if not options["read_only"]:
            self._seal()
        report = verification.verify()
        for problem in report.problems:
            self.stdout.write(f"{problem.kind}: {problem.text}")
        if not report.intact:
            counts = ", ".join(f"{count} {kind}" for kind, count in sorted(report.found.items()))
            raise CommandError(f"The audit log is NOT intact. Problems: {counts}.")
        self.stdout.write(f"The audit log is intact: {report.entries} entries checked.")

    def _seal(self) -> None:
        late = verification.waiting_too_long()
        if late:
            self.stdout.write(f"note: {late} entries waited long for their seal; was a worker up?")
        sealing.seal()
