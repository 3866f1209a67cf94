"""Who stands for somebody whose record is gone for good: the history of their case still tells."""

from uuid import UUID

from casework.domain.revision import ASIDE, MERGED, PERSON, Change, Revision
from casework.errors import Invalid, VaultError
from casework.services.casekeyring import open_case_keys
from casework.services.context import Context
from casework.services.history.reading import open_revision
from casework.store.revisions import list_revisions


def find_successor(context: Context, case_id: UUID, person_id: UUID) -> UUID | None:
    """Return whose record was made of this one, or came back when the merge that made it was undone.

    None where the case tells of neither. The caller has asked whether the case is the member's.
    """
    keys = open_case_keys(context, case_id)
    for row in list_revisions(case_id):
        if row.record != PERSON:
            continue
        try:
            told = open_revision(keys, row).told
        except (VaultError, Invalid):
            continue
        if _takes_the_place(told, person_id):
            return row.record_id
    return None


def _takes_the_place(told: Revision, person_id: UUID) -> bool:
    made, back = told.changes.get(MERGED), told.changes.get(ASIDE)
    of = made.new if isinstance(made, Change) else None
    was = back.old if isinstance(back, Change) else None
    return person_id.hex in (of, was)
