"""Rules of retention: made by coordinators, announced, carried out with the keys of who edits cases."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from heapq import nsmallest
from itertools import groupby
from uuid import UUID

from casework.domain.permissions import Permission, Role
from casework.domain.retention import RetentionRules
from casework.errors import Conflict, Invalid, NotFound, VaultError
from casework.services import records
from casework.services.access import get_case_row, list_hidden, may_see
from casework.services.bin import BinLine, list_bin, put_in_bin
from casework.services.books import FactBook, Group, OpenedCase, Standing
from casework.services.context import Context
from casework.services.organization import get_organization
from casework.services.transactions import transaction
from casework.store import cases as store
from casework.vault import documents
from casework.vault.fields import ORGANIZATION_RETENTION

BY_RULE = "retention"
"""Why a case was binned, in the audit log: a rule took it."""
PREVIEWED = 200


@dataclass(frozen=True, slots=True)
class KeptRules:
    """The rules in force, with the version that a change of them names; 0 before there were any."""

    rules: RetentionRules
    version: int


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """A case that is to go: due from `due_on`, in the bin from `goes_on`, unless something is added.

    Until it `is_announced`, seen by somebody whom it concerns, the last day is only the earliest.
    """

    id: UUID
    reference: str
    responsible: UUID
    touched_on: date
    due_on: date
    goes_on: date
    is_announced: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What goes, the first coming first, of the first of `total` cases; `following` comes after them.

    `hidden` are restricted cases that are not the member's to know.
    """

    lines: Sequence[RetentionLine]
    following: RetentionLine | None
    total: int
    hidden: int


def find_rules(context: Context) -> KeptRules:
    """Return the rules in force; before any were made, one that takes nothing."""
    row = get_organization()
    if row.retention_sealed is None:
        return KeptRules(RetentionRules(since=context.runtime.today()), row.retention_version)
    version, sealed = row.retention_version, row.retention_sealed
    plain = context.keyring.open(ORGANIZATION_RETENTION, row.id, version, sealed)
    return KeptRules(RetentionRules.from_document(documents.decode(plain)), version)


def change_rules(context: Context, version: int, rules: RetentionRules) -> None:
    """Make other rules, which count from today: everybody has the days of grace. Raises Conflict."""
    context.require(Permission.MANAGE_RETENTION)
    with transaction(context, "retention.changed"):
        row = get_organization()
        if row.retention_version != version:
            raise Conflict("retention")
        decided = replace(rules, since=context.runtime.today())
        row.version += 1
        row.retention_version += 1
        row.retention_sealed = context.keyring.seal(
            ORGANIZATION_RETENTION, row.id, row.retention_version, documents.encode(decided.to_document())
        )


def preview(context: Context, rules: RetentionRules) -> Preview:
    """Return what would go by these rules if nothing were added, and when: the first PREVIEWED cases."""
    context.require(Permission.MANAGE_RETENTION)
    hidden = list_hidden(context, _facts(context))
    going = sorted(_going(context, rules), key=lambda group: group.goes_on)
    total = sum(len(group.cases) for group in going)
    away = sum(case_id.int in group.cases for case_id in hidden for group in going)
    first = _come_first(going, hidden)
    following = first.pop() if len(first) > PREVIEWED else None
    return Preview(first, following, total - away, away)


def _come_first(going: Iterable["_Going"], hidden: Set[UUID]) -> list[RetentionLine]:
    """Return the first of these groups, given by day, as far as the member may know of them: one too many."""
    found: list[RetentionLine] = []
    for _day, groups in groupby(going, key=lambda group: group.goes_on):
        cases = ((case, group) for group in groups for case in group.cases.values() if case.id not in hidden)
        room = PREVIEWED + 1 - len(found)
        first = nsmallest(room, cases, key=lambda pair: pair[0].facts.reference)
        found += [group.line(case) for case, group in first]
        if len(found) > PREVIEWED:
            break
    return found


def list_announced(context: Context) -> list[RetentionLine]:
    """Return the cases that are due and have not gone yet, as far as they are the member's concern."""
    context.require(Permission.READ_CASES)
    today = context.runtime.today()
    found = [
        group.line(case)
        for group in _going(context, find_rules(context).rules)
        if group.due_on <= today and _concerns(context, group.standing.responsible)
        for case in group.cases.values()
        if may_see(context, case)
    ]
    return sorted(found, key=lambda line: (line.goes_on, line.reference))


def list_swept(context: Context) -> list[BinLine]:
    """Return the cases that a rule moved to the bin, as far as they are the member's concern."""
    if not context.may(Permission.EDIT_CASES):
        return []
    if not any(binned.case.facts.swept for binned in _facts(context).binned.values()):
        return []
    return [line for line in list_bin(context) if line.swept and _concerns(context, line.responsible)]


def announce_some(context: Context) -> bool:
    """Note of one case that is due that the member could see so on their start page; whether there is more.

    Only from then on do its days of grace count.
    """
    if not context.may(Permission.EDIT_CASES) or context.must_enrol:
        return False
    waiting = (line.id for line in list_announced(context) if not line.is_announced)
    return any(_announce(context, case_id) for case_id in waiting)


def bin_some(context: Context) -> bool:
    """Move one case to the bin whose days of grace are over; returns whether there may be more.

    Everything is looked at again under the write lock: new content, a hold, other rules keep the case.
    """
    rules = find_rules(context).rules
    if rules.months is None or not context.may(Permission.EDIT_CASES):
        return False
    today = context.runtime.today()
    going = (group for group in _going(context, rules) if group.is_announced and group.goes_on <= today)
    due = [case.id for group in going for case in group.cases.values()]
    return any(_bin_due(context, case_id, today) for case_id in due)


def _announce(context: Context, case_id: UUID) -> bool:
    try:
        with transaction(context, "case.announced") as opened:
            row = get_case_row(context, case_id)
            facts, rules = records.open_case(context, row), find_rules(context).rules
            due_on, today = rules.due_on(facts), context.runtime.today()
            if due_on is None or due_on > today or rules.is_announced(facts):
                raise NotFound("case")
            records.write_case(context, opened.generation, row, replace(facts, announced_on=today))
            opened.note(case=case_id)
    except (NotFound, VaultError):
        return False
    return True


def _bin_due(context: Context, case_id: UUID, today: date) -> bool:
    try:
        with transaction(context, "case.binned") as opened:
            row = store.find_record(store.Case, case_id)
            if row is None or row.binned_at is not None:
                raise NotFound("case")
            goes_on = find_rules(context).rules.goes_on(records.open_case(context, row))
            if goes_on is None or goes_on > today:
                raise NotFound("case")
            put_in_bin(context, opened, row, BY_RULE)
    except (NotFound, Invalid, VaultError):
        return False
    return True


def _concerns(context: Context, responsible: UUID) -> bool:
    """Return whether a case is theirs, or of a former member, or they coordinate: then they are told."""
    is_own = responsible == context.member_id
    return is_own or Role.COORDINATOR in context.roles or responsible not in context.roster.active


@dataclass(frozen=True, slots=True)
class _Going:
    """Cases that a rule takes alike."""

    standing: Standing
    cases: Group
    due_on: date
    goes_on: date
    is_announced: bool

    def line(self, case: OpenedCase) -> RetentionLine:
        facts, days = case.facts, (case.facts.touched_on, self.due_on, self.goes_on)
        return RetentionLine(case.id, facts.reference, facts.responsible, *days, self.is_announced)


def _going(context: Context, rules: RetentionRules) -> Iterator[_Going]:
    if rules.months is None:
        return
    today = context.runtime.today()
    for standing, cases in _facts(context).groups.standing.items():
        facts = next(iter(cases.values())).facts
        due_on = rules.due_on(facts)
        if due_on is not None:
            goes_on = rules.goes_after(facts, due_on, today)
            yield _Going(standing, cases, due_on, goes_on, rules.is_announced(facts))


def _facts(context: Context) -> FactBook:
    return context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
