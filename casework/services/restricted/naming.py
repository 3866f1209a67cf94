"""Who is named in a restricted case: sealed under the case's own key, so that only they can name anybody.

The rows of `case_access` say the same to whoever has no key, and count for nothing when keys are sealed.
"""

from collections.abc import Collection
from uuid import UUID

from casework.domain.messages import N_
from casework.domain.naming import Naming
from casework.domain.permissions import Permission, Role, may
from casework.errors import Invalid, Tampered
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.store import cases as store
from casework.vault import documents
from casework.vault.compartments import RECOVERY_ID
from casework.vault.fields import CASE_NAMED, Compartment
from casework.vault.identity import MemberPublic
from casework.vault.rosterstate import RosterState


def name_members(context: Context, members: Collection[UUID], before: Naming | None = None) -> Naming:
    """Name these members; who was named before stays so under the key of then.

    Raises Invalid naming `team` for somebody who is no member, or may open no case.
    """
    require_readers(context.roster, members)
    keys = {id_: context.roster.active[id_].public.digest().hex() for id_ in members}
    if before:
        keys |= {id_: key for id_, key in before.named.items() if id_ in keys}
    return Naming(keys, context.roster.recovery_public.digest().hex())


def require_readers(roster: RosterState, members: Collection[UUID]) -> None:
    """Raise Invalid naming `team` unless each of these is a member who may open cases."""
    if not all(_reads(roster, member_id) for member_id in members):
        raise Invalid(team=N_("Choose members who may open cases."))


def list_recipients(context: Context, naming: Naming) -> dict[UUID, MemberPublic]:
    """Return whom keys are sealed to: recovery, and who is named and still a member under the same key."""
    named = {
        member_id: context.roster.active[member_id].public
        for member_id, key in naming.named.items()
        if _reads(context.roster, member_id) and context.roster.active[member_id].public.digest().hex() == key
    }
    return {**named, RECOVERY_ID: context.roster.recovery_public}


def open_naming(keys: CaseKeys, row: store.Case) -> Naming:
    """Open the list of who is named; Tampered where there is none, or the rows of `case_access` differ."""
    if row.named_sealed is None:
        raise Tampered("a restricted case that nobody is named in")
    key = keys.for_reading(Compartment.IDENTITY, row.named_sealed)
    naming = read_naming(key.open(CASE_NAMED, row.id, row.named_version, row.named_sealed))
    if naming.named.keys() != set(store.list_team(row.id)):
        raise Tampered("others are named in a restricted case than its key says")
    return naming


def read_naming(plain: bytes) -> Naming:
    """Read the list itself; Tampered for what is none."""
    try:
        return Naming.from_document(documents.decode(plain))
    except Invalid:
        raise Tampered("no list of who is named") from None


def seal_naming(keys: CaseKeys, row: store.Case, naming: Naming) -> None:
    """Seal the list into the case's row under its next version."""
    row.named_version = (row.named_version or 0) + 1
    row.named_sealed = keys.for_writing(Compartment.IDENTITY).seal(
        CASE_NAMED, row.id, row.named_version, documents.encode(naming.to_document())
    )


def _reads(roster: RosterState, member_id: UUID) -> bool:
    member = roster.active.get(member_id)
    return member is not None and may(map(Role, member.roles), Permission.READ_CASES)
