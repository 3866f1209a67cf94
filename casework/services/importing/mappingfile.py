"""The mapping file: a mapping written down as TOML. docs/import.md is its guide."""

import tomllib
from collections.abc import Mapping
from typing import Any

from casework.domain.coded import FIELDS
from casework.domain.dates import Precision
from casework.domain.person import IDENTITY_FIELDS
from casework.errors import Invalid
from casework.services.importing.consentfile import read_consents
from casework.services.importing.entries import read_strings, read_text, refuse_unknown, require_section
from casework.services.importing.mapping import (
    REFUSE,
    ROW_NUMBER,
    CodedColumn,
    DateColumns,
    ImportMapping,
)
from casework.services.importing.vaguedates import Order

NARRATIVE_FIELDS = ("text", "exact_place")

_OPTIONS = {"source", "key", "delimiter", "encoding", "nulls"}
_TOP = _OPTIONS | {"consent", "date", "fields", "identity", "narrative"}
_REQUIRED_FIELDS = ("contact_type", "police_service")
_DATE_PARTS = {
    Precision.DAY: ("year", "month", "day"),
    Precision.MONTH: ("year", "month"),
    Precision.YEAR: ("year",),
    Precision.UNKNOWN: (),
}


def read_mapping(content: bytes) -> ImportMapping:
    """Read and check a mapping file; raises Invalid naming the entry that is wrong."""
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(mapping=f"This is not a TOML file: {error}") from None
    refuse_unknown("mapping", raw, _TOP)
    consents, consent_columns, basis = read_consents(raw.get("consent", {}))
    coded = tuple(_coded(name, entry) for name, entry in _table(raw, "fields").items())
    missing = [name for name in _REQUIRED_FIELDS if name not in {column.name for column in coded}]
    if missing:
        raise Invalid(**{f"fields.{missing[0]}": "Say which column it comes from, or give a constant code."})
    return ImportMapping(
        source=read_text(raw, "source"),
        key=_key(raw.get("key")),
        coded=coded,
        date=_date(_table(raw, "date")),
        consents=consents,
        consent_columns=consent_columns,
        basis=basis,
        identity=_texts("identity", raw.get("identity", {}), IDENTITY_FIELDS),
        narrative=_texts("narrative", _without_notes(raw.get("narrative", {})), NARRATIVE_FIELDS),
        notes=read_strings("narrative.notes", _table_or_none(raw, "narrative").get("notes", [])),
        nulls=frozenset(read_strings("nulls", raw.get("nulls", ["", "NA", "NULL", "(null)"]))),
        delimiter=str(raw.get("delimiter", ",")),
        encoding=str(raw.get("encoding", "utf-8-sig")),
    )


def _coded(name: str, entry: Any) -> CodedColumn:
    where = f"fields.{name}"
    if name not in FIELDS:
        raise Invalid(**{where: f"There is no such coded field. There are: {', '.join(sorted(FIELDS))}."})
    if isinstance(entry, str):
        return CodedColumn(name, constant=_code(where, name, entry))
    refuse_unknown(where, entry, {"column", "kind", "values", "otherwise", "null", "separator", "park"})
    kind = entry.get("kind", "codes")
    if kind not in ("codes", "labels", "age") or (kind == "age" and name != "age_band"):
        raise Invalid(**{f"{where}.kind": "Write codes, labels, or age (for age_band only)."})
    otherwise, values = entry.get("otherwise", REFUSE), entry.get("values", {})
    require_section(f"{where}.values", values)
    return CodedColumn(
        name,
        column=read_text(entry, "column", where),
        kind=kind,
        values={value: _value(where, name, codes) for value, codes in values.items()},
        otherwise=otherwise if otherwise == REFUSE else _code(where, name, otherwise),
        null=_code(where, name, entry.get("null", "not_asked")) if "null" in entry else "not_asked",
        separator=str(entry.get("separator", "")),
        parked=frozenset(read_strings(f"{where}.park", entry.get("park", []))),
    )


def _key(entry: Any) -> tuple[str, ...]:
    columns = [entry] if isinstance(entry, str) else entry
    if not isinstance(columns, list) or not columns or not all(isinstance(name, str) for name in columns):
        raise Invalid(key=f"Name a column, a list of columns, or write {ROW_NUMBER} for the row's number.")
    return tuple(columns)


def _value(where: str, name: str, codes: Any) -> tuple[str, ...]:
    listed = codes if isinstance(codes, list) else [codes]
    if not listed or (len(listed) > 1 and not FIELDS[name].multiple):
        raise Invalid(**{where: "This field takes one answer: give one code for each value."})
    return tuple(_code(where, name, code) for code in listed)


def _date(entry: Mapping[str, Any]) -> DateColumns:
    if "order" in entry:
        return _written_date(entry)
    refuse_unknown("date", entry, {"precision", "column", "format", "year", "month", "day"})
    try:
        precision = Precision(entry.get("precision", "unknown"))
    except ValueError:
        raise Invalid(**{"date.precision": "Write day, month, year or unknown."}) from None
    if precision is Precision.SEASON:
        raise Invalid(**{"date.precision": "Write day, month, year or unknown."})
    named = (str(entry.get(name, "")) for name in ("column", "format", "year", "month", "day"))
    columns = DateColumns(precision, *named)  # type: ignore[arg-type] # five texts
    if columns.column and not columns.format:
        raise Invalid(**{"date.format": "Give the format of the column, for example %Y-%m-%d."})
    if not columns.column:
        for part in _DATE_PARTS[precision]:
            if not getattr(columns, part):
                raise Invalid(**{f"date.{part}": f"Name the column that holds the {part}."})
    return columns


def _written_date(entry: Mapping[str, Any]) -> DateColumns:
    """Read a date that is taken as precisely as each cell writes it."""
    refuse_unknown("date", entry, {"order", "column", "year", "month", "day", "park", "counted"})
    try:
        order = Order(entry["order"])
    except ValueError:
        raise Invalid(**{"date.order": "Write day_first or month_first."}) from None
    column, year, month, day = (str(entry.get(name, "")) for name in ("column", "year", "month", "day"))
    if not column and not year:
        raise Invalid(**{"date.column": "Name the column that holds the date, or the year."})
    parked = entry.get("park", False) is True
    counted = entry.get("counted", False) is True
    return DateColumns(Precision.UNKNOWN, column, "", year, month, day, order, parked, counted)


def _texts(where: str, entry: Mapping[str, Any], known: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    refuse_unknown(where, entry, set(known))
    named = {k: read_strings(f"{where}.{k}", [v] if isinstance(v, str) else v) for k, v in entry.items()}
    for name, columns in named.items():
        if "" in columns:
            raise Invalid(**{f"{where}.{name}": "Name the column."})
    return named


def _table_or_none(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    entry = raw.get(name, {})
    require_section(name, entry)
    return dict(entry)


def _without_notes(entry: Any) -> Any:
    return {k: v for k, v in entry.items() if k != "notes"} if isinstance(entry, dict) else entry


def _code(where: str, field_name: str, code: Any) -> str:
    codes = FIELDS[field_name].codes
    if not isinstance(code, str) or code not in codes:
        raise Invalid(**{where: f"“{code}” is no code of this field. There are: {', '.join(codes.codes)}."})
    return code


def _table(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    entry = raw.get(name)
    if not isinstance(entry, dict):
        raise Invalid(**{name: f"Add a section [{name}]."})
    return entry
