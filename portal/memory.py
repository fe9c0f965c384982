"""Gives memory of password hashes back to the system, where the C library would keep it.

GNU's C library keeps a 19 MiB block for each thread that has computed a hash: 150 MB for two web
processes. Mapping the block anew for each hash would make signing in half as slow again, so the
unused blocks are returned now and then.
"""

import ctypes
import threading
import time
from collections.abc import Callable

M_ARENA_MAX = -8  # of malloc.h
SECONDS_BETWEEN = 10


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
