"""What a member's row holds of their keys: written when they get new ones, destroyed when they lose them."""

from uuid import UUID

from casework.errors import NotFound
from casework.store import members as store
from casework.store.database import db
from casework.store.restricted import list_seals_to
from casework.vault.fields import MEMBER_PIN
from casework.vault.identity import MemberSecret
from casework.vault.pin import Pin


def get_member_row(member_id: UUID | None) -> store.Member:
    """Return a member's row; raises NotFound."""
    member = find_member_row(member_id)
    if member is None:
        raise NotFound("member")
    return member


def find_member_row(member_id: UUID | None) -> store.Member | None:
    """Return a member's row, if there is one."""
    return store.find_member(member_id) if member_id else None


def new_member_row(member_id: UUID) -> store.Member:
    """Make a row that `write_keys` completes."""
    return store.Member(
        id=member_id, version=0, seed_version=0, profile_sealed=None, profile_version=0, pin_version=0
    )


def write_keys(row: store.Member, secret: MemberSecret, seed_sealed: bytes, pin: Pin) -> None:
    """Put a new seed's keys in the place of those before; the caller's transaction commits it."""
    row.version += 1
    row.seed_version += 1
    row.seed_sealed = seed_sealed
    row.public_key = secret.public.encode()
    # It lay under the seed before: whoever comes back begins without one.
    row.second_factor_sealed = None
    row.pin_version += 1
    row.pin_sealed = secret.seal_own(MEMBER_PIN, row.id, row.pin_version, pin.encode())
    row.anchor_sealed = None  # under the seed before


def forget_keys(row: store.Member) -> None:
    """Destroy a member's seed and all keys sealed to them; the caller's transaction commits it."""
    row.version += 1
    row.seed_version += 1
    row.seed_sealed = b""
    row.second_factor_sealed = None
    forget_seals(row.id)


def forget_seals(member_id: UUID) -> None:
    """Destroy the keys of epochs and restricted cases sealed to a member: the old seed opens nothing here.

    In restricted cases their name stays, without a key, until somebody named withdraws it or names them anew.
    """
    for seal in (*store.list_epoch_seals(member_id), *list_seals_to(member_id)):
        db.session.delete(seal)
    db.session.flush()
