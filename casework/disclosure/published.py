"""Reading a document as an outsider has it, strictly: whatever is not of the form is refused."""

from collections.abc import Mapping
from typing import Final

from casework.disclosure.refusals import refusal

HIDDEN: Final = "hidden"
IMPOSSIBLE: Final = "impossible"


def as_list(value: object) -> list[object]:
    """The list, or a refusal."""
    if not isinstance(value, list):
        raise refusal("bad_document")
    return value


def as_text(value: object) -> str:
    """The text, or a refusal."""
    if not isinstance(value, str) or not value:
        raise refusal("bad_document")
    return value


def as_count(value: object) -> int:
    """The whole number, or a refusal."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise refusal("bad_document")
    return value


def as_mapping(value: object, keys: frozenset[str] | None = None) -> Mapping[str, object]:
    """The mapping with text keys (exactly those, if given), or a refusal."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise refusal("bad_document")
    if keys is not None and set(value) != keys:
        raise refusal("bad_document")
    return value
