"""Closing a case with a reason, and opening it again; what still waits in it is the page's to name first."""

from uuid import UUID, uuid4

from casework.domain.case import CaseFacts
from casework.domain.followup import NOTE, FollowUpFacts, FollowUpTexts
from casework.domain.messages import N_
from casework.domain.moments import Moment
from casework.domain.permissions import Permission
from casework.domain.vocabulary import OTHER
from casework.errors import Conflict, Invalid
from casework.services import records
from casework.services.access import get_case_row_as_read
from casework.services.casekeyring import open_case_keys_to_write
from casework.services.context import Context
from casework.services.followups.documents import write_facts, write_texts
from casework.services.history.recording import record_added
from casework.services.transactions import Transaction, transaction
from casework.store import cases as store
from casework.store.database import db
from casework.store.followups import FollowUp


def close_case(context: Context, case_id: UUID, version: int, reason: str, texts: FollowUpTexts) -> None:
    """Close a case for a reason, a code; its words stay in the case as a note. Retention counts from today.

    Raises Invalid naming `reason` or `words`, Conflict for one that is closed or was changed since, NotFound.
    """
    context.require(Permission.CLOSE_CASES)
    if reason == OTHER and not texts.words:
        raise Invalid(words=N_("Write why the case is closed."))
    with transaction(context, "case.closed") as opened:
        row = get_case_row_as_read(context, case_id, version)
        facts = records.open_touched_case(context, row)
        if facts.is_closed:
            raise Conflict("case")
        closed = facts.closed(context.runtime.today(), context.member_id, reason)
        _write(context, opened, row, closed, texts)
        opened.note(case=case_id, reason=reason)


def reopen_case(context: Context, case_id: UUID, version: int, texts: FollowUpTexts) -> None:
    """Open a closed case again; the words for it stay in it as a note. Raises Conflict, NotFound."""
    context.require(Permission.CLOSE_CASES)
    with transaction(context, "case.reopened") as opened:
        row = get_case_row_as_read(context, case_id, version)
        facts = records.open_touched_case(context, row)
        if not facts.is_closed:
            raise Conflict("case")
        _write(context, opened, row, facts.reopened(), texts)
        opened.note(case=case_id)


def take_up(context: Context, opened: Transaction, row: store.Case) -> tuple[str, bool]:
    """Note that a case has new content, which opens a closed one; its reference, whether it was closed."""
    facts = records.open_touched_case(context, row)
    if facts.is_closed:
        row.version += 1
    records.change_case(context, opened.generation, row, facts.reopened() if facts.is_closed else facts)
    return facts.reference, facts.is_closed


def _write(
    context: Context, opened: Transaction, row: store.Case, facts: CaseFacts, texts: FollowUpTexts
) -> None:
    row.version += 1
    records.change_case(context, opened.generation, row, facts)
    if not texts.words:
        return
    today, note = context.runtime.today(), FollowUp(id=uuid4(), case_id=row.id)
    told = FollowUpFacts(kind=NOTE, when=Moment.on(today), added_on=today, added_by=context.member_id)
    write_facts(context, opened.generation, note, told)
    keys = open_case_keys_to_write(context, row.id)
    write_texts(keys, note, texts)
    db.session.add(note)
    record_added(context, opened.generation, keys, note)
