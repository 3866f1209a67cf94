"""Two databases side by side, row by row and column by column, in the order of primary keys."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, Table

from casework.store.moving import in_order
from casework.store.written import spell_values

_MOST_NAMED = 20
_ADVANCE_EVERY = 500


@dataclass(slots=True)
class Compared:
    """What was found of a table: how many rows each side has, and the SHA-256 over all their values.

    `named` are the first rows that differ, by primary key and with the columns; `differing` counts all.
    """

    table: str
    rows: tuple[int, int] = (0, 0)
    digests: tuple[str, str] = ("", "")
    differing: int = 0
    named: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Whether both sides hold the same."""
        return self.differing == 0 and self.digests[0] == self.digests[1]

    def note(self, key: tuple[Any, ...], what: str) -> None:
        """Count a row that differs; no value of it is told but its key."""
        self.differing += 1
        if len(self.named) < _MOST_NAMED:
            self.named.append(f"{'/'.join(_name(part) for part in key)}: {what}")


def compare_table(
    source: Connection, target: Connection, table: Table, advance: Callable[[int], None]
) -> Compared:
    """Read a table on both sides; `advance` is told how many more rows of the first are done."""
    found, hashes, rows = Compared(table.name), (hashlib.sha256(), hashlib.sha256()), [0, 0]
    places = [list(table.columns).index(column) for column in table.primary_key]
    key = _key_of(places)
    for pair in _merge(_read(source, table), _read(target, table), key):
        spelled = [spell_values(row) if row is not None else b"" for row in pair]
        for side in (0, 1):
            if pair[side] is not None:
                rows[side] += 1
                hashes[side].update(spelled[side])
        if spelled[0] != spelled[1]:
            left, right = pair
            row = left if left is not None else right
            found.note(key(row), _say(table, left, right))
        if pair[0] is not None and rows[0] % _ADVANCE_EVERY == 0:
            advance(_ADVANCE_EVERY)
    advance(rows[0] % _ADVANCE_EVERY)
    found.rows = rows[0], rows[1]
    found.digests = hashes[0].hexdigest(), hashes[1].hexdigest()
    return found


def _read(connection: Connection, table: Table) -> Iterator[Row[Any]]:
    return iter(connection.execute(in_order(table, connection)))


def _key_of(places: list[int]) -> Callable[[Any], tuple[Any, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: (row[places[0]],)


def _merge(
    left: Iterator[Any], right: Iterator[Any], key: Callable[[Any], tuple[Any, ...]]
) -> Iterator[tuple[Any, Any]]:
    """Yield rows of the same key together, and others with None on the side that lacks them."""
    a, b = next(left, None), next(right, None)
    while a is not None or b is not None:
        if b is None or (a is not None and key(a) < key(b)):
            yield a, None
            a = next(left, None)
        elif a is None or key(b) < key(a):
            yield None, b
            b = next(right, None)
        else:
            yield a, b
            a, b = next(left, None), next(right, None)


def _say(table: Table, left: Any, right: Any) -> str:
    if right is None:
        return "is missing in the new database"
    if left is None:
        return "stands in the new database alone"
    names = [column.name for column in table.columns]
    differing = [name for name, a, b in zip(names, left, right, strict=True) if a != b]
    return f"differs in {', '.join(differing)}"


def _name(part: object) -> str:
    return part.hex() if isinstance(part, bytes) else str(part)
