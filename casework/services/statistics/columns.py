"""The counted incidents as columns of numbers, chunk by chunk: after a save only what changed is read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
import numpy.typing as npt

from casework.domain.dates import FIRST_YEAR, LAST_YEAR
from casework.domain.period import Period
from casework.services.books import FactBook, OpenedIncident
from casework.services.statistics.counting import keep_counting
from casework.services.statistics.dimensions import (
    DimensionSpec,
    Reader,
    Unit,
    count_incident,
    reader,
)
from casework.services.statistics.reading import (
    Column,
    Columns,
    Setting,
    codes_of,
    lay_out_units,
    read_column,
)
from casework.services.statistics.selection import Selection, count_units

_ALWAYS = Setting(Period((FIRST_YEAR, 1), (LAST_YEAR, 4)))


class _Block:
    """The counted incidents of a chunk. `first` and `last` are the days, by ordinal; 0 of an unknown date."""

    def __init__(self, incidents: Iterable[OpenedIncident], numbers: dict[int, int]) -> None:
        self.incidents = tuple(incidents)
        spans = [one.facts.date.span() for one in self.incidents]
        self.first = np.array([span[0].toordinal() if span else 0 for span in spans], dtype=np.int32)
        self.last = np.array([span[1].toordinal() if span else 0 for span in spans], dtype=np.int32)
        cases = [numbers.setdefault(one.case_id.int, len(numbers)) for one in self.incidents]
        self.cases = np.array(cases, dtype=np.int64)
        self._columns: dict[str, Column] = {}

    def column(self, spec: DimensionSpec, codes: Sequence[str], read: Reader) -> Column:
        """Return a dimension's answers; yes and no packed into bits."""
        if spec.name not in self._columns:
            column = read_column(map(count_incident, self.incidents), codes, read, spec.multiple)
            packed = np.packbits(column, axis=1) if spec.multiple else column.astype(np.int16)
            self._columns[spec.name] = packed
        return self._columns[spec.name]


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

    def columns(self, setting: Setting) -> Columns:
        """Return what is dated within the period of the setting for certain, each incident a unit."""
        begins, ends = setting.period.first_day.toordinal(), setting.period.last_day.toordinal()
        held = (self._join("first") >= begins) & (self._join("last") <= ends)

        def read(spec: DimensionSpec) -> Column:
            return self._read(spec, setting, held)

        return Columns(setting, self._join("cases")[held], read)

    def _join(self, name: str) -> npt.NDArray[np.int64]:
        return np.concatenate([getattr(block, name) for block in self.blocks])

    def _read(self, spec: DimensionSpec, setting: Setting, held: npt.NDArray[np.bool_]) -> Column:
        codes = codes_of(spec, setting)
        if spec.field == "patterns":  # what there is of them changes: nothing is kept
            incidents = [one for block in self.blocks for one in block.incidents]
            units = (count_incident(incidents[row]) for row in np.flatnonzero(held))
            return read_column(units, codes, reader(spec), spec.multiple)
        always, read = codes_of(spec, _ALWAYS), reader(spec)
        joined = np.concatenate([block.column(spec, always, read) for block in self.blocks])
        if spec.multiple:
            bits: Column = np.unpackbits(joined[held], axis=1, count=len(codes)) == 1
            return bits
        places = {code: at for at, code in enumerate(codes)}
        translated: Column = np.array([places.get(code, -1) for code in always], dtype=np.int64)[joined[held]]
        return translated


def count_columns(book: FactBook, selection: Selection, patterns: tuple[str, ...]) -> Columns:
    """Return what a selection counts, with these patterns to answer by."""
    setting = Setting(selection.period, patterns)
    if selection.unit is Unit.INCIDENTS:
        return lay_out(book).columns(setting)
    return lay_out_units(count_units(book, keep_counting(book).values(), selection), setting)


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
