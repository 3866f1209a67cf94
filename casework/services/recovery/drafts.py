"""Drafts, which only their writers could open: a quorum hands them to the coordinator who begins anew."""

from collections.abc import Sequence

from casework.errors import VaultError
from casework.services.context import Context
from casework.store import drafts as store
from casework.vault.draft import RECOVERY_INDEX, open_draft, seal_draft
from casework.vault.identity import MemberSecret


def take_over_drafts(context: Context, recoveries: Sequence[MemberSecret]) -> tuple[int, int]:
    """Make every draft that one of these recovery keys opens the new coordinator's.

    Returns how many, and how many do not open and are left as they are. Their writers come back under other
    keys. The caller's transaction commits.
    """
    count = closed = 0
    for row in store.list_all_drafts():
        content = _open(row, recoveries)
        if content is None:
            closed += 1
            continue
        row.version += 1
        row.member_id = context.member_id
        publics = context.secret.public, context.roster.recovery_public
        row.content_sealed = seal_draft(publics, row.id, content, version=row.version)
        row.recovery_number = context.roster.recovery_number
        count += 1
    return count, closed


def _open(row: store.Draft, recoveries: Sequence[MemberSecret]) -> bytes | None:
    for recovery in recoveries:
        try:
            return open_draft(recovery, RECOVERY_INDEX, row.id, row.content_sealed, version=row.version)
        except VaultError:
            continue
    return None
