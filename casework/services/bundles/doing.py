"""A deed on many cases, done in one transaction with one entry in the log, and taken back.

One entry for all, not one a case: it lists every row that it wrote, so looking through the log for a case
finds it (`auditing/browsing.py`), and no deed here lets anybody open what they could not open before.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from casework.domain.documents import Document, read_uuid
from casework.errors import NotFound
from casework.services.access import get_case_row
from casework.services.bundles import binning, consenting, handing, tagging
from casework.services.bundles.deeds import Deed, Item, Line, Reverse, Stay
from casework.services.bundles.foreseeing import Stays, weigh
from casework.services.bundles.keeping import Outcome, State, claimed, keep_outcome
from casework.services.context import Context
from casework.services.transactions import Transaction, transaction
from casework.store import cases as store

REVERSES: Mapping[str, Reverse] = MappingProxyType(
    {
        binning.KIND: binning.REVERSE,
        consenting.KIND: consenting.REVERSE,
        handing.KIND: handing.REVERSE,
        tagging.KIND: tagging.REVERSE,
    }
)


def do(context: Context, bundle_id: UUID, deed: Deed, seen: int) -> None:
    """Do it, and keep the way back; nothing where it was done already: a button was pressed twice.

    `seen` is the generation of the forecast that the member decided on: a case that was written since stays
    as it is. All of it happens, or nothing. Raises Forbidden, NotFound, and Invalid as the deed's `check`.
    """
    context.require(deed.permission)
    with claimed(context, bundle_id, State.CHOSEN) as bundle:
        if bundle is None:
            return
        with transaction(context, deed.event) as opened:
            deed.check(context)
            now, as_of = context.runtime.now_seconds(), opened.generation - 1
            facts = context.runtime.casebook.facts(context.keyring, now, as_of=as_of)
            items, stays, gone = weigh(context, bundle, deed, facts)
            befores = _write(context, opened, deed, items, stays, seen)
            cases = _count_cases(befores)
            opened.note(**deed.fields(len(befores), cases))
        lines = {stay: [item.line for item in found] for stay, found in stays.items()}
        outcome = Outcome(deed.kind, deed.about, len(befores), cases, lines, befores, gone)
        keep_outcome(context, bundle, State.DONE, outcome)


def undo(context: Context, bundle_id: UUID) -> None:
    """Put back what was before, but what somebody changed since; nothing where that was done already.

    Raises Forbidden, NotFound.
    """
    with claimed(context, bundle_id, State.DONE) as bundle:
        if bundle is None or bundle.outcome is None:
            return
        done, reverse = bundle.outcome, REVERSES[bundle.outcome.kind]
        context.require(reverse.permission)
        stays: dict[Stay, list[Line]] = defaultdict(list)
        put_back: list[Document] = []
        with transaction(context, reverse.event) as opened:
            _held = _load(done.befores)
            for before in done.befores:
                stay = _put_back(context, opened, reverse, before)
                if stay:
                    stays[stay].append(_line_of(before))
                else:
                    put_back.append(before)
            cases = _count_cases(put_back)
            opened.note(**reverse.fields(done.about, len(put_back), cases))
        outcome = Outcome(done.kind, done.about, len(put_back), cases, stays)
        keep_outcome(context, bundle, State.UNDONE, outcome)


def _write(
    context: Context, opened: Transaction, deed: Deed, items: Sequence[Item], stays: Stays, seen: int
) -> list[Document]:
    """Write what is to change, each case authorised by its own row."""
    _held = _load([_ids_of(item) for item in items])
    rows: dict[UUID, store.Case] = {}
    since: set[UUID] = set()
    befores = []
    for item in items:
        case_id = item.case.id
        if case_id not in rows:
            rows[case_id] = get_case_row(context, case_id)
            # Asked before this deed writes the row itself.
            since |= {case_id} if rows[case_id].generation > seen else set()
        if case_id in since:
            stays[Stay.CHANGED].append(item)
        else:
            befores.append(deed.write(context, opened, rows[case_id], item))
    return befores


def _put_back(context: Context, opened: Transaction, reverse: Reverse, before: Document) -> Stay | None:
    try:
        return reverse.put_back(context, opened, before)
    except NotFound:
        return Stay.GONE


def _ids_of(item: Item) -> Document:
    parts = {"case": item.case, "person": item.person, "incident": item.incident}
    return {what: part.id.hex for what, part in parts.items() if part}


def _load(befores: Sequence[Document]) -> list[Any]:
    """Read the rows in few statements; while the list is held, each is found in memory."""
    tables = {"case": store.Case, "person": store.Person, "incident": store.Incident}
    rows: list[Any] = []
    for what, table in tables.items():
        wanted = dict.fromkeys(before[what] for before in befores if what in before)
        rows += store.list_rows(table, [read_uuid(id_) for id_ in wanted])
    return rows


def _count_cases(befores: Sequence[Document]) -> int:
    return len({before["case"] for before in befores})


def _line_of(before: Document) -> Line:
    person = before.get("person")
    return Line(read_uuid(before["case"]), before["reference"], read_uuid(person) if person else None)
