"""Keeps the memory of the web processes small: code is loaded before they part, hashes give back.

Django loads addresses, views and templates when the first page asks for them, in each process for
itself: thirty megabytes in each that they would otherwise share.

GNU's C library keeps a 19 MiB block for each thread that has computed a hash: 150 MB for two web
processes. Mapping the block anew for each hash would make signing in half as slow again, so the
unused blocks are returned now and then.
"""

import contextlib
import ctypes
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

import prepared

M_ARENA_MAX = -8  # of malloc.h
SECONDS_BETWEEN = 10


def load_everything() -> None:
    """Load every view, address, word, template and query of the portal's own pages."""
    resolver = get_resolver()
    for pattern in resolver.url_patterns:
        _load(pattern)
    _ = resolver.reverse_dict  # the table of all addresses, built at the first look
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Log In")
    folders: Any = settings.TEMPLATES[0]["DIRS"]
    for folder in map(Path, folders):
        for path in sorted(folder.rglob("*.html")):
            if "emails" not in path.parts and "admin" not in path.parts:
                get_template(str(path.relative_to(folder)))
    with contextlib.suppress(OperationalError):  # then each process compiles what it asks
        prepared.compile_all()


def _load(pattern: Any) -> None:
    for inner in getattr(pattern, "url_patterns", ()):
        _load(inner)


def give_back_regularly() -> None:
    """Start the thread that returns unused blocks; does nothing with another C library."""
    library = ctypes.CDLL(None)
    if not hasattr(library, "malloc_trim"):
        return
    # Blocks at the end of a thread's own arena are never given back; one arena for all is.
    library.mallopt(M_ARENA_MAX, 1)
    threading.Thread(
        target=_trim_for_ever, args=(library.malloc_trim,), name="trim", daemon=True
    ).start()


def _trim_for_ever(trim: Callable[[int], int]) -> None:
    while True:
        time.sleep(SECONDS_BETWEEN)
        trim(0)
