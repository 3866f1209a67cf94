"""What there is of the index: its blocks, the columns of each, and the generation that all of them show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from casework.analysis.columns import Block, Column, read_array, read_column, write_array, write_column
from casework.analysis.columns.writing import Array
from casework.errors import IndexUnusable, VaultError
from casework.services.index.rows import SCHEMA
from casework.vault import documents
from casework.vault.fields import INDEX_COLUMN, INDEX_MANIFEST, Compartment
from casework.vault.keyring import Keyring

INDEX_ID = UUID(int=1)
"""What a manifest is sealed for: there is one index."""
_SCHEMA = 1
_COLUMN_VERSION = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """One block: how many rows each table has, the id of each column's row, and the epoch they lie under."""

    counts: Mapping[str, int]
    columns: Mapping[str, UUID]
    epoch: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The blocks as of `generation`. `dropped` are cases that left them since, and may be there still.

    `is_damaged` where records did not open when it was made: then it has no blocks, and is not read.
    """

    generation: int = 0
    pieces: tuple[Piece, ...] = ()
    dropped: frozenset[UUID] = frozenset()
    is_damaged: bool = False

    def to_document(self) -> documents.Document:
        """Give the plain form that is sealed."""
        return {
            "schema": _SCHEMA,
            "generation": self.generation,
            "blocks": [
                {
                    "counts": dict(piece.counts),
                    "columns": {name: id_.hex for name, id_ in piece.columns.items()},
                    "epoch": piece.epoch,
                }
                for piece in self.pieces
            ],
            "dropped": sorted(one.hex for one in self.dropped),
            "damaged": self.is_damaged,
        }

    @classmethod
    def from_document(cls, document: documents.Document) -> "Manifest":
        """Read what `to_document` gave; IndexUnusable for another schema, or other columns than there are."""
        try:
            if document["schema"] != _SCHEMA:
                raise IndexUnusable("hurt")
            return cls(
                document["generation"],
                tuple(map(_read_piece, document["blocks"])),
                frozenset(map(UUID, document["dropped"])),
                document["damaged"],
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise IndexUnusable("hurt") from None


def _read_piece(entry: Any) -> Piece:
    columns = {name: UUID(id_) for name, id_ in entry["columns"].items()}
    if columns.keys() != set(_NAMES) or entry["counts"].keys() != SCHEMA.keys():
        raise IndexUnusable("hurt")
    return Piece(entry["counts"], columns, entry["epoch"])


def name_column(table: str, column: str) -> str:
    """Return what a column is called in a manifest."""
    return f"{table}.{column}"


_NAMES = tuple(name_column(table, column) for table, layout in SCHEMA.items() for column in layout.names)


def seal_manifest(keyring: Keyring, version: int, manifest: Manifest) -> bytes:
    """Seal a manifest under this version of the index."""
    return keyring.seal(INDEX_MANIFEST, INDEX_ID, version, documents.encode(manifest.to_document()))


def open_manifest(keyring: Keyring, version: int, sealed: bytes | None) -> Manifest:
    """Open a manifest; an empty one where there is none. IndexUnusable where it is hurt, or not held."""
    if sealed is None:
        return Manifest()
    try:
        plain = keyring.open(INDEX_MANIFEST, INDEX_ID, version, sealed)
        return Manifest.from_document(documents.decode(plain))
    except VaultError:
        raise IndexUnusable("hurt") from None


def seal_block(keyring: Keyring, block: Block) -> tuple[Piece, dict[UUID, bytes]]:
    """Seal each column of a block under an id of its own."""
    ids, sealed = dict[str, UUID](), dict[UUID, bytes]()
    for table, layout in SCHEMA.items():
        for column in layout.names:
            held = block[table].get(column)
            plain = write_column(held) if isinstance(held, Column) else write_array(held)
            id_ = ids[name_column(table, column)] = uuid4()
            sealed[id_] = keyring.seal(INDEX_COLUMN, id_, _COLUMN_VERSION, plain)
    counts = {table: block[table].count for table in SCHEMA}
    return Piece(counts, ids, keyring.write_epoch(Compartment.CODED)), sealed


def open_column(
    keyring: Keyring, piece: Piece, table: str, column: str, sealed: Mapping[UUID, bytes]
) -> Column | Array:
    """Open one column of a block among these; IndexUnusable where it is not there, hurt, or not as long."""
    id_ = piece.columns[name_column(table, column)]
    try:
        plain = keyring.open(INDEX_COLUMN, id_, _COLUMN_VERSION, sealed[id_])
        layout = SCHEMA[table]
        read = read_column(plain) if column in layout.answers else read_array(plain, column in layout.ids)
    except (KeyError, ValueError, VaultError):
        raise IndexUnusable("hurt") from None
    if len(read) != piece.counts[table]:
        raise IndexUnusable("hurt")
    return read
