"""What a question is asked of: the tables of the index, as columns."""

from collections.abc import Callable, Hashable
from typing import TypeVar

import numpy as np

from casework.analysis.columns import Column
from casework.analysis.columns.block import Mask
from casework.analysis.columns.writing import Array
from casework.errors import IndexUnusable
from casework.services.books import FactBook
from casework.services.context import Context
from casework.services.fewkept import work_out_once
from casework.services.index.indexed import (
    Indexed,
    count_base,
    count_held,
    open_base,
    open_joined,
    rows_holding,
)
from casework.vault.keyring import Keyring

Result = TypeVar("Result")


class Facts:
    """Every coded fact, as the records stand: those in the bin too, and each account of an incident.

    The tables, their columns and what these refer to are in `rows.SCHEMA`. Any may raise IndexUnusable.
    """

    def __init__(self, keyring: Keyring, indexed: Indexed) -> None:
        self._keyring = keyring
        self._indexed = indexed
        self._open = open_joined

    @property
    def fresh(self) -> FactBook:
        """The records of the cases that changed since, or are tied to others."""
        return self._indexed.fresh

    def count(self, table: str) -> int:
        """Return how many rows there are."""
        return count_held(self._keyring, self._indexed, table) + self._indexed.fresh_block[table].count

    def column(self, table: str, name: str) -> Column:
        """Return a column of answers."""
        column = self._open(self._keyring, self._indexed, table, name)
        assert isinstance(column, Column)  # noqa: S101 - by its layout
        return column

    def numbers(self, table: str, name: str) -> Array:
        """Return a column of references: the number of a row of another table, or NOBODY."""
        array = self._open(self._keyring, self._indexed, table, name)
        assert not isinstance(array, Column)  # noqa: S101 - by its layout
        return array

    def ids(self, table: str, name: str = "id") -> Array:
        """Return the ids of the rows, 16 bytes each."""
        return self.numbers(table, name)


class Blocks(Facts):
    """The rows of the blocks as they lie there, also those that hold no longer: `holding` tells which do.

    What is worked out from all of them is worked out once for many snapshots; of the fresh cases only
    `fresh` tells.
    """

    def __init__(self, keyring: Keyring, indexed: Indexed) -> None:
        super().__init__(keyring, indexed)
        self._open = open_base

    def count(self, table: str) -> int:
        """Return how many rows the blocks have."""
        return count_base(self._indexed, table)

    def holding(self, table: str) -> Mask:
        """Return which rows hold: those of no fresh case."""
        holding = rows_holding(self._keyring, self._indexed, table)
        return np.ones(self.count(table), dtype=np.bool_) if holding is None else holding

    def once(self, key: Hashable, work_out: Callable[[], Result]) -> Result:
        """Return what is worked out once, for as long as the blocks are the same; it must hold no keys."""
        kept = self._indexed.beside
        if key not in kept:
            kept[key] = work_out()
        found: Result = kept[key]
        return found

    def share(self, key: Hashable, work_out: Callable[[], Result]) -> Result:
        """Return what is worked out once for this snapshot; the last few are kept. It must hold no keys."""
        return work_out_once(self._indexed.views, key, work_out)


def ask_index(context: Context, question: Callable[[Facts], Result]) -> Result:
    """Return the answer to a question; raises IndexUnusable where only the records can give it.

    Where a column went since the index was read, since somebody folded, it is read once more. Not inside a
    write.
    """
    return _ask(context, lambda indexed: question(Facts(context.keyring, indexed)))


def ask_blocks(context: Context, question: Callable[[Blocks], Result]) -> Result:
    """Return the answer to a question about the blocks and what is fresh; otherwise as `ask_index`.

    Raises IndexUnusable where there are no blocks: of few cases the records are opened as soon; and where a
    record did not open that the blocks still tell of: then every page says the same, from the records.
    """
    if context.runtime.casebook.knows_of_damage(context.keyring):
        raise IndexUnusable("damaged")

    def ask(indexed: Indexed) -> Result:
        if not indexed.manifest.pieces:
            raise IndexUnusable("none")
        return question(Blocks(context.keyring, indexed))

    return _ask(context, ask)


def _ask(context: Context, question: Callable[[Indexed], Result]) -> Result:
    casebook, now = context.runtime.casebook, context.runtime.now_seconds()
    try:
        return question(casebook.indexed(context.keyring, now))
    except IndexUnusable as unusable:
        if unusable.reason != "hurt":
            raise
        casebook.forget_indexed(context.keyring)
        return question(casebook.indexed(context.keyring, now))
