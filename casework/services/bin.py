"""The bin: deleting a case takes it out of everything for some days; then it is erased."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.domain.retention import last_day_in_bin
from casework.errors import Invalid, NotFound
from casework.services import records
from casework.services.access import get_binned_row, get_case_row_as_read, may_see
from casework.services.books import BinnedCase
from casework.services.context import Context
from casework.services.restricted.texts import add_own_texts
from casework.services.runtime import Runtime
from casework.services.transactions import Transaction, transaction
from casework.store import cases as store

BY_MEMBER = "member"
"""Why a case was binned, in the audit log: somebody deleted it."""

ON_HOLD = N_("This case is on legal hold: nobody may delete it until a coordinator lifts the hold.")


@dataclass(frozen=True, slots=True)
class BinLine:
    """A case in the bin; it can be restored up to and including `last_day`.

    `by` moved it there, where that is known; of a `swept` one it was a rule of retention.
    """

    id: UUID
    reference: str
    names: tuple[str, ...]
    person_count: int
    incident_count: int
    binned_on: date
    last_day: date
    days_left: int
    team_only: bool
    restricted: bool
    responsible: UUID
    by: UUID | None
    swept: bool


def bin_case(context: Context, case_id: UUID, version: int) -> None:
    """Move a case to the bin; raises Invalid naming `case` while it is on hold, Conflict, NotFound."""
    context.require(Permission.EDIT_CASES)
    with transaction(context, "case.binned") as opened:
        row = get_case_row_as_read(context, case_id, version)
        put_in_bin(context, opened, row, BY_MEMBER)


def put_in_bin(context: Context, opened: Transaction, row: store.Case, reason: str) -> None:
    """Move a case to the bin, in a transaction of case.binned; raises Invalid while it is on hold."""
    facts = records.open_case(context, row)
    if facts.hold_since is not None:
        raise Invalid(case=ON_HOLD)
    row.version += 1
    # Sealed as well: a time that was written into the database alone must not erase anything.
    by = context.member_id if reason == BY_MEMBER else None
    binned = replace(facts, binned_on=context.runtime.today(), binned_by=by, swept=by is None)
    records.change_case(context, opened.generation, row, binned)
    row.binned_at = context.runtime.now().replace(minute=0, second=0, microsecond=0)
    opened.note(case=row.id, reason=reason)


def restore_case(context: Context, case_id: UUID) -> None:
    """Take a case out of the bin; retention counts from today again. Raises NotFound."""
    context.require(Permission.EDIT_CASES)
    with transaction(context, "case.restored") as opened:
        row = get_binned_row(context, case_id)
        row.version += 1
        row.binned_at = None
        facts = records.open_touched_case(context, row)
        records.change_case(
            context, opened.generation, row, replace(facts, binned_on=None, binned_by=None, swept=False)
        )
        opened.note(case=case_id)


def list_bin(context: Context) -> list[BinLine]:
    """Return the cases in the bin that the member may open, those that go first coming first."""
    context.require(Permission.EDIT_CASES)
    facts, texts = context.runtime.casebook.both(context.keyring, context.runtime.now_seconds())
    found = [binned for binned in facts.binned.values() if may_see(context, binned.case)]
    texts = add_own_texts(context, facts, texts, [binned.case.id for binned in found])
    lines = [_line(context.runtime, binned, texts.names) for binned in found]
    return sorted(lines, key=lambda line: (line.last_day, line.reference))


def get_binned(context: Context, case_id: UUID) -> BinLine:
    """Return a case in the bin; raises NotFound."""
    for line in list_bin(context):
        if line.id == case_id:
            return line
    raise NotFound("case")


def find_binned(context: Context, record_id: UUID) -> BinLine | None:
    """Return the case in the bin that this is, or whose incident; None also where it is not the member's."""
    if not context.may(Permission.EDIT_CASES):
        return None
    incident = store.find_record(store.Incident, record_id)
    case_id = incident.case_id if incident else record_id
    return next((line for line in list_bin(context) if line.id == case_id), None)


def binned_on(runtime: Runtime, binned_at: datetime) -> date:
    """Return the day, where the organization is, on which a case came into the bin."""
    return binned_at.astimezone(runtime.timezone).date()


def _line(runtime: Runtime, binned: BinnedCase, names: Mapping[UUID, str]) -> BinLine:
    case = binned.case
    since = binned_on(runtime, case.binned_at or runtime.now())
    last_day = last_day_in_bin(since, runtime.limits.bin_days)
    return BinLine(
        id=case.id,
        reference=case.facts.reference,
        names=tuple(names.get(person.id, "") for person in binned.people),
        person_count=len(binned.people),
        incident_count=len(binned.incidents),
        binned_on=since,
        last_day=last_day,
        days_left=max(0, (last_day - runtime.today()).days),
        team_only=case.team_only,
        restricted=case.restricted,
        responsible=case.facts.responsible,
        by=case.facts.binned_by,
        swept=case.facts.swept,
    )
