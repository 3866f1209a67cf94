"""Who somebody is: a passphrase that opens their seed, whatever it is typed for; each try is counted."""

from uuid import UUID

from casework.domain.device import UNKNOWN_DEVICE, Device
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Forbidden, Invalid, NotFound, WrongPassphrase
from casework.services.context import Context, build_context
from casework.services.defence import counted
from casework.services.members import get_organization_profile, get_own_profile
from casework.services.passphrases import Choice, check
from casework.services.rosters import move_pin
from casework.services.runtime import Runtime
from casework.services.sessions import Locked, end_sessions, start_session
from casework.services.transactions import transaction
from casework.store import members as store
from casework.store.database import empty_log
from casework.store.members import Member
from casework.vault.identity import MemberSecret
from casework.vault.passphrase import open_seed, seal_seed, spend_attempt
from casework.vault.pin import Pin


def sign_in(
    runtime: Runtime, login: str, passphrase: str, address: str = "", device: Device = UNKNOWN_DEVICE
) -> str:
    """Open the member's seed and start a session; returns what the cookie carries.

    Raises WrongPassphrase alike, and after the same work, for an unknown name and for a wrong passphrase;
    TooSoon, after no work, while earlier tries for that name or from that address make this one wait.
    """
    member, secret = open_member(runtime, login, passphrase, address)
    return start_session(runtime, _enter(runtime, member, secret), secret, device)


def open_member(
    runtime: Runtime, login: str, passphrase: str, address: str = ""
) -> tuple[Member, MemberSecret]:
    """Return whose login name this is, with their opened seed; raises as `sign_in` does."""
    login_hmac = runtime.host_key.login_hmac(login)
    with counted(runtime, login_hmac, address):
        member, secret = _open(runtime, store.find_member_by_login(login_hmac), passphrase)
    return member, secret


def unlock(
    runtime: Runtime, locked: Locked, passphrase: str, address: str = "", device: Device = UNKNOWN_DEVICE
) -> str:
    """Go on with the session of the member whose screen is locked, under a new secret, until its old end.

    Raises as `sign_in` does, and Forbidden for a session that is over.
    """
    if locked.is_over:
        raise Forbidden("session")
    found = store.find_member(locked.member_id)
    account = found.login_hmac if found else locked.member_id.bytes
    with counted(runtime, account, address):
        member, secret = _open(runtime, store.find_member(locked.member_id), passphrase)
    member_id = _enter(runtime, member, secret, locked.pin)
    return start_session(runtime, member_id, secret, device, locked.started_at_seconds)


def confirm_passphrase(
    context: Context, passphrase: str, address: str = "", field: str = "passphrase"
) -> None:
    """Let a member show once more who they are, for deeds that a session alone does not suffice for.

    Raises Invalid naming the field when it is not their passphrase, TooSoon as `sign_in` does. It begins the
    database session anew: call it before anything is read or written.
    """
    member = _get_member(context)
    try:
        with counted(context.runtime, member.login_hmac, address):
            _open(context.runtime, store.find_member(context.member_id), passphrase)
    except WrongPassphrase:
        raise Invalid(**{field: N_("This is not the passphrase that you sign in with now.")}) from None


def change_passphrase(context: Context, cookie: str, current: str, choice: Choice, address: str = "") -> None:
    """Seal the seed under another passphrase and end the member's other sessions.

    Raises as `confirm_passphrase` and as `passphrases.check` do.
    """
    context.require(Permission.USE_ACCOUNT)
    confirm_passphrase(context, current, address, "current")
    check(choice, (get_own_profile(context).display_name, get_organization_profile(context).name))
    host_key, seed = context.runtime.host_key, context.secret.seed
    with transaction(context, "account.passphrase_changed"):
        member = _get_member(context)
        member.version += 1
        member.seed_version += 1
        member.seed_sealed = seal_seed(choice.typed, member.id, host_key, seed, version=member.seed_version)
    # The seed under the old passphrase must not wait in the log for the next checkpoint.
    empty_log()
    end_sessions(context.member_id, but=cookie)


def _open(runtime: Runtime, member: Member | None, passphrase: str) -> tuple[Member, MemberSecret]:
    """Open a member's seed; nobody, and a member whose seed is gone, cost as much as a wrong passphrase."""
    if member is None or not member.seed_sealed:
        spend_attempt(passphrase, runtime.host_key)
        raise WrongPassphrase("sign-in")
    sealed, version = member.seed_sealed, member.seed_version
    return member, open_seed(passphrase, member.id, runtime.host_key, sealed, version=version)


def _get_member(context: Context) -> Member:
    member = store.find_member(context.member_id)
    if member is None:
        raise NotFound("member")
    return member


def _enter(runtime: Runtime, member: Member, secret: MemberSecret, *seen: Pin) -> UUID:
    """Write that somebody is in, and let them remember the roster; returns the member's id."""
    try:
        context = build_context(runtime, member.id, secret, *seen)
    except NotFound:
        raise WrongPassphrase("no longer a member") from None
    if not context.is_pending:
        with transaction(context, "member.signed_in"):
            move_pin(member, secret, context.roster.pin)
    return context.member_id
