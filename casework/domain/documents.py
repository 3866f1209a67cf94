"""What every sealed document has in common: a schema number, fixed keys, plain values.

How a format evolves: a new shape gets the next schema number, and its `from_document` turns the older
shapes into it before the checks below. A schema number is never reused and a written document never
rewritten for the sake of a new one.
"""

import re
from collections.abc import Mapping, Set
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from casework.errors import Invalid

from .messages import N_

Document = dict[str, Any]
"""Plain JSON: strings, whole numbers, lists, dicts and None; never a float."""

UNREADABLE = N_("This record is in a form that this version of casework cannot read.")

_HEX = re.compile(r"[0-9a-f]{32}")
_set = object.__setattr__
_SAFE = UUID(int=0).is_safe


def unreadable() -> Invalid:
    """Make the one error for a document that is not of a known shape; it tells nothing of the content."""
    return Invalid(document=UNREADABLE)


def require_shape(document: Mapping[str, Any], keys: Set[str], schema: int = 1) -> None:
    """Raise `Invalid` unless `document` has exactly `keys` (which include "schema") and that schema."""
    if type(document) is not dict or document.keys() != keys:
        raise unreadable()
    number = document["schema"]
    if type(number) is not int or number != schema:
        raise unreadable()


def require_same(document: Document, understood: Document) -> None:
    """Raise `Invalid` unless what was read would be written as it was found, character by character."""
    if document != understood:
        raise unreadable()


def read_text(document: Mapping[str, Any], key: str) -> str:
    """Give the string under `key`; `Invalid` for anything else."""
    value = document[key]
    if type(value) is not str:
        raise unreadable()
    return value


def read_list(value: Any) -> list[Any]:
    """Give `value` when it is a list; `Invalid` otherwise."""
    if type(value) is not list:
        raise unreadable()
    return value


def read_uuid(text: Any) -> UUID:
    """Give the UUID that `text` writes as 32 lower-case hex digits; `Invalid` for any other form.

    Built past `UUID.__init__`, which takes six spellings and is slower for it.
    """
    if type(text) is not str or _HEX.fullmatch(text) is None:
        raise unreadable()
    uuid = object.__new__(UUID)
    _set(uuid, "int", int(text, 16))
    _set(uuid, "is_safe", _SAFE)
    return uuid


def read_frequent_uuid(text: Any) -> UUID:
    """Do as `read_uuid`, remembering: for ids that come back in record after record, members and patterns."""
    try:
        return _remembered_uuid(text)
    except TypeError:  # unhashable, so no string
        raise unreadable() from None


_remembered_uuid = lru_cache(maxsize=1 << 12)(read_uuid)


def read_date(text: Any) -> date:
    """Give the day that `text` writes as YYYY-MM-DD; `Invalid` for any other form."""
    if type(text) is not str or len(text) != 10 or text[7] != "-":  # fromisoformat takes weeks too
        raise unreadable()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise unreadable() from None
