"""Single entries of a mapping file, each checked: what is wrong is named by its place in the file."""

from collections.abc import Mapping
from typing import Any

from casework.errors import Invalid


def read_strings(where: str, value: Any) -> tuple[str, ...]:
    """Read a list of texts; raises Invalid naming `where`."""
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise Invalid(**{where: "Write a list of texts here."})
    return tuple(value)


def read_text(raw: Mapping[str, Any], name: str, where: str = "", allow_empty: bool = False) -> str:
    """Read the text called `name` of a section; raises Invalid."""
    value = raw.get(name)
    label = f"{where}.{name}" if where else name
    if not isinstance(value, str) or not (value or allow_empty):
        raise Invalid(**{label: "Write a text here."})
    return value


def require_section(where: str, entry: Any) -> None:
    """Raise Invalid for what is no section."""
    if not isinstance(entry, dict):
        raise Invalid(**{where: "Write a section with entries here."})


def refuse_unknown(where: str, entry: Mapping[str, Any], known: set[str]) -> None:
    """Raise Invalid for an entry that a section does not have; nobody mistypes one unnoticed."""
    require_section(where, entry)
    for name in entry:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise Invalid(**{f"{where}.{name}": f"There is no such entry. There are: {listed}."})
