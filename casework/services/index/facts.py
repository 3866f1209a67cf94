"""What a question is asked of: the tables of the index, as columns."""

from collections.abc import Callable
from typing import TypeVar

from casework.analysis.columns import Column
from casework.analysis.columns.writing import Array
from casework.errors import IndexUnusable
from casework.services.books import FactBook
from casework.services.context import Context
from casework.services.index.indexed import Indexed, count_held, open_held, open_joined
from casework.vault.keyring import Keyring

Result = TypeVar("Result")


class Facts:
    """Every coded fact, as the records stand: those in the bin too, and each account of an incident.

    The tables, their columns and what these refer to are in `rows.SCHEMA`. Any may raise IndexUnusable.
    With `without_fresh` the rows of the cases in `fresh`, which belong together in ways that no column tells,
    are left out: who counts of them, the book says.
    """

    def __init__(self, keyring: Keyring, indexed: Indexed, without_fresh: bool = False) -> None:
        self._keyring = keyring
        self._indexed = indexed
        self._open = open_held if without_fresh else open_joined
        self._is_short = without_fresh

    @property
    def fresh(self) -> FactBook:
        """The records of the cases that changed since, or are tied to others."""
        return self._indexed.fresh

    def count(self, table: str) -> int:
        """Return how many rows there are."""
        held = count_held(self._keyring, self._indexed, table)
        return held if self._is_short else held + self._indexed.fresh_block[table].count

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


def ask_index(context: Context, question: Callable[[Facts], Result], without_fresh: bool = False) -> Result:
    """Return the answer to a question; raises IndexUnusable where only the records can give it.

    Where a column went since the index was read, since somebody folded, it is read once more. Not inside a
    write.
    """
    casebook, now = context.runtime.casebook, context.runtime.now_seconds()
    try:
        return question(Facts(context.keyring, casebook.indexed(context.keyring, now), without_fresh))
    except IndexUnusable as unusable:
        if unusable.reason != "hurt":
            raise
        casebook.forget_indexed(context.keyring)
        return question(Facts(context.keyring, casebook.indexed(context.keyring, now), without_fresh))
