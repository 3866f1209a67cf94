"""A member's second factor as it lies in their row, under their own key."""

from casework.errors import WrongCode
from casework.store.members import Member
from casework.vault.fields import MEMBER_SECOND_FACTOR
from casework.vault.identity import MemberSecret
from casework.vault.secondfactor import SecondFactor


def find_record(member: Member, secret: MemberSecret) -> SecondFactor | None:
    """Return the member's second factor, or None where they have none."""
    if member.second_factor_sealed is None:
        return None
    version, sealed = member.second_factor_version, member.second_factor_sealed
    return SecondFactor.decode(secret.open_own(MEMBER_SECOND_FACTOR, member.id, version, sealed))


def write_record(member: Member, secret: MemberSecret, factor: SecondFactor) -> None:
    """Seal a second factor into the member's row under its next version; the caller commits it."""
    member.version += 1
    member.second_factor_version += 1
    version = member.second_factor_version
    member.second_factor_sealed = secret.seal_own(MEMBER_SECOND_FACTOR, member.id, version, factor.encode())


def accept_code(member: Member, secret: MemberSecret, code: str, now_seconds: int) -> None:
    """Take a code of the member's second factor, once; raises WrongCode. Only under the write lock."""
    factor = find_record(member, secret)
    if factor is None:
        raise WrongCode("no second factor")
    write_record(member, secret, factor.accept(code, now_seconds))
