"""Makes the groups of the portal's own staff. Safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand

from portal import groups


class Command(BaseCommand):
    """Makes Portal administrators, Portal help desk and Auditors with their permissions."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the groups in line and say how many changed."""
        changed = groups.set_up()
        if options["verbosity"] > 0:
            self.stdout.write(f"{changed} of {len(groups.PERMISSIONS)} groups changed.")
