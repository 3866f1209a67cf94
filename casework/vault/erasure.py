"""Who has erased a case: a signature that a tombstone carries, so that none counts because it stands there.

It counts while its signer is one who may erase, and is made anew when they leave: what somebody signs later
with the seed that they had is worth nothing.
"""

from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from casework.domain.permissions import Permission, Role, may
from casework.errors import Tampered
from casework.vault import labels
from casework.vault.compartments import RECOVERY_ID
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.labels import Label, u64
from casework.vault.pin import Pin
from casework.vault.rosterstate import RosterState

STATEMENT_BYTES = 90
_VERSION = b"\x01"


class Way(IntEnum):
    """How a case went: by hand, or its days in the bin were over, in the signer's session or in another's."""

    HAND = 1
    BIN = 2
    ANOTHERS_BIN = 3


class Standing(StrEnum):
    """What a tombstone is worth.

    SIGNED by who may erase; BIN: by who may only bin, when the days there were over, so that nobody who may
    erase has seen it; UNPROVEN: anybody who writes to the database could have put it up.
    """

    SIGNED = "signed"
    BIN = "bin"
    UNPROVEN = "unproven"


def sign_erasure(
    secret: MemberSecret, member_id: UUID, pin: Pin, case_id: UUID, erased_at: datetime, way: Way
) -> bytes:
    """Return the 90 bytes that say who erased a case, and when: to the second, with a time zone.

    `pin` is the roster's end at that time.
    """
    head = _VERSION + member_id.bytes + bytes([way]) + u64(pin.number)
    return head + secret.sign(_message(head, pin.hash, case_id, erased_at))


def check_erasure(statement: bytes, roster: RosterState, case_id: UUID, erased_at: datetime) -> Standing:
    """Return SIGNED or BIN; raises Tampered where by this roster the statement proves nothing."""
    if not statement:
        raise Tampered("nobody has signed this erasure")
    if len(statement) != STATEMENT_BYTES or statement[:1] != _VERSION:
        raise Tampered("a signature of an erasure has another length or version")
    member_id, number = UUID(bytes=statement[1:17]), int.from_bytes(statement[18:26], "big")
    public, roles, since = _signer(roster, member_id)
    if not since <= number <= roster.number:
        raise Tampered("an erasure is signed for a time at which its signer had not this key")
    message = _message(statement[:26], roster.hashes[number], case_id, erased_at)
    public.verify(statement[26:], message)
    return _weigh(statement[17], member_id, roles)


def judge(statement: bytes, roster: RosterState, case_id: UUID, erased_at: datetime) -> Standing:
    """Return what a tombstone is worth by this roster."""
    try:
        return check_erasure(statement, roster, case_id, erased_at)
    except Tampered:
        return Standing.UNPROVEN


def _message(head: bytes, roster_hash: bytes, case_id: UUID, erased_at: datetime) -> bytes:
    if erased_at.tzinfo is None or erased_at.microsecond or erased_at.timestamp() < 0:
        raise Tampered("an erasure has another time than is ever signed")
    return labels.frame(
        Label.ERASURE_SIGNATURE, head, roster_hash, case_id.bytes, u64(int(erased_at.timestamp()))
    )


def _signer(roster: RosterState, member_id: UUID) -> tuple[MemberPublic, frozenset[Role], int]:
    """Return the key and roles that somebody has now, and since which entry; recovery's key has no role."""
    if member_id == RECOVERY_ID:
        return roster.recovery_public, frozenset(), roster.recovery_number
    member = roster.active.get(member_id)
    if member is None:
        raise Tampered("an erasure is signed by somebody who is no member now")
    return member.public, frozenset(map(Role, member.roles)), roster.since[member_id]


def _weigh(way: int, member_id: UUID, roles: frozenset[Role]) -> Standing:
    may_erase = member_id == RECOVERY_ID or may(roles, Permission.ERASE_CASES)
    if way in (Way.HAND, Way.BIN) and may_erase:
        return Standing.SIGNED
    if way == Way.ANOTHERS_BIN and may_erase:
        return Standing.BIN
    if way == Way.BIN and may(roles, Permission.EDIT_CASES):
        return Standing.BIN
    raise Tampered("an erasure is signed by somebody who may not erase so")
