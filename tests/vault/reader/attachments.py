"""§17: the sealed files of cases."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.vault.reader.conventions import u8, u32
from tests.vault.reader.envelope import padded_size
from tests.vault.reader.refusals import Tampered, require

COPIES = {"original": 1, "cleaned": 2, "preview": 3}
CHUNK, TAG, HEADER = 65_536, 16, 6


@dataclass(frozen=True)
class Place:
    """Where a file belongs: its attachment's id, which copy it is, and the size of its content."""

    row: bytes
    copy: str
    size: int


def open_file(key: bytes, place: Place, sealed: bytes) -> bytes:
    """Return the content of a sealed file."""
    require(place.size > 0 and len(key) == 32, "size or key")
    padded = padded_size(place.size, "padme")
    count = -(-padded // CHUNK)
    header = b"CWF\1\1" + u8(COPIES[place.copy])
    require(sealed[:HEADER] == header and len(sealed) == HEADER + padded + TAG * count, "header or length")
    opened = bytearray()
    for number in range(count):
        start = HEADER + number * (CHUNK + TAG)
        nonce = bytes(7) + u32(number) + u8(number == count - 1)
        try:
            opened += AESGCM(key).decrypt(nonce, sealed[start : start + CHUNK + TAG], header + place.row)
        except InvalidTag as error:
            raise Tampered("chunk") from error
    require(not any(opened[place.size :]), "fill")
    return bytes(opened[: place.size])
