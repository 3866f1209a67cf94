"""The attacker by brute force, for small tables: every table that fits what is published, one by one.

Written apart from the engine: no linear programming, and nothing of casework but the serialised document.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

Intervals = dict[tuple[str, ...], tuple[int, int]]

MOST_WORLDS = 20_000


class TooManyWorlds(Exception):
    """More tables fit than it is worth to go through."""


def intervals(document: Mapping[str, Any]) -> Intervals:
    """The least and greatest value of each hidden cell over all tables that fit."""
    kind = document["dimensions"][0]["kind"]
    worlds = _tag_worlds(document) if kind == "tags" else _cross_worlds(document)
    found: Intervals = {}
    for count, world in enumerate(worlds):
        if count == MOST_WORLDS:
            raise TooManyWorlds
        for codes, value in world.items():
            low, high = found.get(codes, (value, value))
            found[codes] = (min(low, value), max(high, value))
    return found


def _cross_worlds(document: Mapping[str, Any]) -> Iterator[dict[tuple[str, ...], int]]:
    axes = [(*dimension["codes"], "total") for dimension in document["dimensions"]]
    cells = dict(zip(product(*axes), document["cells"], strict=True))
    shown = {codes: 0 if value == "impossible" else value for codes, value in cells.items()}
    hidden = [codes for codes, value in cells.items() if value == "hidden"]
    details = [codes for codes in cells if "total" not in codes]
    unknown = [codes for codes in details if codes in hidden]
    margins = [codes for codes in cells if "total" in codes]
    for values in _fillings(unknown, margins, shown):
        full = {codes: shown[codes] for codes in details} | values
        sums = {margin: _sum_inside(margin, full) for margin in margins}
        if all(shown[margin] in ("hidden", sums[margin]) for margin in margins):
            yield {codes: (full | sums)[codes] for codes in hidden}


def _fillings(
    unknown: list[tuple[str, ...]], margins: list[tuple[str, ...]], shown: Mapping[tuple[str, ...], Any]
) -> Iterator[dict[tuple[str, ...], int]]:
    """Depth first, cut where a margin that is shown would be exceeded."""
    left: dict[tuple[str, ...], int] = {}
    for margin in margins:
        if shown[margin] != "hidden":
            inside = [codes for codes in shown if "total" not in codes and covers(margin, codes)]
            known = sum(shown[codes] for codes in inside if shown[codes] != "hidden")
            left[margin] = shown[margin] - known - sum(shown[codes] == "hidden" for codes in inside)
    over = [[margin for margin in left if covers(margin, codes)] for codes in unknown]
    filled: list[int] = []

    def extend() -> Iterator[dict[tuple[str, ...], int]]:
        at = len(filled)
        if at == len(unknown):
            yield dict(zip(unknown, filled, strict=True))
            return
        for more in range(min(left[margin] for margin in over[at]) + 1):
            for margin in over[at]:
                left[margin] -= more
            filled.append(1 + more)
            yield from extend()
            filled.pop()
            for margin in over[at]:
                left[margin] += more

    yield from extend()


def covers(margin: tuple[str, ...], codes: tuple[str, ...]) -> bool:
    """Whether a margin sums a cell."""
    return all(outer in ("total", inner) for outer, inner in zip(margin, codes, strict=True))


def _sum_inside(margin: tuple[str, ...], full: Mapping[tuple[str, ...], int]) -> int:
    return sum(value for codes, value in full.items() if covers(margin, codes))


def _tag_worlds(document: Mapping[str, Any]) -> Iterator[dict[tuple[str, ...], int]]:
    """Every assignment of tag counts for which units can actually be dealt their tags."""
    (dimension,) = document["dimensions"]
    codes, exclusive = dimension["codes"], set(dimension["exclusive"])
    *pairs, (total, _) = [tuple(document["cells"][at : at + 2]) for at in range(0, len(document["cells"]), 2)]
    ranges = []
    for with_code, _without in pairs:
        if with_code == "impossible":
            ranges.append(range(1))
        elif with_code == "hidden":
            ranges.append(range(1, total))
        else:
            ranges.append(range(with_code, with_code + 1))
    for values in product(*ranges):
        alone = sum(value for code, value in zip(codes, values, strict=True) if code in exclusive)
        tags = [value for code, value in zip(codes, values, strict=True) if code not in exclusive]
        if alone <= total and _can_be_dealt(tags, total - alone):
            yield {
                (code, side): value if side == "with" else total - value
                for code, value, pair in zip(codes, values, pairs, strict=True)
                for side in ("with", "without")
                if pair[0] == "hidden"
            }


def _can_be_dealt(tags: list[int], units: int) -> bool:
    """Deal each tag to the units with the fewest so far: everybody served, if anybody's dealing can."""
    carried = [0] * units
    for count in tags:
        if count > units:
            return False
        for at in sorted(range(units), key=lambda unit: carried[unit])[:count]:
            carried[at] += 1
    return all(carried)
