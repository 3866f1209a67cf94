"""Whose records are deleted leaves the index in the same transaction, and the blocks that held them anew."""

from uuid import UUID

import numpy as np

from casework.analysis.columns import keep_rows
from casework.errors import IndexUnusable, VaultError
from casework.services.index.blocks import find_ids, open_block, open_case_ids
from casework.services.index.manifest import Manifest, Piece, open_manifest, seal_block, seal_manifest
from casework.services.index.rows import SCHEMA
from casework.store.factindex import add_columns, delete_columns, find_index, take_dropped, write_manifest
from casework.vault.keyring import Keyring


def leave_index(keyring: Keyring | None) -> None:
    """Take the cases of which a record was deleted out of the index; under the write lock, before commit.

    Those that are still there are read from their records until they are folded in again. Without keys, or
    where the index is hurt, all of it goes, and is made anew. A version is drawn in any case: whoever is
    making the index anew from what was there before finds out.
    """
    dropped = take_dropped()
    if not dropped:
        return
    version, sealed = find_index()
    try:
        if keyring is None or sealed is None:
            raise IndexUnusable("hurt")
        manifest = open_manifest(keyring, version, sealed)
        after = _drop(keyring, manifest, dropped)
        write_manifest(version + 1, seal_manifest(keyring, version + 1, after))
    except (IndexUnusable, VaultError):
        delete_columns()
        write_manifest(version + 1, None)


def _drop(keyring: Keyring, manifest: Manifest, dropped: set[UUID]) -> Manifest:
    pieces = list[Piece]()
    for piece in manifest.pieces:
        found = find_ids(open_case_ids(keyring, piece), dropped)
        if not found.any():
            pieces.append(piece)
            continue
        block = keep_rows(open_block(keyring, piece), SCHEMA, "cases", np.logical_not(found))
        delete_columns(piece.columns.values())
        if block["cases"].count:
            made, columns = seal_block(keyring, block)
            add_columns(columns)
            pieces.append(made)
    return Manifest(
        manifest.generation, tuple(pieces), manifest.dropped | frozenset(dropped), manifest.is_damaged
    )
