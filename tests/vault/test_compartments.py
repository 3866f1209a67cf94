"""Epoch keys open for their recipient, in their place, and only as the roster commits to them."""

import pytest

from casework.errors import Tampered
from casework.vault.compartments import (
    RECOVERY_ID,
    commitment,
    new_epoch_key,
    open_epoch_key,
    seal_epoch_key,
)
from casework.vault.fields import Compartment
from tests.vault.cast import ANA, ANA_ID, BEN, BEN_ID, RECOVERY

KEY = bytes(range(32))
CODED = Compartment.CODED
COMMITTED = commitment(CODED, 1, KEY)


def test_round_trip() -> None:
    """A member and recovery open what was sealed to them."""
    for secret, recipient_id in ((ANA, ANA_ID), (RECOVERY, RECOVERY_ID)):
        sealed = seal_epoch_key(secret.public, recipient_id, CODED, 1, KEY)
        assert open_epoch_key(secret, recipient_id, CODED, 1, sealed, COMMITTED) == KEY


def test_another_place_is_refused() -> None:
    """A seal moved to another member, compartment or epoch opens nothing."""
    sealed = seal_epoch_key(ANA.public, ANA_ID, CODED, 1, KEY)
    for secret, recipient_id, compartment, epoch in (
        (BEN, ANA_ID, CODED, 1),
        (ANA, BEN_ID, CODED, 1),
        (ANA, ANA_ID, Compartment.IDENTITY, 1),
        (ANA, ANA_ID, CODED, 2),
        (ANA, ANA_ID, CODED, -1),
    ):
        with pytest.raises(Tampered):
            open_epoch_key(secret, recipient_id, compartment, epoch, sealed, COMMITTED)


def test_a_false_epoch_key_is_refused() -> None:
    """Anybody can seal to a public key; only the committed key passes."""
    planted = seal_epoch_key(ANA.public, ANA_ID, CODED, 1, bytes(32))
    with pytest.raises(Tampered, match="commits"):
        open_epoch_key(ANA, ANA_ID, CODED, 1, planted, COMMITTED)


def test_a_commitment_binds_compartment_and_epoch() -> None:
    """One key in two places has two commitments."""
    places = [(CODED, 1), (CODED, 2), (Compartment.SHARED, 1)]
    assert len({commitment(compartment, epoch, KEY) for compartment, epoch in places}) == 3


def test_new_keys_are_random() -> None:
    """32 bytes, never the same."""
    assert len(new_epoch_key()) == 32
    assert new_epoch_key() != new_epoch_key()


def test_only_whole_keys_are_sealed() -> None:
    """Another length is a mistake in the program."""
    with pytest.raises(ValueError, match="32 bytes"):
        seal_epoch_key(ANA.public, ANA_ID, CODED, 1, b"short")
