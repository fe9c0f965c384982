"""Lets Django empty append-only tables between tests; for all else their triggers stay."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

_GUARDED = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger
WHERE NOT tgisinternal AND tgtype & 32 <> 0 AND tgenabled <> 'D'
"""  # 32: the trigger fires for TRUNCATE


def allow_flush(patch: Callable[..., None]) -> None:
    """Make Django's flush of a test database disable those triggers while it truncates."""
    original = DatabaseOperations.sql_flush

    def sql_flush(
        self: DatabaseOperations, style: Any, tables: Sequence[str], **options: Any
    ) -> list[str]:
        statements = original(self, style, tables, **options)
        with connection.cursor() as cursor:
            cursor.execute(_GUARDED)
            guarded = [name for (name,) in cursor.fetchall()]
        return [
            *(f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in guarded),
            *statements,
            *(f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in guarded),
        ]

    patch(DatabaseOperations, "sql_flush", sql_flush)
