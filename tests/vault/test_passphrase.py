"""A sealed seed opens for its passphrase, member and host key, and for nothing else."""

import subprocess
import sys
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from casework.errors import Tampered, WrongPassphrase
from casework.vault import hostkey, passphrase
from casework.vault.labels import u32
from tests.vault.cast import ANA, ANA_ID, BEN_ID, CHEAP, HOST_KEY, flipped

WORDS = "Écluse vingt-deux Œuvre"
SEALED = passphrase.seal_seed(WORDS, ANA_ID, HOST_KEY, ANA.seed, cost=CHEAP)


def test_round_trip_at_the_default_cost() -> None:
    """Three passes over 64 MiB in four lanes, and the same member comes out."""
    sealed = passphrase.seal_seed(WORDS, ANA_ID, HOST_KEY, ANA.seed)
    assert sealed[:14] == bytes((1, 1)) + u32(3) + u32(65536) + u32(4)
    assert len(sealed) == 96
    assert passphrase.open_seed(WORDS, ANA_ID, HOST_KEY, sealed).public == ANA.public


@pytest.mark.parametrize(
    "typed", ["écluse vingt-deux œuvre", "  ECLUSE VINGT DEUX OEUVRE ", "e\u0301cluse vingt--deux\u00a0œuvre"]
)
def test_case_accents_and_spacing_do_not_matter(typed: str) -> None:
    """What says the same opens the same."""
    assert passphrase.open_seed(typed, ANA_ID, HOST_KEY, SEALED).seed == ANA.seed


def test_anything_else_is_a_wrong_passphrase() -> None:
    """Another passphrase, member, version or host key."""
    other_host = hostkey.derive_host_key(bytes([6]) * 32, bytes([8]) * 32)
    for typed, member_id, host_key, version in (
        ("ecluse vingt deux", ANA_ID, HOST_KEY, 1),
        ("", ANA_ID, HOST_KEY, 1),
        (WORDS, BEN_ID, HOST_KEY, 1),
        (WORDS, ANA_ID, other_host, 1),
        (WORDS, ANA_ID, HOST_KEY, 2),
    ):
        with pytest.raises(WrongPassphrase):
            passphrase.open_seed(typed, member_id, host_key, SEALED, version=version)


@pytest.mark.parametrize("bit", [8 * byte + 1 for byte in (14, 29, 30 + 6, 30 + 18, 95)])
def test_changed_bytes_are_refused(bit: int) -> None:
    """Salt, nonce, body and tag: nobody can tell them from a wrong passphrase."""
    with pytest.raises(WrongPassphrase):
        passphrase.open_seed(WORDS, ANA_ID, HOST_KEY, flipped(SEALED, bit))


@pytest.mark.parametrize("length", [0, 1, 14, 30, 95])
def test_truncated_seals_are_refused(length: int) -> None:
    """A sealed seed has 96 bytes."""
    with pytest.raises(Tampered):
        passphrase.open_seed(WORDS, ANA_ID, HOST_KEY, SEALED[:length])


@pytest.mark.parametrize(
    "spoiled",
    [
        SEALED + b"\0",
        b"\2" + SEALED[1:],
        b"\1\2" + SEALED[2:],
        SEALED[:30] + b"\2" + SEALED[31:],
        SEALED[:35] + b"\2" + SEALED[36:],
    ],
    ids=["longer", "version", "algorithm", "inner version", "inner epoch"],
)
def test_unknown_versions_and_algorithms_are_refused(spoiled: bytes) -> None:
    """Of the seal, of its derivation, of its envelope."""
    with pytest.raises(Tampered):
        passphrase.open_seed(WORDS, ANA_ID, HOST_KEY, spoiled)


@pytest.mark.parametrize(
    ("iterations", "memory_kib", "lanes"),
    [
        (0, 65536, 4),
        (17, 65536, 4),
        (3, 8, 4),
        (3, 2**20 + 1, 4),
        (3, 2**32 - 1, 4),
        (3, 65536, 0),
        (3, 65536, 17),
    ],
)
def test_costs_out_of_bounds_are_refused_before_they_are_paid(
    monkeypatch: pytest.MonkeyPatch, iterations: int, memory_kib: int, lanes: int
) -> None:
    """A planted header exhausts neither memory nor time, and nobody seals so by mistake."""
    planted = SEALED[:2] + u32(iterations) + u32(memory_kib) + u32(lanes) + SEALED[14:]
    monkeypatch.setattr(passphrase, "Argon2id", None)
    with pytest.raises(Tampered, match="bounds"):
        passphrase.open_seed(WORDS, ANA_ID, HOST_KEY, planted)
    with pytest.raises(Tampered, match="bounds"):
        passphrase.seal_seed(
            WORDS, ANA_ID, HOST_KEY, ANA.seed, cost=passphrase.Cost(iterations, memory_kib, lanes)
        )


def test_another_cost_is_another_key() -> None:
    """The cost is part of what is authenticated."""
    planted = SEALED[:2] + u32(2) + SEALED[6:]
    with pytest.raises(WrongPassphrase):
        passphrase.open_seed(WORDS, ANA_ID, HOST_KEY, planted)


def test_two_seals_differ() -> None:
    """Every seal takes its own salt."""
    assert SEALED != passphrase.seal_seed(WORDS, ANA_ID, HOST_KEY, ANA.seed, cost=CHEAP)


def test_a_decoy_costs_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """A login name that does not exist is given the same work as one that does."""
    paid = []

    def pay(**cost: Any) -> Argon2id:
        paid.append({name: cost[name] for name in ("iterations", "memory_cost", "lanes", "length")})
        return Argon2id(**cost)

    monkeypatch.setattr(passphrase, "Argon2id", pay)
    passphrase.seal_seed(WORDS, ANA_ID, HOST_KEY, ANA.seed)
    passphrase.spend_attempt(WORDS, HOST_KEY)
    assert paid == [{"iterations": 3, "memory_cost": 65536, "lanes": 4, "length": 32}] * 2


def test_a_seed_has_32_bytes() -> None:
    """Another length is a mistake in the program."""
    with pytest.raises(ValueError, match="32 bytes"):
        passphrase.seal_seed(WORDS, ANA_ID, HOST_KEY, bytes(31), cost=CHEAP)


IN_THREADS = """
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID
from casework.vault import hostkey, passphrase
host_key, member = hostkey.derive_host_key(bytes(32), bytes(32)), UUID(int=1)
sealed = passphrase.seal_seed("four quiet lanterns", member, host_key, bytes(32))
with ThreadPoolExecutor(4) as pool:
    typed = ["four quiet lanterns"] * 4
    opened = pool.map(lambda words: passphrase.open_seed(words, member, host_key, sealed), typed)
    print(sum(secret.seed == bytes(32) for secret in opened))
"""


def test_several_sign_in_at_the_same_moment() -> None:
    """Derivations of several lanes take turns: at once they would wait for each other for ever.

    In a process of its own, since what hangs there cannot be interrupted.
    """
    done = subprocess.run([sys.executable, "-c", IN_THREADS], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, b"4"), done.stderr
