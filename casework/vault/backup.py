"""Files that leave the machine: age v1, sealed to the X25519 half of the recovery key, or to words.

Streams in, streams out, a few chunks of 64 KiB in memory whatever the length. An age file says nothing of
who made it: what it holds is trusted no further than the signed roster and the sealed records inside it.
"""

import io
from typing import Any, Protocol

import pyrage
from bech32 import bech32_encode, convertbits

from casework.errors import Tampered, UnknownKey
from casework.vault.identity import MLKEM_PUBLIC_BYTES, MemberPublic, MemberSecret
from casework.vault.labels import Label, derive
from casework.vault.turns import ONE_AT_A_TIME

MAGIC = b"age-encryption.org/v1\n"


class Source(Protocol):
    """What bytes are read from: an open file, say."""

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end."""


class Target(Protocol):
    """What bytes are written to: an open file, say."""

    def write(self, data: bytes, /) -> object:
        """Take all of the bytes."""


def recipient(public: MemberPublic) -> str:
    """Return the `age1…` of a public key, to which any age program can seal."""
    return _spell("age", public.hpke[MLKEM_PUBLIC_BYTES:])


def identity(secret: MemberSecret) -> str:
    """Return the `AGE-SECRET-KEY-1…` of a secret key, with which any age program opens what it may."""
    return _spell("age-secret-key-", derive(secret.seed, Label.MEMBER_X25519)).upper()


def _spell(kind: str, key: bytes) -> str:
    groups = convertbits(key, 8, 5, True)
    assert groups is not None  # noqa: S101 - only numbers above 255 have none
    return bech32_encode(kind, groups)


class _Watched:
    """A stream whose own failures are told from the format's: pyrage wraps both into errors of its own."""

    def __init__(self, stream: Any, before: bytes = b"") -> None:
        self._stream = stream
        self._before = before
        self.failure: BaseException | None = None

    def read(self, size: int) -> bytes:
        if self._before:
            first, self._before = self._before[:size], self._before[size:]
            return first
        return self._try(self._stream.read, size)  # type: ignore[no-any-return]

    def write(self, data: bytes) -> int:
        self._try(self._stream.write, data)
        return len(data)

    def flush(self) -> None:
        """Leave it to who opened the stream."""

    def _try(self, deed: Any, given: object) -> Any:
        try:
            return deed(given)
        except BaseException as failure:
            self.failure = failure
            raise


def seal_stream(public: MemberPublic, source: Source, target: Target) -> None:
    """Seal all that `source` gives; what the streams themselves raise comes through."""
    reader, writer = _Watched(source), _Watched(target)
    try:
        pyrage.encrypt_io(reader, writer, [pyrage.x25519.Recipient.from_str(recipient(public))])
    except (pyrage.EncryptError, OSError):
        raise reader.failure or writer.failure or Tampered("nothing can be sealed to this key") from None


def open_stream(secret: MemberSecret, source: Source, target: Target) -> None:
    """Open what `seal_stream` sealed; UnknownKey when it is for another key, Tampered when it is damaged.

    A file that was cut short is found at its end: what has been written until then MUST NOT be used before
    this returns.
    """
    start = source.read(len(MAGIC))
    if start != MAGIC:
        raise Tampered("not an age file of version 1")  # nor the armoured spelling of one
    reader, writer = _Watched(source, start), _Watched(target)
    try:
        pyrage.decrypt_io(reader, writer, [pyrage.x25519.Identity.from_str(identity(secret))])
    except (pyrage.DecryptError, OSError) as error:
        if failure := reader.failure or writer.failure:
            raise failure from None
        if str(error) == "No matching keys found":
            raise UnknownKey("the age file is sealed to another key") from None
        raise Tampered("the age file is damaged or cut short") from None


def seal_bytes(public: MemberPublic, plain: bytes) -> bytes:
    """Seal what is small."""
    sealed = io.BytesIO()
    seal_stream(public, io.BytesIO(plain), sealed)
    return sealed.getvalue()


def open_bytes(secret: MemberSecret, sealed: bytes) -> bytes:
    """Open what is small; raises as `open_stream`."""
    plain = io.BytesIO()
    open_stream(secret, io.BytesIO(sealed), plain)
    return plain.getvalue()


def open_with_words(words: str, sealed: bytes) -> bytes:
    """Open a file that is sealed to words; Tampered for other words and for damage, which look alike."""
    try:
        with ONE_AT_A_TIME:
            plain: bytes = pyrage.passphrase.decrypt(sealed, words)
    except (pyrage.DecryptError, OSError):
        raise Tampered("the age file is damaged, or the words are others") from None
    return plain
