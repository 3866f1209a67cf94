"""Which cases are read from their records beside the index: changed since, or tied to others."""

from collections.abc import Iterable, Iterator, Set
from uuid import UUID

from casework.analysis.columns import Block, Column, empty_block
from casework.analysis.columns.writing import Array
from casework.errors import IndexUnusable
from casework.services.books import FactBook
from casework.services.factreading import read_cases
from casework.services.index.rows import SCHEMA, TO_INCIDENT, TO_PERSON, lay_out_block
from casework.store.cases import Incident, Person
from casework.store.erasures import list_erased_after
from casework.store.factindex import list_cases_after, list_cases_of, list_linked_cases
from casework.vault.keyring import Keyring

MOST_FRESH = 5_000
"""Beyond so many cases the index is no help any more."""


def read_fresh(
    keyring: Keyring, generation: int, known: Set[UUID], ties: Iterable[tuple[str, UUID]]
) -> tuple[frozenset[UUID], FactBook, Block]:
    """Read what was written after a generation, these cases, and all that any of them is tied to.

    `ties` are those of the blocks. So no record outside says anything of one inside, nor the other way round:
    who counts, and which accounts are of one incident, is told of both apart. Returns which cases that are,
    those too that are gone; their records; and the same as a block. Raises IndexUnusable.
    """
    cases = list_cases_after(generation) | list_linked_cases() | set(known)
    cases |= set(list_erased_after(generation)) | _lead_to(ties)
    if not cases:
        return frozenset(), FactBook(), empty_block(SCHEMA)
    while True:
        if len(cases) > MOST_FRESH:
            raise IndexUnusable("behind")
        book = read_cases(keyring, cases)
        if book.damaged:
            raise IndexUnusable("damaged")
        block = lay_out_block(book)
        more = _lead_to(read_ties(block)) - cases
        if not more:
            return frozenset(cases), book, block
        cases |= more


def read_ties(block: Block) -> Iterator[tuple[str, UUID]]:
    """Go through what the cases of a block are tied to."""
    table = block["ties"]
    return join_ties(table.answers["kind"], table.arrays["to"])


def join_ties(kinds: Column, ids: Array) -> Iterator[tuple[str, UUID]]:
    """Go through ties: to an incident or a person, and which."""
    for kind, id_ in zip(kinds.answers(), ids, strict=True):
        yield str(kind), UUID(bytes=id_.tobytes())


def _lead_to(ties: Iterable[tuple[str, UUID]]) -> set[UUID]:
    tied = list(ties)
    incidents = {id_ for kind, id_ in tied if kind == TO_INCIDENT}
    people = {id_ for kind, id_ in tied if kind == TO_PERSON}
    return list_cases_of(Incident, incidents) | list_cases_of(Person, people)
