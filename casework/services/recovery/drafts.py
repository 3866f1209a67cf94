"""Drafts, which only their writers could open: a quorum hands them to the coordinator who begins anew."""

from casework.errors import VaultError
from casework.services.context import Context
from casework.store import drafts as store
from casework.vault.draft import RECOVERY_INDEX, open_draft, seal_draft
from casework.vault.identity import MemberSecret


def take_over_drafts(context: Context, recovery: MemberSecret) -> int:
    """Make every draft that the quorum opens the new coordinator's; return how many.

    Their writers come back under other keys. The caller's transaction commits.
    """
    count = 0
    for row in store.list_all_drafts():
        try:
            content = open_draft(recovery, RECOVERY_INDEX, row.id, row.content_sealed, version=row.version)
        except VaultError:
            continue
        row.version += 1
        row.member_id = context.member_id
        publics = context.secret.public, context.roster.recovery_public
        row.content_sealed = seal_draft(publics, row.id, content, version=row.version)
        row.recovery_number = context.roster.recovery_number
        count += 1
    return count
