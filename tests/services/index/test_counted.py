"""What stands in the index is what the opened records say, whichever of them are fresh."""

from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.case import CaseFacts
from casework.domain.coded import FIELDS, INCIDENT_FIELDS, PERSON_FIELDS
from casework.domain.countable import Countable
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.person import Consent, PersonFacts
from casework.services.books import FactBook, OpenedCase, OpenedIncident, OpenedPerson
from tests.domain.strategies import answers
from tests.services.index.indexing import everything, facts_of, index_of, make_book

MEMBER = UUID(int=9)
PATTERNS = (UUID(int=301), UUID(int=302))
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
DATES = ("2025-05-12", "2025-05", "2025-winter", "2025", "2024-12-31", "unknown", "2025-05-12")
CONSENTS = st.sampled_from(("given",) * 9 + ("refused", "withdrawn", "not_asked"))


PERSON_ANSWERS = st.fixed_dictionaries({field.name: answers(field) for field in PERSON_FIELDS})
INCIDENT_ANSWERS = st.fixed_dictionaries({field.name: answers(field) for field in INCIDENT_FIELDS})
ROLES = st.lists(answers(FIELDS["roles"]), min_size=2, max_size=2)


class _Maker:
    """Draws records that share a few sets of answers: what matters is how they hang together."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.person_answers = draw(st.lists(PERSON_ANSWERS, min_size=2, max_size=2))
        self.incident_answers = draw(st.lists(INCIDENT_ANSWERS, min_size=2, max_size=2))
        self.roles = draw(ROLES)

    def one_in(self, many: int) -> bool:
        """Seldom true."""
        return self.draw(st.integers(1, many)) == many

    def case(self, case_id: UUID) -> OpenedCase:
        """A case, here and there in the bin."""
        facts = CaseFacts.opened(f"2025-{case_id.int:04}", date(2025, 1, 1), MEMBER)
        return OpenedCase(case_id, 1, False, frozenset(), facts, NOON if self.one_in(4) else None)

    def person(self, person_id: UUID, case_id: UUID) -> OpenedPerson:
        """Somebody who mostly agreed, whom another record may have overruled."""
        facts = PersonFacts(
            consents={"statistics": Consent(self.draw(CONSENTS))},
            countable=Countable(until=NOON if self.one_in(9) else None),
            **self.draw(st.sampled_from(self.person_answers)),  # type: ignore[arg-type]
        )
        return OpenedPerson(person_id, case_id, 1, facts)

    def incident(self, number: int, case_id: UUID, own: list[UUID], other: list[UUID]) -> OpenedIncident:
        """An incident with people of its own case, seldom of another, seldom an account of another one."""
        named = self.draw(st.lists(st.sampled_from(own), min_size=1, max_size=3, unique=True)) if own else []
        if other and self.one_in(8):
            named.append(self.draw(st.sampled_from(other)))
        facts = IncidentFacts(
            date=VagueDate.parse(self.draw(st.sampled_from(DATES))),
            participations=tuple(Participation(one, self.draw(st.sampled_from(self.roles))) for one in named),
            patterns=self.draw(st.sampled_from(((), PATTERNS, PATTERNS[:1]))),
            account_of=UUID(int=200 + self.draw(st.integers(0, 9))) if self.one_in(6) else None,
            logged_on=date(2025, 6, self.draw(st.integers(1, 2))),
            logged_by=MEMBER,
            **self.draw(st.sampled_from(self.incident_answers)),  # type: ignore[arg-type]
        )
        return OpenedIncident(UUID(int=200 + number), case_id, 1, facts)

    def pairs(self, people: list[UUID]) -> frozenset[tuple[UUID, UUID]]:
        """Of whom members said something, sometimes."""
        if len(people) < 2 or not self.one_in(2):
            return frozenset()
        return frozenset({tuple(self.draw(st.permutations(people))[:2])})  # type: ignore[arg-type]


@st.composite
def books(draw: st.DrawFn) -> FactBook:
    """A book of up to five cases."""
    make = _Maker(draw)
    case_ids = [UUID(int=number) for number in range(1, draw(st.integers(2, 5)) + 1)]
    owned = {UUID(int=101 + at): case_ids[at % len(case_ids)] for at in range(draw(st.integers(2, 8)))}
    incidents = []
    for number in range(draw(st.integers(1, 8))):
        case_id = draw(st.sampled_from(case_ids))
        own = [one for one, case in owned.items() if case == case_id]
        incidents.append(make.incident(number, case_id, own, [one for one in owned if one not in own]))
    return make_book(
        [make.case(case_id) for case_id in case_ids],
        [make.person(one, case_id) for one, case_id in owned.items()],
        incidents,
        make.pairs(list(owned)),
        make.pairs(list(owned)),
    )


@settings(max_examples=300)
@given(books(), st.data())
def test_its_tables_are_those_of_the_records(book: FactBook, data: st.DataObject) -> None:
    """Whichever cases are fresh, the same rows lead to the same rows."""
    everywhere = [one.id for one in everything(book)[0]]
    fresh = data.draw(st.sets(st.sampled_from(everywhere)))
    facts, all_cases, _people, all_incidents = facts_of(index_of(book, fresh)), *everything(book)
    assert facts.count("cases") == len(all_cases)
    ids = [UUID(bytes=one.tobytes()) for one in facts.ids("incidents")]
    cases = [UUID(bytes=one.tobytes()) for one in facts.ids("cases")]
    reasons = facts.column("incidents", "reasons").answers()
    found = {
        id_: (cases[case], reason)
        for id_, case, reason in zip(ids, facts.numbers("incidents", "case"), reasons, strict=True)
    }
    assert found == {one.id: (one.case_id, one.facts.reasons) for one in all_incidents}
    people_of = [UUID(bytes=one.tobytes()) for one in facts.ids("people")]
    parts = zip(
        facts.numbers("parts", "incident"),
        facts.numbers("parts", "person"),
        facts.column("parts", "roles").answers(),
        strict=True,
    )
    named = sorted((ids[at], people_of[who], roles) for at, who, roles in parts if who != 0xFFFFFFFF)
    own = {one.id: one.case_id for one in everything(book)[1]}
    assert named == sorted(
        (one.id, part.person_id, part.roles)
        for one in all_incidents
        for part in one.facts.participations
        if own[part.person_id] == one.case_id
    )
