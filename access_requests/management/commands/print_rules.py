"""Writes docs/approval-rules.md, or says whether it is stale."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from access_requests import rules_page


class Command(BaseCommand):
    """Writes who approves what, for people who do not read code."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take another place to write to, and the wish to check only."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail when stale")
        parser.add_argument(
            "--output",
            type=Path,
            default=settings.ROOT / "docs" / "approval-rules.md",
            help="where the page stands",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page, or compare it."""
        output: Path = options["output"]
        page = rules_page.render()
        is_current = output.exists() and output.read_text(encoding="utf-8") == page
        if options["check"]:
            if not is_current:
                raise CommandError(f"{output.name} is stale; run `make rules`.")
        elif not is_current:
            output.write_text(page, encoding="utf-8")
        self.stdout.write(f"{output.name} is up to date.")
