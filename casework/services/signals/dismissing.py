"""Dismissing a signal with a reason: it stays away until it grows, and the dismissal can be taken back."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid4

from casework.domain.dismissal import GROWN, Dismissal, Series
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound, VaultError
from casework.services.context import Context
from casework.services.signals.finding import Found, Signal, find_signals
from casework.services.transactions import transaction
from casework.store import dismissals as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import DISMISSAL

_GONE = N_("This signal does not stand out any more, or somebody dismissed it meanwhile.")


@dataclass(frozen=True, slots=True)
class DismissalView:
    """A dismissal, opened."""

    id: UUID
    dismissal: Dismissal


@dataclass(frozen=True, slots=True)
class Standing:
    """A signal that stands, and how it was dismissed before; `new` incidents were logged since then."""

    signal: Signal
    before: DismissalView | None = None
    new: int = 0


@dataclass(frozen=True, slots=True)
class Sorted:
    """What stands out: `standing` is shown, `dismissed` is not, `idle` stands out no more and could again."""

    found: Found
    standing: tuple[Standing, ...]
    dismissed: tuple[Standing, ...]
    idle: tuple[DismissalView, ...]


def sort_signals(context: Context) -> Sorted:
    """Part the signals that stand from those that were dismissed and have not grown; raises Forbidden.

    Of dismissals whose signal the member does not see, coordinators alone are told.
    """
    found, dismissals = find_signals(context), list_dismissals(context)
    standing, dismissed, matched = list[Standing](), list[Standing](), set[UUID]()
    for signal in found.signals:
        view = _find_for(signal, dismissals)
        if view is None:
            standing.append(Standing(signal))
            continue
        matched.add(view.id)
        new = view.dismissal.count_new(signal.logged)
        (standing if new >= GROWN else dismissed).append(Standing(signal, view, new))
    idle = [view for view in dismissals if view.id not in matched]
    shown = idle if context.may(Permission.MANAGE_PATTERNS) else []
    return Sorted(found, tuple(standing), tuple(dismissed), tuple(shown))


def dismiss_signal(context: Context, series: Series, reason: str) -> UUID:
    """Dismiss the signal of a series; an earlier dismissal of it gives way. Returns the dismissal's id.

    Raises Forbidden, and Invalid naming `reason`, or `signal` where no such one stands.
    """
    context.require(Permission.MANAGE_PATTERNS)
    standing = next((one for one in sort_signals(context).standing if one.signal.codes == series), None)
    if standing is None:
        raise Invalid(signal=_GONE)
    signal, today = standing.signal, context.runtime.today()
    dismissal = Dismissal(
        series=(signal.codes, *signal.alike),
        reason=reason,
        on=today,
        by=context.member_id,
        that_day=dict(signal.logged).get(today, 0),
    )
    return keep_dismissal(context, dismissal, standing.before.id if standing.before else None)


def keep_dismissal(context: Context, dismissal: Dismissal, instead_of: UUID | None = None) -> UUID:
    """Write a dismissal, in the place of an earlier one if there was one; raises Forbidden."""
    context.require(Permission.MANAGE_PATTERNS)
    with transaction(context, "signal.dismissed") as opened:
        if instead_of is not None:
            _drop(instead_of)
        row = store.DismissalRow(id=uuid4(), version=1)
        plain = documents.encode(dismissal.to_document())
        row.content_sealed = context.keyring.seal(DISMISSAL, row.id, row.version, plain)
        db.session.add(row)
        opened.note(signal=row.id)
        return row.id


def restore_signal(context: Context, dismissal_id: UUID) -> None:
    """Take a dismissal back; raises Forbidden, NotFound."""
    context.require(Permission.MANAGE_PATTERNS)
    with transaction(context, "signal.restored") as opened:
        if not _drop(dismissal_id):
            raise NotFound("dismissal")
        opened.note(signal=dismissal_id)


def list_dismissals(context: Context) -> list[DismissalView]:
    """Return every dismissal, the newest first; without those of `list_closed`."""
    context.require(Permission.READ_CASES)
    views = [view for _id, view in _open_all(context) if view]
    return sorted(views, key=lambda view: (view.dismissal.on, view.id.int), reverse=True)


def list_closed(context: Context) -> list[UUID]:
    """Return the dismissals that do not open, for who may take them back: what they dismissed stands."""
    if not context.may(Permission.MANAGE_PATTERNS):
        return []
    return [dismissal_id for dismissal_id, view in _open_all(context) if view is None]


def read_series(text: str) -> Series:
    """Read how a form names a series; raises Invalid naming `signal`."""
    pairs = [part.partition(":") for part in text.split("|") if part]
    if not all(name and code for name, _colon, code in pairs):
        raise Invalid(signal=_GONE)
    return tuple((name, code) for name, _colon, code in pairs)


def write_series(series: Series) -> str:
    """Name a series in a form."""
    return "|".join(f"{name}:{code}" for name, code in series)


def _find_for(signal: Signal, dismissals: Sequence[DismissalView]) -> DismissalView | None:
    return next((view for view in dismissals if signal.codes in view.dismissal.series), None)


def _drop(dismissal_id: UUID) -> bool:
    row = store.find_dismissal(dismissal_id)
    if row is not None:
        db.session.delete(row)
    return row is not None


def _open_all(context: Context) -> Iterator[tuple[UUID, DismissalView | None]]:
    for row in store.list_dismissals():
        view = None
        with suppress(VaultError, Invalid):
            view = _open(context, row)
        yield row.id, view


def _open(context: Context, row: store.DismissalRow) -> DismissalView:
    plain = context.keyring.open(DISMISSAL, row.id, row.version, row.content_sealed)
    return DismissalView(row.id, Dismissal.from_document(documents.decode(plain)))
