"""Who somebody is: a passphrase that opens their seed, whatever it is typed for; each try is counted."""

from uuid import UUID

from casework.domain.device import UNKNOWN_DEVICE, Device
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import CodeNeeded, Forbidden, Invalid, NotFound, WrongCode, WrongPassphrase
from casework.services.auditing.anchors import look, move_anchor
from casework.services.context import Context, build_context
from casework.services.membership.memberkeys import get_member_row
from casework.services.membership.members import get_own_profile
from casework.services.membership.rosters import move_pin
from casework.services.organization import get_organization_profile
from casework.services.runtime import Runtime
from casework.services.signing_in.defence import CODE, CONFIRM, counted, remember_network
from casework.services.signing_in.halfway import forget_halfway, keep_halfway, open_halfway
from casework.services.signing_in.passphrases import Choice, check
from casework.services.signing_in.secondfactorrecord import accept_code
from casework.services.signing_in.sessions import Locked, end_sessions, start_session
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
    TooSoon, after no work, while earlier tries for that name or from that address make this one wait;
    CodeNeeded where a code of the second factor has to follow, with `enter_code`.
    """
    member, secret = open_member(runtime, login, passphrase, address)
    if _open_context(runtime, member.id, secret).has_second_factor:
        raise CodeNeeded(keep_halfway(runtime, member.id, secret))
    cookie = start_session(runtime, _enter(runtime, member.id, secret), secret, device)
    remember_network(runtime, address)
    return cookie


def open_member(
    runtime: Runtime, login: str, passphrase: str, address: str = ""
) -> tuple[Member, MemberSecret]:
    """Return whose login name this is, with their opened seed; raises as `sign_in` does."""
    login_hmac = runtime.host_key.login_hmac(login)
    with counted(runtime, login_hmac, address):
        member, secret = _open(runtime, store.find_member_by_login(login_hmac), passphrase)
    return member, secret


def enter_code(
    runtime: Runtime, halfway: str, code: str, address: str = "", device: Device = UNKNOWN_DEVICE
) -> str:
    """Take the code that was still needed and start the session; returns what the cookie carries.

    Raises NotFound where no passphrase was typed, or too long ago, and as `take_code` does.
    """
    member_id, secret = open_halfway(runtime, halfway)
    take_code(runtime, member_id, secret, code, address)
    forget_halfway(halfway)
    cookie = start_session(runtime, member_id, secret, device)
    remember_network(runtime, address)
    return cookie


def take_code(runtime: Runtime, member_id: UUID, secret: MemberSecret, code: str, address: str = "") -> None:
    """Write that a member is in, and use the code up that their second factor asks for, if they have one.

    Raises Invalid naming `code` where it is none or was used, TooSoon as `sign_in` does.
    """
    try:
        with counted(runtime, member_id.bytes, address, CODE):
            _enter(runtime, member_id, secret, code)
    except WrongCode:
        fault = N_("This code does not fit, or was used already. Wait for the next one.")
        raise Invalid(code=fault) from None


def unlock(
    runtime: Runtime, locked: Locked, passphrase: str, address: str = "", device: Device = UNKNOWN_DEVICE
) -> str:
    """Go on with the session of the member whose screen is locked, under a new secret, until its old end.

    Raises as `sign_in` does, and Forbidden for a session that is over.
    """
    if locked.is_over:
        raise Forbidden("session")
    with counted(runtime, locked.member_id.bytes, address, CONFIRM):
        member, secret = _open(runtime, store.find_member(locked.member_id), passphrase)
    _write_entrance(_open_context(runtime, member.id, secret, locked.pin))
    return start_session(runtime, locked.member_id, secret, device, locked.started_at_seconds)


def confirm_passphrase(
    context: Context, passphrase: str, address: str = "", field: str = "passphrase"
) -> None:
    """Let a member show once more who they are, for deeds that a session alone does not suffice for.

    Raises Invalid naming the field when it is not their passphrase, TooSoon as `sign_in` does. It begins the
    database session anew: call it before anything is read or written.
    """
    try:
        with counted(context.runtime, context.member_id.bytes, address, CONFIRM):
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
        member = get_member_row(context.member_id)
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


def _open_context(runtime: Runtime, member_id: UUID, secret: MemberSecret, *seen: Pin) -> Context:
    """Open what a seed opens; who is no member any more is told no more than a stranger."""
    try:
        return build_context(runtime, member_id, secret, *seen)
    except NotFound:
        raise WrongPassphrase("no longer a member") from None


def _enter(runtime: Runtime, member_id: UUID, secret: MemberSecret, code: str = "") -> UUID:
    """Write that a member is in, who has shown all that they have to; returns the member's id."""
    _write_entrance(_open_context(runtime, member_id, secret), code)
    return member_id


def _write_entrance(context: Context, code: str | None = None) -> None:
    """Let a member remember the roster as it is, in the transaction that uses their code up.

    Without a code at all, not even an empty one, none is asked for.
    """
    if context.is_pending:
        return
    looked = look(context)
    with transaction(context, "member.signed_in") as opened:
        member = get_member_row(context.member_id)
        if code is not None and member.second_factor_sealed is not None:
            accept_code(member, context.secret, code, context.runtime.now_seconds())
        move_pin(member, context.secret, context.roster.pin)
        move_anchor(context, member, looked, opened.head)
