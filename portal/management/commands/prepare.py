"""Prepares the database of an installation: tables, groups, catalog. Safe to run again."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Runs what has to run once before the processes of a new version start."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then make the groups and load the catalog's data files."""
        for command in ("migrate", "setup_groups", "load_catalog"):
            self.stdout.write(f"{command} ...")
            if command == "migrate":
                call_command(command, interactive=False, verbosity=options["verbosity"])
            else:
                call_command(command, verbosity=options["verbosity"])
