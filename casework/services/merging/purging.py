"""What a merge laid aside goes for good, after as many days as a deleted case has in the bin."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound, VaultError
from casework.services import records
from casework.services.context import Context
from casework.services.merging.linking import drop_links
from casework.services.personfacts import open_person_facts, seal_person_facts
from casework.services.transactions import Transaction, transaction
from casework.store import cases as store
from casework.store.database import db

_AT_ONCE = 50


def purge_people(context: Context) -> bool:
    """Delete people's records whose days aside are over, with anybody's keys who edits cases.

    Returns whether there may be more. Those of cases on legal hold or in the bin stay.
    """
    if not context.may(Permission.EDIT_CASES):
        return False
    last = context.runtime.today() - timedelta(days=context.runtime.limits.bin_days)
    due = list(_list_due(context, last))
    if not due:
        return False
    try:
        with transaction(context, "people.purged") as opened:
            gone = [row for person_id in due if (row := store.find_record(store.Person, person_id))]
            gone = [row for row in gone if _is_due(context, row, last)]
            if not gone:
                raise NotFound("person")
            _settle(context, opened, gone)
            drop_links([row.id for row in gone])
            for row in gone:
                db.session.delete(row)
            opened.note(count=len(gone))
    except NotFound:
        return False
    return len(due) == _AT_ONCE


def _list_due(context: Context, last: date) -> Iterator[UUID]:
    """Yield what is due, only so many: what is held may come before it."""
    after, found = None, 0
    while rows := store.list_set_aside(_AT_ONCE, after):
        for row in rows:
            if found < _AT_ONCE and _is_due(context, row, last):
                found += 1
                yield row.id
        after = rows[-1].id


def _is_due(context: Context, row: store.Person, last: date) -> bool:
    """Return whether it lies aside for long enough, by its own word, in a case neither held nor binned."""
    case = store.find_record(store.Case, row.case_id)
    try:
        aside = open_person_facts(context, row).aside
        held = case is None or case.binned_at or records.open_case(context, case).hold_since
    except (VaultError, Invalid):
        return False
    return row.set_aside and aside is not None and aside.on < last and not held


def _settle(context: Context, opened: Transaction, gone: list[store.Person]) -> None:
    """Let the records that stand for these know of no merge any more: it cannot be undone from now on."""
    for person_id in {aside.into for row in gone if (aside := open_person_facts(context, row).aside)}:
        row = store.find_record(store.Person, person_id) if person_id else None
        if row is not None:
            facts = open_person_facts(context, row)
            seal_person_facts(context, opened.generation, row, replace(facts, merged=None))
