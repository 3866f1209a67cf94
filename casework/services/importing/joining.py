"""Rows that belong together: one incident with the people of all of them, or a refusal that says why not."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from uuid import UUID

from casework.domain.coded import INCIDENT_FIELDS, PERSON_FIELDS, CodedField, normalise_multi
from casework.domain.dates import Precision
from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.messages import N_
from casework.domain.ownterm import Chosen, choose_terms, find_surplus
from casework.domain.person import Consent
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN
from casework.errors import Invalid
from casework.services.importing.answers import NUMBER_ALONE, ReadPerson, ReadRow, Record, RefusedRow
from casework.services.importing.mapping import ImportMapping
from casework.services.importing.people import MOST_IN_INCIDENT, MOST_ROWS_TOGETHER
from casework.services.importing.reasons import Reason
from casework.services.importing.sameperson import add_person

_SAYS_NOTHING = frozenset({NOT_ASKED, UNKNOWN})
DIFFER = N_("The rows with number “%(number)s” do not agree here.")
OTHER_REFUSED = N_("Row %(row)s of the same incident is refused.")
TOO_MANY_ROWS = N_(
    "%(rows)s rows have the number “%(number)s”. At most %(most)s can be one incident: "
    "perhaps this column is not its number."
)
TOO_MANY = N_("%(rows)s rows have the number “%(number)s”. One incident has at most %(most)s people.")

Read = Callable[[Record], ReadRow | RefusedRow]


def read_joined(
    records: Iterable[Record | RefusedRow], mapping: ImportMapping, read: Read
) -> Iterator[ReadRow | RefusedRow]:
    """Read records that stand in the order of their numbers; one without a number is a case of its own."""
    for number, together in groupby(records, lambda record: _number_of(record, mapping)):
        if not number:
            yield from (one if isinstance(one, RefusedRow) else read(one) for one in together)
            continue
        yield from _read_group(number, together, mapping, read)


def _read_group(
    number: str, together: Iterable[Record | RefusedRow], mapping: ImportMapping, read: Read
) -> Iterator[ReadRow | RefusedRow]:
    rows: list[ReadRow] = []
    refused: list[RefusedRow] = []
    for record in together:
        if isinstance(record, Record) and record.together > MOST_ROWS_TOGETHER:
            reason = Reason(TOO_MANY_ROWS, rows=record.together, number=number, most=MOST_ROWS_TOGETHER)
            yield RefusedRow(record.number, {mapping.group: reason})
            continue
        row = record if isinstance(record, RefusedRow) else read(record)
        if isinstance(row, ReadRow):
            rows.append(row)
        else:
            refused.append(row)
    yield from refused
    if not rows:
        return
    # A row that was numbered beforehand and never filled takes no other along.
    missing = [row for row in refused if row.faults.get("row") != NUMBER_ALONE]
    try:
        if missing:
            raise Invalid(**{mapping.group: Reason(OTHER_REFUSED, row=missing[0].number)})
        yield join_rows(rows, mapping, number) if len(rows) > 1 else rows[0]
    except Invalid as fault:
        yield from (RefusedRow(row.number, fault.faults) for row in rows)


def join_rows(rows: Sequence[ReadRow], mapping: ImportMapping, number: str) -> ReadRow:
    """Put the rows of one incident together; raises Invalid naming each column in which they differ."""
    faults: dict[str, str] = {}
    columns = {column.name: column.column for column in mapping.coded}
    answers = {}
    for field in INCIDENT_FIELDS:
        try:
            answers[field.name] = _unite(field, rows)
        except Invalid:
            faults[columns.get(field.name) or field.name] = Reason(DIFFER, number=number)
    own_terms = _unite_terms(rows)
    for name in find_surplus(own_terms):
        faults[columns.get(name) or name] = Reason(DIFFER, number=number)
    dates = {row.incident.date for row in rows if row.incident.date.precision is not Precision.UNKNOWN}
    if len(dates) > 1:
        faults[mapping.date.column or mapping.date.year or "date"] = Reason(DIFFER, number=number)
    people = _people_of(rows, mapping.consents)
    if len(people) > MOST_IN_INCIDENT:
        faults[mapping.group] = Reason(TOO_MANY, rows=len(rows), number=number, most=MOST_IN_INCIDENT)
    if faults:
        raise Invalid(**faults)
    first = rows[0]
    date = dates.pop() if dates else first.incident.date
    incident: IncidentFacts = replace(first.incident, date=date, own_terms=own_terms, **answers)  # type: ignore[arg-type]
    return replace(
        first,
        keys=tuple(dict.fromkeys(key for row in rows for key in row.keys)),
        incident=incident,
        narrative=_join_narratives(rows),
        person=people[0].person,
        identity=people[0].identity,
        roles=people[0].roles,
        others=tuple(people[1:]),
        further=tuple(row.number for row in rows[1:]),
    )


def _number_of(record: Record | RefusedRow, mapping: ImportMapping) -> str:
    text = record.group if isinstance(record, RefusedRow) else record.cells[mapping.group].strip()
    return "" if text in mapping.nulls else text


def _unite(field: CodedField, rows: Sequence[ReadRow]) -> str | tuple[str, ...]:
    """Take what is filled; several answers are united. Raises Invalid where one answer would be two."""
    given = [getattr(row.incident, field.name) for row in rows]
    codes = _codes_of(given)
    said = (codes - _SAYS_NOTHING) or ({UNKNOWN} & codes) or {NOT_ASKED}
    if field.multiple:
        return normalise_multi(field.name, said)
    if len(said) > 1:
        raise Invalid(**{field.name: DIFFER})
    return str(said.pop())


def _unite_terms(rows: Sequence[ReadRow]) -> Chosen:
    """Take the own terms of all rows: one is a closer answer than its parent alone."""
    given: dict[str, list[UUID]] = {}
    for row in rows:
        for name, ids in row.incident.own_terms:
            given.setdefault(name, []).extend(ids)
    return choose_terms(given)


def _codes_of(answers: Iterable[str | tuple[str, ...]]) -> set[str]:
    return {code for answer in answers for code in ((answer,) if isinstance(answer, str) else answer)}


def _people_of(rows: Sequence[ReadRow], for_all: Mapping[str, Consent]) -> list[ReadPerson]:
    """Return everybody once: not whom a row says nothing of; what several rows say of one is put together.

    `for_all` are the consents that nobody had to say by themselves.
    """
    everybody = [
        one for row in rows for one in (ReadPerson(row.person, row.identity, row.roles), *row.others)
    ]
    people: list[ReadPerson] = []
    for one in everybody:
        if not _is_silent(one, for_all):
            add_person(people, one)
    return people or everybody[:1]


def _is_silent(one: ReadPerson, for_all: Mapping[str, Consent]) -> bool:
    """Return whether a row says nothing of somebody; a "no" is somebody's, whoever they are."""
    if one.person.consents != for_all:
        return False
    answers = [getattr(one.person, field.name) for field in PERSON_FIELDS]
    codes = _codes_of([*answers, one.roles])
    return codes <= _SAYS_NOTHING and not any(asdict(one.identity).values())


def _join_narratives(rows: Sequence[ReadRow]) -> IncidentNarrative:
    """Put the words of all rows together; a line that stands in several is told once."""
    lines = rows[0].narrative.text.split("\n")
    for row in rows[1:]:
        lines += [line for line in row.narrative.text.split("\n") if line and line not in lines]
    places = dict.fromkeys(row.narrative.exact_place for row in rows if row.narrative.exact_place)
    return IncidentNarrative(text="\n".join(lines).strip("\n"), exact_place=" / ".join(places))
