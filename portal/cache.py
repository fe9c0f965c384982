"""The cache: Redis, treated as something that may be gone or frozen at any moment."""

import json
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Other = TypeVar("Other")

SECONDS_TO_WAIT = 0.5  # for one answer: longer than any healthy one, too short to hold up a page
SECONDS_WITHOUT = 5.0  # after a failure nobody is kept waiting again for so long
MOST_MISSED_KEYS = 10_000


class JsonSerializer:
    """Stores values as JSON: whoever can write to Redis still cannot run code here."""

    def dumps(self, value: Any) -> str | int:
        """Return what Redis stores; whole numbers stay numbers, so that `incr` works."""
        return value if type(value) is int else json.dumps(value, separators=(",", ":"))

    def loads(self, data: bytes) -> Any:
        """Return the value that was stored."""
        return json.loads(data)


class KeptClient(RedisCacheClient):
    """Keeps its Redis client: making one for each command costs more than the command."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Begin with none."""
        super().__init__(*args, **options)
        self._kept: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """Return the client of the pool that this command goes to."""
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]  # not in the stubs
        if id(pool) not in self._kept:
            self._kept[id(pool)] = redis.Redis(connection_pool=pool)
        return self._kept[id(pool)]


class Lost:
    """Marks a change that could not be done."""


LOST = Lost()


class LosableRedisCache(RedisCache):
    """Answers "not there" while Redis is away, so that every page stays up.

    After a failure the cache is not asked for a few seconds. Keys whose change got lost in that
    time are deleted before this thread trusts the cache again; other threads and processes may
    read an old value until it runs out. So keep nothing here that exists nowhere else, and nothing
    that opens a door: who is signed in is asked from the database.
    """

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        """Set short time limits on every conversation with Redis."""
        super().__init__(server, params)
        self._class = KeptClient
        self._options: dict[str, Any] = {
            "serializer": JsonSerializer,
            "socket_timeout": SECONDS_TO_WAIT,
            "socket_connect_timeout": SECONDS_TO_WAIT,
            # A connection that a restarted Redis forgot is opened anew, once; a silence is not
            # waited for twice.
            "retry": Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
            **params.get("OPTIONS", {}),
        }
        self._away_until = 0.0
        self._missed: set[str] = set()
        self._missed_all = False

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Store a value unless there is one; False when there is one or Redis is away."""
        return self._write(
            [key],
            version,
            False,
            lambda: super(LosableRedisCache, self).add(key, value, timeout, version),
        )

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or `default` when there is none or Redis is away."""
        return self._ask(default, lambda: super(LosableRedisCache, self).get(key, default, version))

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Store a value, unless Redis is away."""
        self._write(
            [key],
            version,
            None,
            lambda: super(LosableRedisCache, self).set(key, value, timeout, version),
        )

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set a new lifetime; False when there is no such key or Redis is away."""
        return self._ask(False, lambda: super(LosableRedisCache, self).touch(key, timeout, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Delete a key; False when there is none or Redis is away (then it is deleted later)."""
        return self._write(
            [key], version, False, lambda: super(LosableRedisCache, self).delete(key, version)
        )

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """Return the values there are; none when Redis is away."""
        wanted = list(keys)
        return self._ask({}, lambda: super(LosableRedisCache, self).get_many(wanted, version))

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Tell whether there is a value; False when Redis is away."""
        return self._ask(False, lambda: super(LosableRedisCache, self).has_key(key, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a number. Raises ValueError when there is none or Redis is away."""
        done = self._write(
            [key], version, None, lambda: super(LosableRedisCache, self).incr(key, delta, version)
        )
        if done is None:
            raise ValueError(f"Key {key!r} not found.")
        return done

    def set_many(
        self, data: dict[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[str]:
        """Store several values; returns the keys that were not stored."""
        return self._write(
            list(data),
            version,
            list(data),
            lambda: super(LosableRedisCache, self).set_many(data, timeout, version),
        )

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        """Delete several keys, now or when Redis is back."""
        gone = list(keys)
        self._write(
            gone, version, None, lambda: super(LosableRedisCache, self).delete_many(gone, version)
        )

    def clear(self) -> None:
        """Delete this cache's keys and nothing else: the task queue may share the database."""
        self._missed_all = not self._ask(False, self._delete_ours)

    def _delete_ours(self) -> bool:
        client = self._cache.get_client(write=True)
        batch: list[bytes] = []
        for key in client.scan_iter(match=f"{self.key_prefix}:*", count=1000):
            batch.append(key)
            if len(batch) == 1000:
                client.delete(*batch)
                batch.clear()
        if batch:
            client.delete(*batch)
        return True

    def _write(
        self, keys: list[str], version: int | None, without: Result, act: Callable[[], Result]
    ) -> Result:
        """Do a change, and remember its keys when it cannot be done."""
        result = self._ask(LOST, act)
        if not isinstance(result, Lost):
            return result
        if len(self._missed) + len(keys) > MOST_MISSED_KEYS:
            self._missed_all = True
            self._missed.clear()
        else:
            self._missed.update(self.make_and_validate_key(key, version=version) for key in keys)
        return without

    def _ask(self, without: Other, act: Callable[[], Result]) -> Result | Other:
        """Do `act`, or return `without` when Redis is away."""
        if time.monotonic() < self._away_until:
            return without
        try:
            self._catch_up()
            return act()
        except RedisError as error:
            self._away_until = time.monotonic() + SECONDS_WITHOUT
            logger.warning("The cache is away: %s", error)
            return without

    def _catch_up(self) -> None:
        """Delete what should have changed while Redis was away."""
        if self._missed_all:
            self._delete_ours()
            self._missed_all = False
        if self._missed:
            self._cache.delete_many(list(self._missed))
            self._missed.clear()
