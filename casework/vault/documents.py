"""Canonical JSON: one document has one spelling, so signatures and hashes can rely on the bytes.

UTF-8, keys sorted by code point, no white space, no escapes but the necessary ones, no floats, no NaN.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from casework.errors import Tampered

Document = dict[str, Any]

_encoder = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, sort_keys=True, separators=(",", ":")
)


def _refuse(_number: str) -> NoReturn:
    raise ValueError("no floats")


_decoder = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)


def _require_plain(value: object) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError("a document's keys are text")
            _require_plain(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _require_plain(item)
    elif not (value is None or isinstance(value, str | int)):
        raise TypeError(f"a document cannot hold {type(value).__name__}")


def encode(document: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a document of dicts, lists, text, whole numbers, booleans and None.

    TypeError for anything else; ValueError for text that is no Unicode (a lone surrogate).
    """
    plain = dict(document)
    _require_plain(plain)
    return _encoder.encode(plain).encode()


def decode(encoded: bytes) -> Document:
    """Return the document; Tampered unless `encode` gives exactly these bytes for it.

    Encoding again is the whole strictness: it refuses repeated keys, other spellings and other orders
    at once, and costs half as much as looking at each pair does.
    """
    try:
        text = encoded.decode()
        document = _decoder.decode(text)
        if type(document) is dict and _encoder.encode(document) == text:
            return document
    except (ValueError, RecursionError):
        pass
    raise Tampered("not a canonical document")
