"""Inviting, joining, admitting: how somebody becomes a member."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from casework.domain.device import UNKNOWN_DEVICE, Device
from casework.domain.documents import Document
from casework.domain.member import MemberProfile
from casework.domain.messages import N_
from casework.domain.permissions import Permission, Role, compartments_of
from casework.errors import Invalid, NotFound, Tampered
from casework.services.context import Context
from casework.services.members import get_organization_profile, write_profile
from casework.services.passphrases import Choice, check
from casework.services.rosters import move_pin, store_entry
from casework.services.runtime import Runtime
from casework.services.sessions import end_sessions, start_session
from casework.services.transactions import keyless_transaction, transaction
from casework.store import members as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.compartments import seal_epoch_key
from casework.vault.fields import INVITATION_DETAILS, MEMBER_PIN
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
from casework.vault.roster import extend
from casework.vault.rosterdeeds import admit
from casework.vault.rosterstate import RosterState


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody on the way in, as coordinators see them. `fingerprint` is empty until they joined."""

    invitation_id: UUID
    display_name: str
    roles: tuple[Role, ...]
    expires_at: datetime
    is_expired: bool
    fingerprint: str

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
    context.require(Permission.INVITE_MEMBERS)
    if not roles:
        raise Invalid(roles=N_("Choose at least one role."))
    token, invitation_id = new_token(), uuid4()
    details = profile.to_document() | {"roles": sorted(roles)}
    message = details | {"organization_name": get_organization_profile(context).name}
    with transaction(context, "member.invited") as opened:
        db.session.add(
            store.Invitation(
                id=invitation_id,
                version=1,
                token_hash=token_hash(token),
                invited_by=context.member_id,
                expires_at=context.runtime.now()
                + timedelta(seconds=context.runtime.limits.invitation_seconds),
                details_sealed=context.keyring.seal(
                    INVITATION_DETAILS, invitation_id, 1, documents.encode(details)
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
    check(choice, (login, welcome.display_name, welcome.organization_name))
    secret, member_id = MemberSecret.generate(), uuid4()
    seed_sealed = seal_seed(choice.typed, member_id, runtime.host_key, secret.seed)
    # The link, not the database, says which roster is ours.
    roster = runtime.rosters.current(pin)
    with keyless_transaction(runtime, "member.joined", roster) as opened:
        invitation = _open_invitation(runtime, token)
        login_hmac = runtime.host_key.login_hmac(login)
        if store.find_member_by_login(login_hmac) is not None:
            raise Invalid(login=N_("Somebody signs in with this name already. Choose another one."))
        db.session.add(
            store.Member(
                id=member_id,
                version=1,
                login_hmac=login_hmac,
                public_key=secret.public.encode(),
                seed_sealed=seed_sealed,
                seed_version=1,
                profile_sealed=None,
                profile_version=0,
                pin_sealed=secret.seal_own(MEMBER_PIN, member_id, 1, pin.encode()),
                pin_version=1,
            )
        )
        db.session.flush()
        invitation.member_id = member_id
        invitation.version += 1
        opened.note(member=member_id)
    return start_session(runtime, member_id, secret, device)


def list_invitees(context: Context) -> list[Invitee]:
    """Return everybody who is invited or waits for admission."""
    context.require(Permission.INVITE_MEMBERS)
    now = context.runtime.now()
    invitees = []
    for row in store.list_open_invitations():
        details = _details(context, row)
        fingerprint = ""
        if row.member_id is not None:
            fingerprint = _joined(row).fingerprint()
        invitees.append(
            Invitee(
                row.id,
                details["display_name"],
                tuple(Role(role) for role in details["roles"]),
                row.expires_at,
                row.member_id is None and row.expires_at < now,
                fingerprint,
            )
        )
    return invitees


def admit_member(
    context: Context, invitation_id: UUID, fingerprint: str, roles: Collection[Role | str]
) -> UUID:
    """Admit who joined by this invitation: a signed roster entry and the keys of their roles.

    `fingerprint` is the one the coordinator compared, `roles` those that stood beside it; raises Invalid when
    the database has others by now.
    """
    context.require(Permission.INVITE_MEMBERS)
    with transaction(context, "member.admitted") as opened:
        invitation = store.find_invitation(invitation_id)
        if invitation is None or invitation.member_id is None or invitation.closed_at is not None:
            raise NotFound("invitation")
        details, public = _details(context, invitation), _joined(invitation)
        if public.fingerprint() != fingerprint:
            raise Invalid(fingerprint=N_("The fingerprint has changed. Admit nobody yet."))
        granted = frozenset(Role(role) for role in details["roles"])
        if granted != frozenset(roles):
            raise Invalid(roles=N_("The roles have changed. Admit nobody yet."))
        entry = admit(
            context.secret, context.member_id, context.roster, invitation.member_id, sorted(granted), public
        )
        store_entry(entry)
        _remember(context, extend(context.roster, entry))
        _seal_keys(context, invitation.member_id, granted, public)
        profile = MemberProfile(details["display_name"], details["language"])
        write_profile(context, _get_member(invitation.member_id), profile)
        invitation.closed_at = context.runtime.now()
        invitation.version += 1
        opened.note(member=invitation.member_id)
        return invitation.member_id


def withdraw(context: Context, invitation_id: UUID) -> None:
    """Close an invitation without admitting anybody; who had joined by it is forgotten."""
    context.require(Permission.INVITE_MEMBERS)
    with transaction(context, "invitation.withdrawn") as opened:
        invitation = store.find_invitation(invitation_id)
        if invitation is None or invitation.closed_at is not None:
            raise NotFound("invitation")
        invitation.closed_at = context.runtime.now()
        invitation.version += 1
        joined_id, invitation.member_id = invitation.member_id, None
        joined = store.find_member(joined_id) if joined_id else None
        if joined is not None:
            db.session.flush()
            db.session.delete(joined)
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


def _details(context: Context, row: store.Invitation) -> Document:
    return documents.decode(
        context.keyring.open(INVITATION_DETAILS, row.id, row.details_version, row.details_sealed)
    )


def _joined(invitation: store.Invitation) -> MemberPublic:
    if invitation.member_id is None:
        raise NotFound("member")
    return MemberPublic.decode(_get_member(invitation.member_id).public_key)


def _seal_keys(context: Context, member_id: UUID, roles: frozenset[Role], public: MemberPublic) -> None:
    granted = compartments_of(roles)
    for (compartment, epoch), key in context.keyring.epoch_keys():
        if compartment in granted:
            sealed = seal_epoch_key(public, member_id, compartment, epoch, key)
            db.session.add(
                store.EpochSeal(member_id=member_id, compartment=compartment, epoch=epoch, key_sealed=sealed)
            )


def _remember(context: Context, roster: RosterState) -> None:
    """Move the coordinator's pin at once: an entry that is removed again is missed by who signed it."""
    move_pin(_get_member(context.member_id), context.secret, roster.pin)


def _get_member(member_id: UUID) -> store.Member:
    member = store.find_member(member_id)
    if member is None:
        raise NotFound("member")
    return member
