"""Files that words open: any age program does, whatever the length, and nothing else."""

import itertools

import pyrage
import pytest

from casework.errors import Tampered
from casework.vault import wordsealing
from casework.vault.backup import open_with_words
from casework.vault.wordsealing import CHUNK_BYTES, seal_pieces_with_words

WORDS = "onze hérons bleus"


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work less for each key."""
    monkeypatch.setattr(wordsealing, "WORK_FACTOR", 4)


def test_words_open_it() -> None:
    """Exactly as they are spelled; others, and damage, are refused alike."""
    sealed = b"".join(seal_pieces_with_words(WORDS, [b"wo", b"", b"rds"]))
    assert open_with_words(WORDS, sealed) == b"words"
    for words, changed in (("onze hérons bleu", sealed), (WORDS, sealed[:-1])):
        with pytest.raises(Tampered):
            open_with_words(words, changed)


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7]
)
def test_every_length(size: int) -> None:
    """Where a chunk ends with the content, too; however it is cut into pieces."""
    content = bytes(itertools.islice(itertools.cycle(range(251)), size))
    for piece_bytes in (1000, 100_000):
        pieces = (content[at : at + piece_bytes] for at in range(0, size, piece_bytes))
        assert pyrage.passphrase.decrypt(b"".join(seal_pieces_with_words(WORDS, pieces)), WORDS) == content


@pytest.mark.usefixtures("_quick")
def test_what_breaks_off_does_not_open() -> None:
    """Without its last chunk, or with chunks that changed places, it is damaged."""
    sealed = b"".join(seal_pieces_with_words(WORDS, [bytes(3 * CHUNK_BYTES)]))
    end, chunk = len(sealed), CHUNK_BYTES + 16
    swapped = sealed[: end - 2 * chunk] + sealed[end - chunk :] + sealed[end - 2 * chunk : end - chunk]
    for changed in (sealed[: end - chunk], swapped, sealed + b"x"):
        with pytest.raises(Tampered):
            open_with_words(WORDS, changed)
    assert len(sealed) == len(swapped)


@pytest.mark.usefixtures("_quick")
def test_no_two_are_alike() -> None:
    """Each file has a key, a salt and a nonce of its own."""
    first, second = (b"".join(seal_pieces_with_words(WORDS, [b"same"])) for _ in range(2))
    assert first.splitlines()[1:] != second.splitlines()[1:] and first[-20:] != second[-20:]
