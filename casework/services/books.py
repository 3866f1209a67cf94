"""Opened records as of one generation: coded facts, and the texts that a search looks through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any
from uuid import UUID

from casework.analysis.duplicates.people import Described
from casework.domain.case import CaseFacts
from casework.domain.folding import fold
from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.person import PersonFacts, PersonIdentity
from casework.services.duplicates.comparisons import Comparisons
from casework.services.namebook import searched_numbers


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


@dataclass(frozen=True, slots=True)
class Orders:
    """A book's incidents, oldest first, and each case's incidents and people: see `services/arranging.py`."""

    incidents: Sequence[OpenedIncident] = ()
    incidents_by_case: Mapping[UUID, tuple[OpenedIncident, ...]] = field(default_factory=dict)
    people_by_case: Mapping[UUID, tuple[OpenedPerson, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class FactBook:
    """Every coded document as of one generation; `damaged` are the records that did not open.

    What lies in the bin stands apart in `binned`, by case, so that no list or table can take it for the rest.

    `same_people` are the pairs of whom members said that they are one person, `different_people` those of
    whom they said that they are two.

    `worked_out` keeps what was dear to work out from it, such as protected tables, and goes with it.
    """

    generation: int = 0
    cases: Mapping[UUID, OpenedCase] = field(default_factory=dict)
    people: Mapping[UUID, OpenedPerson] = field(default_factory=dict)
    incidents: Mapping[UUID, OpenedIncident] = field(default_factory=dict)
    binned: Mapping[UUID, BinnedCase] = field(default_factory=dict)
    damaged: frozenset[UUID] = frozenset()
    same_people: frozenset[tuple[UUID, UUID]] = frozenset()
    different_people: frozenset[tuple[UUID, UUID]] = frozenset()
    orders: Orders = field(default_factory=Orders, repr=False, compare=False)
    worked_out: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def incidents_by_date(self) -> tuple[OpenedIncident, ...]:
        """Every incident, newest first, undated ones last; of one date the one logged last comes first.

        Without those whose case is damaged: nobody can tell who may see them.
        """
        return tuple(reversed(self.orders.incidents))

    @cached_property
    def cases_by_date(self) -> tuple[UUID, ...]:
        """Every case, by its newest incident as in `incidents_by_date`; those without any come last."""
        dated = dict.fromkeys([incident.case_id for incident in self.incidents_by_date])
        return (*dated, *(case_id for case_id in self.cases if case_id not in dated))

    @property
    def incidents_by_case(self) -> Mapping[UUID, tuple[OpenedIncident, ...]]:
        """Each case's incidents, oldest first."""
        return self.orders.incidents_by_case

    @cached_property
    def guarded(self) -> tuple[OpenedCase, ...]:
        """The cases that are not every caseworker's to know, but those in the bin."""
        return tuple(case for case in self.cases.values() if case.team_only or case.restricted)

    @cached_property
    def restricted(self) -> tuple[OpenedCase, ...]:
        """The restricted cases, those in the bin too."""
        binned = (binned.case for binned in self.binned.values())
        return tuple(case for case in chain(self.guarded, binned) if case.restricted)

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
    names: Mapping[UUID, str] = field(default_factory=dict)
    described: Mapping[UUID, Described] = field(default_factory=dict)
    called: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)
    identities: Mapping[UUID, str] = field(default_factory=dict)
    narratives: Mapping[UUID, str] = field(default_factory=dict)
    records: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    damaged: frozenset[UUID] = frozenset()
    comparisons: Comparisons = field(default_factory=Comparisons, repr=False, compare=False)


def searched_identity(identity: PersonIdentity) -> str:
    """Return what a search looks through of a person, folded; numbers also without what stands between.

    The note too: a merge keeps another name and number there.
    """
    texts = identity.name, identity.phone, identity.email, identity.uci, identity.note
    return fold(" ".join((*texts, searched_numbers(identity.phone, identity.uci, identity.note))))


def describe(identity: PersonIdentity) -> Described:
    """Return what duplicates are found by."""
    return Described(identity.name, identity.birth_date, identity.phone, identity.uci)


def searched_narrative(narrative: IncidentNarrative) -> str:
    """Return what a search looks through of an incident, folded."""
    told = [text for _act_id, texts in narrative.acts for text in texts.words]
    return fold(" ".join((narrative.text, narrative.exact_place, *told)))
