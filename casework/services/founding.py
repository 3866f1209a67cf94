"""Founding an organization: one transaction for the roster's first entry, every key and the first member."""

from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from casework.domain.member import MemberProfile
from casework.domain.organization import OrganizationProfile
from casework.domain.permissions import Role, compartments_of
from casework.domain.recovery import RecoveryRecord
from casework.errors import Conflict
from casework.services.audit import write_entry
from casework.services.membership.rosters import store_entry
from casework.services.recovery.record import write_record
from casework.services.runtime import Runtime
from casework.store.database import db
from casework.store.head import Head, add_head
from casework.store.members import EpochSeal, Member, RecoverySeal
from casework.store.organization import Organization, find_organization
from casework.store.written import forget_written, take_written
from casework.vault import documents
from casework.vault.audit import GENESIS_HASH
from casework.vault.compartments import FIRST_EPOCH, RECOVERY_ID, commitment, new_epoch_key, seal_epoch_key
from casework.vault.fields import MEMBER_PIN, MEMBER_PROFILE, ORGANIZATION_PROFILE, Compartment
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.keyring import Keyring
from casework.vault.passphrase import seal_seed
from casework.vault.roster import verify
from casework.vault.rosterdeeds import found
from casework.vault.rosterstate import RosterState


def found_organization(
    runtime: Runtime,
    profile: OrganizationProfile,
    coordinator: MemberProfile,
    login: str,
    passphrase: str,
    secret: MemberSecret,
    recovery: MemberPublic,
    is_demonstration: bool = False,
    shares: RecoveryRecord | None = None,
) -> UUID:
    """Write the organization and return its first coordinator's id; raises Conflict when one exists.

    `shares` is what is known of the sheets that give the recovery key back; who made them is added.
    """
    db.session.rollback()
    forget_written()
    try:
        head = _add_head()
        if find_organization() is not None:
            raise Conflict("organization")
        member_id = uuid4()
        keys = {compartment: new_epoch_key() for compartment in Compartment}
        roster = _write_roster(member_id, secret, recovery, keys)
        keyring = _first_keyring(keys)
        organization = _write_organization(runtime, keyring, profile, is_demonstration)
        if shares is not None:
            write_record(keyring, organization, replace(shares, made_by=member_id))
        _write_coordinator(runtime, keyring, member_id, coordinator, login, passphrase, secret, roster)
        _write_seals(member_id, secret.public, recovery, keys)
        rows, event, now = take_written(), "organization.founded", runtime.now()
        fields = {"organization": organization.id.hex}
        write_entry(head, roster.audit_key, keyring, rows, event, member_id, now, fields)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return member_id


def _add_head() -> Head:
    """Take the lock by making its row, which only one founder can; raises Conflict for the others.

    Before anything is read: SQLite waits for its turn only with the first statement of a transaction.
    """
    try:
        return add_head(GENESIS_HASH)
    except IntegrityError:
        raise Conflict("organization") from None


def _first_keyring(keys: dict[Compartment, bytes]) -> Keyring:
    held = {(compartment, FIRST_EPOCH): key for compartment, key in keys.items()}
    return Keyring(held, dict.fromkeys(keys, FIRST_EPOCH))


def _write_roster(
    member_id: UUID, secret: MemberSecret, recovery: MemberPublic, keys: dict[Compartment, bytes]
) -> RosterState:
    commitments = {
        (compartment, FIRST_EPOCH): commitment(compartment, FIRST_EPOCH, key)
        for compartment, key in keys.items()
    }
    audit_public = MemberSecret(keys[Compartment.AUDIT]).public
    entry = found(secret, member_id, [Role.COORDINATOR], recovery, audit_public, commitments)
    store_entry(entry)
    return verify([entry], None)


def _write_seals(
    member_id: UUID, member: MemberPublic, recovery: MemberPublic, keys: dict[Compartment, bytes]
) -> None:
    granted = compartments_of({Role.COORDINATOR})
    for compartment, key in keys.items():
        sealed = seal_epoch_key(recovery, RECOVERY_ID, compartment, FIRST_EPOCH, key)
        db.session.add(RecoverySeal(compartment=compartment, epoch=FIRST_EPOCH, key_sealed=sealed))
        if compartment in granted:
            db.session.add(
                EpochSeal(
                    member_id=member_id,
                    compartment=compartment,
                    epoch=FIRST_EPOCH,
                    key_sealed=seal_epoch_key(member, member_id, compartment, FIRST_EPOCH, key),
                )
            )


def _write_organization(
    runtime: Runtime, keyring: Keyring, profile: OrganizationProfile, is_demonstration: bool
) -> Organization:
    organization_id = uuid4()
    plain = documents.encode(profile.to_document())
    row = Organization(
        id=organization_id,
        version=1,
        is_demonstration=is_demonstration,
        host_key_check=runtime.host_key.check,
        profile_sealed=keyring.seal(ORGANIZATION_PROFILE, organization_id, 1, plain),
        profile_version=1,
        recovery_version=0,
        retention_version=0,
    )
    db.session.add(row)
    return row


def _write_coordinator(
    runtime: Runtime,
    keyring: Keyring,
    member_id: UUID,
    profile: MemberProfile,
    login: str,
    passphrase: str,
    secret: MemberSecret,
    roster: RosterState,
) -> None:
    pin = roster.pin.encode()
    db.session.add(
        Member(
            id=member_id,
            version=1,
            login_hmac=runtime.host_key.login_hmac(login),
            public_key=secret.public.encode(),
            seed_sealed=seal_seed(passphrase, member_id, runtime.host_key, secret.seed),
            seed_version=1,
            profile_sealed=keyring.seal(
                MEMBER_PROFILE, member_id, 1, documents.encode(profile.to_document())
            ),
            profile_version=1,
            pin_sealed=secret.seal_own(MEMBER_PIN, member_id, 1, pin),
            pin_version=1,
        )
    )
    # Seals refer to the member: write it before them.
    db.session.flush()
