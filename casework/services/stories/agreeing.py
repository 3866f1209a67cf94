"""Who agrees, as of now, that their story is told: in the record at hand, and in none of theirs otherwise."""

from uuid import UUID

from casework.domain.person import GIVEN, REFUSED, WITHDRAWN, PersonFacts
from casework.domain.story import PURPOSE
from casework.errors import Invalid, VaultError
from casework.services.cases import CaseView
from casework.services.context import Context
from casework.services.personfacts import list_records_of, open_person_facts
from casework.services.records import PersonView
from casework.store.cases import list_people


def list_unasked(context: Context, case: CaseView) -> list[PersonView]:
    """Return those of an opened case who do not agree."""
    return [person for person in case.people if not _agrees(context, person.id, person.facts)]


def all_agree(context: Context, case_id: UUID) -> bool:
    """Return whether everybody in a case agrees: who does not open does not. Needs coded answers alone."""
    try:
        opened = [(row.id, open_person_facts(context, row)) for row in list_people(case_id)]
    except (VaultError, Invalid):
        return False
    return all(_agrees(context, person_id, facts) for person_id, facts in opened)


def _agrees(context: Context, person_id: UUID, facts: PersonFacts) -> bool:
    return facts.consent(PURPOSE).answer == GIVEN and not _says_no_elsewhere(context, person_id)


def _says_no_elsewhere(context: Context, person_id: UUID) -> bool:
    """Return whether another record of the same person says no; one that does not open may say so."""
    others = [row for row in list_records_of(person_id) if row.id != person_id]
    try:
        known = [open_person_facts(context, row) for row in others]
    except (VaultError, Invalid):
        return True
    return any(one.consent(PURPOSE).answer in (REFUSED, WITHDRAWN) for one in known)
