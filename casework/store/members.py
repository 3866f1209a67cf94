"""Members, invitations and the seals that give members their compartment keys."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, UtcDateTime, db


class Member(Model):
    """Somebody with a login. Roles and keys count only as the signed roster has them.

    `public_key` serves until the roster admits the member; `profile_sealed` is empty until then.
    `second_factor_sealed` is empty while the member has no second factor, `anchor_sealed` until a coordinator
    signs in.
    """

    __tablename__ = "member"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    login_hmac: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    seed_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    seed_version: Mapped[int]
    profile_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    profile_version: Mapped[int]
    pin_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    pin_version: Mapped[int]
    second_factor_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    second_factor_version: Mapped[int] = mapped_column(default=0)
    anchor_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    anchor_version: Mapped[int] = mapped_column(default=0)


class Invitation(Model):
    """A one-use way in. `details_sealed` is for coordinators, `message_sealed` for who holds the token.

    `renews_id` names the member who comes back by it, under a new key and the same id.
    """

    __tablename__ = "invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    renews_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    details_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    details_version: Mapped[int]
    message_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class EpochSeal(Model):
    """A compartment's key of one epoch, sealed to one member's public key."""

    __tablename__ = "epoch_seal"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), primary_key=True)
    compartment: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class RecoverySeal(Model):
    """A compartment's key of one epoch, sealed to the recovery key."""

    __tablename__ = "recovery_seal"

    compartment: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class RosterRow(Model):
    """One signed entry of the roster, as bytes; the vault reads and checks them."""

    __tablename__ = "roster_entry"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


def find_member(member_id: UUID) -> Member | None:
    """Return the member with this id."""
    return db.session.get(Member, member_id)


def find_member_by_login(login_hmac: bytes) -> Member | None:
    """Return the member who signs in with this name."""
    return db.session.scalar(select(Member).where(Member.login_hmac == login_hmac))


def list_members() -> Sequence[Member]:
    """Return every member's row."""
    return db.session.scalars(select(Member)).all()


def list_epoch_seals(member_id: UUID) -> Sequence[EpochSeal]:
    """Return the seals addressed to one member."""
    return db.session.scalars(select(EpochSeal).where(EpochSeal.member_id == member_id)).all()


def list_recovery_seals() -> Sequence[RecoverySeal]:
    """Return the seals addressed to recovery."""
    return db.session.scalars(select(RecoverySeal)).all()


def list_roster_rows(after: int = 0) -> Sequence[RosterRow]:
    """Return the roster's entries numbered above `after`, in order."""
    query = select(RosterRow).where(RosterRow.number > after).order_by(RosterRow.number)
    return db.session.scalars(query).all()


def list_invitations() -> Sequence[Invitation]:
    """Return every invitation, open or closed."""
    return db.session.scalars(select(Invitation)).all()


def find_invitation(invitation_id: UUID) -> Invitation | None:
    """Return the invitation with this id."""
    return db.session.get(Invitation, invitation_id)


def find_invitation_by_token(token_hash: bytes) -> Invitation | None:
    """Return the invitation that this token opens, used or not."""
    return db.session.scalar(select(Invitation).where(Invitation.token_hash == token_hash))


def has_joined_again(member_id: UUID) -> bool:
    """Return whether a member has a new key that no coordinator has compared yet."""
    query = select(Invitation.id).where(
        Invitation.member_id == member_id, Invitation.renews_id == member_id, Invitation.closed_at.is_(None)
    )
    return db.session.scalar(query.limit(1)) is not None


def list_open_invitations() -> Sequence[Invitation]:
    """Return the invitations that nobody has closed, newest first."""
    query = select(Invitation).where(Invitation.closed_at.is_(None)).order_by(Invitation.expires_at.desc())
    return db.session.scalars(query).all()
