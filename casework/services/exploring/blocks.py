"""The records of a chunk, numbered, with what was read of them: kept from one snapshot to the next."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import numpy as np

from casework.analysis.crosstab.columns import (
    Ints,
    Several,
    several,
)
from casework.services.books import OpenedIncident

Chunk = Mapping[UUID, Any]


class Numbers:
    """Small numbers for ids, the same from one snapshot to the next."""

    def __init__(self) -> None:
        self.cases: dict[int, int] = {}
        self.people: dict[int, int] = {}
        self.patterns: dict[int, int] = {}

    @staticmethod
    def of(numbers: dict[int, int], ids: Iterable[UUID]) -> Ints:
        """Return the number of each, a new one for what has none."""
        return np.array([numbers.setdefault(one.int, len(numbers)) for one in ids], dtype=np.int64)


def runs_of(column: Several) -> tuple[Ints, Ints]:
    """Return how many codes each row has, and the codes: what joins quickly."""
    return np.diff(column.offsets), column.codes


class Block:
    """The records of a chunk, and of each facet their answers, read when they are first asked for.

    `ids` are their numbers where they are people or cases, `of_cases` of people those of their cases.
    """

    def __init__(
        self, records: Chunk, numbers: dict[int, int] | None = None, cases: dict[int, int] | None = None
    ) -> None:
        self.records = tuple(records.values())
        none = Numbers.of({}, ())
        self.ids = none if numbers is None else Numbers.of(numbers, (one.id for one in self.records))
        self.of_cases = none if cases is None else Numbers.of(cases, (one.case_id for one in self.records))
        self._columns: dict[str, Any] = {}

    def column(self, name: str, read: Callable[[], Any]) -> Any:
        """Return what is kept of it under this name, read once."""
        if name not in self._columns:
            self._columns[name] = read()
        return self._columns[name]


class IncidentBlock(Block):
    """The incidents of a chunk: their cases, days (ordinals, 0 of an unknown date), who is in them."""

    records: tuple[OpenedIncident, ...]

    def __init__(self, records: Chunk, counting: Chunk, numbers: Numbers) -> None:
        super().__init__(records)
        spans = [one.facts.date.span() for one in self.records]
        parts = [one.facts.participations for one in self.records]
        self.first = np.array([span[0].toordinal() if span else 0 for span in spans], dtype=np.int64)
        self.last = np.array([span[1].toordinal() if span else 0 for span in spans], dtype=np.int64)
        self.case = Numbers.of(numbers.cases, (one.case_id for one in self.records))
        self.parts = np.array([len(one) for one in parts], dtype=np.int64)
        self.people = Numbers.of(numbers.people, (part.person_id for one in parts for part in one))
        self.counts = np.array([one.id in counting for one in self.records], dtype=np.bool_)
        # Numbered here and not when it is asked for: two threads might give one number twice.
        number = numbers.patterns
        tags = [one.facts.patterns for one in self.records]
        self._columns["patterns"] = runs_of(
            several([[number.setdefault(tag.int, len(number)) + 1 for tag in one] or (0,) for one in tags])
        )


EMPTY = IncidentBlock({}, {}, Numbers())
NO_RECORDS = Block({})
