"""What tells a row from all others of its source, without telling what it holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from casework.services.context import Context
from casework.services.importing.answers import ReadRow
from casework.services.importing.mapping import ImportMapping
from casework.store.imports import list_imported
from casework.vault.fields import Compartment


@dataclass(frozen=True, slots=True, repr=False)
class KeyedRow:
    """A row with all that it is known by, which is the same whenever it comes again."""

    row: ReadRow
    keys: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, repr=False)
class KnownRow:
    """A row that is in already, by any of its keys, and the batches that those came in."""

    row: ReadRow
    keys: tuple[bytes, ...]
    batch_ids: frozenset[UUID | None]


def key_rows(context: Context, mapping: ImportMapping, rows: Iterable[ReadRow]) -> list[KeyedRow]:
    """Return the rows with their keys."""
    return [KeyedRow(row, tuple(_derive(context, mapping, key) for key in row.keys)) for row in rows]


def part_known(rows: Collection[KeyedRow]) -> tuple[list[KeyedRow], list[KnownRow]]:
    """Return which of the rows are new, and which are in already."""
    found = list_imported([key for one in rows for key in one.keys])
    batches = [frozenset(found[key] for key in one.keys if key in found) for one in rows]
    fresh = [one for one, its in zip(rows, batches, strict=True) if not its]
    return fresh, [KnownRow(one.row, one.keys, its) for one, its in zip(rows, batches, strict=True) if its]


def _derive(context: Context, mapping: ImportMapping, key: str) -> bytes:
    source = mapping.source.encode()
    label = b"import row" + len(source).to_bytes(4, "big") + source + key.encode()
    # Epoch 1 for good: a rotation must not make an imported row look new.
    return context.keyring.derive(Compartment.CODED, label, epoch=1)
