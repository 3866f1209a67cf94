"""Why something cannot be imported: a sentence that quotes the file, and can still be translated."""

from collections.abc import Mapping
from typing import Self

_LONGEST_QUOTED = 80


class Reason(str):
    """The sentence in English; `sentence` and `values` are what it was made of, for other languages."""

    __slots__ = ("sentence", "values")

    sentence: str
    values: Mapping[str, str | int]

    def __new__(cls, sentence: str, **values: str | int) -> Self:
        """Fill a sentence marked by N_ with what it is about."""
        quoted = {name: _shorten(value) for name, value in values.items()}
        reason = super().__new__(cls, sentence % quoted if quoted else sentence)
        reason.sentence, reason.values = sentence, quoted
        return reason


def _shorten(value: str | int) -> str | int:
    """Cut what is quoted of a cell: it may hold a whole report."""
    is_long = isinstance(value, str) and len(value) > _LONGEST_QUOTED
    return f"{value[:_LONGEST_QUOTED].rstrip()}…" if is_long and isinstance(value, str) else value


def describe_reason(text: str) -> tuple[str, dict[str, str | int]]:
    """Give a fault in a form that can be kept: its sentence and its values."""
    return (text.sentence, dict(text.values)) if isinstance(text, Reason) else (text, {})
