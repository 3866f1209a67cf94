"""The coded document of a person; and that who says no to statistics in one record says it in all of theirs.

Whether somebody counts stands in each of their records, so that lists, tables and what is told of tables that
have left agree, whichever record they read: `Countable.until` is set for as long as another record says no.
It is a consequence and no answer: neither the version of the row, which tells editors of a lost race, nor the
history tells of it.
"""

from collections.abc import Sequence
from uuid import UUID

from casework.domain.person import GIVEN, STATISTICS, PersonFacts, says_no
from casework.errors import Invalid, VaultError
from casework.services.context import Context
from casework.store import cases as store
from casework.store.links import list_links_of
from casework.vault import documents
from casework.vault.fields import PERSON_CODED


def open_person_facts(context: Context, row: store.Person) -> PersonFacts:
    """Open the coded document of a person."""
    coded = context.keyring.open(PERSON_CODED, row.id, row.coded_version, row.coded_sealed)
    return PersonFacts.from_document(documents.decode(coded))


def seal_person_facts(context: Context, generation: int, row: store.Person, facts: PersonFacts) -> None:
    """Seal the coded document of a person into its row, new or old, under its next version, and no more.

    The row's own `version` is the caller's to raise.
    """
    row.generation = generation
    row.coded_version = (row.coded_version or 0) + 1
    row.coded_sealed = context.keyring.seal(
        PERSON_CODED, row.id, row.coded_version, documents.encode(facts.to_document())
    )


def is_answered(before: PersonFacts, facts: PersonFacts) -> bool:
    """Tell whether the answer about statistics changed, so that `settle_agreement` is due."""
    return before.consent(STATISTICS).answer != facts.consent(STATISTICS).answer or agrees_anew(before, facts)


def agrees_anew(before: PersonFacts, facts: PersonFacts) -> bool:
    """Tell whether somebody said yes to statistics anew: after no yes, or on a later day than theirs.

    Where that day was not kept, it is one after the day on which their yes was known not to hold. All else is
    a correction, as how they answered: it ends no no.
    """
    was, answer = before.consent(STATISTICS), facts.consent(STATISTICS)
    if answer.answer != GIVEN or was.answer != GIVEN:
        return answer.answer == GIVEN
    until = before.countable.until
    known = was.on or (until.date() if until else None)
    return answer.on is not None and known is not None and answer.on > known


def is_no_kept(context: Context, person_id: UUID) -> bool:
    """Tell whether a no holds for a person that no record of theirs says any more: it was erased.

    Ask before a deed that is no new answer, as a link or a merge, and tell `settle_agreement`.
    """
    known = [facts for row in list_records_of(person_id) if (facts := _find_facts(context, row))]
    return any(facts.is_overruled for facts in known) and not any(says_no(facts) for facts in known)


def settle_agreement(context: Context, generation: int, person_id: UUID, *, is_kept: bool = False) -> None:
    """Let all records of one person say whether that person counts: a no in one of them is a no in all.

    So is one that `is_no_kept`: then it `is_kept`. Of a damaged one nobody knows: beside it a no is written
    down, and none is taken back.
    """
    rows = list_records_of(person_id)
    opened = [(row, facts) for row in rows if (facts := _find_facts(context, row))]
    has_said_no = is_kept or any(says_no(facts) for _, facts in opened)
    now = context.runtime.now()
    if len(opened) < len(rows) and not has_said_no:
        return
    for row, facts in opened:
        settled = facts.settled(has_said_no, now)
        if settled.countable != facts.countable:
            seal_person_facts(context, generation, row, settled)


def _find_facts(context: Context, row: store.Person) -> PersonFacts | None:
    try:
        return open_person_facts(context, row)
    except (VaultError, Invalid):
        return None


def list_records_of(person_id: UUID) -> Sequence[store.Person]:
    """Return the rows of whom members said that they are one, at any distance.

    None leads over one set aside: what was said of it is said of the record that stands for it, or was taken
    back since.
    """
    rows, ahead = dict[UUID, store.Person](), {person_id}
    while ahead:
        there = {row.id: row for each in ahead if (row := store.find_person(each))}
        rows |= there
        links = [link for link in list_links_of(there) if link.is_same]
        ahead = {each for link in links for each in (link.left_id, link.right_id)} - rows.keys()
    return [rows[each] for each in sorted(rows)]
