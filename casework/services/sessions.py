"""Signing in, staying so, locking: the seed lives in the volatile store, its key in the member's cookie."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound, Tampered, WrongPassphrase
from casework.services.context import Context, build_context
from casework.services.members import get_organization_profile, get_own_profile
from casework.services.passphrases import Choice, check
from casework.services.rosters import move_pin
from casework.services.runtime import Runtime
from casework.services.transactions import transaction
from casework.store import members as members_store
from casework.store import volatile
from casework.store.database import db, empty_log
from casework.store.members import Member
from casework.vault.fields import SESSION_PIN, SESSION_SEED
from casework.vault.identity import MemberSecret
from casework.vault.passphrase import open_seed, seal_seed, spend_attempt
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
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Locked:
    """A session whose seed is gone; who it belonged to is still known, and which roster they had seen."""

    member_id: UUID
    pin: Pin


def sign_in(runtime: Runtime, login: str, passphrase: str) -> str:
    """Open the member's seed and start a session; returns what the cookie carries.

    Raises WrongPassphrase alike, and after the same work, for an unknown name and for a wrong passphrase.
    """
    return _start(runtime, *open_member(runtime, login, passphrase))


def open_member(runtime: Runtime, login: str, passphrase: str) -> tuple[Member, MemberSecret]:
    """Return whose login name this is, with their opened seed; raises WrongPassphrase as `sign_in` does."""
    member = members_store.find_member_by_login(runtime.host_key.login_hmac(login))
    if member is None:
        spend_attempt(passphrase, runtime.host_key)
        raise WrongPassphrase("sign-in")
    return member, _open_seed(runtime, member, passphrase)


def unlock(runtime: Runtime, locked: Locked, passphrase: str) -> str:
    """Start a new session for the member whose screen is locked; raises WrongPassphrase."""
    member = members_store.find_member(locked.member_id)
    if member is None:
        raise WrongPassphrase("unlock")
    return _start(runtime, member, _open_seed(runtime, member, passphrase), locked.pin)


def start_session(runtime: Runtime, member_id: UUID, secret: MemberSecret) -> str:
    """Keep an opened seed under a new random secret, which only the cookie carries."""
    cookie_secret, row_id, now = new_session_secret(), uuid4(), runtime.now_seconds()
    pin = build_context(runtime, member_id, secret).roster.pin.encode()
    volatile.begin_writing()
    db.session.add(
        volatile.SessionRow(
            id_hash=session_id_hash(cookie_secret),
            row_id=row_id,
            member_id=member_id,
            started_at_seconds=now,
            seen_at_seconds=now,
            seed_sealed=seal_for_session(cookie_secret, SESSION_SEED, row_id, _VERSION, secret.seed),
            # Bound to the member: a row that was moved to somebody else names nobody.
            pin_sealed=seal_for_session(cookie_secret, SESSION_PIN, member_id, _VERSION, pin),
        )
    )
    db.session.commit()
    return encode_session_secret(cookie_secret)


def resolve(runtime: Runtime, cookie: str) -> Context | Locked | None:
    """Return who a cookie stands for: a context, a locked session, or nobody.

    A session that was idle or open for too long is locked here: its seed is destroyed.
    """
    cookie_secret, row = _find(cookie)
    now, limits = runtime.now_seconds(), runtime.limits
    if row is None or row.seen_at_seconds < now - limits.late_form_seconds:
        return None
    idle = row.seen_at_seconds < now - limits.idle_seconds
    pin, member_id = _open_pin(cookie_secret, row), row.member_id
    if row.seed_sealed is None or idle or row.started_at_seconds < now - limits.session_seconds:
        if row.seed_sealed is not None:
            lock(cookie)
        return Locked(member_id, pin)
    seed = open_for_session(cookie_secret, SESSION_SEED, row.row_id, _VERSION, row.seed_sealed)
    if row.seen_at_seconds < now - _TOUCH_SECONDS:
        _touch(cookie, now)
    return build_context(runtime, member_id, MemberSecret(seed), pin)


def lock(cookie: str) -> None:
    """Destroy the session's seed, keep whose it was."""
    volatile.begin_writing()
    _secret, row = _find(cookie)
    if row is not None:
        row.seed_sealed = None
    db.session.commit()
    empty_log("volatile")


def sign_out(runtime: Runtime, cookie: str) -> None:
    """Delete the session; the last one to end takes the opened records with it."""
    volatile.begin_writing()
    _secret, row = _find(cookie)
    if row is not None:
        db.session.delete(row)
    db.session.commit()
    if row is not None:
        empty_log("volatile")
    if not volatile.has_open_session():
        runtime.casebook.drop_all()


def sweep(runtime: Runtime) -> None:
    """Lock what was idle or open for too long, forget what is a day old, drop opened records nobody uses."""
    now, limits = runtime.now_seconds(), runtime.limits
    volatile.begin_writing()
    volatile.lock_sessions_before(now - limits.idle_seconds, now - limits.session_seconds)
    volatile.delete_sessions_before(now - limits.late_form_seconds)
    volatile.delete_ceremonies_before(now - limits.idle_seconds * 3)
    db.session.commit()
    empty_log("volatile")
    empty_log()
    runtime.casebook.drop_idle(now - limits.idle_seconds)
    if not volatile.has_open_session():
        runtime.casebook.drop_all()


def change_passphrase(context: Context, cookie: str, current: str, choice: Choice) -> None:
    """Seal the seed under another passphrase and end the member's other sessions.

    Raises Invalid naming `current` when it is not the one in force, else as `passphrases.check`.
    """
    context.require(Permission.USE_ACCOUNT)
    member = members_store.find_member(context.member_id)
    if member is None:
        raise NotFound("member")
    try:
        _open_seed(context.runtime, member, current)
    except WrongPassphrase:
        raise Invalid(current=N_("This is not the passphrase that you sign in with now.")) from None
    check(choice, (get_own_profile(context).display_name, get_organization_profile(context).name))
    host_key, seed = context.runtime.host_key, context.secret.seed
    with transaction(context, "account.passphrase_changed"):
        member.version += 1
        member.seed_version += 1
        member.seed_sealed = seal_seed(choice.typed, member.id, host_key, seed, version=member.seed_version)
    # The seed under the old passphrase must not wait in the log for the next checkpoint.
    empty_log()
    end_sessions(context.member_id, but=cookie)


def confirm_passphrase(context: Context, passphrase: str) -> None:
    """Return if it is the member's own, for deeds that a session alone does not suffice for.

    Raises Invalid naming `passphrase`.
    """
    member = members_store.find_member(context.member_id)
    if member is None:
        raise NotFound("member")
    try:
        _open_seed(context.runtime, member, passphrase)
    except WrongPassphrase:
        raise Invalid(passphrase=N_("This is not the passphrase that you sign in with.")) from None


def end_sessions(member_id: UUID, but: str = "") -> None:
    """End every session of a member, but the one that this cookie stands for."""
    kept = session_id_hash(decode_session_secret(but)) if but else b""
    volatile.begin_writing()
    volatile.delete_other_sessions(member_id, kept)
    db.session.commit()
    empty_log("volatile")


def _find(cookie: str) -> tuple[bytes, volatile.SessionRow | None]:
    try:
        secret = decode_session_secret(cookie)
    except Tampered:
        return b"", None
    return secret, volatile.find_session(session_id_hash(secret))


def _start(runtime: Runtime, member: Member, secret: MemberSecret, *seen: Pin) -> str:
    context = build_context(runtime, member.id, secret, *seen)
    if not context.is_pending:
        with transaction(context, "member.signed_in"):
            move_pin(member, secret, context.roster.pin)
    return start_session(runtime, context.member_id, secret)


def _open_pin(cookie_secret: bytes, row: volatile.SessionRow) -> Pin:
    return Pin.decode(open_for_session(cookie_secret, SESSION_PIN, row.member_id, _VERSION, row.pin_sealed))


def _touch(cookie: str, now_seconds: int) -> None:
    volatile.begin_writing()
    _secret, row = _find(cookie)
    if row is not None:
        row.seen_at_seconds = now_seconds
    db.session.commit()


def _open_seed(runtime: Runtime, member: Member, passphrase: str) -> MemberSecret:
    return open_seed(passphrase, member.id, runtime.host_key, member.seed_sealed, version=member.seed_version)
