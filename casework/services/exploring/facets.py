"""What the explorer can break down and filter by, and which unit carries each answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from casework.domain.vocabulary import NOT_ASKED, UNKNOWN, CodeList, code_list
from casework.services.statistics.dimensions import NO_PATTERN, get_dimension

NOBODY = "nobody"
"""The answer of an incident in which nobody is named, to a question about people."""


class Unit(StrEnum):
    """What is counted."""

    INCIDENTS = "incidents"
    PEOPLE = "people"
    CASES = "cases"
    REFERRALS = "referrals"


class Level(StrEnum):
    """Whose answer it is: an incident's, its date's, somebody's in it, a person's, a case's."""

    INCIDENT = "incident"
    DATE = "date"
    PART = "part"
    PERSON = "person"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Facet:
    """A question with codes for answers. `multiple`: its level itself may have several.

    An incident has the answers of everybody in it, so there what is a person's is several too.
    """

    name: str
    level: Level
    codes: CodeList | None = None
    multiple: bool = False

    @property
    def is_of_people(self) -> bool:
        """Whether an incident has this answer of those who are in it."""
        return self.level in (Level.PART, Level.PERSON)


def _of_statistics(name: str, level: Level) -> Facet:
    spec = get_dimension(name)
    return Facet(name, level, spec.codes, spec.multiple)


_INCIDENT = (
    "contact_group",
    "contact_type",
    "police_service",
    "police_level",
    "city",
    "place",
    "province",
    "status_surfaced",
    "raised_by",
    "reasons",
    "referral_types",
    "cbsa_outcome",
    "cbsa_actions",
    "detention_grounds",
    "consequences",
    "patterns",
)
_PERSON = (
    "immigration_status",
    "citizenship",
    "age_band",
    "gender",
    "racialised_identities",
    "region",
    "region_of_origin",
    "languages",
)

CONSENT = "consent"
STATUS = "case_status"
REACHED = "steps"

STEPS = ("contact", "status_surfaced", "referral", "detention", "removal")
"""The steps of the pathway funnel, in order: the answers to which of them an incident reached."""

FACETS: Mapping[str, Facet] = {
    facet.name: facet
    for facet in (
        Facet("year", Level.DATE),
        Facet("quarter", Level.DATE),
        *(_of_statistics(name, Level.INCIDENT) for name in _INCIDENT),
        Facet(REACHED, Level.INCIDENT, multiple=True),
        _of_statistics("roles", Level.PART),
        *(_of_statistics(name, Level.PERSON) for name in _PERSON),
        Facet(CONSENT, Level.PERSON, code_list("consent_answer")),
        Facet(STATUS, Level.CASE, code_list("case_status")),
    )
}
"""In the order in which a form offers them."""

FILTERS = (
    "police_service",
    "city",
    "contact_group",
    "contact_type",
    "status_surfaced",
    "referral_types",
    "cbsa_actions",
    "consequences",
    "roles",
    "immigration_status",
    "patterns",
    "consent",
    "case_status",
)
"""Those that have a place of their own in the filter bar, in its order; all others filter too."""


def listed_codes(facet: Facet) -> tuple[str, ...]:
    """Return the codes of a facet that do not depend on records: none for dates; of patterns only "none"."""
    if facet.name == "patterns":
        return (NO_PATTERN,)
    if facet.name == REACHED:
        return STEPS
    codes = facet.codes.codes if facet.codes else (UNKNOWN,)
    return (*codes, NOBODY) if facet.is_of_people else codes


def fallback(facet: Facet) -> str:
    """Return what stands for an answer that could not be opened."""
    codes = listed_codes(facet)
    return next((code for code in (UNKNOWN, NOT_ASKED) if code in codes), codes[-1])
