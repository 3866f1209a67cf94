"""Age files: to the recovery key and to words; strict, and flat in memory."""

import io
import resource

import pyrage
import pytest

from casework.errors import Tampered, UnknownKey
from casework.vault import backup
from tests.vault.cast import ANA, BEN


class Zeros:
    """A source of so many zero bytes."""

    def __init__(self, length: int) -> None:
        self.left = length

    def read(self, size: int, /) -> bytes:
        """Give some."""
        given = min(size, self.left)
        self.left -= given
        return bytes(given)


class Counter:
    """A target that keeps nothing."""

    def __init__(self) -> None:
        self.taken = 0

    def write(self, data: bytes, /) -> None:
        """Take some."""
        self.taken += len(data)


class Full:
    """A source and target on a disk that has no room and no patience."""

    def read(self, _size: int, /) -> bytes:
        """Fail."""
        raise OSError(5, "the disk")

    def write(self, _data: bytes, /) -> None:
        """Fail."""
        raise OSError(28, "the disk")


def test_any_age_program_can_seal_and_open() -> None:
    """Recipient and identity are spelled as age spells them, and belong together."""
    made = pyrage.x25519.Identity.from_str(backup.identity(ANA))
    assert str(made.to_public()) == backup.recipient(ANA.public)
    assert backup.recipient(ANA.public).startswith("age1")
    sealed = pyrage.encrypt(b"words", [pyrage.x25519.Recipient.from_str(backup.recipient(ANA.public))])
    assert backup.open_bytes(ANA, sealed) == b"words"
    assert pyrage.decrypt(backup.seal_bytes(ANA.public, b"words"), [made]) == b"words"


@pytest.mark.parametrize("length", [0, 1, 65535, 65536, 65537, 200_000])
def test_any_length_comes_back(length: int) -> None:
    """Chunk borders are no special case."""
    plain = bytes(range(256)) * (length // 256) + bytes(length % 256)
    assert backup.open_bytes(ANA, backup.seal_bytes(ANA.public, plain)) == plain


def test_another_key_is_told_from_damage() -> None:
    """The shares of another organization get another answer than a broken file."""
    sealed = backup.seal_bytes(ANA.public, b"words")
    with pytest.raises(UnknownKey):
        backup.open_bytes(BEN, sealed)
    with pytest.raises(Tampered):
        backup.open_bytes(ANA, sealed[:-1])


def test_armour_is_refused() -> None:
    """One content has one spelling."""
    to = pyrage.x25519.Recipient.from_str(backup.recipient(ANA.public))
    with pytest.raises(Tampered):
        backup.open_bytes(ANA, pyrage.encrypt(b"words", [to], armored=True))


@pytest.mark.parametrize("cut", [-1, 30, 230, 240, 65_900, -65_000])
def test_a_file_cut_short_is_found(cut: int) -> None:
    """In the header, in a chunk and at the end of one."""
    sealed = backup.seal_bytes(ANA.public, bytes(200_000))
    with pytest.raises(Tampered):
        backup.open_bytes(ANA, sealed[:cut])


@pytest.mark.parametrize("source", [Full(), Zeros(10**6)])
def test_the_disk_s_own_errors_come_through(source: Full | Zeros) -> None:
    """A full disk is not called a damaged file."""
    with pytest.raises(OSError, match="the disk"):
        backup.seal_stream(ANA.public, source, Full())
    with pytest.raises(OSError, match="the disk"):
        backup.open_stream(ANA, io.BytesIO(backup.seal_bytes(ANA.public, bytes(10**6))), Full())


def test_memory_stays_flat() -> None:
    """A quarter of a gigabyte takes no more than a few megabytes."""
    backup.seal_stream(ANA.public, Zeros(2**20), Counter())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    target = Counter()
    backup.seal_stream(ANA.public, Zeros(2**28), target)
    assert target.taken > 2**28
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024
