"""Removes all MFA devices of somebody whom no help desk may help, such as an administrator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import device_changes
from accounts.verdicts import Refusal
from audit import context


class Command(BaseCommand):
    """For those who run the server, when two of them agree; see docs/operations.md."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the account and why it is done."""
        parser.add_argument("user_id", metavar="user-id", help="the User ID, in any spelling")
        parser.add_argument(
            "--reason", required=True, help="who asked, how you know them, and who agreed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them, each recorded and told; raises CommandError when there is nothing to do."""
        try:
            user = User.objects.get_by_natural_key(options["user_id"])
        except User.DoesNotExist as error:
            raise CommandError(f"Nobody has the User ID {options['user_id']}.") from error
        try:
            with context.surroundings(context.command_line()):
                removed = device_changes.remove_all(user=user, actor=None, reason=options["reason"])
        except Refusal as refusal:
            raise CommandError(str(refusal.label)) from refusal
        if not removed:
            raise CommandError(f"{user.user_id} has no MFA device: nothing was done.")
        self.stdout.write(
            f"{removed} removed. The password alone opens {user.user_id} now: have its owner log "
            "in and add an authenticator app, passkey or security key at once."
        )
