"""The index in a worker's memory: columns opened when they are first asked for, what is fresh at the end.

Kept by `services/casebook.py` as the opened records are: under a name that only holders of the keys compute.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from casework.analysis.columns import NOBODY, Block, Column, empty_block, join_columns, shift
from casework.analysis.columns.block import Mask
from casework.analysis.columns.writing import Array
from casework.errors import IndexUnusable
from casework.services.books import FactBook
from casework.services.index.blocks import find_ids
from casework.services.index.fresh import join_ties, read_fresh
from casework.services.index.manifest import Manifest, name_column, open_column, open_manifest
from casework.services.index.rows import SCHEMA
from casework.store.factindex import count_records, find_index, list_columns
from casework.vault.keyring import Keyring


@dataclass(frozen=True, repr=False)
class Indexed:
    """The blocks, which of their rows still hold, and the fresh cases: as records and as a block.

    `opened` are the blocks' columns as they lie there, by their names; it goes on to the next snapshot while
    the blocks are the same, and so does what was worked out from them, `beside`. `joined` are those rows of
    them that hold, and the fresh ones; `views` what members see of this snapshot, the last few.
    """

    generation: int = 0
    version: int = -1
    manifest: Manifest = field(default_factory=Manifest)
    fresh: FactBook = field(default_factory=FactBook)
    fresh_cases: frozenset[UUID] = frozenset()
    fresh_block: Block = field(default_factory=lambda: empty_block(SCHEMA))
    opened: dict[str, Column | Array] = field(default_factory=dict)
    holding: dict[str, Mask | None] = field(default_factory=dict)
    joined: dict[str, Column | Array] = field(default_factory=dict)
    beside: dict[Hashable, Any] = field(default_factory=dict)
    views: dict[Hashable, Any] = field(default_factory=dict)


def read_indexed(keyring: Keyring, earlier: Indexed) -> Indexed:
    """Return the index as it stands; raises IndexUnusable where only the records can answer."""
    version, sealed = find_index()
    manifest = open_manifest(keyring, version, sealed)
    if manifest.is_damaged:
        raise IndexUnusable("damaged")
    same = version == earlier.version
    kept = (earlier.opened, earlier.beside) if same else ({}, {})
    blocks = Indexed(version=version, manifest=manifest, opened=kept[0], beside=kept[1])
    ties = list(
        join_ties(
            _as_column(open_base(keyring, blocks, "ties", "kind")),
            _as_array(open_base(keyring, blocks, "ties", "to")),
        )
    )
    tied = _tied_cases(keyring, blocks) if ties else set()
    cases, book, block = read_fresh(keyring, manifest.generation, manifest.dropped | tied, ties)
    indexed = Indexed(
        version=version,
        manifest=manifest,
        fresh=book,
        fresh_cases=cases,
        fresh_block=block,
        opened=blocks.opened,
        beside=blocks.beside,
    )
    _check_counts(keyring, indexed)
    return indexed


def open_base(keyring: Keyring, indexed: Indexed, table: str, column: str) -> Column | Array:
    """Return a column of all rows of the blocks; references are to rows of all blocks."""
    name, pieces = name_column(table, column), indexed.manifest.pieces
    if name not in indexed.opened:
        sealed = list_columns([piece.columns[name] for piece in pieces])
        opened = [open_column(keyring, piece, table, column, sealed) for piece in pieces]
        indexed.opened[name] = _join(indexed, table, column, opened)
    return indexed.opened[name]


def rows_holding(keyring: Keyring, indexed: Indexed, table: str) -> Mask | None:
    """Return which rows of the blocks are of no fresh case; None where all are."""
    if table not in indexed.holding:
        indexed.holding[table] = _rows_holding(keyring, indexed, table)
    return indexed.holding[table]


def _rows_holding(keyring: Keyring, indexed: Indexed, table: str) -> Mask | None:
    if table == "cases":
        if not indexed.fresh_cases:
            return None
        found = find_ids(_as_array(open_base(keyring, indexed, table, "id")), indexed.fresh_cases)
        return np.logical_not(found) if found.any() else None
    column, leads_to = next(iter(SCHEMA[table].references.items()))
    above = rows_holding(keyring, indexed, leads_to)
    return None if above is None else above[_as_array(open_base(keyring, indexed, table, column))]


def open_held(keyring: Keyring, indexed: Indexed, table: str, column: str) -> Column | Array:
    """Return a column of the rows that hold; references are to rows that hold."""
    base, holding = open_base(keyring, indexed, table, column), rows_holding(keyring, indexed, table)
    if holding is None:
        return base
    if isinstance(base, Column):
        return base.take(holding)
    leads_to = SCHEMA[table].references.get(column)
    if leads_to is None:
        return base[holding]
    above = rows_holding(keyring, indexed, leads_to)
    assert above is not None  # noqa: S101 - where some rows do not hold, neither do some that they lead to
    numbers = np.cumsum(above, dtype=np.uint32) - np.uint32(1)
    references = base[holding]
    there = references != NOBODY
    moved = np.full(len(references), NOBODY, dtype=np.uint32)
    moved[there] = numbers[references[there]]
    return moved


def open_joined(keyring: Keyring, indexed: Indexed, table: str, column: str) -> Column | Array:
    """Return a column of the rows that hold and, at the end, of the fresh ones."""
    name = name_column(table, column)
    if name not in indexed.joined:
        held, fresh = open_held(keyring, indexed, table, column), indexed.fresh_block[table]
        if isinstance(held, Column):
            joined: Column | Array = join_columns([held, fresh.answers[column]]) if fresh.count else held
        else:
            leads_to = SCHEMA[table].references.get(column)
            own = fresh.arrays[column]
            if leads_to is not None:
                own = shift(own, count_held(keyring, indexed, leads_to))
            joined = np.concatenate([held, own]) if fresh.count else held
        indexed.joined[name] = joined
    return indexed.joined[name]


def count_base(indexed: Indexed, table: str) -> int:
    """Return how many rows the blocks have."""
    return sum(piece.counts[table] for piece in indexed.manifest.pieces)


def count_held(keyring: Keyring, indexed: Indexed, table: str) -> int:
    """Return how many rows of the blocks hold."""
    holding = rows_holding(keyring, indexed, table)
    return count_base(indexed, table) if holding is None else int(holding.sum())


def _check_counts(keyring: Keyring, indexed: Indexed) -> None:
    """Raise IndexUnusable unless there are as many rows as records: none gone, and none missing."""
    book = indexed.fresh
    fresh = (
        len(book.cases) + len(book.binned),
        len(book.people) + sum(len(one.people) for one in book.binned.values()),
        len(book.incidents) + sum(len(one.incidents) for one in book.binned.values()),
    )
    tables = ("cases", "people", "incidents")
    held = (count_held(keyring, indexed, table) for table in tables)
    if tuple(map(sum, zip(held, fresh, strict=True))) != count_records():
        raise IndexUnusable("uneven")


def _tied_cases(keyring: Keyring, blocks: Indexed) -> set[UUID]:
    rows = np.unique(_as_array(open_base(keyring, blocks, "ties", "case")))
    ids = _as_array(open_base(keyring, blocks, "cases", "id"))
    return {UUID(bytes=ids[row].tobytes()) for row in rows}


def _join(indexed: Indexed, table: str, column: str, opened: list[Column | Array]) -> Column | Array:
    if not opened:
        return empty_block(SCHEMA)[table].get(column)
    if isinstance(opened[0], Column):
        return join_columns([_as_column(one) for one in opened])
    arrays = [_as_array(one) for one in opened]
    if (leads_to := SCHEMA[table].references.get(column)) is not None:
        starts = np.cumsum([0, *(piece.counts[leads_to] for piece in indexed.manifest.pieces[:-1])])
        arrays = [shift(one, int(start)) for one, start in zip(arrays, starts, strict=True)]
    return np.concatenate(arrays) if len(arrays) > 1 else arrays[0]


def _as_column(opened: Column | Array) -> Column:
    assert isinstance(opened, Column)  # noqa: S101 - by its layout
    return opened


def _as_array(opened: Column | Array) -> Array:
    assert isinstance(opened, np.ndarray)  # noqa: S101 - by its layout
    return opened
