"""Spares people the wait for a bureau that is away: after some failures in a row nobody asks it.

It only saves time, so it may live in the cache: a lost cache means that each call waits again.
"""

from django.conf import settings
from django.core.cache import cache

_TROUBLES = "proofing:troubles"
_OPEN = "proofing:away"


def is_open() -> bool:
    """Whether the bureau is not to be asked at the moment."""
    return cache.get(_OPEN) is not None


def note_trouble() -> None:
    """Count a failure; the last one allowed in a row stops further calls for a while.

    Counted by the cache, because those who waited together fail in the same moment.
    """
    pause = int(settings.PROOFING_PAUSE.total_seconds())
    # Outlives the pause, so that one more failure after it begins the next one.
    lifetime = 4 * pause
    cache.add(_TROUBLES, 0, lifetime)
    try:
        count = cache.incr(_TROUBLES)
    except ValueError:  # Redis is away, or a success came between
        return
    cache.touch(_TROUBLES, lifetime)
    if count >= settings.PROOFING_TROUBLES_IN_A_ROW:
        cache.set(_OPEN, 1, pause)


def note_success() -> None:
    """Forget the failures before."""
    cache.delete_many([_TROUBLES, _OPEN])
