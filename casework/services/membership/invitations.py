"""Inviting, and joining by a link: the way in, for somebody new and for a member who comes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from casework.domain.device import UNKNOWN_DEVICE, Device
from casework.domain.documents import Document
from casework.domain.member import MemberProfile, clean_login
from casework.domain.messages import N_
from casework.domain.permissions import Permission, Role
from casework.errors import Conflict, Invalid, NotFound, Tampered
from casework.services.context import Context
from casework.services.membership.memberkeys import (
    find_member_row,
    forget_keys,
    get_member_row,
    new_member_row,
    write_keys,
)
from casework.services.membership.members import get_profile
from casework.services.organization import get_organization_profile
from casework.services.runtime import Runtime
from casework.services.signing_in.passphrases import Choice, check
from casework.services.signing_in.sessions import end_sessions, start_session
from casework.services.transactions import keyless_transaction, transaction
from casework.store import members as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import INVITATION_DETAILS
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.invitation import (
    Link,
    decode_link,
    new_token,
    open_with_token,
    seal_for_token,
    token_hash,
)
from casework.vault.passphrase import seal_seed


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody on the way in, as coordinators see them.

    `fingerprint` is empty until they joined; `renews` is for a member who comes back under a new key.
    """

    invitation_id: UUID
    display_name: str
    roles: tuple[Role, ...]
    expires_at: datetime
    is_expired: bool
    fingerprint: str
    renews: bool

    @property
    def has_joined(self) -> bool:
        """Whether a coordinator can compare the fingerprint and admit them."""
        return bool(self.fingerprint)


@dataclass(frozen=True, slots=True)
class Welcome:
    """What an invitation's link tells its holder."""

    organization_name: str
    display_name: str
    language: str
    roles: tuple[Role, ...]


def invite(context: Context, profile: MemberProfile, roles: frozenset[Role]) -> str:
    """Make a one-use invitation and return what its link carries, which is kept nowhere."""
    return _invite(context, profile, roles, None)


def invite_again(context: Context, member_id: UUID, roles: frozenset[Role]) -> str:
    """Invite a member, or somebody who was one, to come back under a new key and the same identity.

    For a forgotten passphrase, a lost second factor, other roles, or after a recovery. Returns what the link
    carries. Raises NotFound for who never was a member, and for the member's own self; Forbidden for who has
    not shown a moment ago who they are.
    """
    context.require(Permission.INVITE_MEMBERS)
    context.require_confirmed()
    if member_id not in context.roster.members or member_id == context.member_id:
        raise NotFound("member")
    return _invite(context, get_profile(context, member_id), roles, member_id)


def _invite(context: Context, profile: MemberProfile, roles: frozenset[Role], renews_id: UUID | None) -> str:
    context.require(Permission.INVITE_MEMBERS)
    if not roles:
        raise Invalid(roles=N_("Choose at least one role."))
    token, invitation_id = new_token(), uuid4()
    details = profile.to_document() | {"roles": sorted(roles)}
    comes_back = {"renews": renews_id.hex} if renews_id else {}
    message = details | {"organization_name": get_organization_profile(context).name}
    with transaction(context, "member.invited") as opened:
        db.session.add(
            store.Invitation(
                id=invitation_id,
                version=1,
                token_hash=token_hash(token),
                invited_by=context.member_id,
                renews_id=renews_id,
                expires_at=context.runtime.now()
                + timedelta(seconds=context.runtime.limits.invitation_seconds),
                details_sealed=context.keyring.seal(
                    INVITATION_DETAILS, invitation_id, 1, documents.encode(details | comes_back)
                ),
                details_version=1,
                message_sealed=seal_for_token(token, invitation_id, documents.encode(message)),
            )
        )
        opened.note(invitation=invitation_id)
    return Link(token, context.roster.pin).encode()


def find_invitation(runtime: Runtime, link: str) -> Welcome | None:
    """Return what the invitation says; None when it is unknown, used, withdrawn or too old."""
    try:
        return get_invitation(runtime, link)
    except NotFound:
        return None


def get_invitation(runtime: Runtime, link: str) -> Welcome:
    """Return what the invitation says; raises NotFound where `find_invitation` gives None."""
    token = _read_link(link).token
    message = _message(_open_invitation(runtime, token), token)
    return Welcome(
        message["organization_name"],
        message["display_name"],
        message["language"],
        tuple(Role(role) for role in message["roles"]),
    )


def join(runtime: Runtime, link: str, login: str, choice: Choice, device: Device = UNKNOWN_DEVICE) -> str:
    """Use an invitation: make the member's seed and keys, start a session; returns what the cookie carries.

    Raises NotFound when the link opens nothing, Invalid for a login name that is taken and a passphrase that
    is too weak or not typed back.
    """
    token, pin = _read_link(link)
    welcome = get_invitation(runtime, link)
    login = clean_login(login)
    check(choice, (login, welcome.display_name, welcome.organization_name))
    secret, renewed = MemberSecret.generate(), find_member_row(_open_invitation(runtime, token).renews_id)
    member_id, version = (renewed.id, renewed.seed_version + 1) if renewed else (uuid4(), 1)
    # Before the lock: it takes a while.
    seed_sealed = seal_seed(choice.typed, member_id, runtime.host_key, secret.seed, version=version)
    # The link, not the database, says which roster is ours.
    roster = runtime.rosters.current(pin)
    with keyless_transaction(runtime, "member.joined", roster) as opened:
        invitation = _open_invitation(runtime, token)
        row = find_member_row(invitation.renews_id) or new_member_row(member_id)
        if row.seed_version + 1 != version:
            raise Conflict("member")
        row.login_hmac = _free_login(runtime, login, member_id)
        write_keys(row, secret, seed_sealed, pin)
        db.session.add(row)
        db.session.flush()
        invitation.member_id = member_id
        invitation.version += 1
        opened.note(member=member_id)
    end_sessions(member_id)
    return start_session(runtime, member_id, secret, device)


def _free_login(runtime: Runtime, login: str, member_id: UUID) -> bytes:
    login_hmac = runtime.host_key.login_hmac(login)
    taken = store.find_member_by_login(login_hmac)
    if taken is not None and taken.id != member_id:
        raise Invalid(login=N_("Somebody signs in with this name already. Choose another one."))
    return login_hmac


def list_invitees(context: Context) -> list[Invitee]:
    """Return everybody who is invited or waits for admission."""
    context.require(Permission.INVITE_MEMBERS)
    return [_invitee(context, row) for row in store.list_open_invitations()]


def get_joined(context: Context, invitation_id: UUID) -> Invitee:
    """Return who has joined by this invitation and waits for admission; raises NotFound."""
    context.require(Permission.INVITE_MEMBERS)
    row = store.find_invitation(invitation_id)
    if row is None or row.member_id is None or row.closed_at is not None:
        raise NotFound("invitation")
    return _invitee(context, row)


def _invitee(context: Context, row: store.Invitation) -> Invitee:
    details = read_details(context, row)
    return Invitee(
        row.id,
        details["display_name"],
        tuple(Role(role) for role in details["roles"]),
        row.expires_at,
        row.member_id is None and row.expires_at < context.runtime.now(),
        joined_key(row).fingerprint() if row.member_id is not None else "",
        row.renews_id is not None,
    )


def withdraw(context: Context, invitation_id: UUID) -> None:
    """Close an invitation without admitting anybody.

    Who had joined by it is forgotten; a member who came back by it is locked out until invited again.
    """
    context.require(Permission.INVITE_MEMBERS)
    with transaction(context, "invitation.withdrawn") as opened:
        invitation = store.find_invitation(invitation_id)
        if invitation is None or invitation.closed_at is not None:
            raise NotFound("invitation")
        invitation.closed_at = context.runtime.now()
        invitation.version += 1
        joined_id, invitation.member_id = invitation.member_id, None
        joined = find_member_row(joined_id)
        db.session.flush()
        if joined is not None and invitation.renews_id is None:
            db.session.delete(joined)
        elif joined is not None:
            forget_keys(joined)
        opened.note(invitation=invitation_id)
    if joined_id is not None:
        end_sessions(joined_id)


def _read_link(link: str) -> Link:
    try:
        return decode_link(link)
    except Tampered:
        raise NotFound("invitation") from None


def _open_invitation(runtime: Runtime, token: bytes) -> store.Invitation:
    invitation = store.find_invitation_by_token(token_hash(token))
    if invitation is None or invitation.member_id is not None or invitation.closed_at is not None:
        raise NotFound("invitation")
    if invitation.expires_at < runtime.now():
        raise NotFound("invitation")
    return invitation


def _message(invitation: store.Invitation, token: bytes) -> Document:
    return documents.decode(open_with_token(token, invitation.id, invitation.message_sealed))


def read_details(context: Context, row: store.Invitation) -> Document:
    """Open what an invitation says for coordinators: profile, roles, and whose way back it is, if anybody's.

    Tampered where its row names another member than it was made for.
    """
    details = documents.decode(
        context.keyring.open(INVITATION_DETAILS, row.id, row.details_version, row.details_sealed)
    )
    if details.get("renews") != (row.renews_id.hex if row.renews_id else None):
        raise Tampered("an invitation brings back another member than it was made for")
    if row.renews_id is not None and row.member_id not in (None, row.renews_id):
        raise Tampered("somebody else has come back by an invitation than it was made for")
    return details


def close_ways_back(context: Context, member_id: UUID) -> None:
    """Close every invitation by which a member could come back; the caller's transaction commits it."""
    for invitation in store.list_open_invitations():
        if invitation.renews_id == member_id:
            invitation.closed_at = context.runtime.now()
            invitation.version += 1


def joined_key(invitation: store.Invitation) -> MemberPublic:
    """Return the public key of who joined by an invitation; raises NotFound where nobody did."""
    return MemberPublic.decode(get_member_row(invitation.member_id).public_key)
