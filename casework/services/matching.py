"""Which incidents a searched text fits: every word stands in its narrative, or with somebody of its case."""

from collections.abc import Callable
from uuid import UUID

from casework.domain.case import read_reference
from casework.domain.folding import fold
from casework.services.books import FactBook, OpenedIncident, TextBook


def matcher(text: str, facts: FactBook, texts: TextBook) -> Callable[[OpenedIncident], bool]:
    """Return what tells whether an incident fits; a text that is a case's reference fits all of that case.

    The texts are gone through once for each word: each is folded already, and most hold no word of it.
    """
    reference = read_reference(text)
    named = {case.id for case in facts.cases.values() if reference and case.facts.reference == reference}
    places = [(_narratives_with(word, texts), _cases_with(word, facts, texts)) for word in fold(text).split()]

    def fits(incident: OpenedIncident) -> bool:
        return incident.case_id in named or all(
            incident.id in narratives or incident.case_id in cases for narratives, cases in places
        )

    return fits


def _narratives_with(word: str, texts: TextBook) -> set[UUID]:
    return {incident_id for incident_id, folded in texts.narratives.items() if word in folded}


def _cases_with(word: str, facts: FactBook, texts: TextBook) -> set[UUID]:
    """Return the cases with somebody whose name, phone, e-mail or client number holds the word."""
    people = (person_id for person_id, folded in texts.identities.items() if word in folded)
    return {facts.people[person_id].case_id for person_id in people if person_id in facts.people}
