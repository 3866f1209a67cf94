"""A no that is erased while a merge stands: it holds for the records laid aside too, if that is undone.

The record that stands for them says it, and goes with the undo; what they say themselves is what comes back.
"""

from collections.abc import Collection, Iterable, Set
from contextlib import suppress
from uuid import UUID

from casework.domain.person import PersonFacts, may_count, says_no
from casework.errors import Invalid, VaultError
from casework.services.context import Context
from casework.services.personfacts import list_records_of, open_person_facts, seal_person_facts
from casework.store import cases as store
from casework.store.links import list_links_of


def keep_for_undo(context: Context, generation: int, case_id: UUID) -> None:
    """Write a no of this case into whatever lies aside of the same person elsewhere; before it is deleted.

    It is a no of those of whom it was said; where it was said of the merged record alone, of all of them.
    """
    for row in store.list_people(case_id):
        facts = _find_facts(context, row.id)
        if facts is None or not (says_no(facts) or facts.is_overruled):
            continue
        records = {record.id for record in list_records_of(row.id)}
        merged = {each for each in records if list_aside(context, [each])}
        aside = list_aside(context, merged)
        theirs = {each for each in aside if row.id in _list_said(each, merged)}
        settle_aside(context, generation, theirs or aside)


def list_aside(context: Context, people: Iterable[UUID]) -> Set[UUID]:
    """Return the records that these were made of, directly or over others, as far as they are there."""
    found, ahead = set[UUID](), set(people)
    while ahead:
        known = [facts for each in ahead if (facts := _find_facts(context, each))]
        ahead = {each for facts in known if facts.merged for each in facts.merged.of} - found
        found |= ahead
    return found


def settle_aside(context: Context, generation: int, people: Collection[UUID]) -> None:
    """Let a no hold for these records laid aside; neither their version nor the history changes."""
    for person_id in people:
        row, facts = store.find_record(store.Person, person_id), _find_facts(context, person_id)
        if row is not None and row.set_aside and facts is not None and may_count(facts):
            seal_person_facts(context, generation, row, facts.settled(True, context.runtime.now()))


def _list_said(person_id: UUID, merged: Set[UUID]) -> Set[UUID]:
    """Return of whom it was said that they are this one, at any distance, but not over these `merged`."""
    found, ahead = set[UUID](), {person_id}
    while ahead:
        found |= ahead
        links = [link for link in list_links_of(ahead) if link.is_same]
        ahead = {each for link in links for each in (link.left_id, link.right_id)} - found - merged
    return found


def _find_facts(context: Context, person_id: UUID) -> PersonFacts | None:
    row = store.find_record(store.Person, person_id)
    with suppress(VaultError, Invalid):
        return open_person_facts(context, row) if row is not None else None
    return None
