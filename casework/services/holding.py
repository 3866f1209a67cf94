"""Legal hold: while a case may be evidence, nobody deletes it, no rule sweeps it."""

from dataclasses import replace
from uuid import UUID

from casework.domain.permissions import Permission
from casework.services import records
from casework.services.access import get_case_row_as_read
from casework.services.context import Context
from casework.services.transactions import transaction


def hold_case(context: Context, case_id: UUID, version: int) -> None:
    """Put a case on hold from today; one that is on hold keeps its day. Raises Conflict, NotFound."""
    context.require(Permission.HOLD_CASES)
    with transaction(context, "case.held") as opened:
        row = get_case_row_as_read(context, case_id, version)
        facts = records.open_case(context, row)
        row.version += 1
        since = facts.hold_since or context.runtime.today()
        records.change_case(context, opened.generation, row, replace(facts, hold_since=since))
        opened.note(case=case_id)


def release_case(context: Context, case_id: UUID, version: int) -> None:
    """Lift the hold; retention counts from today, so that nothing goes at once. Raises Conflict, NotFound."""
    context.require(Permission.HOLD_CASES)
    with transaction(context, "case.released") as opened:
        row = get_case_row_as_read(context, case_id, version)
        facts = records.open_case(context, row)
        row.version += 1
        today = context.runtime.today()
        records.change_case(
            context, opened.generation, row, replace(facts, hold_since=None, touched_on=today)
        )
        opened.note(case=case_id)
