"""After a restore: releases may have left since the backup was made, and the ledger knows nothing of them.

They cannot be brought back: what was published has no exact counts, and without those the disclosure engine
cannot protect beside it. So nothing is approved until a coordinator says that they looked for such releases.
"""

from dataclasses import dataclass
from datetime import datetime

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.context import Context
from casework.services.transactions import transaction
from casework.store import releases, restoration


@dataclass(frozen=True, slots=True)
class Doubt:
    """Releases after number `last` may be missing: the backup is of `made_at`, in UTC."""

    made_at: datetime
    last: int


def find_doubt(context: Context) -> Doubt | None:
    """Return what may be missing from the ledger; None where nobody restored, or a coordinator answered."""
    context.require(Permission.COMPOSE_RELEASES)
    made_at = restoration.find_doubt()
    return Doubt(made_at, releases.count_numbered()) if made_at else None


def require_no_doubt() -> None:
    """Raise Invalid naming `ledger` while releases may be missing from it."""
    if restoration.find_doubt():
        raise Invalid(
            ledger=N_(
                "A backup was brought back, so releases may be missing from the ledger. Nothing is approved"
                " until a coordinator has looked for them: see the page of releases."
            )
        )


def accept_ledger(context: Context) -> None:
    """Say that one looked for releases that left after the last one here; then approving goes on."""
    context.require(Permission.APPROVE_RELEASES)
    with transaction(context, "release.ledger_accepted") as opened:
        opened.note(number=releases.count_numbered())
        restoration.end_doubt()
