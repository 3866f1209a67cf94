"""Restricting a case to named members: by its keys, so that nobody else, no coordinator either, can open it.

Every deed here gives the case new keys. Whoever is named decides; the recovery shares open it as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from casework.domain.messages import N_
from casework.domain.naming import Naming
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound
from casework.services import records
from casework.services.access import get_case_row, get_case_row_as_read, require_members
from casework.services.casekeyring import open_case_keys
from casework.services.casekeys import CaseKeys
from casework.services.cases import change_access
from casework.services.context import Context
from casework.services.history.recording import read_access, record_change
from casework.services.restricted.naming import list_recipients, name_members, open_naming
from casework.services.restricted.rekeying import rekey
from casework.services.transactions import transaction
from casework.store import cases as store
from casework.store import restricted as restricted_store
from casework.store.database import empty_log
from casework.store.followups import list_follow_ups
from casework.vault.compartments import RECOVERY_ID


@dataclass(frozen=True, slots=True)
class _Deed:
    """A case on its way to new keys; `naming` is who is named so far, None while it is not restricted."""

    row: store.Case
    keys: CaseKeys
    naming: Naming | None
    generation: int


def choose_access(
    context: Context,
    case_id: UUID,
    version: int,
    team: frozenset[UUID],
    team_only: bool = False,
    restricted: bool = False,
) -> None:
    """Open a case to all caseworkers, to a team and the coordinators, or to the named alone.

    Whoever limits it stays among those who may. Raises Invalid naming `team`, Conflict, NotFound.
    """
    if restricted:
        restrict(context, case_id, version, team)
    elif get_case_row(context, case_id).restricted:
        open_up(context, case_id, version, team_only, team)
    else:
        change_access(context, case_id, version, team_only, team)


def restrict(context: Context, case_id: UUID, version: int, named: frozenset[UUID]) -> None:
    """Restrict a case to these members, and whoever does it; of a restricted one: change who is named.

    Raises Invalid naming `team` for somebody who may open no case, Conflict, NotFound.
    """
    with _deed(context, "case.restricted", case_id, version) as deed:
        _seal_to(context, deed, name_members(context, named | {context.member_id}, deed.naming))


def grant(context: Context, case_id: UUID, version: int, member_id: UUID) -> None:
    """Name one more member in a restricted case, or again whoever has a new key since.

    Raises Invalid naming `member` for somebody who may open no case, Conflict, NotFound.
    """
    with _deed(context, "case.granted", case_id, version, member=member_id) as deed:
        naming = _require_naming(deed)
        try:
            added = name_members(context, {member_id})
        except Invalid:
            raise Invalid(member=N_("Choose a member who may open cases.")) from None
        _seal_to(context, deed, naming.with_member(member_id, added.named[member_id]))


def withdraw(context: Context, case_id: UUID, version: int, member_id: UUID) -> None:
    """Name a member in a restricted case no longer; whoever accompanied it hands it to who does this.

    Raises Invalid naming `member` where nobody who is named could open the case any more, or it is one's own
    and one accompanies it; Conflict, NotFound.
    """
    with _deed(context, "case.withdrawn", case_id, version, member=member_id) as deed:
        naming = _require_naming(deed).without(member_id)
        if list_recipients(context, naming).keys() == {RECOVERY_ID}:
            raise Invalid(member=N_("Nobody could open the case any more. Name somebody else first."))
        if member_id == context.member_id == records.open_case(context, deed.row).responsible:
            raise Invalid(member=N_("You accompany this case. Hand it over first."))
        _seal_to(context, deed, naming)


def open_up(context: Context, case_id: UUID, version: int, team_only: bool, team: frozenset[UUID]) -> None:
    """Take the restriction off: open to all caseworkers, or to a team and the coordinators.

    Raises Invalid naming `team`, Conflict, NotFound.
    """
    require_members(context, team)
    with _deed(context, "case.opened_up", case_id, version) as deed:
        _require_naming(deed)
        access, keys = read_access(deed.row), rekey(context, deed.row, deed.keys, None)
        deed.row.restricted = False
        deed.row.team_only = team_only
        store.write_team(case_id, team | {context.member_id} if team_only else ())
        record_change(context, deed.generation, keys, deed.row, [access], [read_access(deed.row)])
        _show_texts_again(deed)


def count_restricted_alone(member_id: UUID) -> int:
    """Return how many restricted cases only the recovery shares would open without this member."""
    return restricted_store.count_held_alone(member_id)


@contextmanager
def _deed(context: Context, event: str, case_id: UUID, version: int, **fields: UUID) -> Iterator[_Deed]:
    """Open a case for new keys, in a transaction of its own; afterwards the old ones are in no log either."""
    context.require(Permission.EDIT_CASES)
    with transaction(context, event) as opened:
        row = get_case_row_as_read(context, case_id, version)
        keys = open_case_keys(context, case_id)
        yield _Deed(row, keys, open_naming(keys, row) if row.restricted else None, opened.generation)
        row.version += 1
        row.generation = opened.generation
        opened.note(case=case_id, **fields)
    empty_log()


def _require_naming(deed: _Deed) -> Naming:
    if deed.naming is None:
        raise NotFound("restriction")
    return deed.naming


def _seal_to(context: Context, deed: _Deed, naming: Naming) -> None:
    access, keys = read_access(deed.row), rekey(context, deed.row, deed.keys, naming)
    if deed.naming is None:
        _show_texts_again(deed)
    deed.row.restricted = deed.row.team_only = True
    store.write_team(deed.row.id, naming.named)
    before = facts = records.open_case(context, deed.row)
    if facts.responsible not in naming.named and context.member_id in naming.named:
        facts = replace(facts, responsible=context.member_id)
        records.write_case(context, deed.generation, deed.row, facts)
    now = read_access(deed.row)
    record_change(context, deed.generation, keys, deed.row, [before, access], [facts, now])


def _show_texts_again(deed: _Deed) -> None:
    """Let every worker read, or forget, the case's texts: who may have them in memory has changed."""
    for person in store.list_person_rows(deed.row.id):
        person.generation = deed.generation
    for incident in store.list_incidents(deed.row.id):
        incident.generation = deed.generation
    for follow_up in list_follow_ups(deed.row.id):
        follow_up.generation = deed.generation
