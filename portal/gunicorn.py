"""Settings of the web server: `gunicorn --config python:portal.gunicorn portal.wsgi`."""

import ctypes
import gc
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from portal import environment

M_ARENA_MAX = -8  # of malloc.h
TRIM_SECONDS = 10

_host = "0.0.0.0" if environment.is_production else "127.0.0.1"  # noqa: S104 - behind a proxy
bind = f"{_host}:{environment.number('PORT', 8000)}"
workers = environment.number("WEB_WORKERS", 2)
# Threads, because browsers hold connections open without asking anything.
worker_class = "gthread"
threads = 4
keepalive = 15
timeout = 30
graceful_timeout = 10
preload_app = True  # both processes share the memory of the code
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112
# Django alone decides whom to believe about the client (TRUSTED_PROXY_COUNT).
forwarded_allow_ips = ""
max_requests = 20_000
max_requests_jitter = 2_000
errorlog = "-"
accesslog = None
loglevel = environment.text("LOG_LEVEL", "INFO").lower()


def when_ready(server: Any) -> None:
    """Keep the loaded code out of the garbage collector, so that its pages stay shared."""
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """Have the worker give unused memory back now and then.

    The C library keeps a 19 MiB block for each thread that has computed a password hash: 150 MB
    for two workers. Mapping the block anew for each hash would make signing in half as slow again.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):  # GNU's C library alone has it
        # Blocks at the end of a thread's own arena are never given back; one arena for all is.
        library.mallopt(M_ARENA_MAX, 1)
        trim = threading.Thread(
            target=_trim_for_ever, args=(library.malloc_trim,), name="trim", daemon=True
        )
        trim.start()


def _trim_for_ever(trim: Callable[[int], int]) -> None:
    while True:
        time.sleep(TRIM_SECONDS)
        trim(0)
