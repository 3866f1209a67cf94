"""Turning rows of a CSV file into incidents, or into refusals with their reasons. Nothing is stored here."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from casework.domain.coded import FIELDS, INCIDENT_FIELDS, PERSON_FIELDS, normalise_multi
from casework.domain.dates import Precision, VagueDate
from casework.domain.incident import IncidentFacts, IncidentNarrative, validate_incident
from casework.domain.person import Consent, PersonFacts, PersonIdentity, band_of_age, validate_person
from casework.errors import Invalid
from casework.services.importing.mapping import (
    REFUSE,
    ROW_NUMBER,
    CodedColumn,
    DateColumns,
    ImportMapping,
)

_INCIDENT = {field.name for field in INCIDENT_FIELDS}
_PERSON = {field.name for field in PERSON_FIELDS}


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that can be imported. `number` counts the file's records from 1, the heading not included."""

    number: int
    key: str
    incident: IncidentFacts
    roles: tuple[str, ...]
    narrative: IncidentNarrative
    person: PersonFacts
    identity: PersonIdentity


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be imported, and why, field by field."""

    number: int
    faults: Mapping[str, str]


def read_rows(
    content: bytes, mapping: ImportMapping, today: date, member_id: UUID
) -> Iterator[ReadRow | RefusedRow]:
    """Go through the rows in order; raises Invalid when the file or its heading does not fit the mapping."""
    reader = _open(content, mapping)
    seen: set[str] = set()
    for number, record in enumerate(_records(reader), start=1):
        if None in record or None in record.values():
            yield RefusedRow(number, {"row": "This row has more or fewer columns than the heading."})
            continue
        try:
            row = _read(number, record, mapping, today, member_id)
        except Invalid as fault:
            yield RefusedRow(number, fault.faults)
            continue
        if row.key in seen:
            yield RefusedRow(number, {"key": "An earlier row of this file has the same key."})
            continue
        seen.add(row.key)
        yield row


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


def _read(
    number: int, record: Mapping[str, str], mapping: ImportMapping, today: date, member_id: UUID
) -> ReadRow:
    coded = {column.name: _answer(column, record, mapping) for column in mapping.coded}
    roles = coded.get("roles", ("not_asked",))
    incident = IncidentFacts(
        date=_date(record, mapping.date, mapping.nulls),
        logged_on=today,
        logged_by=member_id,
        **{name: answer for name, answer in coded.items() if name in _INCIDENT},  # type: ignore[arg-type]
    )
    validate_incident(incident)
    person = PersonFacts(
        consents={purpose: Consent(answer) for purpose, answer in mapping.consents.items()},
        **{name: answer for name, answer in coded.items() if name in _PERSON},  # type: ignore[arg-type]
    )
    validate_person(person)
    return ReadRow(
        number,
        _row_key(number, record, mapping),
        incident,
        roles if isinstance(roles, tuple) else (roles,),
        IncidentNarrative(**_texts(record, mapping.narrative, mapping.nulls)),
        person,
        PersonIdentity(**_texts(record, mapping.identity, mapping.nulls)),
    )


def _row_key(number: int, record: Mapping[str, str], mapping: ImportMapping) -> str:
    parts = [record[column].strip() for column in mapping.key_columns()]
    if not parts:
        return f"{ROW_NUMBER}{number}"
    if not any(parts):
        raise Invalid(key="The key is empty.")
    return parts[0] if len(parts) == 1 else json.dumps(parts)


def _answer(column: CodedColumn, record: Mapping[str, str], mapping: ImportMapping) -> str | tuple[str, ...]:
    multiple = FIELDS[column.name].multiple
    if column.constant:
        return normalise_multi(column.name, [column.constant]) if multiple else column.constant
    text = record[column.column].strip()
    if text in mapping.nulls and text not in column.values:
        codes = [column.null]
    else:
        parts = text.split(column.separator) if column.separator else [text]
        codes = [code for part in parts for code in _codes(column, part.strip())]
    return normalise_multi(column.name, codes) if multiple else codes[0]


def _codes(column: CodedColumn, text: str) -> tuple[str, ...]:
    if text in column.values:
        return column.values[text]
    found = None
    if column.kind == "age" and text.isdecimal():
        found = band_of_age(int(text))
    elif column.kind == "labels":
        found = FIELDS[column.name].codes.find(text)
    if found is not None and found != "unknown":
        return (found,)
    if column.otherwise == REFUSE:
        raise Invalid(**{column.column: f"“{text}” is mapped to no code of {column.name}."})
    return (column.otherwise,)


def _date(record: Mapping[str, str], columns: DateColumns, nulls: frozenset[str]) -> VagueDate:
    if columns.precision is Precision.UNKNOWN:
        return VagueDate.unknown()
    if columns.column:
        text = record[columns.column].strip()
        if text in nulls:
            return VagueDate.unknown()
        try:
            day = datetime.strptime(text, columns.format).date()  # noqa: DTZ007 - only the date is taken
        except ValueError:
            raise Invalid(**{columns.column: f"“{text}” is no date in the form {columns.format}."}) from None
        return VagueDate.from_parts(columns.precision, year=day.year, month=day.month, day=day.day)
    parts: dict[str, int] = {}
    for part in ("year", "month", "day"):
        column = getattr(columns, part)
        if not column:
            continue
        text = record[column].strip()
        if text in nulls:
            return VagueDate.unknown()
        if not text.isdecimal():
            raise Invalid(**{column: f"“{text}” is no whole number."})
        parts[part] = int(text)
    return VagueDate.from_parts(
        columns.precision, year=parts.get("year"), month=parts.get("month"), day=parts.get("day")
    )


def _texts(
    record: Mapping[str, str], columns: Mapping[str, tuple[str, ...]], nulls: frozenset[str]
) -> dict[str, str]:
    return {
        name: " ".join(text for column in named if (text := record[column].strip()) not in nulls)
        for name, named in columns.items()
    }
