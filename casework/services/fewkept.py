"""What is worked out once, the last few of it: bounded, so that who looks in many ways fills no memory."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

MOST_KEPT = 8
Result = TypeVar("Result")


def work_out_once(kept: dict[Hashable, Any], key: Hashable, work_out: Callable[[], Result]) -> Result:
    """Return what stands under a key, or works it out and keeps it in the place of the oldest."""
    if key in kept:
        found: Result = kept[key]
        return found
    found = work_out()
    while len(kept) >= MOST_KEPT:
        kept.pop(next(iter(kept)), None)
    kept[key] = found
    return found
