"""Which sessions there are, and ending them: one's own, and for coordinators anybody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from casework.domain.device import Device
from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services.context import Context
from casework.services.transactions import transaction
from casework.store import volatile
from casework.store.volatilestore import tidy
from casework.vault import documents
from casework.vault.fields import SESSION_DEVICE
from casework.vault.session import decode_session_secret, session_id_hash

_VERSION = 1


@dataclass(frozen=True, slots=True)
class SessionView:
    """One of a member's sessions; `is_open` while it holds their seed, `is_this` for who is looking."""

    id: UUID
    device: Device
    started_at: datetime
    seen_at: datetime
    is_open: bool
    is_this: bool


def list_own_sessions(context: Context, cookie: str) -> list[SessionView]:
    """Return the member's sessions, the one of this cookie first, then the one used last."""
    context.require(Permission.USE_ACCOUNT)
    own = session_id_hash(decode_session_secret(cookie))
    seen, started = _open_since(context)
    views = [
        SessionView(
            row.row_id,
            _open_device(context, row),
            datetime.fromtimestamp(row.started_at_seconds, UTC),
            datetime.fromtimestamp(row.seen_at_seconds, UTC),
            row.seed_sealed is not None and row.seen_at_seconds >= seen and row.started_at_seconds >= started,
            row.id_hash == own,
        )
        for row in volatile.list_sessions(context.member_id)
    ]
    return sorted(views, key=lambda view: not view.is_this)


def end_own_session(context: Context, session_id: UUID) -> None:
    """End one of the member's sessions; raises NotFound where they have no such."""
    context.require(Permission.USE_ACCOUNT)
    with transaction(context, "account.session_ended"):
        if not volatile.delete_session(context.member_id, session_id):
            raise NotFound("session")
    _clean_up(context)


def end_other_sessions(context: Context, cookie: str) -> int:
    """End every session of the member but the one of this cookie; returns how many there were."""
    context.require(Permission.USE_ACCOUNT)
    with transaction(context, "account.other_sessions_ended"):
        ended = volatile.delete_other_sessions(
            context.member_id, session_id_hash(decode_session_secret(cookie))
        )
    _clean_up(context)
    return ended


def count_open_sessions(context: Context) -> Mapping[UUID, int]:
    """Return how many sessions of each member are open, of those who have any."""
    context.require(Permission.END_SESSIONS)
    return volatile.count_open_sessions(*_open_since(context))


def end_sessions_of(context: Context, member_id: UUID) -> None:
    """End every session of an active member; raises NotFound for nobody such."""
    context.require(Permission.END_SESSIONS)
    if member_id not in context.roster.active:
        raise NotFound("member")
    with transaction(context, "member.sessions_ended") as opened:
        volatile.delete_other_sessions(member_id, b"")
        opened.note(member=member_id)
    _clean_up(context)


def _open_since(context: Context) -> tuple[int, int]:
    """Return since when a session must have been seen, and begun, to be neither idle nor over."""
    now, limits = context.runtime.now_seconds(), context.runtime.limits
    return now - limits.idle_seconds, now - limits.session_seconds


def _open_device(context: Context, row: volatile.SessionRow) -> Device:
    plain = context.secret.open_own(SESSION_DEVICE, row.row_id, _VERSION, row.device_sealed)
    return Device.from_document(documents.decode(plain))


def _clean_up(context: Context) -> None:
    """Let no ended seed wait in the log, and no opened record in the memory that nobody reads any more."""
    tidy()
    if not volatile.has_open_session():
        context.runtime.casebook.drop_all()
