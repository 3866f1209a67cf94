"""The counted incidents as columns of numbers, chunk by chunk: after a save only what changed is read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
import numpy.typing as npt

from casework.services.books import FactBook, OpenedIncident
from casework.services.statistics.counting import keep_counting


class _Block:
    """The counted incidents of a chunk. `first` and `last` are the days, by ordinal; 0 of an unknown date."""

    def __init__(self, incidents: Iterable[OpenedIncident], numbers: dict[int, int]) -> None:
        told = tuple(incidents)
        spans = [one.facts.date.span() for one in told]
        self.first = np.array([span[0].toordinal() if span else 0 for span in spans], dtype=np.int32)
        self.last = np.array([span[1].toordinal() if span else 0 for span in spans], dtype=np.int32)
        cases = [numbers.setdefault(one.case_id.int, len(numbers)) for one in told]
        self.cases = np.array(cases, dtype=np.int64)


_NOTHING = _Block((), {})


@dataclass(frozen=True, slots=True, repr=False)
class Laid:
    """The counted incidents of a book, as they lie in its chunks; `numbers` are those of their cases."""

    chunks: Sequence[Mapping[UUID, OpenedIncident]]
    blocks: Sequence[_Block]
    numbers: dict[int, int]

    def first_year(self, least: int) -> int | None:
        """Return the year by whose end so many cases are dated: of an earlier one fewer would be told.

        None where fewer are dated at all.
        """
        ends, cases = self._join("last"), self._join("cases")
        in_time = np.argsort(ends, kind="stable")
        in_time = in_time[ends[in_time] > 0]
        _cases, earliest = np.unique(cases[in_time], return_index=True)
        if len(earliest) < least:
            return None
        return date.fromordinal(int(np.sort(ends[in_time][earliest])[least - 1])).year

    def _join(self, name: str) -> npt.NDArray[np.int64]:
        return np.concatenate([getattr(block, name) for block in self.blocks])


def lay_out(book: FactBook) -> Laid:
    """Return the incidents that count in a book, as columns."""
    return book.carry(_lay_out)


def _lay_out(book: FactBook, _earlier: FactBook | None, kept: Laid | None) -> Laid:
    chunks, numbers = keep_counting(book).chunks, kept.numbers if kept else {}
    known = zip(kept.chunks, kept.blocks, strict=True) if kept else ((None, _NOTHING) for _chunk in chunks)
    blocks = [
        block if chunk is before else _Block(chunk.values(), numbers) if chunk else _NOTHING
        for chunk, (before, block) in zip(chunks, known, strict=True)
    ]
    return Laid(chunks, blocks, numbers)
