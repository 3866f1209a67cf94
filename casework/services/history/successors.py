"""Who stands for somebody whose record is gone for good: the history of their case still tells."""

from uuid import UUID

from casework.domain.revision import MERGED, PERSON, Change
from casework.errors import Invalid, VaultError
from casework.services.casekeyring import open_case_keys
from casework.services.context import Context
from casework.services.history.reading import open_revision
from casework.store.revisions import list_revisions


def find_successor(context: Context, case_id: UUID, person_id: UUID) -> UUID | None:
    """Return whose record was made of this one; None where the case tells of none.

    Where a merge that made it was undone, two came back: which of them is meant, nobody can tell. The caller
    has asked whether the case is the member's.
    """
    keys = open_case_keys(context, case_id)
    for row in list_revisions(case_id):
        if row.record != PERSON:
            continue
        try:
            told = open_revision(keys, row).told
        except (VaultError, Invalid):
            continue
        made = told.changes.get(MERGED)
        if isinstance(made, Change) and made.new == person_id.hex:
            return row.record_id
    return None
