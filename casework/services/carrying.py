"""Carries what was worked out from one snapshot on to the next, which differs from it in little."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from casework.services.books import FactBook

Result = TypeVar("Result")


class Carried:
    """What was last worked out, each with the snapshot that it was worked out from.

    One goes from snapshot to snapshot until something is erased: then nothing of it may stay.
    """

    def __init__(self) -> None:
        # Working one thing out may ask for another.
        self._lock = threading.RLock()
        self._kept: dict[object, tuple[FactBook, Any]] = {}

    def bring(
        self, book: "FactBook", work_out: Callable[["FactBook", "FactBook | None", Any], Result]
    ) -> Result:
        """Return what `work_out` gives for this book, or for it after an earlier one with its result."""
        with self._lock:
            if work_out not in book.worked_out:
                earlier, kept = self._kept.get(work_out, (None, None))
                result = work_out(book, earlier, kept)
                # A copy: it keeps alive nothing else that was worked out from this book, and leads back to
                # nothing, so that all of it goes at once when the snapshots do.
                self._kept[work_out] = replace(book, carried=Carried()), result
                book.worked_out[work_out] = result
        brought: Result = book.worked_out[work_out]
        return brought
