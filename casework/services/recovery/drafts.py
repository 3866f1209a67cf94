"""Drafts, which only their writers could open: a quorum hands them to the coordinator who begins anew."""

from collections.abc import Sequence
from dataclasses import replace

from casework.domain.draft import DraftContent
from casework.errors import VaultError
from casework.services.context import Context
from casework.services.draftseals import open_for_recovery, seal_content
from casework.store import drafts as store
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
        theirs = replace(content, writer=context.member_id)
        seal_content(row, context.secret.public, context.roster, theirs)
        count += 1
    return count, closed


def _open(row: store.Draft, recoveries: Sequence[MemberSecret]) -> DraftContent | None:
    for recovery in recoveries:
        try:
            return open_for_recovery(recovery, row)
        except VaultError:
            continue
    return None
