"""The mapping file: which column becomes which field, which value which code. docs/import.md is its guide."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casework.domain.coded import FIELDS
from casework.domain.dates import Precision
from casework.domain.person import GIVEN, IDENTITY_FIELDS, STATISTICS, Consent
from casework.domain.vocabulary import NOT_ASKED, code_list
from casework.errors import Invalid
from casework.services.importing.people import PersonColumns
from casework.services.importing.vaguedates import Order

NARRATIVE_FIELDS = ("text", "exact_place")
REFUSE = "refuse"
ROW_NUMBER = "#"
ROW_CONTENT = "*"
EVERY_OTHER = "*"
"""Among the parked values: each that falls to `otherwise`."""

_OPTIONS = {"source", "key", "delimiter", "encoding", "nulls"}
_TOP = _OPTIONS | {"consent", "date", "fields", "identity", "narrative"}
_REQUIRED_FIELDS = ("contact_type", "police_service")
_DATE_PARTS = {
    Precision.DAY: ("year", "month", "day"),
    Precision.MONTH: ("year", "month"),
    Precision.YEAR: ("year",),
    Precision.UNKNOWN: (),
}


@dataclass(frozen=True, slots=True)
class CodedColumn:
    """How a coded field is filled: a constant, or a column whose values are mapped.

    `otherwise` is the code for a value that `values` lacks, or REFUSE. `kind` is "codes", "age" (whole years
    to age bands) or "labels" (values are codes, labels or aliases of the list). `separator` splits several.
    The words of a value in `parked` are kept in the narrative beside its code.
    """

    name: str
    column: str = ""
    constant: str = ""
    kind: str = "codes"
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    otherwise: str = REFUSE
    null: str = "not_asked"
    separator: str = ""
    parked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DateColumns:
    """Where the date stands: one column with a strptime format, or columns for its parts.

    With an `order` each cell is read as precisely as it is written; the parts serve where it is empty. A date
    that cannot be read is then refused, or, `parked`, unknown and its words kept in the narrative. `counted`:
    a number such as 44259 is a day as spreadsheets count them. Of a date on `vague_day` the month is known.
    """

    precision: Precision
    column: str = ""
    format: str = ""
    year: str = ""
    month: str = ""
    day: str = ""
    order: Order | None = None
    parked: bool = False
    counted: bool = False
    vague_day: int = 0


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """A checked mapping file. `key` names the columns that tell rows apart together.

    Or it is (ROW_NUMBER,), or (ROW_CONTENT,): all that the row holds. `notes` are columns that are kept as
    lines of the narrative, each under its heading.
    """

    source: str
    key: tuple[str, ...]
    coded: tuple[CodedColumn, ...]
    date: DateColumns
    consents: Mapping[str, Consent]
    basis: str
    identity: Mapping[str, tuple[str, ...]]
    narrative: Mapping[str, tuple[str, ...]]
    nulls: frozenset[str]
    delimiter: str
    encoding: str
    notes: tuple[str, ...] = ()
    others: tuple[PersonColumns, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether the rows count in statistics."""
        return STATISTICS in self.consents and self.consents[STATISTICS].answer == GIVEN

    def columns(self) -> frozenset[str]:
        """Return every column that the mapping reads."""
        named = [*self.key_columns(), *(coded.column for coded in self.coded)]
        named += [self.date.column, self.date.year, self.date.month, self.date.day]
        named += [c for columns in (*self.identity.values(), *self.narrative.values()) for c in columns]
        named += self.notes
        return frozenset(filter(None, named))

    def key_columns(self) -> tuple[str, ...]:
        """Return the columns of the key; none where the row's number or all that it holds is the key."""
        return () if self.key in ((ROW_NUMBER,), (ROW_CONTENT,)) else self.key


def read_mapping(content: bytes) -> ImportMapping:
    """Read and check a mapping file; raises Invalid naming the entry that is wrong."""
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(mapping=f"This is not a TOML file: {error}") from None
    _refuse_unknown("mapping", raw, _TOP)
    consents, basis = read_consents(raw.get("consent", {}))
    coded = tuple(_coded(name, entry) for name, entry in _table(raw, "fields").items())
    missing = [name for name in _REQUIRED_FIELDS if name not in {column.name for column in coded}]
    if missing:
        raise Invalid(**{f"fields.{missing[0]}": "Say which column it comes from, or give a constant code."})
    return ImportMapping(
        source=_text(raw, "source"),
        key=_key(raw.get("key")),
        coded=coded,
        date=_date(_table(raw, "date")),
        consents=consents,
        basis=basis,
        identity=_texts("identity", raw.get("identity", {}), IDENTITY_FIELDS),
        narrative=_texts("narrative", _without_notes(raw.get("narrative", {})), NARRATIVE_FIELDS),
        notes=_strings("narrative.notes", _table_or_none(raw, "narrative").get("notes", [])),
        nulls=frozenset(_strings("nulls", raw.get("nulls", ["", "NA", "NULL", "(null)"]))),
        delimiter=str(raw.get("delimiter", ",")),
        encoding=str(raw.get("encoding", "utf-8-sig")),
    )


def _coded(name: str, entry: Any) -> CodedColumn:
    where = f"fields.{name}"
    if name not in FIELDS:
        raise Invalid(**{where: f"There is no such coded field. There are: {', '.join(sorted(FIELDS))}."})
    if isinstance(entry, str):
        return CodedColumn(name, constant=_code(where, name, entry))
    _refuse_unknown(where, entry, {"column", "kind", "values", "otherwise", "null", "separator", "park"})
    kind = entry.get("kind", "codes")
    if kind not in ("codes", "labels", "age") or (kind == "age" and name != "age_band"):
        raise Invalid(**{f"{where}.kind": "Write codes, labels, or age (for age_band only)."})
    otherwise, values = entry.get("otherwise", REFUSE), entry.get("values", {})
    _require_section(f"{where}.values", values)
    return CodedColumn(
        name,
        column=_text(entry, "column", where),
        kind=kind,
        values={value: _value(where, name, codes) for value, codes in values.items()},
        otherwise=otherwise if otherwise == REFUSE else _code(where, name, otherwise),
        null=_code(where, name, entry.get("null", "not_asked")) if "null" in entry else "not_asked",
        separator=str(entry.get("separator", "")),
        parked=frozenset(_strings(f"{where}.park", entry.get("park", []))),
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
    _refuse_unknown("date", entry, {"precision", "column", "format", "year", "month", "day"})
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
    _refuse_unknown("date", entry, {"order", "column", "year", "month", "day", "park", "counted"})
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


def read_consents(entry: Mapping[str, Any]) -> tuple[Mapping[str, Consent], str]:
    """Read the consents; a mapping that is silent imports people whom nobody asked: they count in nothing."""
    _require_section("consent", entry)
    answers = {purpose: answer for purpose, answer in entry.items() if purpose not in ("basis", "how")}
    how = entry.get("how", NOT_ASKED)
    if not isinstance(how, str) or how not in code_list("consent_means"):
        raise Invalid(**{"consent.how": "Write a code of the list consent_means: how they answered."})
    for purpose, answer in answers.items():
        known = isinstance(answer, str) and answer in code_list("consent_answer")
        if purpose not in code_list("consent_purpose") or not known:
            raise Invalid(**{f"consent.{purpose}": "Write a purpose and an answer of the code lists."})
    basis = str(entry.get("basis", "")).strip()
    if answers and not basis:
        raise Invalid(
            **{"consent.basis": "Say what the consent rests on: who agreed, when, or why it is not needed."}
        )
    return {purpose: make_consent(answer, how) for purpose, answer in answers.items()}, basis


def make_consent(answer: str, how: str) -> Consent:
    """Return the consent of everybody in a list; how they answered goes with an answer only."""
    return Consent(answer, how=NOT_ASKED if answer == NOT_ASKED else how)


def _texts(where: str, entry: Mapping[str, Any], known: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    _refuse_unknown(where, entry, set(known))
    named = {k: _strings(f"{where}.{k}", [v] if isinstance(v, str) else v) for k, v in entry.items()}
    for name, columns in named.items():
        if "" in columns:
            raise Invalid(**{f"{where}.{name}": "Name the column."})
    return named


def _table_or_none(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    entry = raw.get(name, {})
    _require_section(name, entry)
    return dict(entry)


def _without_notes(entry: Any) -> Any:
    return {k: v for k, v in entry.items() if k != "notes"} if isinstance(entry, dict) else entry


def _strings(where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise Invalid(**{where: "Write a list of texts here."})
    return tuple(value)


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


def _text(raw: Mapping[str, Any], name: str, where: str = "", allow_empty: bool = False) -> str:
    value = raw.get(name)
    label = f"{where}.{name}" if where else name
    if not isinstance(value, str) or not (value or allow_empty):
        raise Invalid(**{label: "Write a text here."})
    return value


def _require_section(where: str, entry: Any) -> None:
    if not isinstance(entry, dict):
        raise Invalid(**{where: "Write a section with entries here."})


def _refuse_unknown(where: str, entry: Mapping[str, Any], known: set[str]) -> None:
    _require_section(where, entry)
    for name in entry:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise Invalid(**{f"{where}.{name}": f"There is no such entry. There are: {listed}."})
