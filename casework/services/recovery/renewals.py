"""New recovery shares in the place of the old ones: drawn, put on paper, and then in force all at once.

With them new epochs begin: whoever kept enough old shares and an old copy of the database reads what was
written before, and nothing written since.
"""

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.domain.quorum import Quorum
from casework.errors import Invalid, NotFound, ShareRefused
from casework.services import unfinished
from casework.services.backups.ledger import write_ledger
from casework.services.context import Context, build_context
from casework.services.membership.epochs import sign_into_roster
from casework.services.organization import get_organization
from casework.services.recovery.record import find_record, write_record
from casework.services.recovery.resealing import reseal
from casework.services.recovery.seals import seal_own_drafts, seal_restricted_case
from casework.services.recovery.shareentry import Entered
from casework.services.recovery.sharing import Sharing
from casework.services.recovery.waiting import Waiting, list_left_behind, list_waiting
from casework.services.transactions import transaction
from casework.store import members as store
from casework.store.database import db, empty_log
from casework.vault.compartments import RECOVERY_ID, seal_epoch_key
from casework.vault.fields import Compartment
from casework.vault.identity import MemberPublic
from casework.vault.rosterdeeds import change_recovery, new_epoch_keys

_KIND = "renewal"
_STILL_NEEDED = N_(
    "No member can seal anew what only the sheets in force open: enter enough of them, before it is too late."
)


def begin_renewal(context: Context, cookie: str, quorum: Quorum) -> str:
    """Draw new shares; returns what the cookie has to carry.

    Those drawn before and not in force yet are forgotten. Raises Forbidden for who has not shown a moment ago
    who they are.
    """
    context.require(Permission.MANAGE_RECOVERY)
    context.require_confirmed()
    record = find_record(context)
    return _keep(context, cookie, Sharing.draw(quorum), Entered(split=record.split if record else 0))


def get_sharing(context: Context, cookie: str) -> Sharing:
    """Return the shares that this member has drawn in this browser; raises NotFound when there are none.

    Those drawn before somebody else put new ones in force are none.
    """
    context.require(Permission.MANAGE_RECOVERY)
    document = unfinished.load(cookie, _KIND)
    mine = document["member"] == context.member_id.hex
    if not mine or document["replaces"] != context.roster.recovery_number:
        raise NotFound(_KIND)
    return Sharing.from_document(document["sharing"])


def confirm_share(context: Context, cookie: str, typed: str) -> None:
    """Take the share that is due, typed back; raises Invalid naming `words` when it differs."""
    confirmed = get_sharing(context, cookie).confirm(typed)
    _keep(context, cookie, confirmed, get_earlier(context, cookie))


def get_earlier(context: Context, cookie: str) -> Entered:
    """Return the shares in force that were entered on the way, to seal anew what only they open.

    Raises NotFound as `get_sharing` does.
    """
    get_sharing(context, cookie)
    document = unfinished.load(cookie, _KIND)
    return Entered.of(document["earlier"], document["split"])


def enter_earlier(context: Context, cookie: str, typed: str) -> Entered:
    """Take one more of the shares in force; returns all that are entered by now.

    Raises ShareRefused as `Entered.add` does; where enough of them give another key, as `Entered.open` does:
    then all are forgotten.
    """
    sharing, entered = get_sharing(context, cookie), get_earlier(context, cookie).add(typed)
    if entered.is_complete:
        try:
            entered.open(context.roster.recovery_public)
        except ShareRefused:
            _keep(context, cookie, sharing, Entered(split=entered.split))
            raise
    _keep(context, cookie, sharing, entered)
    return entered


def look_ahead(context: Context) -> Waiting:
    """Return what the new shares would not open at once, unless enough of those in force are entered."""
    context.require(Permission.MANAGE_RECOVERY)
    return list_left_behind(context.roster, context.member_id)


def finish_renewal(context: Context, cookie: str, *, gives_up: bool = False) -> Waiting:
    """Put the new shares in force: every epoch key is sealed to them, and what the old ones opened is gone.

    The same signed entry begins the next epoch of every compartment. Case keys are wrapped anew in the
    background. Where enough of the old shares were entered, all that they open is sealed anew, in the same
    transaction; else drafts and restricted cases follow when who can open them is signed in: see
    services/recovery/seals.py. Returns what still waits.

    Raises NotFound when a step is missing, and Invalid naming `words` where no member could ever seal anew
    something that the old shares open: unless these were entered, or `gives_up` says that too few are left.
    """
    sharing, earlier = get_sharing(context, cookie), get_earlier(context, cookie)
    if not sharing.is_complete:
        raise NotFound("finish")
    keys = new_epoch_keys(context.roster, Compartment)
    entry = change_recovery(context.secret, context.member_id, context.roster, sharing.public, keys)
    with transaction(context, "recovery.renewed") as opened:
        if not earlier.is_complete and not gives_up and look_ahead(context).lost:
            raise Invalid(words=_STILL_NEEDED)
        _seal_earlier_keys(context, sharing.public)
        after = sign_into_roster(context, entry, keys)
        record = sharing.record(context.runtime.today(), context.member_id)
        write_record(after.keyring, get_organization(), record)
        if earlier.is_complete:
            reseal(after, earlier.open(context.roster.recovery_public), opened.generation)
    # The old seals must not wait in the log for the next checkpoint.
    empty_log()
    context.runtime.casebook.drop_all()
    write_ledger(context.runtime)
    unfinished.forget(cookie)
    anew = build_context(context.runtime, context.member_id, context.secret)
    seal_own_drafts(anew)
    while seal_restricted_case(anew):
        pass
    return list_waiting(anew.roster)


def stop_renewal(cookie: str) -> None:
    """Forget the shares that were drawn; those in force stay so."""
    unfinished.forget(cookie)


def _keep(context: Context, cookie: str, sharing: Sharing, earlier: Entered) -> str:
    document = {
        "schema": 1,
        "kind": _KIND,
        "member": context.member_id.hex,
        "replaces": context.roster.recovery_number,
        "sharing": sharing.to_document(),
        "earlier": [share.words for share in earlier.shares],
        "split": earlier.split,
    }
    return unfinished.keep(context.runtime, cookie, document)


def _seal_earlier_keys(context: Context, recovery: MemberPublic) -> None:
    """Seal the key of every epoch so far to the new key, in the place of the old seals.

    Raises UnknownKey if one is not held.
    """
    for seal in store.list_recovery_seals():
        db.session.delete(seal)
    db.session.flush()
    for compartment, epoch in context.roster.commitments:
        sealed = seal_epoch_key(
            recovery, RECOVERY_ID, compartment, epoch, context.keyring.get_epoch_key(compartment, epoch)
        )
        db.session.add(store.RecoverySeal(compartment=compartment.value, epoch=epoch, key_sealed=sealed))
