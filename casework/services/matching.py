"""Which incidents a searched text fits: every word stands in its narrative, or with somebody of its case."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from casework.domain.case import read_reference
from casework.domain.folding import fold
from casework.services.books import FactBook, OpenedIncident, TextBook

_FEW = 4
"""Looking up one narrative takes as long as going through so many."""


def match(
    text: str, incidents: Iterable[OpenedIncident], facts: FactBook, texts: TextBook
) -> list[OpenedIncident]:
    """Return those that fit, in their order; a text that is a case's reference fits all of that case.

    Each word goes once through what the earlier ones left. The longest goes first: it leaves the fewest. Ids
    are told apart by number, which is several times as quick where nearly everything fits.
    """
    order, referred = list(incidents), _cases_called(text, facts)
    left = [one for one in order if one.case_id not in referred] if referred else order
    for word in sorted(fold(text).split(), key=len, reverse=True):
        if not left:
            break
        cases, narratives = _cases_with(word, facts, texts), _narratives_with(word, left, texts)
        left = [one for one in left if one.id.int in narratives or one.case_id.int in cases]
    if not referred:
        return left
    fitting = {one.id for one in left}
    return [one for one in order if one.case_id in referred or one.id in fitting]


def _cases_called(text: str, facts: FactBook) -> set[UUID]:
    reference = read_reference(text)
    if reference is None:
        return set()
    return {case.id for case in facts.cases.values() if case.facts.reference == reference}


def _narratives_with(word: str, among: Sequence[OpenedIncident], texts: TextBook) -> set[int]:
    """Return the incidents, of these at least, whose narrative or exact place holds the word."""
    folded = texts.narratives
    if len(among) < len(folded) // _FEW:
        return {one.id.int for one in among if word in folded.get(one.id, "")}
    return {incident_id.int for incident_id, text in folded.items() if word in text}


def _cases_with(word: str, facts: FactBook, texts: TextBook) -> set[int]:
    """Return the cases with somebody whose name, phone, e-mail or client number holds the word."""
    people = (person_id for person_id, folded in texts.identities.items() if word in folded)
    return {facts.people[person_id].case_id.int for person_id in people if person_id in facts.people}
