"""Sealed files: a long content in chunks, each authenticated before it is given out (STREAM).

    43 57 46 | version u8 = 1 | algorithm u8 = 1 | copy u8 | chunk | chunk | …

Each chunk is AES-256-GCM of 65,536 bytes of the padded content, of the last one what is left. Its nonce is
seven zero bytes, its number as u32, and 1 for the last one, else 0; the associated data is the 6-byte header
and the 16 bytes of the attachment's id. The construction is that of Hoang, Reyhanitabar, Rogaway and Vizár,
"Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015, as age and Tink have it: chunks
that are missing, changed places, follow behind the last, or come from another file do not open.
"""

import os
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.errors import Tampered
from casework.vault.labels import KEY_BYTES, u32
from casework.vault.padding import padme

MAGIC = b"CWF\x01\x01"
HEADER_BYTES = len(MAGIC) + 1
CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
_ZEROS = bytes(CHUNK_BYTES)


class Copy(IntEnum):
    """Which copy of an attachment a file holds; permanent numbers."""

    ORIGINAL = 1
    CLEANED = 2
    PREVIEW = 3


class Source(Protocol):
    """What sealed bytes are read from, at any place."""

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; fewer only at the end."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go on from here; returns the place."""


def new_file_key() -> bytes:
    """Return a random key for one file: it MUST seal no other, for the nonces only count chunks."""
    return os.urandom(KEY_BYTES)


def count_sealed_bytes(size_bytes: int) -> int:
    """Return how large the sealed file of so many bytes of content is; ValueError for fewer than one."""
    if size_bytes < 1:
        raise ValueError("a sealed file holds at least one byte")
    padded = padme(size_bytes)
    return HEADER_BYTES + padded + TAG_BYTES * -(-padded // CHUNK_BYTES)


def _nonce(number: int, is_last: bool) -> bytes:
    return bytes(7) + u32(number) + bytes((is_last,))


class Sealer:
    """Seals what is written to it, chunk by chunk; `finish` must follow the last byte.

    At most two chunks are held. `size_bytes` is how much content there was so far.
    """

    def __init__(self, key: bytes, row: UUID, copy: Copy, write: Callable[[bytes], object]) -> None:
        """Take a 32-byte key that seals nothing else, and what takes the sealed bytes."""
        header = MAGIC + bytes((copy,))
        self._aes, self._place, self._write = AESGCM(key), header + row.bytes, write
        self._held = bytearray()
        self._number = 0
        self.size_bytes = 0
        write(header)

    def write(self, data: bytes) -> None:
        """Take more content."""
        self.size_bytes += len(data)
        self._add(memoryview(data))

    def _add(self, view: memoryview) -> None:
        while len(view):
            # A full chunk waits for the byte behind it: only then it is known not to be the last.
            if len(self._held) == CHUNK_BYTES:
                self._seal(is_last=False)
            taken = min(len(view), CHUNK_BYTES - len(self._held))
            self._held += view[:taken]
            view = view[taken:]

    def finish(self) -> None:
        """Pad, and seal the last chunk; ValueError where nothing was written."""
        left = count_fill_bytes(self.size_bytes)
        while left:
            filled = min(left, CHUNK_BYTES)
            self._add(memoryview(_ZEROS)[:filled])
            left -= filled
        self._seal(is_last=True)

    def _seal(self, is_last: bool) -> None:
        self._write(self._aes.encrypt(_nonce(self._number, is_last), bytes(self._held), self._place))
        self._held.clear()
        self._number += 1


def count_fill_bytes(size_bytes: int) -> int:
    """Return how many zero bytes follow so many bytes of content; ValueError for fewer than one."""
    if size_bytes < 1:
        raise ValueError("a sealed file holds at least one byte")
    return padme(size_bytes) - size_bytes


class Opener:
    """Opens a sealed file whose content has `size_bytes`.

    `read` looks at header and size first, and authenticates every chunk before any of it is given out.
    Tampered is raised for a file that is not exactly what was sealed with this key, for this attachment,
    copy and size.
    """

    def __init__(self, key: bytes, row: UUID, copy: Copy, size_bytes: int, source: Source) -> None:
        """Take the key, the place and the size of the content, and the sealed bytes."""
        if size_bytes < 1 or len(key) != KEY_BYTES:
            raise Tampered("a sealed file has a key of 32 bytes and a content")
        self._aes, self._header, self._row = AESGCM(key), MAGIC + bytes((copy,)), row
        self._size_bytes, self._padded_bytes, self._source = size_bytes, padme(size_bytes), source

    def _check_shape(self) -> None:
        """Refuse another header, and a file that is shorter or longer than its content says."""
        self._source.seek(0)
        header = self._source.read(HEADER_BYTES)
        if header != self._header or self._source.seek(0, 2) != count_sealed_bytes(self._size_bytes):
            raise Tampered("the sealed file has another header or size")

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the content from byte `start` to before `stop`, or all of it, in pieces.

        The fill behind the content is verified where the content is read to its end.
        """
        self._check_shape()
        stop = self._size_bytes if stop is None else min(stop, self._size_bytes)
        reach = self._padded_bytes if stop == self._size_bytes else stop
        first = start // CHUNK_BYTES
        self._source.seek(HEADER_BYTES + first * (CHUNK_BYTES + TAG_BYTES))
        for number in range(first, -(-reach // CHUNK_BYTES)):
            plain, at = self._open(number), number * CHUNK_BYTES
            if any(plain[max(0, self._size_bytes - at) :]):
                raise Tampered("the fill behind the content is not zero")
            piece = plain[max(0, start - at) : max(0, stop - at)]
            if piece:
                yield piece

    def _open(self, number: int) -> bytes:
        left = self._padded_bytes - number * CHUNK_BYTES
        sealed = self._source.read(min(left, CHUNK_BYTES) + TAG_BYTES)
        try:
            return self._aes.decrypt(
                _nonce(number, left <= CHUNK_BYTES), sealed, self._header + self._row.bytes
            )
        except (InvalidTag, ValueError):
            raise Tampered(f"chunk {number + 1} does not open") from None
