"""Costly derivations take turns: together they would ask for more memory than a small machine has."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest

from casework.vault import backup, passphrase
from casework.vault.hostkey import HostKey
from casework.vault.turns import ONE_AT_A_TIME
from casework.vault.wordsealing import seal_pieces_with_words

WORDS = "four quiet lanterns keep"


@pytest.fixture(scope="module")
def sealed() -> bytes:
    """What was sealed with the words."""
    return b"".join(seal_pieces_with_words(WORDS, [b"words"]))


@pytest.mark.parametrize(
    "derive",
    [
        lambda _sealed: next(iter(seal_pieces_with_words(WORDS, [b"words"]))),
        lambda sealed: backup.open_with_words(WORDS, sealed),
        lambda _sealed: passphrase.seal_seed(WORDS, uuid4(), HostKey(bytes(32)), bytes(32)),
    ],
    ids=["sealing_with_words", "opening_with_words", "a_passphrase"],
)
def test_each_waits_for_its_turn(derive: Callable[[bytes], object], sealed: bytes) -> None:
    """While another derives, it does not begin; then it goes on."""
    done = threading.Event()

    def run() -> None:
        derive(sealed)
        done.set()

    with ONE_AT_A_TIME:
        threading.Thread(target=run, daemon=True).start()
        assert not done.wait(2.5)
    assert done.wait(30)
