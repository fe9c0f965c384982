"""What has to be done before the portal can be served, each step only when something changed."""

import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from catalog.models import System
from portal import demo
from portal.checks import demo_people
from portal.static_files import UswdsFinder


@dataclass(frozen=True)
class Step:
    """One step: what the person reads, whether it is due, and what it does."""

    text: str
    is_due: Callable[[], bool]
    do: Callable[[], None]


def steps() -> list[Step]:
    """Return the steps of a demo installation in their order."""
    return [
        Step("Preparing the database", _has_new_migrations, _migrate),
        Step("Collecting static files", _statics_changed, _collect),
        Step("Loading the catalog", _catalog_changed, _load_catalog),
        Step("Adding the demo people", _demo_is_missing, _load_demo),
    ]


def _has_new_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def _static_mark() -> str:
    return _mark(
        Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list(None)
    )


def _statics_changed() -> bool:
    return _noted("static") != _static_mark()


def _collect() -> None:
    if not UswdsFinder().files:
        raise CommandError("The design system USWDS is missing: run `make setup`.")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    _note("static", _static_mark())


def _catalog_mark() -> str:
    return _mark(path for path in settings.CATALOG_DATA.rglob("*") if path.is_file())


def _catalog_changed() -> bool:
    """Tell whether the data files are new, or the database is."""
    return _noted("catalog") != _catalog_mark() or not System.objects.exists()


def _load_catalog() -> None:
    call_command("load_catalog", verbosity=0, stdout=io.StringIO())
    _note("catalog", _catalog_mark())


def _demo_is_missing() -> bool:
    return not demo_people() or demo.lack_apps()


def _load_demo() -> None:
    call_command("load_demo", verbosity=0)


def _mark(paths: Iterable[Path]) -> str:
    """Return a fingerprint of files by name, size and time."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        state = path.stat()
        digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _stamp(name: str) -> Path:
    return settings.PORTAL_DATA / "stamps" / name


def _noted(name: str) -> str:
    path = _stamp(name)
    return path.read_text() if path.is_file() else ""


def _note(name: str, mark: str) -> None:
    _stamp(name).parent.mkdir(parents=True, exist_ok=True)
    _stamp(name).write_text(mark)
