"""An attacker who thinks in counts: how many there were of every combination of codes at every release.

Written apart from the engine, and from `chronicle.py`: nobody is first counted here, and nothing restarts.
What is known is how each count went on from the last release that had it: it rose, it stayed, or it fell, no
more; and, to one who was lost, by how much it fell. Integer programs tell between what each sum lies.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import highspy
import numpy as np
import numpy.typing as npt

from casework.disclosure.ledger.release import Protection

Quantity = npt.NDArray[np.float64]


class Cell(NamedTuple):
    """A cell of a document: which combinations it sums, and what it says, None where hidden."""

    labels: tuple[str, ...]
    inside: frozenset[int]
    value: int | None


class Document:
    """The cells of a release, of all combinations of the same codes in the same order."""

    def __init__(self, made: Protection) -> None:
        document: dict[str, Any] = json.loads(json.dumps(made.release.document()))
        self.least, self.k = int(document["zeros"] == "published"), document["k"]
        axes = {axis["name"]: axis["codes"] for axis in document["axes"]}
        combinations = list(product(*axes.values()))
        self.cells = []
        for table in document["tables"]:
            lines = product(*(scale["categories"] for scale in table["scales"]))
            for line, cell in zip(lines, table["cells"], strict=True):
                chosen = {
                    scale["axis"]: one["codes"] for scale, one in zip(table["scales"], line, strict=True)
                }
                inside = frozenset(
                    at
                    for at, codes in enumerate(combinations)
                    if all(code in chosen.get(axis, [code]) for axis, code in zip(axes, codes, strict=True))
                )
                labels = tuple(category["label"] for category in line)
                self.cells.append(Cell(labels, inside, None if cell == "hidden" else cell))
        self.covers = frozenset[int]().union(*(cell.inside for cell in self.cells))

    def forget(self) -> None:
        """As if it had said nothing."""
        self.least, self.cells = 0, [cell._replace(value=None) for cell in self.cells]


class Lost(NamedTuple):
    """Somebody of a combination who was first counted in one release, and is not in another any more."""

    release: int
    combination: int
    since: int


class Follower:
    """Knows how counts went on; and who was lost, knows that nobody was lost with them."""

    def __init__(
        self, documents: Sequence[Document], truths: Sequence[Sequence[int]], lost: Lost | None = None
    ) -> None:
        self._documents, self._lost = documents, lost
        self._size = len(truths[0])
        self._truth = np.concatenate(
            [
                [count if at in one.covers else 0 for at, count in enumerate(counts)]
                for one, counts in zip(documents, truths, strict=True)
            ]
        ).astype(np.int64)
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("presolve", "off")
        self._highs.setOptionValue("mip_rel_gap", 0.0)
        count = len(self._truth)
        self._every = np.arange(count, dtype=np.int32)
        for _unknown in range(count):
            self._highs.addVar(0, highspy.kHighsInf)
        kinds = np.array([highspy.HighsVarType.kInteger] * count)
        self._highs.changeColsIntegrality(count, self._every, kinds)
        for number, one in enumerate(documents):
            for cell in one.cells:
                at = self._at(number, cell.inside)
                self._know(at, *((one.least, None) if cell.value is None else (cell.value, cell.value)))
            rest = set(range(self._size)) - one.covers
            self._know(self._at(number, rest), 0, 0)
        self._follow()
        self._own = np.zeros(count)
        if lost:
            self._know_themselves(lost)

    def list_leaks(self) -> set[str]:
        """Cells, what they grew by, and what came of one combination, that are known to be few.

        Where few is what somebody lost knows of themselves alone, it is no leak.
        """
        return {said for said, quantity, k in self._ask() if self._is_leak(quantity, k)}

    def _is_leak(self, quantity: Quantity, k: int) -> bool:
        value = int(quantity @ self._truth)
        own = int(quantity @ self._own)
        if value == own and own:
            return False
        if value < 0:
            lowest = self._end(quantity, -1)
            return -k < value and lowest is not None and lowest > -k + abs(own)
        highest = self._end(quantity, 1) if 1 <= value < k else None
        return highest is not None and highest < k

    def _know_themselves(self, lost: Lost) -> None:
        """They were in it from the first release that counted them to the last."""
        has = [at for at, one in enumerate(self._documents) if lost.combination in one.covers]
        for number in has:
            if lost.since <= number < lost.release:
                self._own += self._at(number, {lost.combination})
                self._know(self._at(number, {lost.combination}), 1, None)
        before = [number for number in has if number < lost.since]
        if before:
            came = self._at(lost.since, {lost.combination}) - self._at(before[-1], {lost.combination})
            if came @ self._truth > 0:
                self._know(came, 1, None)

    def _ask(self) -> Iterator[tuple[str, Quantity, int]]:
        for number, one in enumerate(self._documents):
            for cell in one.cells:
                yield f"{number} {cell.labels}", self._at(number, cell.inside), one.k
                for earlier, before in enumerate(self._documents[:number]):
                    for same in before.cells:
                        if same.inside == cell.inside:
                            grown = self._at(number, cell.inside) - self._at(earlier, cell.inside)
                            yield f"{earlier} to {number} {cell.labels}", grown, one.k
            for at in one.covers:
                last = [earlier for earlier in range(number) if at in self._documents[earlier].covers]
                came = self._at(number, {at}) - (self._at(last[-1], {at}) if last else 0)
                if came @ self._truth > 0:
                    yield f"{number} combination {at}", came, one.k

    def _follow(self) -> None:
        last: dict[int, int] = {}
        for number, one in enumerate(self._documents):
            for at in one.covers & set(last):
                more = self._at(number, {at}) - self._at(last[at], {at})
                grown = int(more @ self._truth)
                if grown >= 0:
                    self._know(more, 0, None if grown else 0)
                elif self._lost and self._lost[:2] == (number, at):
                    self._know(more, grown, grown)
            last |= dict.fromkeys(one.covers, number)

    def _at(self, release: int, inside: set[int] | frozenset[int]) -> Quantity:
        found = np.zeros(len(self._truth))
        found[[release * self._size + at for at in inside]] = 1
        return found

    def _know(self, quantity: Quantity, least: int, most: int | None) -> None:
        inside = np.flatnonzero(quantity).astype(np.int32)
        upper = highspy.kHighsInf if most is None else most
        self._highs.addRow(least, upper, len(inside), inside, quantity[inside])

    def _end(self, quantity: Quantity, way: int) -> int | None:
        """The greatest value of a quantity, or with `way` -1 the least; None where there is none."""
        self._highs.changeColsCost(len(self._truth), self._every, -way * quantity)
        self._highs.clearSolver()
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return round(-way * self._highs.getInfo().objective_function_value)
