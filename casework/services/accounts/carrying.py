"""What other cases know over a case that is erased: it stays known, and nothing of the erased case with it.

Whoever erases need not open those other cases: their coded documents are sealed to the compartment, and what
is written there says no more than was said before.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from casework.domain.person import may_count
from casework.errors import Invalid, VaultError
from casework.services import records
from casework.services.accounts.doubts import list_doubts
from casework.services.accounts.grouping import list_notes
from casework.services.books import FactBook
from casework.services.context import Context
from casework.services.merging.keeping import keep_for_undo, list_aside, settle_aside
from casework.services.personfacts import open_person_facts, seal_person_facts
from casework.services.transactions import Transaction
from casework.store import cases as store


def carry_over(context: Context, opened: Transaction, case_id: UUID) -> None:
    """Write down elsewhere what only this case joins or says; call it before the case is deleted.

    Accounts that hang on one of its incidents hang from now on what that one hung on. Whoever may be somebody
    who says no in it does not count, as long as nobody writes down a new answer. Nor do those of
    a merge, once it is taken back, of whom a no in it may be.
    """
    casebook, now = context.runtime.casebook, context.runtime.now_seconds()
    book = casebook.facts(context.keyring, now, as_of=opened.generation - 1)
    going = {row.id for row in store.list_incidents(case_id)}
    _carry_doubts(context, opened.generation, book, case_id, going)
    keep_for_undo(context, opened.generation, case_id)
    _carry_notes(context, opened.generation, book, going)


def _carry_notes(context: Context, generation: int, book: FactBook, going: Collection[UUID]) -> None:
    notes = _read_notes(context, list_notes(book))
    for incident_id, of in notes.items():
        if incident_id in going or of not in going:
            continue
        last, passed = of, {incident_id}
        while last in going and last in notes and last not in passed:
            passed.add(last)
            last = notes[last]
        row = store.find_record(store.Incident, incident_id)
        if row is not None and last != of:
            facts = records.open_incident(context, row)
            wanted = replace(facts, account_of=None if last == incident_id else last)
            version = row.version
            records.write_incident_facts(context, generation, row, wanted)
            # No answer of anybody's: whoever has its form open meets no lost race.
            row.version = version


def _read_notes(context: Context, known: Mapping[UUID, UUID]) -> Mapping[UUID, UUID]:
    """Return what incidents are accounts of now: the same transaction may have changed it since `known`."""
    notes: dict[UUID, UUID] = {}
    for incident_id in known:
        row = store.find_record(store.Incident, incident_id)
        with suppress(VaultError, Invalid):
            if row is not None and (of := records.open_incident(context, row).account_of):
                notes[incident_id] = of
    return notes


def _carry_doubts(
    context: Context, generation: int, book: FactBook, case_id: UUID, going: Collection[UUID]
) -> None:
    for person_id, doubts in list_doubts(book).items():
        row = store.find_person(person_id)
        if row is None or row.case_id == case_id or not any(doubt.other_id in going for doubt in doubts):
            continue
        with suppress(VaultError, Invalid):
            facts = open_person_facts(context, row)
            if may_count(facts):
                seal_person_facts(context, generation, row, facts.settled(True, context.runtime.now()))
        # The no came during the merge: of whom of those merged it is, nobody knows.
        settle_aside(context, generation, list_aside(context, [person_id]))
