"""All that was opened as columns of codes, chunk by chunk: after a save only what changed is read again.

Nothing here says who may know of it: `seeing.py` chooses what a member sees.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from operator import attrgetter
from typing import Any
from uuid import UUID

import numpy as np

from casework.analysis import funnel
from casework.analysis.crosstab.columns import (
    Bools,
    Column,
    Ints,
    Several,
    Single,
    gather,
    offsets_of,
    several,
)
from casework.domain.incident import IncidentFacts
from casework.domain.person import STATISTICS
from casework.services.books import FactBook, OpenedCase, OpenedIncident, OpenedPerson
from casework.services.chunked import Chunked
from casework.services.exploring.blocks import (
    EMPTY,
    NO_RECORDS,
    Block,
    Chunk,
    IncidentBlock,
    Numbers,
    runs_of,
)
from casework.services.exploring.facets import (
    CONSENT,
    FACETS,
    REACHED,
    STEPS,
    Facet,
    Level,
    fallback,
    listed_codes,
)
from casework.services.exploring.joined import Joined, Part, find_changed
from casework.services.exploring.pathways import read_days, read_states
from casework.services.exploring.referring import list_referrals
from casework.services.statistics.counting import keep_counting
from casework.services.statistics.dimensions import CountedUnit, count_incident, get_dimension, reader

Read = Callable[[Any], Sequence[str]]

_IDS = attrgetter("ids")


@dataclass(frozen=True, repr=False)
class Laid:
    """A snapshot's records as columns; every column is worked out once.

    `joined` are the arrays that were asked for, which the next snapshot follows: by the name of their blocks,
    and their own.
    """

    numbers: Numbers
    chunks: Sequence[tuple[Chunk, Chunk]]
    blocks: Sequence[IncidentBlock]
    people: Sequence[tuple[Chunk, Block]]
    cases: Sequence[tuple[Chunk, Block]]
    joined: dict[tuple[str, object], Joined] = field(default_factory=dict)
    worked_out: dict[object, Any] = field(default_factory=dict)

    def blocks_of(self, kind: str) -> Sequence[Block]:
        """Return the blocks of incidents, people or cases."""
        if kind == "incidents":
            return self.blocks
        return [block for _chunk, block in (self.people if kind == "people" else self.cases)]

    def _join(self, kind: str, name: object, part: Part) -> Ints:
        """Return what `part` gives of each block of a kind, joined."""
        if (kind, name) not in self.joined:
            self.joined[kind, name] = Joined.of(part, self.blocks_of(kind))
        return self.joined[kind, name].array

    @property
    def incidents(self) -> Sequence[OpenedIncident]:
        """Every incident, in the order of the columns."""
        found: Sequence[OpenedIncident] = self._once("incidents", self._list_incidents)
        return found

    def place(self, incident: OpenedIncident) -> int:
        """Return where an incident stands in the columns."""
        at = Chunked.number_of(incident.id)
        before = self._once("offsets", lambda: offsets_of(np.array([len(one.first) for one in self.blocks])))
        return int(before[at]) + self.blocks[at].records.index(incident)

    def _list_incidents(self) -> list[OpenedIncident]:
        return [one for block in self.blocks for one in block.records]

    def array(self, name: str) -> Ints:
        """Return one of the arrays of `IncidentBlock`, of all incidents."""
        return self._join("incidents", name, attrgetter(name))

    @property
    def counts(self) -> Bools:
        """Which incidents statistics may count."""
        return self.array("counts").astype(np.bool_)

    @property
    def part_incidents(self) -> Ints:
        """Return for each participation the place of its incident."""
        return np.repeat(np.arange(len(self.array("parts"))), self.array("parts"))

    @property
    def person_cases(self) -> Ints:
        """Return by a person's number that of their case, -1 of who is in no list."""
        cases: Ints = self._once("person cases", self._read_person_cases)
        return cases

    def _read_person_cases(self) -> Ints:
        cases = np.full(len(self.numbers.people), -1, dtype=np.int64)
        cases[self._join("people", "ids", _IDS)] = self._join("people", "of_cases", attrgetter("of_cases"))
        return cases

    def codes(self, name: str) -> tuple[str, ...]:
        """Return what the codes of a column stand for, by number; of dates that depends on the rows."""
        if name != "patterns":
            return listed_codes(FACETS[name])
        return (*listed_codes(FACETS[name]), *(UUID(int=one).hex for one in self.numbers.patterns))

    def column(self, name: str) -> Column:
        """Return a facet's answers: of incidents, participations, people by number, or cases by number."""
        column: Column = self._once(("column", name), lambda: self._read(FACETS[name]))
        return column

    def referrals(self) -> Several:
        """Return of each incident its referrals, by their codes; a code may stand there twice."""
        codes = {code: at for at, code in enumerate(self.codes("referral_types"))}

        def read(block: IncidentBlock) -> Several:
            return several([[codes[one] for one in list_referrals(made.facts)] for made in block.records])

        column: Several = self._once("referrals", lambda: self._concatenate("incidents", "referrals", read))
        return column

    def pathways(self) -> tuple[Ints, Ints]:
        """Return of each incident what is known of the steps of its pathway, and their days."""
        return self._pathway("states", read_states), self._pathway("days", read_days)

    def _pathway(self, name: str, read: Callable[[Sequence[IncidentFacts]], Ints]) -> Ints:
        def read_block(block: IncidentBlock) -> Ints:
            kept: Ints = block.column(name, lambda: read([one.facts for one in block.records]))
            return kept

        return self._join("incidents", name, read_block)

    def _read(self, facet: Facet) -> Column:
        if facet.name == REACHED:
            rows, steps = np.nonzero(self.pathways()[0] == funnel.REACHED)
            return gather(rows, steps, len(self.incidents), len(STEPS), 0)
        if facet.level is Level.DATE:
            read = _read_years if facet.name == "year" else _read_quarters
            return Single(self._concatenate("incidents", facet.name, read).codes)
        if facet.level is Level.INCIDENT:
            read_one = self._reader(facet)
            column = self._concatenate("incidents", facet.name, lambda block: read_one(block.records))
            return column if facet.multiple else Single(column.codes)
        if facet.level is Level.PART:
            return self._concatenate("incidents", facet.name, self._read_parts(facet))
        return self._by_number(facet)

    def _concatenate(self, kind: str, name: str, read: Callable[[Any], Several]) -> Several:
        """Return what is read of each block of a kind, joined."""

        def runs(block: Block, at: int) -> Ints:
            kept: Ints = block.column(name, lambda: runs_of(read(block)))[at]
            return kept

        lengths, codes = (self._join(kind, (name, at), partial(runs, at=at)) for at in (0, 1))
        return Several(offsets_of(lengths), codes)

    def _reader(self, facet: Facet) -> Callable[[Sequence[Any]], Several]:
        """Return what reads the answers of records as codes."""
        codes = {code: at for at, code in enumerate(listed_codes(facet))}
        read = _reader_of(facet)
        # The few answers that there are were read before: the many who give them share their codes.
        coded = cache(lambda answers: tuple(codes[code] for code in answers))
        return lambda records: several([coded(read(one)) for one in records])

    def _read_parts(self, facet: Facet) -> Callable[[IncidentBlock], Several]:
        codes = {code: at for at, code in enumerate(listed_codes(facet))}
        coded = cache(lambda answers: tuple(codes[code] for code in answers))
        return lambda block: several(
            [coded(part.roles) for one in block.records for part in one.facts.participations]
        )

    def _by_number(self, facet: Facet) -> Column:
        """Return the answers of people, or cases, at the place of their number."""
        of_people = facet.level is Level.PERSON
        kind, numbers = ("people", self.numbers.people) if of_people else ("cases", self.numbers.cases)
        read = self._reader(facet)
        column = self._concatenate(kind, facet.name, lambda block: read(block.records))
        places = self._join(kind, "ids", _IDS)
        missing = listed_codes(facet).index(fallback(facet))
        if not facet.multiple:
            codes = np.full(len(numbers), missing, dtype=np.int64)
            codes[places] = column.codes
            return Single(codes)
        pairs, given = column.spread(np.arange(len(column)))
        return gather(places[pairs], given, len(numbers), len(listed_codes(facet)), missing)

    def _once(self, key: object, read: Callable[[], Any]) -> Any:
        if key not in self.worked_out:
            self.worked_out[key] = read()
        return self.worked_out[key]


def lay_out(book: FactBook) -> Laid:
    """Return the records of a book as columns."""
    return book.carry(_lay_out)


def _lay_out(book: FactBook, _earlier: FactBook | None, kept: Laid | None) -> Laid:
    numbers = kept.numbers if kept else Numbers()
    counting = keep_counting(book).chunks
    chunks = list(zip(Chunked.of(book.incidents).chunks, counting, strict=True))
    before = zip(kept.chunks, kept.blocks, strict=True) if kept else (((None, None), EMPTY) for _ in chunks)
    blocks = [
        EMPTY
        if not mine
        else block
        if mine is theirs and counts is counted
        else IncidentBlock(mine, counts, numbers)
        for (mine, counts), ((theirs, counted), block) in zip(chunks, before, strict=True)
    ]
    people = _carry(book.people, kept.people if kept else (), numbers.people, numbers.cases)
    cases = _carry(book.cases, kept.cases if kept else (), numbers.cases)
    laid = Laid(numbers, chunks, blocks, people, cases)
    if kept:
        laid.joined.update(_follow(kept, laid))
    return laid


def _follow(earlier: Laid, laid: Laid) -> Mapping[tuple[str, object], Joined]:
    """Return what was joined of the earlier snapshot, of this one."""
    now = {kind: laid.blocks_of(kind) for kind in ("incidents", "people", "cases")}
    changed = {kind: find_changed(earlier.blocks_of(kind), blocks) for kind, blocks in now.items()}
    # As a list: meanwhile somebody may still ask the earlier one.
    return {key: one.follow(now[key[0]], changed[key[0]]) for key, one in list(earlier.joined.items())}


def _carry(
    records: Mapping[UUID, OpenedPerson] | Mapping[UUID, OpenedCase],
    kept: Sequence[tuple[Chunk, Block]],
    numbers: dict[int, int],
    of_cases: dict[int, int] | None = None,
) -> list[tuple[Chunk, Block]]:
    chunks = Chunked[Any].of(records).chunks
    before = kept or [({}, NO_RECORDS)] * len(chunks)
    return [
        (chunk, NO_RECORDS if not chunk else block if chunk is theirs else Block(chunk, numbers, of_cases))
        for chunk, (theirs, block) in zip(chunks, before, strict=True)
    ]


def _reader_of(facet: Facet) -> Read:
    if facet.level is Level.CASE:
        return lambda case: (case.facts.status,)
    if facet.name == CONSENT:
        return lambda person: (person.facts.consent(STATISTICS).answer,)
    read = reader(get_dimension(facet.name))
    if facet.level is Level.PERSON:
        return lambda person: read(CountedUnit(person.case_id, None, (), person.facts))  # type: ignore[arg-type]
    return lambda incident: read(count_incident(incident))


def _read_years(block: IncidentBlock) -> Several:
    """Give the calendar year; 0 where the date does not decide it."""
    return several([[one.facts.date.calendar_year() or 0] for one in block.records])


def _read_quarters(block: IncidentBlock) -> Several:
    """Give four times the year, and how many of its quarters went before; 0 where the date does not say."""
    quarters = [one.facts.date.quarter() for one in block.records]
    return several([[one[0] * 4 + one[1] - 1 if one else 0] for one in quarters])
