"""The check, at the beginning of each request, whether the connection still lives."""

import select

import psycopg2
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at the socket first: a server that went away has left an end or a last word in it.

    Asking ``SELECT 1`` costs every page a round trip, and nearly always nothing has happened. Any
    sign of life is looked into as Django does; what breaks after the look breaks as it would there.
    """

    def is_usable(self) -> bool:
        """Whether a statement can be sent."""
        if self.connection is None:
            return False
        try:
            has_something_to_say, _, _ = select.select([self.connection], [], [], 0)
        except (OSError, ValueError, psycopg2.Error):
            return False
        return super().is_usable() if has_something_to_say else True
