"""A worker's heap while many records are opened: not walked again and again, and what is free given back."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_MANY_OBJECTS = 200_000


@contextmanager
def opening() -> Iterator[None]:
    """Keep the garbage collector from walking a growing heap again and again while records are opened.

    Where there were many, it walks once at the end, and leaves them alone from then on: else it would walk
    for seconds in the middle of a later request. Books hold no cycles, so that they go without it; a cycle
    of another request of that moment stays until records are opened the next time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
            if gc.get_count()[0] > _MANY_OBJECTS:
                gc.unfreeze()
                gc.collect()
                gc.freeze()


def give_back() -> None:
    """Give the system the pages back in which nothing lies any more: what was sealed, and plain texts too.

    glibc keeps those below what is still used, after opening about as much again as the records take; other
    C libraries have no such call (malloc_trim(3)).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
