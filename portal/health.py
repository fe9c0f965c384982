"""Tells whether this process lives, and whether the portal can do all of its work."""

import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import login_not_required

TICK = "health:last-tick"
OLDEST_TICK = 300  # seconds since a task last came from beat through the broker to a worker
SECONDS_TO_WAIT = 2


def note_tick() -> None:
    """Remember that a task came through; real time, whatever the portal's clock says."""
    cache.set(TICK, int(time.time()), timeout=None)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process can answer at all; asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, broker and beat work, else 503; names the part that does not."""
    parts = {name: check() for name, check in CHECKS.items()}
    status = 200 if set(parts.values()) == {"ok"} else 503
    return JsonResponse({"ready": status == 200, **parts}, status=status)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "unreachable"
    return "ok"


def _broker() -> str:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=SECONDS_TO_WAIT, socket_connect_timeout=SECONDS_TO_WAIT
    )
    try:
        with client:
            client.ping()
    except redis.RedisError:
        return "unreachable"
    return "ok"


def beat() -> str:
    """Return "ok" when a task came through lately, else what is wrong."""
    tick = cache.get(TICK)
    if tick is None:
        return "no tick yet"
    # A tick that lies ahead was noted before the clock was set back, so it tells nothing.
    return "ok" if abs(time.time() - tick) <= OLDEST_TICK else "late"


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "broker": _broker, "beat": beat}
