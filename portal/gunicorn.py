"""Settings of the web server: `gunicorn --config python:portal.gunicorn portal.wsgi`."""

import gc
import os
from typing import Any

from portal import environment, memory

# A collection leaves holes in the memory that is to be shared; what fills them is shared no more.
gc.disable()

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
    """Load what the first pages would, and keep it from the garbage collector: it stays shared."""
    memory.load_everything()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """Have each worker collect its own garbage, and give unused memory back now and then."""
    gc.enable()
    memory.give_back_regularly()
