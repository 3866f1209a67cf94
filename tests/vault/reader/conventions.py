"""§1: frames, derivations, base64url, digits and canonical documents."""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any, NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.vault.reader.refusals import Tampered, require

Document = dict[str, Any]


def u8(number: int) -> bytes:
    """Return one byte."""
    return number.to_bytes(1, "big")


def u32(number: int) -> bytes:
    """Return four bytes, big-endian."""
    return number.to_bytes(4, "big")


def u64(number: int) -> bytes:
    """Return eight bytes, big-endian."""
    return number.to_bytes(8, "big")


def frame(label: str, *parts: bytes | str) -> bytes:
    """Return a label and its parts, each with its length."""
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return label.encode() + b"\0" + b"".join(u32(len(part)) + part for part in encoded)


def derive(key: bytes, label: str, *parts: bytes | str, length: int = 32) -> bytes:
    """Return a key derived under a label."""
    return HKDF(SHA256(), length, None, frame(label, *parts)).derive(key)


def digest(label: str, *parts: bytes | str) -> bytes:
    """Return the SHA-256 of a frame."""
    return hashlib.sha256(frame(label, *parts)).digest()


def mac(key: bytes, label: str, *parts: bytes | str) -> bytes:
    """Return the HMAC-SHA256 of a frame."""
    return hmac.digest(key, frame(label, *parts), "sha256")


def digits(label: str, data: bytes) -> str:
    """Return six groups of four digits for people to compare."""
    number = f"{int.from_bytes(digest(label, data), 'big') % 10**24:024}"
    return " ".join(number[place : place + 4] for place in range(0, 24, 4))


def to_base64url(data: bytes) -> str:
    """Return the one spelling of these bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: object) -> bytes:
    """Return the bytes; any other spelling is refused."""
    try:
        assert isinstance(text, str)
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (AssertionError, ValueError, binascii.Error) as error:
        raise Tampered("base64url") from error
    require(to_base64url(data) == text, "a second spelling")
    return data


def from_hex_id(text: object) -> bytes:
    """Return the sixteen bytes of an id as it stands in text."""
    require(isinstance(text, str) and len(text) == 32 and set(text) <= set("0123456789abcdef"), "id")
    return bytes.fromhex(str(text))


def _refuse(_: str) -> NoReturn:
    raise Tampered("a number that is not whole")


def read_document(encoded: bytes) -> Document:
    """Return what a canonical document says; another spelling of the same is refused."""
    try:
        document = json.loads(encoded.decode(), parse_float=_refuse, parse_constant=_refuse)
        again = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError) as error:
        raise Tampered("no document") from error
    require(isinstance(document, dict) and again == encoded, "not canonical")
    return dict(document)


def read_with_schema(encoded: bytes) -> Document:
    """Return what a sealed document says: each of these has a schema."""
    document = read_document(encoded)
    require(type(document.get("schema")) is int, "schema")
    return document
