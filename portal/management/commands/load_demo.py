"""Adds the demo people and the access they hold. Safe to run again; refused in production."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import demo


class Command(BaseCommand):
    """Adds the people of the README through the same services that everybody uses."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Add who is missing and say how many."""
        try:
            new = demo.load()
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"] > 0:
            self.stdout.write(f"{new} of {len(demo.PEOPLE)} people added.")
