"""What tells a row from all others of its source, without telling what it holds."""

from collections.abc import Iterable

from casework.services.context import Context
from casework.services.importing.answers import ReadRow
from casework.services.importing.mapping import ImportMapping
from casework.vault.fields import Compartment


def row_keys(context: Context, mapping: ImportMapping, rows: Iterable[ReadRow]) -> dict[bytes, ReadRow]:
    """Return the rows by their keys, which are the same whenever the row comes again."""
    return {_row_key(context, mapping, row): row for row in rows}


def _row_key(context: Context, mapping: ImportMapping, row: ReadRow) -> bytes:
    source = mapping.source.encode()
    label = b"import row" + len(source).to_bytes(4, "big") + source + row.key.encode()
    # Epoch 1 for good: a rotation must not make an imported row look new.
    return context.keyring.derive(Compartment.CODED, label, epoch=1)
