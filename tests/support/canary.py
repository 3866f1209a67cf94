"""Strings that must lie nowhere in plain: planted, then looked for in every spelling."""

import base64
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_LETTERS = "bcdfghjklmnpqrstvwxz"


def canary(name: str) -> str:
    """Return a string that nothing else contains; lower case, so that folding leaves it as it is."""
    return f"{name[:6].lower()}" + "".join(secrets.choice(_LETTERS) for _ in range(14))


def _base64s(plain: bytes) -> Iterator[bytes]:
    """Give what of the base64 of a text around it depends on it alone, at each of the three offsets."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            first = -(-offset * 8 // 6)
            last = (offset + len(plain)) * 8 // 6
            yield encode(bytes(offset) + plain + bytes(3))[first:last]


def spellings(text: str | bytes) -> Mapping[str, bytes]:
    """Return the text, or bytes, in every encoding that is searched for."""
    plain = text if isinstance(text, bytes) else text.encode()
    found = {"UTF-8": plain, "hex": plain.hex().encode(), "HEX": plain.hex().upper().encode()}
    if isinstance(text, str):
        found |= {"UTF-16LE": text.encode("utf-16-le"), "UTF-16BE": text.encode("utf-16-be")}
    for number, encoded in enumerate(_base64s(plain)):
        found[f"base64 {'standard' if number < 3 else 'URL'} at {number % 3}"] = encoded
    return found


def read_files(*roots: Path) -> dict[str, bytes]:
    """Return every file under these folders; one that goes away meanwhile is not there any more."""
    contents: dict[str, bytes] = {}
    for root in roots:
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            try:
                if path.is_file():
                    contents[str(path.relative_to(root.parent))] = path.read_bytes()
            except FileNotFoundError:
                continue
    return contents


def search(
    canaries: Iterable[str | bytes], contents: Mapping[str, bytes]
) -> list[tuple[str | bytes, str, str]]:
    """Return where which canary lies in which spelling: (canary, spelling, file)."""
    return [
        (text, spelling, name)
        for text in canaries
        for spelling, encoded in spellings(text).items()
        for name, content in contents.items()
        if encoded in content
    ]
