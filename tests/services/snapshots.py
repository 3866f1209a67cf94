"""Snapshots in memory that follow on one another, as a worker reads them after one save and the next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from hypothesis import strategies as st

from casework.domain.case import CaseFacts
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.person import Consent, PersonFacts
from casework.domain.vocabulary import code_list
from casework.services.arranging import rearrange
from casework.services.books import FactBook, OpenedCase, OpenedIncident, OpenedPerson
from casework.services.chunked import Chunked

Record = TypeVar("Record", OpenedCase, OpenedPerson, OpenedIncident)

MEMBERS = tuple(UUID(int=number) for number in (91, 92))
CASES = st.integers(1, 4).map(lambda number: UUID(int=number))
PEOPLE = st.integers(11, 16).map(lambda number: UUID(int=number))
# Some lie in one chunk.
INCIDENTS = st.integers(0, 6).map(lambda number: UUID(int=21 + 512 * number))
REASONS = code_list("reason_given").codes[:2]
ANSWERS = st.sampled_from(("given", "given", "given", "refused", "withdrawn", "not_asked"))
DATES = st.sampled_from(("2025-05-12", "2025-05", "2025-winter", "2024", "unknown"))


@dataclass(frozen=True)
class Step:
    """What a save makes of some records; None is one that goes."""

    cases: Mapping[UUID, OpenedCase | None] = field(default_factory=dict)
    people: Mapping[UUID, OpenedPerson | None] = field(default_factory=dict)
    incidents: Mapping[UUID, OpenedIncident | None] = field(default_factory=dict)
    same_people: frozenset[tuple[UUID, UUID]] = frozenset()
    looks: bool = True


@st.composite
def _cases(draw: st.DrawFn, case_id: UUID) -> OpenedCase | None:
    facts = CaseFacts.opened(
        f"2025-{case_id.int:04}", date(2025, 1, draw(st.integers(1, 2))), draw(st.sampled_from(MEMBERS))
    )
    guarded, team = draw(st.booleans()), frozenset(draw(st.sets(st.sampled_from(MEMBERS))))
    opened = OpenedCase(case_id, 1, guarded, team if guarded else frozenset(), facts)
    return draw(st.sampled_from((opened, opened, opened, None)))


@st.composite
def _people(draw: st.DrawFn, person_id: UUID) -> OpenedPerson | None:
    facts = PersonFacts(consents={"statistics": Consent(draw(ANSWERS))})
    opened = OpenedPerson(person_id, draw(CASES), 1, facts)
    return draw(st.sampled_from((opened, opened, opened, None)))


@st.composite
def _incidents(draw: st.DrawFn, incident_id: UUID) -> OpenedIncident | None:
    people = draw(st.lists(PEOPLE, max_size=2, unique=True))
    others = INCIDENTS.filter(lambda other: other != incident_id)
    facts = IncidentFacts(
        date=VagueDate.parse(draw(DATES)),
        participations=tuple(Participation(person, ("driver",)) for person in people),
        logged_on=date(2025, 6, draw(st.integers(1, 2))),
        logged_by=draw(st.sampled_from(MEMBERS)),
        contact_type=draw(st.sampled_from(("ticket", "fare_check"))),
        reasons=draw(st.sampled_from((("not_asked",), REASONS, REASONS[:1]))),
        police_service="spvm",
        account_of=draw(st.one_of(st.none(), st.none(), others)),
    )
    opened = OpenedIncident(incident_id, draw(CASES), 1, facts)
    return draw(st.sampled_from((opened, opened, opened, None)))


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """Give what a save changes: a few records of each kind."""

    def several(
        ids: st.SearchStrategy[UUID], one: Callable[[UUID], st.SearchStrategy[Record | None]], most: int
    ) -> dict[UUID, Record | None]:
        return {key: draw(one(key)) for key in draw(st.lists(ids, max_size=most, unique=True))}

    pairs = draw(st.sets(st.tuples(PEOPLE, PEOPLE).filter(lambda pair: pair[0] != pair[1]), max_size=2))
    return Step(
        several(CASES, _cases, 3),
        several(PEOPLE, _people, 4),
        several(INCIDENTS, _incidents, 4),
        frozenset(pairs),
        draw(st.booleans()),
    )


def follow(book: FactBook, step: Step) -> FactBook:
    """Return the next snapshot."""
    after = replace(
        book,
        cases=_change(book.cases, step.cases),
        people=_change(book.people, step.people),
        incidents=_change(book.incidents, step.incidents),
        same_people=step.same_people,
    )
    return replace(after, orders=rearrange(book, after))


def _change(records: Mapping[UUID, Record], new: Mapping[UUID, Record | None]) -> Chunked[Record]:
    put = {key: record for key, record in new.items() if record is not None}
    return Chunked.of(records).changed(put, [key for key in new if key not in put])
