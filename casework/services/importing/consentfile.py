"""The section [consent] of a mapping file: one answer for everybody, or columns of answers."""

from collections.abc import Mapping
from typing import Any

from casework.domain.person import Consent
from casework.domain.vocabulary import NOT_ASKED, code_list
from casework.errors import Invalid
from casework.services.importing.entries import read_text, refuse_unknown, require_section
from casework.services.importing.mapping import EVERY_OTHER, CodedColumn, ConsentColumns, make_consent
from casework.services.importing.targets import CONSENT_HOW, DAYS, PURPOSES
from casework.services.importing.vaguedates import Order

_DAY = "<day>"
"""Among the values of a column: every cell that holds a day."""


def read_consents(entry: Any) -> tuple[Mapping[str, Consent], ConsentColumns, str]:
    """Read the consents; a mapping that is silent imports people whom nobody asked: they count in nothing."""
    refuse_unknown("consent", entry, {"basis", "how", "on", *PURPOSES})
    said = {purpose: entry[purpose] for purpose in PURPOSES if purpose in entry}
    columns = {purpose: one for purpose, one in said.items() if isinstance(one, dict)}
    how = entry.get("how", NOT_ASKED)
    means = NOT_ASKED if isinstance(how, dict) else _code("consent.how", "consent_means", how)
    day, order = _read_day(entry["on"]) if "on" in entry else ("", None)
    told = ConsentColumns(
        {purpose: _read_column(purpose, "consent_answer", one) for purpose, one in columns.items()},
        day,
        order,
        _read_column("how", "consent_means", how) if isinstance(how, dict) else None,
        means,
    )
    answers = {purpose: answer for purpose, answer in said.items() if purpose not in columns}
    basis = str(entry.get("basis", "")).strip()
    if answers and not basis:
        raise Invalid(
            **{"consent.basis": "Say what the consent rests on: who agreed, when, or why it is not needed."}
        )
    consents = {
        purpose: make_consent(_code(f"consent.{purpose}", "consent_answer", answer), means)
        for purpose, answer in answers.items()
    }
    return consents, told, basis


def _read_column(name: str, list_name: str, entry: Mapping[str, Any]) -> CodedColumn:
    """Read a column; what its values do not name is kept in words, and nobody was asked."""
    where = f"consent.{name}"
    refuse_unknown(where, entry, {"column", "values"})
    values = entry.get("values", {})
    require_section(f"{where}.values", values)
    codes = {value: _code(f"{where}.values", list_name, code) for value, code in values.items()}
    return CodedColumn(
        CONSENT_HOW if name == "how" else f"consent_{name}",
        column=read_text(entry, "column", where),
        values={DAYS if value == _DAY else value: (code,) for value, code in codes.items()},
        otherwise="other" if name == "how" else NOT_ASKED,
        parked=frozenset({EVERY_OTHER}),
    )


def _read_day(entry: Any) -> tuple[str, Order | None]:
    refuse_unknown("consent.on", entry, {"column", "order"})
    try:
        order = Order(entry["order"]) if "order" in entry else None
    except ValueError:
        raise Invalid(**{"consent.on.order": "Write day_first or month_first."}) from None
    return read_text(entry, "column", "consent.on"), order


def _code(where: str, list_name: str, code: Any) -> str:
    known = code_list(list_name)
    if not isinstance(code, str) or code not in known:
        raise Invalid(**{where: f"“{code}” is no code here. There are: {', '.join(known.codes)}."})
    return code
