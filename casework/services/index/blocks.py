"""Whole blocks, opened and made: for whoever changes the index, or holds it against the records."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from uuid import UUID

import numpy as np

from casework.analysis.columns import Block, Table, join_blocks
from casework.analysis.columns.block import Mask
from casework.analysis.columns.writing import Array
from casework.errors import IndexUnusable
from casework.services.factreading import read_cases
from casework.services.index.manifest import Piece, open_column
from casework.services.index.rows import SCHEMA, lay_out_block
from casework.store.factindex import list_columns
from casework.vault.keyring import Keyring

ROWS_A_BLOCK = 65_536
"""So many incidents fill a block: one is rewritten in milliseconds, and a million are sixteen of them."""
CASES_AT_ONCE = 1_000


def open_block(keyring: Keyring, piece: Piece) -> Block:
    """Open every column of a block; raises IndexUnusable."""
    sealed, block = list_columns(piece.columns.values()), dict[str, Table]()
    for table, layout in SCHEMA.items():
        opened = {name: open_column(keyring, piece, table, name, sealed) for name in layout.names}
        block[table] = Table(
            piece.counts[table],
            {name: opened[name] for name in layout.answers},  # type: ignore[misc]  # a column, by its layout
            {name: opened[name] for name in (*layout.ids, *layout.references)},  # type: ignore[misc]
        )
    return block


def open_case_ids(keyring: Keyring, piece: Piece) -> Array:
    """Open the ids of a block's cases; raises IndexUnusable."""
    sealed = list_columns([piece.columns["cases.id"]])
    ids = open_column(keyring, piece, "cases", "id", sealed)
    assert isinstance(ids, np.ndarray)  # noqa: S101 - by its layout
    return ids


def find_ids(ids: Array, wanted: Collection[UUID]) -> Mask:
    """Return which of these ids are wanted: those that begin as a wanted one does are looked at closely."""
    found = np.zeros(len(ids), dtype=np.bool_)
    if not wanted or not len(ids):
        return found
    known = {one.bytes for one in wanted}
    begins = np.zeros(1 << 16, dtype=np.bool_)
    begins[[int.from_bytes(one[:2], "little") for one in known]] = True
    for at in np.flatnonzero(begins[np.ascontiguousarray(ids[:, :2]).view("<u2")[:, 0]]):
        found[at] = ids[at].tobytes() in known
    return found


def lay_out_cases(keyring: Keyring, case_ids: Sequence[UUID]) -> Iterator[Block]:
    """Open the records of these cases, so many at once, as blocks; raises IndexUnusable for a hurt one."""
    for start in range(0, len(case_ids), CASES_AT_ONCE):
        book = read_cases(keyring, case_ids[start : start + CASES_AT_ONCE], are_alone=True)
        if book.damaged:
            raise IndexUnusable("damaged")
        yield lay_out_block(book)


def fill_blocks(blocks: Iterable[Block]) -> Iterator[Block]:
    """Join blocks, in order, into full ones; the last may be less than full."""
    gathered, rows = list[Block](), 0
    for block in blocks:
        gathered.append(block)
        rows += block["incidents"].count
        if rows >= ROWS_A_BLOCK:
            yield join_blocks(gathered, SCHEMA)
            gathered, rows = [], 0
    if any(block["cases"].count for block in gathered):
        yield join_blocks(gathered, SCHEMA)
