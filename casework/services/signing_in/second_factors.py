"""The second factor: setting it up, checking a code of it, new recovery codes, turning it off.

A member's document of it is read, checked and written again under the write lock, so that no code is
accepted twice, however many requests bring it at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Forbidden, Invalid, NotFound, WrongCode
from casework.services import unfinished
from casework.services.context import Context
from casework.services.membership.memberkeys import get_member_row
from casework.services.signing_in.authentication import confirm_passphrase
from casework.services.signing_in.defence import CODE, counted
from casework.services.signing_in.secondfactorrecord import accept_code, find_record, write_record
from casework.services.transactions import transaction
from casework.store.database import empty_log
from casework.store.members import Member
from casework.vault import encoding
from casework.vault.secondfactor import (
    SECRET_BYTES,
    SecondFactor,
    hash_recovery_code,
    new_recovery_codes,
    new_secret,
    provisioning_uri,
    secret_text,
)

_KIND = "second_factor"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A secret that is not in force yet: as an app reads it, and as people type it."""

    uri: str
    text: str

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "Proposal(…)"


def propose(context: Context, cookie: str) -> tuple[str, Proposal]:
    """Return what the ceremony cookie has to carry, and the secret that this member is proposed."""
    context.require(Permission.USE_ACCOUNT)
    try:
        secret = _find_proposed(context, cookie)
    except NotFound:
        secret = new_secret()
        document = {
            "schema": 1,
            "kind": _KIND,
            "member": context.member_id.hex,
            "secret": encoding.to_text(secret),
        }
        cookie = unfinished.keep(context.runtime, cookie, document)
    return cookie, Proposal(provisioning_uri(secret), secret_text(secret))


def enrol(
    context: Context, cookie: str, code: str, passphrase: str, address: str = "", held: str = ""
) -> tuple[str, ...]:
    """Put the proposed secret in force, over an earlier one; returns the recovery codes, which nobody keeps.

    `held` is a code of the second factor in force, where there is one: a session and a passphrase alone do
    not replace it. Raises Invalid naming `code` where it is not one of the proposed secret, `held` where that
    does not fit, and as `confirm_passphrase` does.
    """
    context.require(Permission.USE_ACCOUNT)
    factor = SecondFactor(_find_proposed(context, cookie))
    try:
        factor = factor.accept(code, context.runtime.now_seconds())
    except WrongCode:
        fault = N_("This is not the code of now. Wait for the next one. Is the clock of the device right?")
        raise Invalid(code=fault) from None
    confirm_passphrase(context, passphrase, address)
    codes = _keep(context, "account.second_factor_set", held, address, factor)
    unfinished.forget(cookie)
    return codes


def renew_recovery_codes(
    context: Context, passphrase: str, address: str = "", held: str = ""
) -> tuple[str, ...]:
    """Make ten new recovery codes; the earlier ones open nothing any more.

    Raises NotFound without a second factor, Invalid naming `held` where that is no code of it, and as
    `confirm_passphrase` does.
    """
    context.require(Permission.USE_ACCOUNT)
    confirm_passphrase(context, passphrase, address)
    return _keep(context, "account.recovery_codes_made", held, address)


def turn_off(context: Context, passphrase: str, address: str = "", held: str = "") -> None:
    """Do without the second factor from now on.

    Raises Forbidden for who may not go without, Invalid naming `held` where that is no code of it, and as
    `confirm_passphrase` does.
    """
    context.require(Permission.USE_ACCOUNT)
    if context.needs_second_factor:
        raise Forbidden("second factor")
    confirm_passphrase(context, passphrase, address)
    with _changing(context, "account.second_factor_removed", held, address) as member:
        member.version += 1
        member.second_factor_sealed = None
    empty_log()


def count_recovery_codes(context: Context) -> int | None:
    """Return how many recovery codes the member has left; None without a second factor."""
    context.require(Permission.USE_ACCOUNT)
    record = find_record(get_member_row(context.member_id), context.secret)
    return len(record.code_hashes) if record else None


def _find_proposed(context: Context, cookie: str) -> bytes:
    document = unfinished.load(cookie, _KIND)
    if document["member"] != context.member_id.hex:
        raise NotFound(_KIND)  # proposed to somebody else in this browser
    return encoding.from_text(document["secret"], SECRET_BYTES)


@contextmanager
def _changing(context: Context, event: str, held: str, address: str) -> Iterator[Member]:
    """Use up a code of the second factor in force, if there is one, in the transaction that changes it."""
    guarded = context.runtime, context.member_id.bytes, address, CODE, WrongCode
    try:
        with counted(*guarded), transaction(context, event):
            member = get_member_row(context.member_id)
            if member.second_factor_sealed is not None:
                accept_code(member, context.secret, held, context.runtime.now_seconds())
            yield member
    except WrongCode:
        fault = N_("This code does not fit, or was used already. Wait for the next one.")
        raise Invalid(held=fault) from None


def _keep(
    context: Context, event: str, held: str, address: str, factor: SecondFactor | None = None
) -> tuple[str, ...]:
    """Write this second factor, or the one in force, with new recovery codes; returns those."""
    codes = new_recovery_codes()
    hashes = tuple(hash_recovery_code(code) for code in codes)
    with _changing(context, event, held, address) as member:
        factor = factor or find_record(member, context.secret)
        if factor is None:
            raise NotFound("second factor")
        write_record(member, context.secret, SecondFactor(factor.secret, factor.last_step, hashes))
    # What is no longer in force must not wait in the log for the next checkpoint.
    empty_log()
    return codes
