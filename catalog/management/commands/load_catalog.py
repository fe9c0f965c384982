"""Loads the delivered catalog; running it again changes nothing."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.services import data_files, loading
from catalog.services.delivered import BrokenDataError

DELIVERED = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    """``manage.py load_catalog [--data FOLDER] [--restore]``."""

    help = (
        "Loads systems, roles, approval rules and help desks from data files. Entries that say "
        "the same as at the last load are left alone, and so is what was made by hand; entries "
        "gone from the files are retired. Files with a mistake are refused as a whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--data",
            type=Path,
            default=settings.CATALOG_DATA,
            help="folder with the *.yaml files; CATALOG_DATA names another default",
        )
        parser.add_argument(
            "--restore",
            action="store_true",
            help="write every delivered entry again, over edits made in the administration",
        )

    def handle(self, *args: Any, data: Path, restore: bool, **options: Any) -> None:
        """Read, check and load; raise CommandError with every problem found."""
        try:
            outcome = loading.load(delivered=data_files.read(data), restore=restore)
        except BrokenDataError as error:
            count = len(error.problems)
            raise CommandError(
                f"The catalog was not loaded: {count} problem{'s' if count > 1 else ''}.\n{error}"
            ) from error
        totals = ", ".join(f"{number} {name}" for name, number in outcome.totals.items())
        if outcome.is_unchanged:
            self.stdout.write(f"Catalog: {totals}; 0 changes, everything is up to date.")
            return
        self.stdout.write(
            f"Catalog: {totals}; {outcome.created} created, {outcome.changed} changed, "
            f"{outcome.retired} retired."
        )
