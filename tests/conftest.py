"""What every test shares: servers that answer, a clean cache, the last word on skipped tests."""

import gc
import socket
from collections.abc import Iterator
from urllib.parse import urlparse

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import append_only

# The same examples each time, however slow the machine is: what fails here fails everywhere.
hypothesis_settings.register_profile(
    "portal", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("portal")


def _answers(url: str) -> bool:
    address = urlparse(url)
    try:
        socket.create_connection((address.hostname or "", address.port or 0), timeout=2).close()
    except OSError:
        return False
    return True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by the folder they live in; keep groups of tests in one process, and first."""
    for item in items:
        if "/tests/integration/" in str(item.path):
            item.add_marker(pytest.mark.integration)
        elif "/tests/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)
        if getattr(config.option, "loadgroup", False):  # in a process of pytest-xdist
            _name_group(item)
    # A group waits for processes it starts; begun last, it would leave a processor without work.
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def _name_group(item: pytest.Item) -> None:
    """Put the group of a test into its id, where `--dist loadgroup` looks for it.

    pytest-xdist 3.8 means to, but writes to an attribute that pytest 9.2 does not read any more.
    """
    groups = sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")})
    suffix = f"@{'_'.join(groups)}"
    if groups and not item.nodeid.endswith(suffix):
        item._id = type(item._id).parse(item.nodeid + suffix)
        assert item.nodeid.endswith(suffix), "groups of tests are spread over processes"


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for garbage rarely, and not among modules and tests: it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def _servers() -> None:
    """Say plainly how to run the tests when the servers are missing."""
    for name, url in (("Redis", settings.REDIS_URL), ("PostgreSQL", _database_url())):
        if not _answers(url):
            pytest.exit(
                f"{name} does not answer. Run the tests as "
                "`.venv/bin/python -m portal.embedded .venv/bin/pytest ...`, or `make test`.",
                returncode=2,
            )


def _database_url() -> str:
    database = settings.DATABASES["default"]
    return f"postgres://{database['HOST']}:{database['PORT']}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, _servers: None
) -> None:
    """Give each process its own database, once the servers answer."""


@pytest.fixture(scope="session", autouse=True)
def _append_only_tables_can_be_flushed() -> Iterator[None]:
    """Let tests with real transactions start from empty tables, the audit log included."""
    with pytest.MonkeyPatch.context() as patch:
        append_only.allow_flush(patch.setattr)
        yield


@pytest.fixture(autouse=True)
def _clean_cache(request: pytest.FixtureRequest) -> None:
    """Start each test that uses servers with an empty cache."""
    if request.node.get_closest_marker("integration"):
        from django.core.cache import cache

        cache.clear()
