"""The cache while Redis is well, killed, frozen, and back again."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from portal import cache as cache_module
from portal.cache import LosableRedisCache
from portal.embedded.processes import server_account
from portal.embedded.valkey import Valkey

WELL_BELOW_A_PAGE = 1.5  # seconds for an answer while Redis is frozen


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    """A private Valkey that may be killed and frozen."""
    with tempfile.TemporaryDirectory(prefix="portal-test-") as name:
        Path(name).chmod(0o711)
        server = Valkey(
            Path(name) / "valkey", account=server_account(), password="quiet", throw_away=True
        )
        server.start()
        yield server
        assert server.process is not None
        if server.process.poll() is None:
            server.process.send_signal(signal.SIGCONT)
        server.stop()


@pytest.fixture
def cache(valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> LosableRedisCache:
    """A cache on it that trusts again after a short while."""
    monkeypatch.setattr(cache_module, "SECONDS_WITHOUT", 0.3)
    return LosableRedisCache(valkey.url, {"KEY_PREFIX": "portal"})


def pid_of(valkey: Valkey) -> int:
    assert valkey.process is not None
    return valkey.process.pid


def kill(valkey: Valkey) -> None:
    assert valkey.process is not None
    valkey.process.kill()
    valkey.process.wait()


def until_trusted_again(cache: LosableRedisCache) -> None:
    until = time.monotonic() + 20
    while not cache.add(f"probe-{time.monotonic()}", 1):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_values_come_back_as_they_were(cache: LosableRedisCache) -> None:
    cache.set("text", "Grüße")
    cache.set_many({"list": [1, None, {"a": True}], "number": 41})

    assert cache.get("text") == "Grüße"
    assert cache.get_many(["list", "number", "absent"]) == {
        "list": [1, None, {"a": True}],
        "number": 41,
    }
    assert cache.incr("number") == 42
    assert cache.has_key("text")
    assert cache.touch("text", 100)
    assert cache.delete("text")
    assert cache.get("text", "gone") == "gone"


def test_what_is_no_json_is_refused_loudly(cache: LosableRedisCache) -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        cache.set("object", object())


def test_code_planted_in_redis_is_not_run(cache: LosableRedisCache, valkey: Valkey) -> None:
    with redis.Redis.from_url(valkey.url) as attacker:
        attacker.set(cache.make_key("pickle"), b"cos\nsystem\n(S'true'\ntR.")

    with pytest.raises(ValueError, match="Expecting value"):
        cache.get("pickle")


def test_add_keeps_the_first_value(cache: LosableRedisCache) -> None:
    assert cache.add("key", "first")
    assert not cache.add("key", "second")
    assert cache.get("key") == "first"


def test_clear_leaves_the_task_queue_alone(cache: LosableRedisCache, valkey: Valkey) -> None:
    with redis.Redis.from_url(valkey.url) as broker:
        broker.lpush("celery:portal", "a task")
        for number in range(1500):
            cache.set(f"key-{number}", number)

        cache.clear()

        assert broker.llen("celery:portal") == 1
        assert broker.dbsize() == 1


def test_a_killed_redis_answers_as_if_nothing_were_stored(
    cache: LosableRedisCache, valkey: Valkey
) -> None:
    cache.set("key", "value")
    kill(valkey)

    assert cache.get("key", "default") == "default"
    assert cache.get_many(["key"]) == {}
    assert cache.set_many({"a": 1, "b": 2}) == ["a", "b"]
    assert not cache.has_key("key")
    assert not cache.add("key", "other")
    assert not cache.delete("key")
    assert not cache.touch("key")
    cache.clear()
    cache.set("key", "other")
    cache.delete_many(["key"])
    with pytest.raises(ValueError, match="not found"):
        cache.incr("key")


def test_a_frozen_redis_holds_up_one_answer_and_not_the_next(
    cache: LosableRedisCache, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "SECONDS_WITHOUT", 5)
    cache.set("key", "value")
    os.kill(pid_of(valkey), signal.SIGSTOP)

    begin = time.monotonic()
    assert cache.get("key") is None
    first = time.monotonic() - begin
    begin = time.monotonic()
    for _ in range(100):
        assert cache.get("key") is None
    others = time.monotonic() - begin

    assert first < WELL_BELOW_A_PAGE
    assert others < cache_module.SECONDS_TO_WAIT


def test_a_thawed_redis_is_used_again(cache: LosableRedisCache, valkey: Valkey) -> None:
    cache.set("key", "value")
    os.kill(pid_of(valkey), signal.SIGSTOP)
    assert cache.get("key") is None

    os.kill(pid_of(valkey), signal.SIGCONT)
    until_trusted_again(cache)

    assert cache.get("key") == "value"


def test_a_restarted_redis_is_used_again(cache: LosableRedisCache, valkey: Valkey) -> None:
    cache.set("key", "value")
    port = valkey.port
    kill(valkey)
    assert cache.get("key") is None

    valkey.start(port)
    until_trusted_again(cache)

    cache.set("key", "new")
    assert cache.get("key") == "new"


def test_an_idle_connection_that_a_restart_cut_costs_nothing(
    cache: LosableRedisCache, valkey: Valkey
) -> None:
    cache.set("key", "value")
    port = valkey.port
    kill(valkey)
    valkey.start(port)

    cache.set("key", "new")

    assert cache.get("key") == "new"


@pytest.mark.parametrize("change", ["delete", "set", "delete_many", "clear"])
def test_an_old_value_never_comes_back(
    cache: LosableRedisCache, valkey: Valkey, change: str
) -> None:
    """A session that ended while Redis was frozen stays ended."""
    cache.set("session", "signed in")
    os.kill(pid_of(valkey), signal.SIGSTOP)
    if change == "set":
        cache.set("session", "signed out")
    elif change == "delete":
        cache.delete("session")
    elif change == "delete_many":
        cache.delete_many(["session"])
    else:
        cache.clear()

    os.kill(pid_of(valkey), signal.SIGCONT)
    until_trusted_again(cache)

    assert cache.get("session") is None


def test_more_missed_changes_than_can_be_remembered_empty_the_cache(
    cache: LosableRedisCache, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "MOST_MISSED_KEYS", 3)
    cache.set("untouched", 1)
    os.kill(pid_of(valkey), signal.SIGSTOP)
    for number in range(5):
        cache.delete(f"key-{number}")

    os.kill(pid_of(valkey), signal.SIGCONT)
    until_trusted_again(cache)

    assert cache.get("untouched") is None
