"""Going through the rows of a file under a mapping. Nothing is stored here."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from casework.domain.messages import N_
from casework.errors import Invalid
from casework.services.importing.answers import ReadRow, Record, RefusedRow, read_record
from casework.services.importing.joining import read_joined
from casework.services.importing.mapping import ROW_CONTENT, ImportMapping

__all__ = ["ReadRow", "Record", "RefusedRow", "read_records", "read_rows"]

OTHER_WIDTH = N_("This row has more or fewer columns than the heading.")
_KEY_AGAIN = N_("An earlier row of this file has the same in the column that tells rows apart.")


def read_rows(
    content: bytes, mapping: ImportMapping, today: date, member_id: UUID
) -> Iterator[ReadRow | RefusedRow]:
    """Go through the rows in order; raises Invalid when the file or its heading does not fit the mapping.

    They are counted from 1, the heading not included.
    """
    reader = _open(content, mapping)
    return read_records(_count(_records(reader), mapping), mapping, today, member_id)


def read_records(
    records: Iterable[Record | RefusedRow], mapping: ImportMapping, today: date, member_id: UUID
) -> Iterator[ReadRow | RefusedRow]:
    """Read records in order; those refused already go through.

    Where rows with one number are one incident, they have to stand one after the other.
    """
    seen: set[str] = set()
    for row in _read_all(records, mapping, today, member_id):
        if isinstance(row, RefusedRow):
            yield row
        elif not seen.isdisjoint(row.keys):
            yield from (RefusedRow(number, {"key": _KEY_AGAIN}) for number in (row.number, *row.further))
        else:
            seen.update(row.keys)
            yield row


def _read_all(
    records: Iterable[Record | RefusedRow], mapping: ImportMapping, today: date, member_id: UUID
) -> Iterator[ReadRow | RefusedRow]:
    def read(record: Record) -> ReadRow | RefusedRow:
        try:
            return read_record(record, mapping, today, member_id)
        except Invalid as fault:
            return RefusedRow(record.number, fault.faults)

    if mapping.group:
        return read_joined(records, mapping, read)
    return (record if isinstance(record, RefusedRow) else read(record) for record in records)


def _count(
    cells_of_rows: Iterable["dict[str, str]"], mapping: ImportMapping
) -> Iterator[Record | RefusedRow]:
    alike: Counter[int] = Counter()
    for number, cells in enumerate(cells_of_rows, start=1):
        if None in cells or None in cells.values():
            yield RefusedRow(number, {"row": OTHER_WIDTH})
            continue
        mark = hash(tuple(cells.values())) if mapping.key == (ROW_CONTENT,) else 0
        alike[mark] += 1
        yield Record(number, cells, alike[mark])


def _records(reader: "csv.DictReader[str]") -> Iterator[dict[str, str]]:
    """Go through the records; where the file is broken nobody can tell what belongs to which row."""
    try:
        yield from reader
    except csv.Error as error:
        raise Invalid(file=f"Line {reader.reader.line_num} is not CSV: {error}.") from None


def _open(content: bytes, mapping: ImportMapping) -> "csv.DictReader[str]":
    try:
        text = content.decode(mapping.encoding)
    except (ValueError, LookupError):
        raise Invalid(encoding=f"The file is not in {mapping.encoding}. Try cp1252 or utf-8-sig.") from None
    if "\0" in text:
        raise Invalid(encoding=f"The file has NUL characters: it is no text in {mapping.encoding}.")
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mapping.delimiter, strict=True)
        heading = list(reader.fieldnames or ())
    except (csv.Error, TypeError) as error:
        raise Invalid(file=f"This is not a CSV file with this delimiter: {error}.") from None
    if not heading:
        raise Invalid(file="The file is empty.")
    if len(set(heading)) < len(heading):
        raise Invalid(file="Two columns of the heading have the same name.")
    for column in sorted((mapping.columns() | set(mapping.key_columns())) - set(heading)):
        raise Invalid(
            **{column or "key": f"The file has no column “{column}”. It has: {', '.join(heading)}."}
        )
    return reader
