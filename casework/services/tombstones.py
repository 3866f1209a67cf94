"""Tombstones: signed by who erases, believed by the roster, signed anew when their signer leaves."""

from uuid import UUID

from casework.services.context import Context
from casework.store.cases import Case, find_record
from casework.store.erasures import Erasure, find_erasure, list_erasures
from casework.vault.erasure import Standing, Way, judge, sign_erasure
from casework.vault.rosterstate import RosterState


def standing_of(roster: RosterState, row: Erasure) -> Standing:
    """Return what a stored tombstone is worth."""
    return judge(row.signature or b"", roster, row.case_id, row.erased_at)


def is_erased(roster: RosterState, case_id: UUID) -> bool:
    """Return whether somebody who may has erased this case: it is gone, and the tombstone is theirs."""
    row = find_erasure(case_id)
    if row is None or standing_of(roster, row) is Standing.UNPROVEN:
        return False
    return find_record(Case, case_id) is None


def sign_row(context: Context, row: Erasure, way: Way) -> None:
    """Sign a tombstone as the member; the caller's transaction commits it."""
    row.signature = sign_erasure(
        context.secret, context.member_id, context.roster.pin, row.case_id, row.erased_at, way
    )


def sign_anew(before: RosterState, after: Context) -> None:
    """Sign again what the roster's newest entry has left without a signer, in that entry's transaction.

    What was proven until then stays so; nothing that was not becomes so, and what only the bin has erased is
    worth no more than before.
    """
    for row in list_erasures():
        standing = standing_of(before, row)
        if standing is not Standing.UNPROVEN and standing_of(after.roster, row) is Standing.UNPROVEN:
            row.version += 1
            sign_row(after, row, Way.HAND if standing is Standing.SIGNED else Way.ANOTHERS_BIN)
