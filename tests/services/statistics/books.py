"""Records in memory, as a worker holds them, for the part of statistics that needs no database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from uuid import UUID

from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.period import Period
from casework.domain.person import Consent, PersonFacts
from casework.services.books import FactBook, OpenedIncident, OpenedPerson
from casework.services.statistics.counting import keep_counting
from casework.services.statistics.dimensions import CountedUnit, Unit, get_dimension, reader
from casework.services.statistics.reading import Columns, Setting, lay_out_units
from casework.services.statistics.selection import Selection, count_units

MEMBER = UUID(int=1)
LOGGED_ON = date(2026, 11, 1)


@dataclass(frozen=True)
class Told:
    """An incident as a test tells it: its case, its date, answers, and who was in it with which roles."""

    case: int
    written: str = "2025-05"
    answers: Mapping[str, object] | None = None
    people: Sequence[tuple[int, tuple[str, ...]]] = ()
    patterns: tuple[UUID, ...] = ()


def agreed(**answers: object) -> PersonFacts:
    """Return somebody who agreed to statistics."""
    return PersonFacts(consents={"statistics": Consent("given")}, **answers)  # type: ignore[arg-type]


def make_book(told: Iterable[Told], people: Mapping[int, PersonFacts]) -> FactBook:
    """Return the records; a person belongs to the case that first names them."""
    opened_people: dict[UUID, OpenedPerson] = {}
    incidents: dict[UUID, OpenedIncident] = {}
    for number, tale in enumerate(told, start=1):
        case_id = UUID(int=tale.case)
        for person, _roles in tale.people:
            person_id = UUID(int=person)
            opened_people.setdefault(person_id, OpenedPerson(person_id, case_id, 1, people[person]))
        facts = IncidentFacts(
            date=VagueDate.parse(tale.written),
            participations=tuple(Participation(UUID(int=person), roles) for person, roles in tale.people),
            patterns=tale.patterns,
            logged_on=LOGGED_ON,
            logged_by=MEMBER,
            **{"contact_type": "traffic_stop", "police_service": "spvm"} | dict(tale.answers or {}),  # type: ignore[arg-type]
        )
        incidents[UUID(int=number)] = OpenedIncident(UUID(int=number), case_id, 1, facts)
    return FactBook(people=opened_people, incidents=incidents)


def ask(
    show: str, by: str = "", unit: Unit = Unit.INCIDENTS, first: str = "2025", last: str = "2025"
) -> Selection:
    """Return a question over whole years."""
    return Selection(unit, show, by, Period((int(first), 1), (int(last), 4)))


def count(book: FactBook, selection: Selection) -> list[CountedUnit]:
    """Return what the selection counts."""
    return count_units(book, keep_counting(book).values(), selection)


def columns_of(book: FactBook, selection: Selection, patterns: tuple[str, ...] = ()) -> Columns:
    """Return what a selection counts, as columns, with these patterns to answer by."""
    return lay_out_units(count(book, selection), Setting(selection.period, patterns))


def tally(book: FactBook, selection: Selection) -> Counter[tuple[str, ...]]:
    """Return how many units give each combination of answers, sums included: exact, for comparison alone."""
    found: Counter[tuple[str, ...]] = Counter()
    readers = [reader(get_dimension(name)) for name in selection.names]
    for unit in count_units(book, keep_counting(book).values(), selection):
        found.update(product(*((*read(unit), "total") for read in readers)))
    return found
