"""The session engine: Django's database and cache, with the key replaced in one statement."""

from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends.cached_db import SessionStore as CachedDbSessionStore
from django.utils.crypto import get_random_string

from prepared import Statement

# Nobody waits for the disk: should PostgreSQL crash, the person signs in again. Who is signed in is
# the registry's business (accounts.models.PortalSession), whose rows are durable.
_MOVE = Statement.named("""
UPDATE django_session SET session_key = %(key)s, session_data = %(data)s, expire_date = %(until)s
  FROM (SELECT set_config('synchronous_commit', 'off', true)) AS quick
 WHERE session_key = %(replaced)s
RETURNING 1
""")
_KEY_LENGTH = 32
_KEY_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


class SessionStore(CachedDbSessionStore):
    """Signing in renames the stored session instead of copying and deleting it.

    ``cycle_key`` only notes the new key; the one write at the end of the request moves the row.
    The key a visitor arrived with is dead from that write on, as with Django's own engine.
    """

    _replaced_key: str | None = None

    if TYPE_CHECKING:
        # Parts of Django's engine that its stubs leave out.
        _cache: Any
        _session: dict[str, Any]

        def _get_session(self, no_load: bool = False) -> dict[str, Any]: ...

    def cycle_key(self) -> None:
        """Give the session a new key at its next save, keeping its data."""
        self._get_session()
        self._replaced_key = self._replaced_key or self.session_key
        # 32 characters of 36 are 165 random bits: asking whether a key is in use is idle.
        self._session_key = get_random_string(_KEY_LENGTH, _KEY_ALPHABET)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write the session; a changed key takes the old row along."""
        replaced, self._replaced_key = self._replaced_key, None
        if replaced is None:
            super().save(must_create)
            return
        row = self.create_model_instance(self._get_session(no_load=must_create))
        moved = _MOVE.rows(
            {
                "key": row.session_key,
                "data": row.session_data,
                "until": row.expire_date,
                "replaced": replaced,
            }
        )
        self._cache.delete(self.cache_key_prefix + replaced)
        if moved:
            self._cache.set(self.cache_key, self._session, self.get_expiry_age())
        else:
            super().save(must_create=True)

    def flush(self) -> None:
        """Forget everything, also under the key the visitor arrived with."""
        if self._replaced_key:
            self.delete(self._replaced_key)
            self._replaced_key = None
        super().flush()
