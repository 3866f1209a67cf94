"""What this process's Python objects still hold: every string, and every number in an array."""

import gc
from collections.abc import Collection, Iterator, Sequence
from itertools import compress, filterfalse
from typing import Any

import numpy as np

_AT_ONCE = 5_000
_BETWEEN = "\0"
_CONTAINERS = (tuple, dict, frozenset)


def find_on_heap(backwards: Collection[str], numbers: Collection[int] = ()) -> list[str]:
    """Return, for each place where one of the words or numbers stands, what kind of object it is in.

    The words are given backwards, in lower case, so that the caller is no such place. What only a running
    function holds does not count: it goes when that returns.
    """
    gc.unfreeze()  # else what was frozen after much was opened is not looked at
    gc.collect()
    found: list[str] = []
    for holders, held in _walk():
        # Who holds it is looked for only where something stands.
        if _stands(backwards, numbers, held):
            for holder in holders:
                found += _name_holdings(holder, backwards, numbers)
    return found


def _stands(backwards: Collection[str], numbers: Collection[int], held: Sequence[Any]) -> bool:
    turned = _BETWEEN.join(_of(str, held)).lower()[::-1]  # texts in one piece
    if any(word in turned for word in backwards):
        return True
    arrays = (one for one in _of(np.ndarray, held) if one.dtype == np.int64)
    return any((one == number).any() for one in arrays for number in numbers)


def _name_holdings(holder: Any, backwards: Collection[str], numbers: Collection[int]) -> Iterator[str]:
    name = type(holder).__name__
    for held in gc.get_referents(holder):
        if isinstance(held, str | np.ndarray) and _stands(backwards, numbers, [held]):
            yield name if isinstance(held, str) else f"array in {name}"


def _walk() -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
    """Yield thousands of holders at once, with what they hold.

    The collector knows no containers of texts alone: they are walked where somebody holds them.
    """
    tracked = gc.get_objects()
    seen: set[int] = set()
    for start in range(0, len(tracked), _AT_ONCE):
        holders: Sequence[Any] = tracked[start : start + _AT_ONCE]
        while holders:
            held = gc.get_referents(*holders)
            yield holders, held
            unknown = {id(one): one for one in filterfalse(gc.is_tracked, _of(_CONTAINERS, held))}
            holders = [one for key, one in unknown.items() if key not in seen]
            seen.update(unknown)


def _of(kinds: type | tuple[type, ...], things: Sequence[Any]) -> Iterator[Any]:
    # Asked of each type once: millions of things are of some hundred types.
    wanted = {kind for kind in set(map(type, things)) if issubclass(kind, kinds)}
    return compress(things, map(wanted.__contains__, map(type, things)))
