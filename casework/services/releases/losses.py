"""What a release counts that the records no longer have: taken out, or corrected, since it left.

The records of that day are counted once more (`recounting.py`) and held against the exact counts in the
ledger, which names no record. So it is told whatever took them away: a list that was taken out again, the
bin, erasing, a correction; and it is told no longer once they are back. Consents that went are told of by
`standing.py`, and are no loss here. What was counted and what of it is met again by chance, in the same cell,
cannot be told apart: so there may be more, and never fewer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from casework.domain.approval import State
from casework.domain.permissions import Permission
from casework.errors import Invalid, VaultError
from casework.services.books import FactBook
from casework.services.context import Context
from casework.services.releases.ledger import Held, read_ledger
from casework.services.releases.recounting import count_gone
from casework.services.releases.shelf import Shelf

_OUT = frozenset({State.APPROVED, State.REPLACED})


@dataclass(frozen=True, slots=True)
class Losses:
    """What a release counts that is gone, as far as the member may be told.

    `cases` are at least so many, for coordinators. `are_many` is for everybody else: no number, only whether
    it is as many cases as the threshold asks for, beside as many others.
    """

    cases: int = 0
    are_many: bool = False


def find_losses(context: Context, shelf: Shelf | None = None) -> Mapping[UUID, Losses]:
    """Return by release what it counts that is gone, where there is anything to tell.

    Of those that were replaced too: they are still out in the world. Not of those that were withdrawn:
    everybody was told that they do not hold. Nothing while a record does not open, which would look like one
    that is gone, nor while the ledger is not whole: the page of releases says so. `shelf` is what was opened
    for this page already.
    """
    context.require(Permission.COMPOSE_RELEASES)
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    if book.damaged:
        return {}
    try:
        held = read_ledger(context, shelf).held
    except (VaultError, Invalid):
        return {}
    told = {one.release_id: _tell(context, book, one) for one in held if one.release.state in _OUT}
    return {release_id: losses for release_id, losses in told.items() if losses != Losses()}


def _tell(context: Context, book: FactBook, held: Held) -> Losses:
    gone, of = count_gone(book, held)
    if context.may(Permission.APPROVE_RELEASES):
        return Losses(cases=gone)
    threshold = max(context.runtime.limits.threshold, held.release.draft.k)
    return Losses(are_many=gone >= threshold and of - gone >= threshold)
