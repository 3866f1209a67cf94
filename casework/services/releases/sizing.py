"""How many combinations of answers the tables of a release tell apart, together with all earlier releases.

The disclosure engine has an unknown for each of them, and time and memory grow faster than their square:
three tables of a few dozen lines each that share no question are quickly more than any server holds.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import prod

from casework.disclosure.ledger.documents import read_told
from casework.disclosure.ledger.entries import Entry
from casework.disclosure.ledger.layouts import Axes, Layout
from casework.disclosure.ledger.tags import has_tags
from casework.disclosure.refusals import refusal
from casework.domain.timelabels import AXIS

MOST_COMBINATIONS = 8_000
"""Of what the engine is asked at all: its search holds squares of them, of half a gigabyte at most."""

Lines = Mapping[str, Sequence[frozenset[str]]]
"""By axis which codes each line of a release sums, of all of its tables, and which codes it knows."""


def check_size(axes: Axes, layouts: Sequence[Layout], ledger: Sequence[Entry]) -> None:
    """Raise DisclosureRefused("too_large") for tables that tell more apart than can be checked."""
    if count_combinations(axes, layouts, ledger) > MOST_COMBINATIONS:
        raise refusal("too_large", most=MOST_COMBINATIONS)


def count_combinations(axes: Axes, layouts: Sequence[Layout], ledger: Sequence[Entry]) -> int:
    """Count the combinations of answers, at each time those that a release of that time tells apart.

    An answer of several stands alone in its table, and is in none of them.
    """
    told = [read_told(entry.document) for entry in ledger]
    releases = [_list_lines(one.axes, one.layouts) for one in told] + [_list_lines(axes, layouts)]
    times: Counter[frozenset[int]] = Counter()
    for kind in _kinds(AXIS, releases):
        times[frozenset(at for at, lines in enumerate(releases) if kind & _whole(lines))] += 1
    return sum(count * _cross([releases[at] for at in of]) * len(of) for of, count in times.items())


def _list_lines(axes: Axes, layouts: Sequence[Layout]) -> Lines:
    found = {axis: [frozenset(codes)] for axis, codes in axes.items() if axis != AXIS and not has_tags(codes)}
    found[AXIS] = []
    for scale in (scale for layout in layouts for scale in layout.scales if scale.axis in found):
        found[scale.axis] += [frozenset(line.codes) for line in scale.categories]
    return found


def _whole(lines: Lines) -> frozenset[str]:
    """All times that a release is of."""
    return frozenset().union(*lines[AXIS])


def _cross(releases: Sequence[Lines]) -> int:
    axes = {axis for lines in releases for axis in lines} - {AXIS}
    return prod(len(_kinds(axis, releases)) for axis in axes)


def _kinds(axis: str, releases: Iterable[Lines]) -> list[frozenset[str]]:
    """Return the codes of an axis in sets that no line tells apart."""
    lines = [line for one in releases for line in one.get(axis, ())]
    kinds: dict[tuple[bool, ...], set[str]] = {}
    for code in frozenset().union(*lines):
        kinds.setdefault(tuple(code in line for line in lines), set()).add(code)
    return list(map(frozenset, kinds.values()))
