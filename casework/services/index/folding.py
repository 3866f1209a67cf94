"""What was written since is folded into the index, and the index is made anew, beside the saves of members.

It is worked out without the write lock, and put in its place under it, unless somebody else changed the index
meanwhile: by folding too, or by deleting records (`dropping.py`).
"""

from collections.abc import Iterable
from itertools import chain
from uuid import UUID

import numpy as np

from casework.analysis.columns import Block, keep_rows
from casework.errors import Conflict, IndexUnusable
from casework.services.context import Context
from casework.services.index.blocks import (
    ROWS_A_BLOCK,
    fill_blocks,
    find_ids,
    lay_out_cases,
    open_block,
    open_case_ids,
)
from casework.services.index.manifest import Manifest, Piece, open_manifest, seal_block, seal_manifest
from casework.services.index.rows import SCHEMA
from casework.store.database import db
from casework.store.factindex import (
    add_columns,
    delete_columns,
    find_index,
    list_case_ids,
    list_cases_after,
    write_manifest,
)
from casework.store.head import get_generation, lock_head
from casework.store.members import list_roster_rows
from casework.store.organization import is_sealed
from casework.vault.fields import Compartment
from casework.vault.keyring import Keyring

MOST_BEHIND = 100
"""So many changed cases are read from their records rather than folded: a worker opens them in a moment."""


def fold_some(context: Context) -> bool:
    """Fold what was written since into the index where that is much, and reseal what older keys sealed.

    With anybody's keys who reads coded answers. Returns whether somebody else was quicker: then there is more
    to see to.
    """
    if not context.keyring.holds(Compartment.CODED):
        return False
    db.session.rollback()
    version, sealed = find_index()
    generation = get_generation()
    try:
        manifest = open_manifest(context.keyring, version, sealed)
    except IndexUnusable:
        return not _remake(context, version, generation)
    if not _is_due(context.keyring, manifest):
        return False
    if manifest.is_damaged or not manifest.pieces:
        return not _remake(context, version, generation)
    try:
        return not _fold(context, version, generation, manifest, _changed_cases(manifest))
    except IndexUnusable:
        return not _remake(context, version, generation)


def rebuild(context: Context) -> int:
    """Make the index anew from the records; returns how many cases it holds.

    Raises IndexUnusable (`damaged`) where a record does not open, UnknownKey without the coded key, Conflict
    where the index changed meanwhile.
    """
    context.keyring.write_epoch(Compartment.CODED)
    db.session.rollback()
    version, _sealed = find_index()
    generation = get_generation()
    case_ids = list_case_ids()
    if not _fold(context, version, generation, Manifest(), None):
        raise Conflict("index")
    return len(case_ids)


def _remake(context: Context, version: int, generation: int) -> bool:
    """Make the index anew; where a record is hurt, note that there is none: else this tried again at once."""
    try:
        return _fold(context, version, generation, Manifest(), None)
    except IndexUnusable:
        return _publish(context, version, Manifest(generation, is_damaged=True), {}, None)


def _is_due(keyring: Keyring, manifest: Manifest) -> bool:
    epoch = keyring.write_epoch(Compartment.CODED)
    if manifest.dropped or any(piece.epoch < epoch for piece in manifest.pieces):
        return True
    return len(list_cases_after(manifest.generation)) > MOST_BEHIND


def _changed_cases(manifest: Manifest) -> set[UUID]:
    return list_cases_after(manifest.generation) | manifest.dropped


def _fold(
    context: Context, version: int, generation: int, manifest: Manifest, changed: set[UUID] | None
) -> bool:
    """Put the rows of the changed cases into the blocks, or of all cases where `changed` is None."""
    keyring = context.keyring
    kept, open_ones = list[Piece](), list[Block]()
    for piece in manifest.pieces if changed is not None else ():
        remainder = _without(keyring, piece, changed or set())
        if remainder is None:
            kept.append(piece)
        else:
            open_ones.append(remainder)
    wanted = list_case_ids() if changed is None else sorted(changed)
    pieces, columns = _seal_all(keyring, chain(open_ones, lay_out_cases(keyring, wanted)))
    gone = None
    if changed is not None:
        staying = {id_ for piece in kept for id_ in piece.columns.values()}
        gone = {id_ for piece in manifest.pieces for id_ in piece.columns.values()} - staying
    return _publish(context, version, Manifest(generation, (*kept, *pieces)), columns, gone)


def _without(keyring: Keyring, piece: Piece, changed: set[UUID]) -> Block | None:
    """Return what a block holds beside the changed cases; None where it may stay as it is."""
    found = find_ids(open_case_ids(keyring, piece), changed)
    is_full = piece.counts["incidents"] >= ROWS_A_BLOCK // 2
    if is_full and not found.any() and piece.epoch == keyring.write_epoch(Compartment.CODED):
        return None
    return keep_rows(open_block(keyring, piece), SCHEMA, "cases", np.logical_not(found))


def _seal_all(keyring: Keyring, blocks: Iterable[Block]) -> tuple[list[Piece], dict[UUID, bytes]]:
    pieces, columns = list[Piece](), dict[UUID, bytes]()
    for block in fill_blocks(blocks):
        piece, sealed = seal_block(keyring, block)
        pieces.append(piece)
        columns |= sealed
    return pieces, columns


def _publish(
    context: Context,
    seen: int,
    manifest: Manifest,
    columns: dict[UUID, bytes],
    gone: set[UUID] | None,
) -> bool:
    """Put the index in its place, and take away these columns, or all; False where it changed meanwhile.

    Nor is it put there by who has been left behind by a change of the roster, or once the organization is
    sealed.
    """
    db.session.rollback()
    try:
        head = lock_head(draw=False)
        if head is None or is_sealed() or list_roster_rows(after=context.roster.number):
            return False
        if find_index()[0] != seen:
            return False
        delete_columns(gone)
        add_columns(columns)
        write_manifest(seen + 1, seal_manifest(context.keyring, seen + 1, manifest))
        db.session.commit()
        return True
    finally:
        db.session.rollback()
