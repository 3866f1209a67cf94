"""Which quantities are unsafe, in a release and between releases, and how far their intervals must reach."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.ledger.history import History, Line
from casework.disclosure.ledger.holders import NOBODY, find_owner
from casework.disclosure.ledger.reaching import count_few, reach_alone
from casework.disclosure.ledger.records import Counted
from casework.disclosure.ledger.rules import LEAST_OTHERS, Rules
from casework.disclosure.ledger.tags import is_tag
from casework.disclosure.solver import Deadline
from casework.disclosure.threshold import reach

Quantity = npt.NDArray[np.int8]
"""How often each unknown is counted: 0 or 1, or -1 where it is taken away."""


@dataclass(frozen=True, eq=False)
class Need:
    """The attacker's interval for the quantity must reach from `least` or lower to `far` or higher.

    With `may_be_known_zero` it is as well if nobody can be in it at all, as far as anybody can tell; with
    `is_open` it is enough if it moves either way.
    """

    quantity: Quantity
    least: int
    far: int
    may_be_known_zero: bool = False
    is_open: bool = False


class Needs:
    """Collects what has to be protected, each quantity once, with the strictest demand."""

    def __init__(self, history: History, counted: Counted, rules: Rules, deadline: Deadline) -> None:
        self._history = history
        self._rules = rules
        self._found: dict[bytes, Need] = {}
        self._judged: set[bytes] = set()
        self._k, self.most = limits(history)
        newest = [reach(tally, counted.case_sizes, rules.k) for tally in counted.tallies]
        self._owner = np.array([find_owner(units) for units in history.holders])
        self._is_many = np.array([units is not None and len(units) >= self._k for units in history.holders])
        self._far = np.full(len(history.lines), self.most)
        self._far[history.release_of == history.newest] = np.concatenate(newest)
        self._most_of = {number: self._count_few(number) for number in range(len(history.releases))}
        for number, release in enumerate(history.releases[:-1]):
            if not history.knows(number):  # whose its units are it tells by itself only
                self._far[history.release_of == number] = reach_alone(release, deadline)
        self._families = _families(history)
        self._add_lines()
        self._add_grown()
        self._add_unlisted()
        self._add_groups()

    def all(self) -> tuple[Need, ...]:
        """Every need."""
        return tuple(self._found.values())

    def _count_few(self, release: int) -> int:
        """1 more than k - 1 cases can hold in such unknowns of a release as belong to fewer than k cases."""
        mine = np.flatnonzero(self._owner == release).tolist()
        return count_few((self._history.holders[at] for at in mine), self._k)

    def _reach(self, quantity: Quantity) -> int:
        """How many units fewer than k cases cannot hold, in a sum of this and others like it.

        Known where all of it was first counted by one release: others number their cases anew.
        """
        owners = {owner for owner in self._owner[quantity != 0].tolist() if owner != NOBODY}
        return self._most_of.get(owners.pop(), self.most) if len(owners) == 1 else self.most

    def _demand(self, quantity: Quantity, least: int, far: int, *, may_be_known_zero: bool = False) -> None:
        name = quantity.tobytes()
        known = self._found.get(name)
        if known is not None and not known.is_open:
            least, far = min(least, known.least), max(far, known.far)
            may_be_known_zero = may_be_known_zero and known.may_be_known_zero
        self._found[name] = Need(quantity, least, far, may_be_known_zero)

    def _floor(self, quantity: Quantity, value: int) -> int:
        """How many disjoint cells inside it are known to hold somebody, at least 1."""
        if (quantity < 0).any():
            return 1
        outside = quantity == 0
        known = [int((~(family & outside).any(axis=1)).sum()) for family in self._families]
        return max(1, min(value, max(known)))

    def _add_lines(self) -> None:
        """Unsafe cells; and what an earlier release hid, be it only to shield others, stays open."""
        history = self._history
        for at, line in enumerate(history.lines):
            quantity = history.members[at].astype(np.int8)
            self._judged.add(quantity.tobytes())
            value, k = int(history.exact[at]), history.releases[line.release].told.k
            if 1 <= line.cases < k:
                self._demand(
                    quantity, self._floor(quantity, value), min(int(self._far[at]), self._reach(quantity))
                )
            elif line.release < history.newest and line.value is None:
                self._found.setdefault(quantity.tobytes(), Need(quantity, value - 1, value + 1, is_open=True))

    def _add_grown(self) -> None:
        """The same cell in two releases: what was added, or, without growth, by how much it changed."""
        history = self._history
        for earlier, later in _pairs(history.lines):
            quantity = history.members[later].astype(np.int8) - history.members[earlier].astype(np.int8)
            grown = int(history.exact[later] - history.exact[earlier])
            cases = history.lines[later].cases - history.lines[earlier].cases
            is_growth = not np.any(quantity < 0)
            k = history.releases[history.lines[later].release].told.k
            if abs(cases) >= k:  # so many came, or left, at least
                if is_growth:
                    self._judged.add(quantity.tobytes())
            elif 0 < grown < self.most:
                self._judged.add(quantity.tobytes())
                self._demand(quantity, self._floor(quantity, grown), self.most)
            elif -self.most < grown < 0:
                self._demand(quantity, -self.most, -1)

    def _add_unlisted(self) -> None:
        """Every unknown that is no cell and no growth of one: it is never known to be small, nor exactly.

        Empty ones need nothing, unless their truth is but a guess.
        """
        for at, value in enumerate(self._history.truth.tolist()):
            quantity = np.zeros(len(self._history.truth), dtype=np.int8)
            quantity[at] = 1
            is_asked = value > 0 or self._history.guessed[at]
            if (
                is_asked
                and not self._is_many[at]
                and value < self.most
                and quantity.tobytes() not in self._judged
            ):
                self._demand(quantity, min(value, 1), max(self._k, value + 1), may_be_known_zero=value == 0)

    def _add_groups(self) -> None:
        """Groups all of one outcome: somebody else could be in them."""
        history = self._history
        for cell, group in _groups(history, self._rules):
            rest = history.members[group].any(axis=0) & ~history.members[cell]
            if history.exact[cell] and not rest @ history.truth:
                self._demand(rest.astype(np.int8), 0, LEAST_OTHERS)


def limits(history: History) -> tuple[int, int]:
    """The highest threshold of all releases; and R, which is 1 more than fewer cases can hold, or that."""
    k = max(release.told.k for release in history.releases)
    return k, max(k, *(1 + release.largest for release in history.releases))


def spare(own: IntArray, needs: tuple[Need, ...], truth: IntArray) -> IntArray:
    """What insiders know of each unknown, less where a quantity could not be small if all of it were known.

    What was counted first is kept, so that what one release goes by is not more than what the last one did.
    """
    found = own.copy()
    for need in needs:
        if need.least >= need.quantity.astype(np.int64) @ truth:
            continue
        inside = np.flatnonzero(need.quantity > 0)
        over = np.cumsum(found[inside]) > need.least
        found[inside[over]] = 0
    return found


def thin(needs: tuple[Need, ...], truth: IntArray) -> tuple[Need, ...]:
    """What contains a set that may be large may be large; what lies in one that may be small, small.

    Only ends that do not follow from those of others are kept.
    """
    if not needs:
        return ()
    sums = np.array([need.quantity for need in needs], dtype=np.float64)
    values = np.rint(sums @ truth).astype(np.int64)
    is_set = np.asarray((sums >= 0).all(axis=1), dtype=np.bool_)
    sizes = np.where(is_set, sums.sum(axis=1), -1)
    inside = (sums @ sums.T == sizes[:, np.newaxis]) & is_set & is_set[:, np.newaxis]  # row within column
    np.fill_diagonal(inside, False)
    far = np.array([need.far for need in needs])
    least = np.array([need.least for need in needs])
    firm = np.array([not (need.is_open or need.may_be_known_zero) for need in needs])
    grows = (inside & firm[:, np.newaxis] & (far[:, np.newaxis] >= far)).any(axis=0)
    shrinks = (inside & firm & (least <= least[:, np.newaxis])).any(axis=1)
    found = []
    for at, need in enumerate(needs):
        value = int(values[at])
        high = value if firm[at] and grows[at] else need.far
        low = value if firm[at] and shrinks[at] else need.least
        if low < value or high > value:
            found.append(replace(need, far=max(high, value), least=min(low, value)))
    return tuple(found)


def _pairs(lines: tuple[Line, ...]) -> Iterator[tuple[int, int]]:
    """The same cell in two different releases, the earlier one first."""
    same: dict[tuple[int, frozenset[object]], list[int]] = {}
    for at, line in enumerate(lines):
        for kind, key in enumerate(line.keys):
            same.setdefault((kind, key), []).append(at)
    found = {
        pair
        for places in same.values()
        for pair in combinations(places, 2)
        if lines[pair[0]].release < lines[pair[1]].release
    }
    yield from sorted(found)


def _groups(history: History, rules: Rules) -> Iterator[tuple[int, list[int]]]:
    """Cells of one outcome in an identifiable group, each with all cells of the group in its table."""
    at_of = {(line.release, line.table, line.place): at for at, line in enumerate(history.lines)}
    for (number, table, place), cell in at_of.items():
        told = history.releases[number].told
        layout = told.layouts[table]
        whole = layout.is_margin(place, told.axes)
        axes = {scale.axis for scale, is_all in zip(layout.scales, whole, strict=True) if not is_all}
        for along, scale in enumerate(layout.scales):
            if scale.axis in rules.outcomes & axes and is_tag(scale.categories[place[along]]):
                # Of tags the group is everybody: if all carry one, so does each of every group.
                all_of = [(*place[:along], at, *place[along + 1 :]) for at in range(layout.shape[along])]
                yield cell, [at_of[number, table, other] for other in all_of]
        if not rules.identifying & axes:
            continue
        for along, scale in enumerate(layout.scales):
            if scale.axis in rules.outcomes & axes:
                others = [(*place[:along], at, *place[along + 1 :]) for at in range(layout.shape[along])]
                yield cell, [at_of[number, table, other] for other in others]


def _families(history: History) -> list[BoolArray]:
    """Sets of lines that are disjoint and known to hold somebody: of each table, and of all releases."""
    told = [release.told for release in history.releases]
    sure = [
        told[line.release].zeros_published and exact > 0
        for line, exact in zip(history.lines, history.exact.tolist(), strict=True)
    ]
    tables = np.array([(line.release, line.table) for line in history.lines])
    found = []
    for one in [None, *np.unique(tables, axis=0)]:
        among = np.array(sure) & (True if one is None else (tables == one).all(axis=1))
        members = history.members[among]
        found.append(members[_smallest(members)])
    return found


def _smallest(members: BoolArray) -> IntArray:
    """Sets, of different ones, that are disjoint from each other, smallest first."""
    taken = np.zeros(members.shape[1], dtype=np.bool_)
    found = []
    for at in np.argsort(members.sum(axis=1), kind="stable").tolist():
        if not (members[at] & taken).any():
            taken |= members[at]
            found.append(at)
    return np.array(found, dtype=np.int64)
