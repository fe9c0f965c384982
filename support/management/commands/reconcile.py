"""Says what a restored database has forgotten, and what somebody holds again because of it."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.canonical import COLUMNS
from audit.exports import csv_lines
from audit.journal import Kept
from support.audit_tags import known_tags
from support.services import restored


class Command(BaseCommand):
    """Exit code 0: nothing is forgotten. 1: something is; it is listed, nothing is changed."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a place for the whole list."""
        parser.add_argument("--csv", type=Path, help="write every forgotten entry to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare; raises CommandError (exit code 1) when something is forgotten."""
        names = known_tags()
        found = restored.compare()
        if options["csv"]:
            self._write(options["csv"], found.forgotten)
        if found.unreadable:
            self.stdout.write(f"note: {found.unreadable} lines of the journal cannot be believed")
        if found.given_back:
            self.stdout.write("Taken from somebody, and theirs again (take it anew):")
        for entry in found.given_back:
            self.stdout.write(f"  {_told(entry, names)}")
        if not found.forgotten:
            self.stdout.write("The database has every entry of the journal.")
            return
        self.stdout.write("Forgotten, by kind:")
        kinds = Counter(entry.values["tag"] for entry in found.forgotten)
        for tag, count in sorted(kinds.items()):
            self.stdout.write(f"  {count:>6}  {names.get(tag, tag)}")
        first, last = found.forgotten[0].at, found.forgotten[-1].at
        raise CommandError(
            f"{len(found.forgotten)} entries are forgotten, "
            f"from {first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S} UTC."
        )

    def _write(self, path: Path, entries: list[Kept]) -> None:
        rows = ([entry.seq, *(entry.values[name] for name in COLUMNS)] for entry in entries)
        with path.open("w", encoding="utf-8", newline="") as file:
            path.chmod(0o600)
            file.writelines(csv_lines(["seq", *COLUMNS], rows, limit=max(1, len(entries))))


def _told(entry: Kept, names: dict[str, str]) -> str:
    values = entry.values
    name = names.get(values["tag"], values["tag"])
    whose = f"{values['target_label']} ({values['target_type']} {values['target_id']})"
    return f"{entry.at:%Y-%m-%d %H:%M:%S}  {name}: {whose}, by {values['actor_label'] or 'nobody'}"
