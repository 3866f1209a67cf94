"""What the vectors are made of: named cases, fixed keys, and forgeries of bytes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from casework.vault.identity import MemberSecret

ROW = UUID("00112233-4455-6677-8899-aabbccddeeff")
OTHER_ROW = UUID("ffeeddcc-bbaa-9988-7766-554433221100")
KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
ANA, BEN, RECOVERY, AUDIT = (MemberSecret(bytes([number]) * 32) for number in (1, 2, 4, 5))
ANA_ID = UUID("00000000-0000-4000-8000-00000000000a")
BEN_ID = UUID("00000000-0000-4000-8000-00000000000b")
HALVES = {"outside": (bytes([6]) * 32).hex(), "erasable": (bytes([7]) * 32).hex()}

Case = tuple[str, dict[str, Any], Any]


class Kept:
    """The accepted cases of a file as it is, to keep what was sealed at random."""

    def __init__(self, accepted: Sequence[dict[str, Any]]) -> None:
        self._given = {case["name"]: case["given"] for case in accepted}

    def value(self, name: str, key: str, fresh: Any) -> Any:
        """Return what the named case has under the key, or what was made now where there is none yet."""
        return self._given[name][key] if name in self._given else fresh


def vectors(about: str, accept: Sequence[Case], reject: Sequence[Case]) -> dict[str, Any]:
    """Return a file: an accepted case has a result, a refused one the name of its error."""
    return {
        "about": about,
        "accept": [{"name": name, "given": given, "result": result} for name, given, result in accept],
        "reject": [{"name": name, "given": given, "error": error} for name, given, error in reject],
    }


def tampered(given: dict[str, Any], **changed: dict[str, Any]) -> list[Case]:
    """Return a refused case for each change to a good one, named after the change."""
    return [(name.replace("_", " "), given | change, "Tampered") for name, change in changed.items()]


def flip(sealed: str, byte: int) -> str:
    """Return the hex with the lowest bit of one byte changed."""
    data = bytearray.fromhex(sealed)
    data[byte] ^= 1
    return data.hex()


def broken_seal(given: dict[str, Any], extra: int = 0) -> list[Case]:
    """Return refused cases for an envelope behind `extra` bytes: header, nonce, body, tag, length."""
    sealed = given["sealed"]
    return tampered(
        given,
        version_of_the_format={"sealed": flip(sealed, extra)},
        algorithm={"sealed": flip(sealed, extra + 1)},
        epoch_in_the_header={"sealed": flip(sealed, extra + 5)},
        nonce={"sealed": flip(sealed, extra + 6)},
        body={"sealed": flip(sealed, extra + 18)},
        tag={"sealed": flip(sealed, -1)},
        truncated={"sealed": sealed[:-2]},
        trailing_byte={"sealed": sealed + "00"},
        empty={"sealed": ""},
    )
