"""Staying signed in, locking: the seed lives in the volatile store, its key in the cookie of the member."""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from casework.domain.device import UNKNOWN_DEVICE, Device
from casework.errors import NotFound, Tampered
from casework.services.context import Context, build_context
from casework.services.runtime import Runtime
from casework.store import volatile
from casework.store.database import db, empty_log
from casework.store.volatilestore import current_store, tidy, writing
from casework.vault import documents
from casework.vault.fields import SESSION_DEVICE, SESSION_PIN, SESSION_SEED
from casework.vault.identity import MemberSecret
from casework.vault.pin import Pin
from casework.vault.session import (
    decode_session_secret,
    encode_session_secret,
    new_session_secret,
    open_for_session,
    seal_for_session,
    session_id_hash,
)

# Less than this many seconds since the last request: not worth another write.
_TOUCH_SECONDS = 20
# How long showing who one is once more counts: for one deed and the next, not for a screen left open.
_CONFIRMED_SECONDS = 300
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Locked:
    """A session whose seed is gone; who it belonged to is still known, and which roster they had seen.

    `is_over` once it lasted its longest: then nobody unlocks it, one signs in in full.
    """

    member_id: UUID
    pin: Pin
    started_at_seconds: int
    is_over: bool = False


def start_session(
    runtime: Runtime,
    member_id: UUID,
    secret: MemberSecret,
    device: Device = UNKNOWN_DEVICE,
    started_at_seconds: int | None = None,
) -> str:
    """Keep an opened seed under a new random secret, which only the cookie carries.

    A session that goes on after a lock keeps when it `started_at_seconds`; else it starts now.
    """
    cookie_secret, row_id, now = new_session_secret(), uuid4(), runtime.now_seconds()
    pin = build_context(runtime, member_id, secret).roster.pin.encode()
    row = volatile.SessionRow(
        id_hash=session_id_hash(cookie_secret),
        row_id=row_id,
        member_id=member_id,
        started_at_seconds=now if started_at_seconds is None else started_at_seconds,
        seen_at_seconds=now,
        ends_at_seconds=_ends_at(runtime, now),
        confirmed_at_seconds=None,
        seed_sealed=seal_for_session(cookie_secret, SESSION_SEED, row_id, _VERSION, secret.seed),
        # Bound to the member: a row that was moved to somebody else names nobody.
        pin_sealed=seal_for_session(cookie_secret, SESSION_PIN, member_id, _VERSION, pin),
        device_sealed=secret.seal_own(
            SESSION_DEVICE, row_id, _VERSION, documents.encode(device.to_document())
        ),
    )
    with writing() as batch:
        batch.put(row)
    return encode_session_secret(cookie_secret)


def resolve(runtime: Runtime, cookie: str) -> Context | Locked | None:
    """Return who a cookie stands for: a context, a locked session, or nobody.

    A session that was idle or open for too long is locked here: its seed is destroyed.
    """
    cookie_secret, row = _find(cookie)
    now, limits = runtime.now_seconds(), runtime.limits
    if row is None or row.seen_at_seconds < now - limits.late_form_seconds:
        return None
    pin, member_id = _open_pin(cookie_secret, row), row.member_id
    started, over = row.started_at_seconds, row.started_at_seconds < now - limits.session_seconds
    if row.seed_sealed is None or _is_over(runtime, row):
        if row.seed_sealed is not None:
            lock(cookie)
        return Locked(member_id, pin, started, over)
    seed = open_for_session(cookie_secret, SESSION_SEED, row.row_id, _VERSION, row.seed_sealed)
    confirmed = row.confirmed_at_seconds is not None and now - row.confirmed_at_seconds < _CONFIRMED_SECONDS
    if row.seen_at_seconds < now - _TOUCH_SECONDS:
        _touch(runtime, cookie)
    try:
        return replace(build_context(runtime, member_id, MemberSecret(seed), pin), is_confirmed=confirmed)
    except NotFound:
        # Revoked a moment ago: whose sessions are ending, has none.
        return None


def borrow(runtime: Runtime, cookie: str) -> Context | None:
    """Return the context of a session that is open, for work in the background; None once it is not.

    It does not count as use: what goes on in the background keeps no screen unlocked.
    """
    db.session.rollback()
    cookie_secret, row = _find(cookie)
    if row is None or row.seed_sealed is None or _is_over(runtime, row):
        return None
    seed = open_for_session(cookie_secret, SESSION_SEED, row.row_id, _VERSION, row.seed_sealed)
    try:
        context = build_context(runtime, row.member_id, MemberSecret(seed), _open_pin(cookie_secret, row))
    except NotFound:
        return None
    return None if context.is_pending else context


def is_open(cookie: str) -> bool:
    """Return whether the session still has its seed; asking keeps nothing alive."""
    _secret, row = _find(cookie)
    found = row is not None and row.seed_sealed is not None
    db.session.rollback()
    return found


def mark_confirmed(runtime: Runtime, cookie: str) -> None:
    """Remember for some minutes that the session's member has shown once more who they are."""
    with writing() as batch:
        _secret, row = _find(cookie)
        if row is not None and row.seed_sealed is not None:
            batch.put(replace(row, confirmed_at_seconds=runtime.now_seconds()))


def lock(cookie: str) -> None:
    """Destroy the session's seed, keep whose it was."""
    with writing() as batch:
        _secret, row = _find(cookie)
        if row is not None:
            batch.put(replace(row, seed_sealed=None))
    tidy()


def sign_out(runtime: Runtime, cookie: str) -> None:
    """Delete the session; the last one to end takes the opened records with it."""
    with writing() as batch:
        _secret, row = _find(cookie)
        if row is not None:
            batch.delete(row)
    if row is not None:
        tidy()
    if not volatile.has_open_session():
        runtime.casebook.drop_all()
    runtime.looks.drop_over(runtime.now_seconds())


def sweep(runtime: Runtime) -> None:
    """Lock what was idle or open for too long, forget what is a day old, drop opened records nobody uses.

    What this process remembers goes in time, also where nothing answers.
    """
    now, limits = runtime.now_seconds(), runtime.limits
    runtime.casebook.drop_idle(now - limits.idle_seconds)
    current_store().check()
    with writing() as batch:
        volatile.lock_sessions_before(batch, now - limits.idle_seconds, now - limits.session_seconds)
        batch.delete_over(now)
    tidy()
    empty_log()
    runtime.casebook.drop_outdated()
    runtime.looks.drop_over(now)
    db.session.rollback()
    if not volatile.has_open_session():
        runtime.casebook.drop_all()


def end_sessions(member_id: UUID, but: str = "") -> None:
    """End every session of a member, but the one that this cookie stands for."""
    db.session.rollback()
    kept = session_id_hash(decode_session_secret(but)) if but else b""
    volatile.delete_other_sessions(member_id, kept)
    tidy()


def _is_over(runtime: Runtime, row: volatile.SessionRow) -> bool:
    now, limits = runtime.now_seconds(), runtime.limits
    idle = row.seen_at_seconds < now - limits.idle_seconds
    return idle or row.started_at_seconds < now - limits.session_seconds


def end_all_sessions() -> None:
    """End every session, and forget what any browser had begun and which networks are known."""
    with writing() as batch:
        batch.clear()
    tidy()


def _find(cookie: str) -> tuple[bytes, volatile.SessionRow | None]:
    try:
        secret = decode_session_secret(cookie)
    except Tampered:
        return b"", None
    return secret, volatile.find_session(session_id_hash(secret))


def _open_pin(cookie_secret: bytes, row: volatile.SessionRow) -> Pin:
    return Pin.decode(open_for_session(cookie_secret, SESSION_PIN, row.member_id, _VERSION, row.pin_sealed))


def _touch(runtime: Runtime, cookie: str) -> None:
    now = runtime.now_seconds()
    with writing() as batch:
        _secret, row = _find(cookie)
        if row is not None:
            batch.put(replace(row, seen_at_seconds=now, ends_at_seconds=_ends_at(runtime, now)))


def _ends_at(runtime: Runtime, seen_at_seconds: int) -> int:
    # A second after the last form that is taken: a sweep takes none that still may be.
    return seen_at_seconds + runtime.limits.late_form_seconds + 1
