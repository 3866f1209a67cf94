"""Withdrawing a release: it says so from now on, and stays in the ledger, for it was read.

What it replaced does not come back: it was replaced because something in it was no longer right.
"""

from collections.abc import Mapping
from uuid import UUID

from casework.domain.permissions import Permission
from casework.services.context import Context
from casework.services.releases.rows import get_row, open_release, write_release
from casework.services.transactions import transaction


def withdraw_release(context: Context, release_id: UUID, version: int, reasons: Mapping[str, str]) -> None:
    """Withdraw an approved release, with reasons by language for everybody who has it.

    Raises Conflict where it is not approved or changed since, Invalid naming `reason_en` or so, NotFound.
    """
    context.require(Permission.APPROVE_RELEASES)
    with transaction(context, "release.withdrawn") as opened:
        row = get_row(release_id, version)
        release = open_release(context, row)
        today = context.runtime.today()
        write_release(context, row, release.withdrawn(reasons, today, context.member_id))
        opened.note(release=release_id)
