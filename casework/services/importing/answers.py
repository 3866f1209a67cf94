"""One record under a mapping: an incident with its person, or a refusal that names each column."""

import json
from collections.abc import Mapping, Set
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from uuid import UUID

from casework.domain.coded import INCIDENT_FIELDS, PERSON_FIELDS
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, IncidentNarrative, validate_incident
from casework.domain.messages import N_
from casework.domain.ownterm import Chosen, choose_terms
from casework.domain.person import PersonFacts, PersonIdentity, may_count, validate_person
from casework.errors import Invalid
from casework.services.importing.cells import hash_cells, write_out
from casework.services.importing.coding import Reading, read_answer
from casework.services.importing.mapping import (
    NUMBERED,
    ROW_CONTENT,
    ROW_NUMBER,
    CodedColumn,
    ImportMapping,
    PersonColumns,
)
from casework.services.importing.rowconsents import read_row_consents
from casework.services.importing.rowdates import read_row_date
from casework.services.importing.vaguedates import read_serial

_NAMED = ("name", "address")
"""Where a word that elsewhere says nothing may be a name."""
_LEFT_BY_PROGRAMS = {"", "NA", "NaN", "nan"}
"""What stands in every cell about somebody who is not there."""

_INCIDENT = {field.name for field in INCIDENT_FIELDS}
_PERSON = {field.name for field in PERSON_FIELDS}

NUMBER_ALONE = N_("There is nothing in this row but what tells rows apart.")
_NO_KEY = N_("There is nothing in the column that tells rows apart.")


@dataclass(frozen=True, slots=True, repr=False)
class ReadPerson:
    """A further person of a row, with their roles in its incident."""

    person: PersonFacts
    identity: PersonIdentity
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class ReadRow:
    """What can be imported, of one row. `number` is its place in the file, as the reader of that file counts.

    It is in already where any of its `keys` is. `further` are the numbers of the rows that were joined to it,
    as one incident.
    """

    number: int
    keys: tuple[str, ...]
    incident: IncidentFacts
    roles: tuple[str, ...]
    narrative: IncidentNarrative
    person: PersonFacts
    identity: PersonIdentity
    others: tuple[ReadPerson, ...] = ()
    further: tuple[int, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it was made of."""
        return 1 + len(self.further)

    @property
    def counts(self) -> bool:
        """Whether statistics will count its incident: everybody in it agreed."""
        return all(map(may_count, (self.person, *(one.person for one in self.others))))


@dataclass(frozen=True, slots=True, repr=False)
class RefusedRow:
    """A row that cannot be imported, and why, by column or field; `group` stands where its number may be."""

    number: int
    faults: Mapping[str, str]
    group: str = ""

    @property
    def rows(self) -> int:
        """How many rows it is."""
        return 1


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """One row's cells by heading. `occurrence` counts the rows before it that hold the same, and this one.

    `names` are words that read as nothing in `cells`, and may be a name. `content` is `hash_cells` of the row
    as its file has it, where `cells` are tidied. `together` is how many rows have its number.
    """

    number: int
    cells: Mapping[str, str]
    occurrence: int = 1
    names: Mapping[str, str] = field(default_factory=dict)
    content: str = ""
    together: int = 1


def read_record(record: Record, mapping: ImportMapping, today: date, member_id: UUID) -> ReadRow:
    """Read one record; raises Invalid naming every column or field that is wrong."""
    reading = Reading()
    if _is_number_alone(record.cells, mapping):
        raise Invalid(row=NUMBER_ALONE)
    coded = {
        column.name: read_answer(column, record.cells, mapping.nulls, reading) for column in mapping.coded
    }
    when = _date(record.cells, mapping, reading, today)
    others = tuple(_read_other(one, record, mapping, reading, today) for one in mapping.others)
    if reading.faults:
        raise Invalid(**reading.faults)
    columns = PersonColumns(mapping.coded, mapping.identity, mapping.consent_columns)
    person, identity = _person(record, coded, columns, mapping, reading, today)
    incident = IncidentFacts(
        date=when,
        logged_on=today,
        logged_by=member_id,
        own_terms=_own_terms(mapping.coded, reading, _INCIDENT),
        **{name: answer for name, answer in coded.items() if name in _INCIDENT},  # type: ignore[arg-type]
    )
    validate_incident(incident)
    return ReadRow(
        record.number,
        row_keys(record, mapping),
        incident,
        _roles(coded),
        _narrative(record.cells, mapping, reading.parked),
        person,
        identity,
        tuple(one for one in others if one is not None),
    )


def _read_other(
    columns: PersonColumns, record: Record, mapping: ImportMapping, reading: Reading, today: date
) -> ReadPerson | None:
    """Read a further person; None where nothing is said of one."""
    identity = _identity(record, columns.identity, mapping.nulls)
    is_silent = all(record.cells[heading].strip() in mapping.nulls for heading in columns.columns())
    if is_silent and set(asdict(identity).values()) <= _LEFT_BY_PROGRAMS:
        # A "no" is somebody's, whoever they are: the incident must not count as if nobody had said it.
        said = read_row_consents(record.cells, columns.consents, mapping.nulls, today)
        if not (said.consents or said.kept):
            return None
    coded = {
        column.name: read_answer(column, record.cells, mapping.nulls, reading) for column in columns.coded
    }
    person, identity = _person(record, coded, columns, mapping, reading, today)
    return ReadPerson(person, identity, _roles(coded))


def _read_coded(
    columns: tuple[CodedColumn, ...], record: Record, mapping: ImportMapping, reading: Reading
) -> dict[str, str | tuple[str, ...]]:
    return {one.name: read_answer(one, record.cells, mapping.nulls, reading) for one in columns}


def _identity(
    record: Record, columns: Mapping[str, tuple[str, ...]], nulls: frozenset[str]
) -> PersonIdentity:
    named = {name: headings for name, headings in columns.items() if name in _NAMED}
    texts = _texts(record.cells, columns, nulls) | _texts({**record.cells, **record.names}, named, nulls)
    return PersonIdentity(**texts)


def _person(
    record: Record,
    coded: Mapping[str, str | tuple[str, ...]],
    columns: PersonColumns,
    mapping: ImportMapping,
    reading: Reading,
    today: date,
) -> tuple[PersonFacts, PersonIdentity]:
    """Put a person together; words about their consents are kept with them, whoever else is in the row."""
    said = read_row_consents(record.cells, columns.consents, mapping.nulls, today)
    person = PersonFacts(
        consents={**mapping.consents, **said.consents},
        own_terms=_own_terms(columns.coded, reading, _PERSON),
        **{name: answer for name, answer in coded.items() if name in _PERSON},  # type: ignore[arg-type]
    )
    validate_person(person)
    identity = _identity(record, columns.identity, mapping.nulls)
    kept = {**_take_words(columns.coded, mapping, reading), **said.kept}
    lines = [f"{heading}: {text}" for heading, text in kept.items()]
    note = "\n".join(filter(None, (identity.note, *lines)))
    return person, replace(identity, note=note) if lines else identity


def _own_terms(columns: tuple[CodedColumn, ...], reading: Reading, fields: Set[str]) -> Chosen:
    return choose_terms(
        {one.name: reading.terms.get(one.column, ()) for one in columns if one.name in fields}
        if reading.terms
        else {}
    )


def _take_words(columns: tuple[CodedColumn, ...], mapping: ImportMapping, reading: Reading) -> dict[str, str]:
    """Take the words about a person out of those that are parked, where their row becomes one of several.

    In the one narrative of an incident nobody could tell whose they were.
    """
    own = [one.column for one in columns if one.name not in _INCIDENT] if mapping.group else []
    return {heading: reading.parked.pop(heading) for heading in own if heading in reading.parked}


def _roles(coded: Mapping[str, str | tuple[str, ...]]) -> tuple[str, ...]:
    roles = coded.get("roles", ("not_asked",))
    return roles if isinstance(roles, tuple) else (roles,)


def row_keys(record: Record, mapping: ImportMapping) -> tuple[str, ...]:
    """Return what tells this row from the others of its source; Invalid where there is nothing.

    Rows that have a number together are known by that, and each by its own key too, where it has one: as it
    is where nobody joins them.
    """
    number = record.cells[mapping.group].strip() if mapping.group else ""
    if not number or number in mapping.nulls:
        return (_own_key(record, mapping),)
    own: tuple[str, ...] = ()
    with suppress(Invalid):
        own = (_own_key(record, mapping),)
    return (f"{NUMBERED}{number}", *own)


def _own_key(record: Record, mapping: ImportMapping) -> str:
    if mapping.key == (ROW_CONTENT,):
        content = record.content or hash_cells(list(record.cells.values()))
        return f"{ROW_CONTENT}{content}/{record.occurrence}"
    parts = [record.cells[column].strip() for column in mapping.key_columns()]
    if not parts:
        return f"{ROW_NUMBER}{record.number}"
    if not any(parts):
        raise Invalid(key=_NO_KEY)
    return parts[0] if len(parts) == 1 else json.dumps(parts)


def _is_number_alone(cells: Mapping[str, str], mapping: ImportMapping) -> bool:
    """Return whether a row was numbered beforehand and never filled."""
    keys = {*mapping.key_columns(), *filter(None, (mapping.group,))}
    others = [heading for heading, text in cells.items() if heading not in keys]
    return bool(keys and others) and all(cells[heading].strip() in mapping.nulls for heading in others)


def _date(cells: Mapping[str, str], mapping: ImportMapping, reading: Reading, today: date) -> VagueDate:
    try:
        read = read_row_date(cells, mapping.date, mapping.nulls, today.year)
    except Invalid as fault:
        reading.faults.update(fault.faults)
        return VagueDate.unknown()
    reading.parked.update(read.kept)
    return read.date


def _narrative(
    cells: Mapping[str, str], mapping: ImportMapping, parked: Mapping[str, str]
) -> IncidentNarrative:
    texts = _texts(cells, mapping.narrative, mapping.nulls)
    notes = {column: text for column in mapping.notes if (text := cells[column].strip()) not in mapping.nulls}
    # What finds the row again says of which list: "No: 12 (march)".
    of_list = dict.fromkeys(mapping.key_columns(), f" ({mapping.source})")
    lines = [f"{column}: {text}{of_list.get(column, '')}" for column, text in {**notes, **parked}.items()]
    texts["text"] = "\n".join(filter(None, (texts.get("text", ""), *lines)))
    return IncidentNarrative(**texts)  # type: ignore[arg-type]  # the mapping names texts only


def _texts(
    cells: Mapping[str, str], columns: Mapping[str, tuple[str, ...]], nulls: frozenset[str]
) -> dict[str, str]:
    return {
        name: _join(name, [text for column in named if (text := cells[column].strip()) not in nulls])
        for name, named in columns.items()
    }


def _join(name: str, texts: list[str]) -> str:
    """Put a text together of its cells: a number as it was meant, a birth date of its parts."""
    if name in ("phone", "uci"):
        texts = [write_out(text) for text in texts]
    elif name == "birth_date":
        if all(map(str.isdecimal, texts)) and len(texts) == 3 and len(texts[0]) == 4:
            return "-".join(text.zfill(2) for text in texts)
        days = [read_serial(text) for text in texts]
        texts = [day.encode() if day else text for day, text in zip(days, texts, strict=True)]
    return " ".join(texts)
