"""When somebody leaves: their keys stop counting at once, and their open cases go to somebody else."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from casework.domain.case import OPEN
from casework.domain.messages import N_
from casework.domain.permissions import Permission, Role, may
from casework.errors import Invalid, NotFound
from casework.services.backups.ledger import write_ledger
from casework.services.books import FactBook, OpenedCase
from casework.services.cases import give_case
from casework.services.context import Context
from casework.services.followups.leaving import hand_on
from casework.services.history.recording import read_access, record_coded_change
from casework.services.membership.epochs import sign_into_roster
from casework.services.membership.invitations import close_ways_back
from casework.services.membership.memberkeys import forget_keys, get_member_row
from casework.services.restricted.restricting import count_restricted_alone
from casework.services.signing_in.sessions import end_sessions
from casework.services.transactions import transaction
from casework.store import cases as cases_store
from casework.store import members as store
from casework.store.database import db, empty_log
from casework.store.restricted import list_holders
from casework.vault.fields import Compartment
from casework.vault.rosterdeeds import new_epoch_keys, revoke
from casework.vault.rosterentry import REVOKED
from casework.vault.rosterrules import rotated_by_leaving


@dataclass(frozen=True, slots=True)
class Leaving:
    """What revoking a member would touch: how many open cases, and how many case keys to wrap anew.

    `restricted_alone` are the restricted cases that only the recovery shares would open afterwards.
    """

    member_id: UUID
    open_cases: int
    case_keys: int
    may_succeed: tuple[UUID, ...]
    restricted_alone: int


def look_at_leaving(context: Context, member_id: UUID) -> Leaving:
    """Return what revoking this member would touch; raises NotFound for who is no member, Forbidden."""
    context.require(Permission.REVOKE_MEMBERS)
    _require_other_member(context, member_id)
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    rotates = rotated_by_leaving(context.roster.members[member_id])
    keys = cases_store.count_wraps() if Compartment.NARRATIVE in rotates else 0
    alone = count_restricted_alone(member_id)
    open_cases = sum(not case.restricted for case in _open_cases(facts, member_id))
    return Leaving(member_id, open_cases, keys, _successors(context, member_id), alone)


def revoke_member(context: Context, member_id: UUID, successor_id: UUID | None) -> int:
    """End a membership: seed, seals, sessions and teams at once, with new epochs for what they could read.

    Their open cases go to the successor; returns how many. A restricted one goes to the successor if they are
    named in it, else to another who is. The case keys are wrapped anew in the background. Raises NotFound for
    who is no member, Invalid naming `successor` where there are open cases and nobody who may open them is
    chosen, Forbidden for who has not shown a moment ago who they are.
    """
    context.require(Permission.REVOKE_MEMBERS)
    context.require_confirmed()
    with transaction(context, "member.revoked") as opened:
        member = _require_other_member(context, member_id)
        casebook, now = context.runtime.casebook, context.runtime.now_seconds()
        theirs = _open_cases(casebook.facts(context.keyring, now, as_of=opened.generation - 1), member_id)
        book = casebook.follow_ups(context.keyring, now, as_of=opened.generation - 1)
        able = _successors(context, member_id)
        if successor_id not in able and any(not case.restricted for case in theirs):
            raise Invalid(successor=N_("Choose who takes over the open cases."))
        keys = new_epoch_keys(context.roster, rotated_by_leaving(context.roster.members[member_id]))
        entry = revoke(context.secret, context.member_id, context.roster, member_id, keys)
        after = sign_into_roster(context, entry, keys)
        forget_keys(member)
        close_ways_back(context, member_id)
        _close_invitations(context, member_id)
        given = sum(_hand_over(after, opened.generation, case, successor_id, able) for case in theirs)
        hand_on(after, opened.generation, book, member_id)
        _leave_teams(after, opened.generation, member_id)
        opened.note(member=member_id, cases=given)
    end_sessions(member_id)
    empty_log()
    casebook.drop_all()
    write_ledger(context.runtime)
    return given


def _require_other_member(context: Context, member_id: UUID) -> store.Member:
    known = context.roster.members.get(member_id)
    if known is None or known.status == REVOKED or member_id == context.member_id:
        raise NotFound("member")
    return get_member_row(member_id)


def _successors(context: Context, member_id: UUID) -> tuple[UUID, ...]:
    others = ((id_, member) for id_, member in context.roster.active.items() if id_ != member_id)
    return tuple(id_ for id_, member in others if may(map(Role, member.roles), Permission.READ_CASES))


def _open_cases(facts: FactBook, member_id: UUID) -> list[OpenedCase]:
    mine = (case for case in facts.cases.values() if case.facts.responsible == member_id)
    return [case for case in mine if case.facts.status == OPEN]


def _hand_over(
    context: Context, generation: int, case: OpenedCase, successor_id: UUID | None, able: Collection[UUID]
) -> bool:
    """Give a case to whom it goes; returns whether there is anybody."""
    heirs = sorted(set(list_holders(case.id)) & set(able)) if case.restricted else []
    heir = successor_id if not case.restricted or successor_id in heirs else next(iter(heirs), None)
    row = cases_store.find_record(cases_store.Case, case.id)
    if heir is None or row is None:
        return False
    give_case(context, generation, row, heir)
    return True


def _leave_teams(context: Context, generation: int, member_id: UUID) -> None:
    for access in cases_store.list_access_of(member_id):
        row = cases_store.find_record(cases_store.Case, access.case_id)
        if row is None:
            continue
        before = read_access(row)
        db.session.delete(access)
        record_coded_change(context, generation, row, [before], [read_access(row)])


def _close_invitations(context: Context, member_id: UUID) -> None:
    """Their links would still let somebody in whom only they chose."""
    for invitation in store.list_open_invitations():
        if invitation.invited_by == member_id and invitation.member_id is None:
            invitation.closed_at = context.runtime.now()
            invitation.version += 1
