"""What this process's Python objects still hold: every string, and every number in an array."""

import gc
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np


def find_on_heap(backwards: Collection[str], numbers: Collection[int] = ()) -> list[str]:
    """Return, for each place where one of the words or numbers stands, what kind of object it is in.

    The words are given backwards, in lower case, so that the caller is no such place. What only a running
    function holds does not count: it goes when that returns.
    """
    gc.collect()
    found = []
    others: set[int] = set()  # texts that were read already: many are held in many places
    for holder, held in _walk():
        if isinstance(held, str):
            if id(held) in others:
                continue
            turned = held.lower()[::-1]
            if any(word in turned for word in backwards):
                found.append(type(holder).__name__)
            else:
                others.add(id(held))
        elif isinstance(held, np.ndarray) and held.dtype == np.int64:
            if any((held == number).any() for number in numbers):
                found.append(f"array in {type(holder).__name__}")
    return found


def _walk() -> Iterator[tuple[Any, Any]]:
    """Yield whatever is held, with its holder; the collector knows no containers of texts alone."""
    tracked = gc.get_objects()
    ours = {id(tracked)}
    seen: set[int] = set()
    stack: list[Any] = []
    for holder in tracked:
        stack.append(holder)
        while stack:
            one = stack.pop()
            if id(one) in ours:
                continue
            for held in gc.get_referents(one):
                yield one, held
                if (
                    isinstance(held, tuple | dict | frozenset)
                    and not gc.is_tracked(held)
                    and id(held) not in seen
                ):
                    seen.add(id(held))
                    stack.append(held)
