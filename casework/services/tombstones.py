"""Tombstones: signed by who erases, believed by the roster, signed anew when their signer leaves.

One beside a case that is there has buried nothing, whoever signed it: erasing deletes the case and puts up
the tombstone in one transaction, so somebody who writes to the database did the one or the other.
"""

from uuid import UUID

from casework.services.context import Context
from casework.store.cases import Case, find_record
from casework.store.erasures import Erasure, find_erasure, list_erasures
from casework.vault.erasure import Standing, Way, judge, sign_erasure
from casework.vault.rosterstate import RosterState


def standing_of(roster: RosterState, row: Erasure) -> Standing:
    """Return what a stored tombstone is worth: nothing while its case is there."""
    standing = judge(row.signature or b"", roster, row.case_id, row.erased_at)
    return standing if find_record(Case, row.case_id) is None else Standing.UNPROVEN


def is_erased(roster: RosterState, case_id: UUID) -> bool:
    """Return whether somebody who may has erased this case: it is gone, and the tombstone is theirs."""
    row = find_erasure(case_id)
    return row is not None and standing_of(roster, row) is not Standing.UNPROVEN


def sign_row(context: Context, row: Erasure, way: Way) -> None:
    """Sign a tombstone as the member; the caller's transaction commits it."""
    row.signature = sign_erasure(
        context.secret, context.member_id, context.roster.pin, row.case_id, row.erased_at, way
    )


def sign_anew(before: RosterState, after: Context) -> None:
    """Sign again what the roster's newest entry has left without a signer, in that entry's transaction.

    What was proven until then stays so; nothing that was not becomes so, and what only the bin has erased is
    worth no more than before. What is not signed is not written either: the log would take it for known.
    """
    for row in list_erasures():
        if judge(row.signature or b"", after.roster, row.case_id, row.erased_at) is not Standing.UNPROVEN:
            continue
        standing = standing_of(before, row)
        if standing is not Standing.UNPROVEN:
            row.version += 1
            sign_row(after, row, Way.HAND if standing is Standing.SIGNED else Way.ANOTHERS_BIN)
