"""Opened records as of one generation: coded facts, and the texts that a search looks through."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from casework.analysis.duplicates.people import Described
from casework.domain.case import CaseFacts
from casework.domain.folding import fold
from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.person import PersonFacts, PersonIdentity
from casework.services.carrying import Carried
from casework.services.chunked import Chunked
from casework.services.duplicates.comparisons import Comparisons
from casework.services.foldedtexts import FoldedTexts
from casework.services.namebook import searched_numbers

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case's coded document and who may open it: of a restricted one `team` are those who have its keys.

    `binned_at` is set where it lies in the bin.
    """

    id: UUID
    version: int
    team_only: bool
    team: frozenset[UUID]
    facts: CaseFacts
    binned_at: datetime | None = None
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class OpenedPerson:
    """A person's coded document."""

    id: UUID
    case_id: UUID
    version: int
    facts: PersonFacts


@dataclass(frozen=True, slots=True)
class OpenedIncident:
    """An incident's coded document."""

    id: UUID
    case_id: UUID
    version: int
    facts: IncidentFacts


@dataclass(frozen=True, slots=True)
class BinnedCase:
    """A case in the bin, with all that is in it."""

    case: OpenedCase
    people: tuple[OpenedPerson, ...]
    incidents: tuple[OpenedIncident, ...]


Group = Mapping[int, OpenedCase]
"""Cases that are alike, by number: to look up a `UUID` itself takes several times as long."""


class Guard(NamedTuple):
    """Whom cases open to that are not every caseworker's to know."""

    team_only: bool
    restricted: bool
    team: frozenset[UUID]


class Standing(NamedTuple):
    """What who accompanies a case, and retention, go by."""

    responsible: UUID
    status: str
    touched_on: date
    hold_since: date | None
    announced_on: date | None


@dataclass(frozen=True, slots=True)
class Groups:
    """The cases of a book that are alike, so that what follows is asked once for all of them.

    `concerned` are each member's own: those that they accompany, are in the team of, or logged in.
    """

    guarded: Mapping[Guard, Group] = field(default_factory=dict)
    standing: Mapping[Standing, Group] = field(default_factory=dict)
    concerned: Mapping[UUID, Group] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Orders:
    """What is carried from one book to the next: see `services/arranging.py`.

    The incidents, oldest first; the newest of each case, oldest first, and the cases that have `none`; each
    case's incidents, oldest first, and people; the cases that are alike.
    """

    incidents: Sequence[OpenedIncident] = ()
    newest: Sequence[OpenedIncident] = ()
    none: frozenset[UUID] = frozenset()
    incidents_by_case: Mapping[UUID, tuple[OpenedIncident, ...]] = field(default_factory=dict)
    people_by_case: Mapping[UUID, tuple[OpenedPerson, ...]] = field(default_factory=dict)
    groups: Groups = field(default_factory=Groups)


@dataclass(frozen=True)
class FactBook:
    """Every coded document as of one generation; `damaged` are the records that did not open.

    What lies in the bin stands apart in `binned`, by case, so that no list or table can take it for the rest.

    `same_people` are the pairs of whom members said that they are one person, `different_people` those of
    whom they said that they are two.

    `worked_out` keeps what was dear to work out from it, such as protected tables, and goes with it; what the
    next book begins with is `carried`.
    """

    generation: int = 0
    cases: Mapping[UUID, OpenedCase] = field(default_factory=Chunked)
    people: Mapping[UUID, OpenedPerson] = field(default_factory=Chunked)
    incidents: Mapping[UUID, OpenedIncident] = field(default_factory=Chunked)
    binned: Mapping[UUID, BinnedCase] = field(default_factory=dict)
    damaged: frozenset[UUID] = frozenset()
    same_people: frozenset[tuple[UUID, UUID]] = frozenset()
    different_people: frozenset[tuple[UUID, UUID]] = frozenset()
    orders: Orders = field(default_factory=Orders, repr=False, compare=False)
    worked_out: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    carried: Carried = field(default_factory=Carried, repr=False, compare=False)

    @cached_property
    def incidents_by_date(self) -> tuple[OpenedIncident, ...]:
        """Every incident, newest first, undated ones last; of one date the one logged last comes first.

        Without those whose case is damaged: nobody can tell who may see them.
        """
        return tuple(reversed(self.orders.incidents))

    @cached_property
    def cases_by_date(self) -> tuple[UUID, ...]:
        """Every case, by its newest incident as in `incidents_by_date`; those without any come last."""
        without = sorted(self.orders.none, key=lambda case_id: self.cases[case_id].facts.reference)
        return (*[incident.case_id for incident in reversed(self.orders.newest)], *without)

    @property
    def incidents_by_case(self) -> Mapping[UUID, tuple[OpenedIncident, ...]]:
        """Each case's incidents, oldest first."""
        return self.orders.incidents_by_case

    @property
    def is_whole(self) -> bool:
        """Whether every incident is in order: not where a case did not open."""
        return not self.damaged and len(self.orders.incidents) == len(self.incidents)

    @property
    def groups(self) -> Groups:
        """The cases that are alike."""
        return self.orders.groups

    @cached_property
    def restricted(self) -> tuple[OpenedCase, ...]:
        """The restricted cases, those in the bin too."""
        groups = (group.values() for guard, group in self.groups.guarded.items() if guard.restricted)
        binned = (binned.case for binned in self.binned.values() if binned.case.restricted)
        return (*chain.from_iterable(groups), *binned)

    def people_as_told(self, case_id: UUID) -> Sequence[OpenedPerson]:
        """A case's people in the order in which its incidents tell of them, the oldest first; others last."""
        people = self.people_by_case.get(case_id, ())
        if len(people) < 2:
            return people
        told = [one.facts.participations for one in self.incidents_by_case.get(case_id, ())]
        order = {part.person_id: at for at, part in reversed(list(enumerate(chain.from_iterable(told))))}
        return sorted(
            people, key=lambda person: (order.get(person.id, len(people) * len(told)), person.id.int)
        )

    def carry(self, work_out: Callable[["FactBook", "FactBook | None", Any], Result]) -> Result:
        """Return what is worked out once for this book, from an earlier one where there is one."""
        return self.carried.bring(self, work_out)

    def case_of(self, incident: OpenedIncident) -> OpenedCase:
        """Return the case of an incident, also where it lies in the bin."""
        case = self.cases.get(incident.case_id)
        return case or self.binned[incident.case_id].case

    @property
    def people_by_case(self) -> Mapping[UUID, tuple[OpenedPerson, ...]]:
        """Each case's people, in no particular order."""
        return self.orders.people_by_case


@dataclass(frozen=True, repr=False)
class TextBook:
    """Names, and what a search looks through, folded, as of one generation; `damaged` as in `FactBook`.

    `described` is what duplicates are found by, `called` who has each word of the names, `sounds` how these
    sound (`namebook.py`). `comparisons` go from one snapshot to the next.
    `records` are the people and incidents of each case: an erased one takes theirs along.
    Without those of restricted cases: `services/restricted/texts.py` lays the member's own over it.
    """

    generation: int = 0
    names: Mapping[UUID, str] = field(default_factory=Chunked)
    described: Mapping[UUID, Described] = field(default_factory=Chunked)
    called: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)
    identities: FoldedTexts = field(default_factory=FoldedTexts)
    narratives: FoldedTexts = field(default_factory=FoldedTexts)
    records: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=Chunked)
    damaged: frozenset[UUID] = frozenset()
    comparisons: Comparisons = field(default_factory=Comparisons, repr=False, compare=False)


class PersonTexts(NamedTuple):
    """What is kept of somebody's identity: what duplicates are found by, and what a search looks through."""

    described: Described
    searched: str

    @classmethod
    def of(cls, identity: PersonIdentity) -> "PersonTexts":
        """Fold it; numbers also without what stands between.

        The note is searched too: a merge keeps another name and number there.
        """
        texts = identity.name, identity.phone, identity.email, identity.uci, identity.note
        numbers = searched_numbers(identity.phone, identity.uci, identity.note)
        return cls(describe(identity), fold(" ".join((*texts, numbers))))


def describe(identity: PersonIdentity) -> Described:
    """Return what duplicates are found by."""
    return Described(identity.name, identity.birth_date, identity.phone, identity.uci)


def searched_narrative(narrative: IncidentNarrative) -> str:
    """Return what a search looks through of an incident, folded."""
    told = [text for _act_id, texts in narrative.acts for text in texts.words]
    return fold(" ".join((narrative.text, narrative.exact_place, *told)))
