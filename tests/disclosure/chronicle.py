"""An attacker on several releases by brute force: lists every history that fits the documents, one by one.

Written apart from the engine: it reads the documents itself, its unknowns are single combinations of codes,
each first counted in one release, and it knows no linear programming.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

History = tuple[int, ...]
IntTable = npt.NDArray[np.int64]
MOST_HISTORIES = 10_000


class TooManyHistories(Exception):
    """More histories fit than it is worth to go through."""


class Chronicle:
    """What the documents say of numbered unknowns: one for each combination of codes and each release.

    With `grows`, a release sums what it and earlier ones counted first; without, what is its own. What was
    counted of a combination before a release at which it `restarts` is in no later sum. Nobody is first
    counted of one at a release where it is `still`. No unknown exceeds `most`.
    """

    def __init__(
        self,
        documents: Sequence[Mapping[str, Any]],
        *,
        grows: bool,
        most: int,
        restarts: Collection[tuple[int, int]] = (),
        still: Collection[tuple[int, int]] = (),
    ) -> None:
        self.axes = {axis["name"]: axis["codes"] for document in documents for axis in document["axes"]}
        self.combinations = list(product(*self.axes.values()))
        self.unknowns = [(release, one) for release in range(len(documents)) for one in self.combinations]
        self.grows = grows
        self._most = most
        self.cells: list[tuple[int, tuple[str, ...], list[int], int | None, int]] = []
        for release, document in enumerate(documents):
            least = 1 if document["zeros"] == "published" else 0
            for table in document["tables"]:
                scales = table["scales"]
                lines = product(*(scale["categories"] for scale in scales))
                for line, cell in zip(lines, table["cells"], strict=True):
                    chosen = {
                        scale["axis"]: category["codes"] for scale, category in zip(scales, line, strict=True)
                    }
                    known = {axis["name"]: axis["codes"] for axis in document["axes"]}
                    inside = [
                        at
                        for at, (first, one) in enumerate(self.unknowns)
                        if (first <= release if grows else first == release)
                        and (first, at % len(self.combinations)) not in still
                        and not any(
                            (later, at % len(self.combinations)) in restarts
                            for later in range(first + 1, release + 1)
                        )
                        and all(
                            code in chosen.get(axis, known.get(axis, codes))
                            for (axis, codes), code in zip(self.axes.items(), one, strict=True)
                        )
                    ]
                    value = None if cell == "hidden" else 0 if cell == "impossible" else cell
                    labels = tuple(category["label"] for category in line)
                    self.cells.append((release, labels, inside, value, least))

    def list_histories(self, own: Mapping[int, int] | None = None) -> Iterator[History]:
        """Every history that agrees with all cells, where somebody knows of `own` units in some unknowns."""
        owed = [value for _r, _l, _inside, value, _least in self.cells]
        over = [[c for c, cell in enumerate(self.cells) if at in cell[2]] for at in range(len(self.unknowns))]
        last = [max(inside, default=-1) for _r, _l, inside, _value, _least in self.cells]
        counts: list[int] = []

        def extend() -> Iterator[History]:
            at = len(counts)
            if at == len(self.unknowns):
                yield tuple(counts)
                return
            room = min((left for c in over[at] if (left := owed[c]) is not None), default=self._most)
            if not over[at]:
                room = 0
            for value in range((own or {}).get(at, 0), min(room, self._most) + 1):
                for c in over[at]:
                    owed[c] = None if owed[c] is None else owed[c] - value  # type: ignore[operator]
                counts.append(value)
                if all(self._may_hold(c, owed[c], counts) for c in over[at] if last[c] == at):
                    yield from extend()
                counts.pop()
                for c in over[at]:
                    owed[c] = None if owed[c] is None else owed[c] + value  # type: ignore[operator]

        for number, history in enumerate(extend()):
            if number == MOST_HISTORIES:
                raise TooManyHistories
            yield history

    def _may_hold(self, cell: int, owed: int | None, counts: Sequence[int]) -> bool:
        _release, _labels, inside, _value, least = self.cells[cell]
        return owed == 0 if owed is not None else sum(counts[at] for at in inside) >= least


def ends(histories: IntTable, inside: Sequence[int], less: Sequence[int] = ()) -> tuple[int, int]:
    """The least and greatest sum of some unknowns, less some others, over all histories, one a row."""
    sums = histories[:, list(inside)].sum(axis=1) - histories[:, list(less)].sum(axis=1)
    return int(sums.min()), int(sums.max())
