"""An index in memory, as a worker holds it, of a book of records; and what was counted, to be compared."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from uuid import UUID

from casework.services.arranging import rearrange
from casework.services.binned import take_out
from casework.services.books import BinnedCase, FactBook, OpenedCase, OpenedIncident, OpenedPerson
from casework.services.chunked import Chunked
from casework.services.index.facts import Facts
from casework.services.index.fresh import read_ties
from casework.services.index.indexed import Indexed
from casework.services.index.manifest import Manifest, Piece, name_column
from casework.services.index.rows import SCHEMA, TO_INCIDENT, lay_out_block


def make_book(
    cases: Iterable[OpenedCase],
    people: Iterable[OpenedPerson],
    incidents: Iterable[OpenedIncident],
    same_people: frozenset[tuple[UUID, UUID]] = frozenset(),
    different_people: frozenset[tuple[UUID, UUID]] = frozenset(),
) -> FactBook:
    """Return a book as it is read from a database: what lies in the bin apart, everything in order."""
    empty = FactBook()
    book = FactBook(
        cases=Chunked({one.id: one for one in cases}),
        people=Chunked({one.id: one for one in people}),
        incidents=Chunked({one.id: one for one in incidents}),
        same_people=same_people,
        different_people=different_people,
    )
    apart = take_out(book, empty, list(book.cases))
    return replace(apart, orders=rearrange(empty, apart))


def everything(book: FactBook) -> tuple[list[OpenedCase], list[OpenedPerson], list[OpenedIncident]]:
    """Return the records of a book, those in the bin too."""
    binned: Collection[BinnedCase] = book.binned.values()
    return (
        [*book.cases.values(), *(one.case for one in binned)],
        [*book.people.values(), *(person for one in binned for person in one.people)],
        [*book.incidents.values(), *(incident for one in binned for incident in one.incidents)],
    )


def close(book: FactBook, changed: Iterable[UUID]) -> set[UUID]:
    """These cases, and all that belongs together with another: as `index/fresh.py` finds them by query."""
    _cases, everybody, told_of = everything(book)
    of_person = {one.id: one.case_id for one in everybody}
    of_incident = {one.id: one.case_id for one in told_of}
    block = lay_out_block(book)
    ids, rows = block["cases"].arrays["id"], block["ties"].arrays["case"]
    fresh = {*changed, *(UUID(bytes=ids[row].tobytes()) for row in rows)}
    for kind, tied in read_ties(block):
        found = (of_incident if kind == TO_INCIDENT else of_person).get(tied)
        fresh |= {found} if found else set()
    linked = {one for pair in (*book.same_people, *book.different_people) for one in pair}
    return fresh | {of_person[one] for one in linked if one in of_person}


def index_of(book: FactBook, fresh: Collection[UUID]) -> Indexed:
    """Return the index of a book of which these cases are read from their records."""
    cases, people, incidents = everything(book)
    beside = make_book(
        [one for one in cases if one.id in fresh],
        [one for one in people if one.case_id in fresh],
        [one for one in incidents if one.case_id in fresh],
        book.same_people,
        book.different_people,
    )
    block = lay_out_block(book)
    opened = {
        name_column(table, column): block[table].get(column)
        for table, layout in SCHEMA.items()
        for column in layout.names
    }
    piece = Piece({table: block[table].count for table in SCHEMA}, {}, 1)
    return Indexed(
        manifest=Manifest(1, (piece,)),
        fresh=beside,
        fresh_cases=frozenset(fresh),
        fresh_block=lay_out_block(beside),
        opened=opened,
    )


def facts_of(indexed: Indexed) -> Facts:
    """Return what is asked of it; everything is open already."""
    return Facts(None, indexed)  # type: ignore[arg-type]  # no key is asked for
