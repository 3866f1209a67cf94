"""The emergency seal: one deed, after which only a quorum of recovery shares opens the organization.

What decides is one transaction of the database. Everything else that has to go is destroyed after it by
`finish_seal`, which may be run again and again: whoever notices the seal runs it, in every process, until a
quorum has opened the organization. So a crash leaves the organization either untouched or sealed.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from casework.domain.folding import fold
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Conflict, Invalid
from casework.services.context import Context
from casework.services.instance import erase_file
from casework.services.membership.memberkeys import forget_keys
from casework.services.organization import get_organization, get_organization_profile, is_demonstration
from casework.services.recovery.record import find_record
from casework.services.recovery.waiting import Waiting, list_waiting
from casework.services.runtime import Runtime
from casework.services.signing_in.authentication import confirm_passphrase, take_code
from casework.services.signing_in.sessions import end_all_sessions
from casework.services.transactions import transaction
from casework.store import members as store
from casework.store.database import db, empty_log
from casework.store.head import lock_head
from casework.store.organization import find_standing, is_sealed
from casework.store.volatilestore import VolatileAway


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a coordinator should know before sealing. The shares in force do not open `waiting`."""

    is_possible: bool
    is_demonstration: bool
    drilled_on: date | None
    is_drill_due: bool
    asks_code: bool
    waiting: Waiting


def look_at_seal(context: Context) -> Outlook:
    """Return whether the organization can be sealed: only once the shares were seen to open it."""
    context.require(Permission.SEAL_ORGANIZATION)
    record, demonstration = find_record(context), is_demonstration()
    drilled_on = record.drilled_on if record else None
    is_due = record is None or record.is_drill_due(context.runtime.today())
    return Outlook(
        is_possible=demonstration or drilled_on is not None,
        is_demonstration=demonstration,
        drilled_on=drilled_on,
        is_drill_due=is_due,
        asks_code=context.has_second_factor,
        waiting=list_waiting(context.roster),
    )


def is_stale(runtime: Runtime) -> bool:
    """Return whether the organization was sealed, or opened by a quorum, since this runtime was made."""
    standing = find_standing()
    if standing is None:
        return runtime.is_sealed  # a demonstration that is made afresh
    if standing.is_sealed or runtime.is_sealed:
        return standing.is_sealed is not runtime.is_sealed
    return not runtime.is_closed and standing.host_key_check != runtime.host_key.check


def seal_organization(context: Context, passphrase: str, organization_name: str, code: str = "") -> None:
    """Destroy every way in but the recovery shares.

    Raises Invalid naming `organization_name` where it is another, as `confirm_passphrase` and `take_code` do,
    and Conflict where nobody has ever seen that the shares open what would be sealed. Tries count for the
    member alone: nobody else in the same network makes this wait.
    """
    context.require(Permission.SEAL_ORGANIZATION)
    if not look_at_seal(context).is_possible:
        raise Conflict("the recovery shares were never tried")
    name = get_organization_profile(context).name
    if fold(organization_name) != fold(name):
        raise Invalid(organization_name=N_("Type the name of the organisation as it stands at the top."))
    confirm_passphrase(context, passphrase)
    if context.has_second_factor:
        take_code(context.runtime, context.member_id, context.secret, code)
    with transaction(context, "organization.sealed"):
        _destroy_ways_in(context)
    finish_seal(context.runtime)


def finish_seal(runtime: Runtime) -> None:
    """Destroy what lies outside the database: sessions, half of the host key, what this process remembers.

    The half only under the write lock, while the seal is on: a quorum that opens the organization puts a new
    half in its place, in its own transaction. Where the volatile store is away its sessions open nothing, as
    nobody has keys any more; they are ended once it is back.
    """
    with suppress(VolatileAway):
        end_all_sessions()
    try:
        lock_head(draw=False)
        if is_sealed():
            erase_file(runtime.host_key_files[1])
    finally:
        db.session.rollback()
        runtime.forget()
    empty_log()


def _destroy_ways_in(context: Context) -> None:
    organization = get_organization()
    organization.version += 1
    organization.sealed_at = now = context.runtime.now()
    for member in store.list_members():
        forget_keys(member)
    for invitation in store.list_invitations():
        invitation.version += 1
        invitation.message_sealed = b""
        invitation.closed_at = invitation.closed_at or now
