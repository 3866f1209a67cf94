"""Our side of what others counted: what our newest release says of police services, and nothing else."""

from dataclasses import dataclass
from uuid import UUID

from casework.domain.approval import State
from casework.domain.permissions import Permission
from casework.reports.layout import Layout
from casework.reports.publication.grids import lay_out_release
from casework.services.context import Context
from casework.services.releases.ledger import read_ledger
from casework.services.releases.reading import take_release

_ASKED = "police_service"


@dataclass(frozen=True, slots=True)
class Ours:
    """A published table whose lines are police services, the last their sum, and the release it is of."""

    release_id: UUID
    number: int
    layout: Layout


def find_ours(context: Context, language: str) -> Ours | None:
    """Return the newest that stands; None while no release has one. Raises Tampered, DisclosureRefused."""
    context.require(Permission.READ_OFFICIAL_COUNTS)
    ledger = read_ledger(context)
    for held in reversed(ledger.held):
        tables = held.release.draft.tables
        if held.release.state is State.APPROVED and any(names[0] == _ASKED for names in tables):
            told = take_release(context, ledger, held.release_id)
            layouts = lay_out_release(told.protected, told.tables, told.period, language)
            at = next(at for at, names in enumerate(told.tables) if names[0] == _ASKED)
            return Ours(held.release_id, held.number, layouts[at])
    return None
