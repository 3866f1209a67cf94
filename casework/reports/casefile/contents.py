"""What a case file is made of: the opened records, and which parts of them were chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from casework.domain.attachment import Attachment
from casework.domain.followup import FollowUpFacts, FollowUpTexts
from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.ownterm import NO_TERMS, TermBook
from casework.domain.person import PersonFacts, PersonIdentity


class Part(StrEnum):
    """What can be chosen, in the order in which it stands in the file."""

    PEOPLE = "people"
    INCIDENTS = "incidents"
    FOLLOW_UPS = "follow_ups"
    CONSENTS = "consents"
    FILES = "files"


@dataclass(frozen=True, slots=True, repr=False)
class FiledPerson:
    """A person of the case."""

    id: UUID
    identity: PersonIdentity
    facts: PersonFacts


@dataclass(frozen=True, slots=True, repr=False)
class FiledIncident:
    """An incident of the case."""

    facts: IncidentFacts
    narrative: IncidentNarrative


@dataclass(frozen=True, slots=True, repr=False)
class FiledFollowUp:
    """A follow-up of the case."""

    facts: FollowUpFacts
    texts: FollowUpTexts


@dataclass(frozen=True, slots=True, repr=False)
class RunningReview:
    """A detention review that is due: which one, whose, and the local instant."""

    number: int
    person: UUID | None
    due_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class CaseFile:
    """All that goes into the file; what was not chosen is left out when it is laid out.

    Of files only what is known of them goes in. Instants are local. `members` are names by id, former ones
    too.
    """

    organization: str
    reference: str
    status: str
    opened_on: date
    made_at: datetime
    made_by: str
    made_for: str
    responsible: str
    parts: frozenset[Part]
    people: Sequence[FiledPerson]
    incidents: Sequence[FiledIncident]
    reviews: Sequence[RunningReview]
    ahead: Sequence[FiledFollowUp]
    past: Sequence[FiledFollowUp]
    files: Sequence[Attachment]
    members: Mapping[UUID, str]
    own_terms: TermBook = NO_TERMS

    def has(self, part: Part) -> bool:
        """Whether this part was chosen."""
        return part in self.parts
