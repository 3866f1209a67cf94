"""One coded cell under a mapping: its codes, its words that are parked, or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from casework.domain.coded import FIELDS, normalise_multi
from casework.domain.messages import N_
from casework.domain.person import band_of_age
from casework.errors import Invalid
from casework.services.importing.mapping import EVERY_OTHER, REFUSE, CodedColumn
from casework.services.importing.reasons import Reason

NO_CODE = N_("“%(value)s” is not mapped to any answer.")
REFUSED = N_("Rows with “%(value)s” are refused, as was chosen.")


@dataclass(slots=True, repr=False)
class Reading:
    """What has come of one record so far: its parked words, own terms and faults, by heading."""

    parked: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    terms: dict[str, tuple[UUID, ...]] = field(default_factory=dict)


def read_answer(
    column: CodedColumn, cells: Mapping[str, str], nulls: frozenset[str], reading: Reading
) -> str | tuple[str, ...]:
    """Read the answer of a coded field; what is wrong goes into `reading`."""
    multiple = FIELDS[column.name].multiple
    if column.constant:
        return normalise_multi(column.name, [column.constant]) if multiple else column.constant
    text = cells[column.column].strip()
    if text in nulls and text not in column.values and text not in column.refused:
        codes = [column.null]
    else:
        parts = text.split(column.separator) if column.separator else [text]
        codes = [code for part in parts for code in _codes(column, part.strip(), reading)]
    try:
        return normalise_multi(column.name, codes) if multiple else codes[0]
    except Invalid as fault:
        reading.faults[column.column] = fault.faults[column.name]
        return column.null


def _codes(column: CodedColumn, text: str, reading: Reading) -> tuple[str, ...]:
    if text in column.refused:
        reading.faults[column.column] = Reason(REFUSED, value=text)
        return (column.null,)
    if text in column.parked:
        reading.parked[column.column] = text
    if text in column.terms:
        reading.terms[column.column] = (*reading.terms.get(column.column, ()), *column.terms[text])
    if text in column.values:
        return column.values[text]
    found = None
    if column.kind == "age" and text.isdecimal() and len(text) <= 3:
        found = band_of_age(int(text))
    elif column.kind == "labels":
        found = FIELDS[column.name].codes.find(text)
    if found is not None and found != "unknown":
        return (found,)
    if column.otherwise == REFUSE:
        reading.faults[column.column] = Reason(NO_CODE, value=text)
    elif EVERY_OTHER in column.parked:
        reading.parked[column.column] = text
    return (column.otherwise if column.otherwise != REFUSE else column.null,)
