"""Why something cannot be imported: a sentence that quotes the file, and can still be translated."""

from collections.abc import Mapping
from typing import Self


class Reason(str):
    """The sentence in English; `sentence` and `values` are what it was made of, for other languages."""

    __slots__ = ("sentence", "values")

    sentence: str
    values: Mapping[str, str | int]

    def __new__(cls, sentence: str, **values: str | int) -> Self:
        """Fill a sentence marked by N_ with what it is about."""
        reason = super().__new__(cls, sentence % values if values else sentence)
        reason.sentence, reason.values = sentence, values
        return reason


def describe_reason(text: str) -> tuple[str, dict[str, str | int]]:
    """Give a fault in a form that can be kept: its sentence and its values."""
    return (text.sentence, dict(text.values)) if isinstance(text, Reason) else (text, {})
