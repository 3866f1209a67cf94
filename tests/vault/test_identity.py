"""Members' keys: a seal opens for its recipient and purpose, a signature holds for its message."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.errors import Tampered
from casework.vault.fields import INCIDENT_CODED, MEMBER_PIN
from casework.vault.identity import MemberPublic, MemberSecret
from tests.vault.cast import ANA, ANA_ID, BEN, BEN_ID, flipped


def test_a_seed_gives_the_same_keys_always() -> None:
    """A member is their seed."""
    assert MemberSecret(ANA.seed).public == ANA.public != BEN.public
    assert len(ANA.public.hpke) == 1216 and len(ANA.public.signing) == 32


def test_generated_seeds_differ() -> None:
    """Every member is somebody else."""
    assert MemberSecret.generate().seed != MemberSecret.generate().seed


@given(st.binary(max_size=200), st.binary(max_size=100))
@settings(deadline=None)
def test_seals_open_for_their_recipient(info: bytes, plain: bytes) -> None:
    """What is sealed to a public key opens with its secret, for the same purpose."""
    sealed = ANA.public.seal(info, plain)
    assert len(sealed) == len(plain) + 1138
    assert MemberSecret(ANA.seed).unseal(info, sealed) == plain


@given(st.integers(min_value=0, max_value=8 * 1143 - 1))
@settings(deadline=None)
def test_any_changed_bit_of_a_seal_is_refused(bit: int) -> None:
    """Version, suite, encapsulated key, body and tag: not one bit can be changed."""
    with pytest.raises(Tampered):
        ANA.unseal(b"why", flipped(ANA.public.seal(b"why", b"words"), bit))


@pytest.mark.parametrize("length", [0, 1, 2, 33, 1121, 1122, 1137, 1142])
def test_a_truncated_seal_is_refused(length: int) -> None:
    """No prefix of a seal is one."""
    with pytest.raises(Tampered):
        ANA.unseal(b"why", ANA.public.seal(b"why", b"words")[:length])


def test_another_recipient_or_purpose_is_refused() -> None:
    """A seal moved to somebody else or to another use opens nothing."""
    sealed = ANA.public.seal(b"why", b"words")
    with pytest.raises(Tampered):
        BEN.unseal(b"why", sealed)
    with pytest.raises(Tampered):
        ANA.unseal(b"what", sealed)


def test_signatures() -> None:
    """A signature holds for its signer and message only."""
    signature = ANA.sign(b"message")
    ANA.public.verify(signature, b"message")
    for public, signed, message in (
        (BEN.public, signature, b"message"),
        (ANA.public, signature, b"massage"),
        (ANA.public, flipped(signature, 5), b"message"),
        (ANA.public, signature[:-1], b"message"),
        (ANA.public, b"", b"message"),
    ):
        with pytest.raises(Tampered):
            public.verify(signed, message)


def test_public_keys_round_trip() -> None:
    """A public key is read back from its 1,249 bytes."""
    encoded = ANA.public.encode()
    assert len(encoded) == 1249
    assert MemberPublic.decode(encoded) == ANA.public


@pytest.mark.parametrize(
    "spoil",
    [
        lambda encoded: b"",
        lambda encoded: encoded[:-1],
        lambda encoded: encoded + b"\0",
        lambda encoded: b"\2" + encoded[1:],
    ],
    ids=["empty", "shorter", "longer", "another version"],
)
def test_malformed_public_keys_are_refused(spoil: object) -> None:
    """Wrong lengths and versions are no keys."""
    assert callable(spoil)
    with pytest.raises(Tampered):
        MemberPublic.decode(spoil(ANA.public.encode()))


@pytest.mark.parametrize(
    "hpke", [b"\xff" * 1216, ANA.public.hpke[:1184] + bytes(32)], ids=["no ML-KEM key", "zero X25519 key"]
)
def test_nothing_is_sealed_to_what_is_no_key(hpke: bytes) -> None:
    """A key that the primitives refuse is refused by name, when it is read or when it is first used."""
    with pytest.raises(Tampered):
        MemberPublic(hpke, ANA.public.signing).seal(b"why", b"words")


def test_fingerprints() -> None:
    """Six groups of four digits, over all of the public key."""
    fingerprint = ANA.public.fingerprint()
    assert [len(group) for group in fingerprint.split(" ")] == [4] * 6
    assert fingerprint.replace(" ", "").isdigit()
    swapped = MemberPublic(ANA.public.hpke, BEN.public.signing)
    assert len({fingerprint, BEN.public.fingerprint(), swapped.fingerprint()}) == 3


def test_own_fields() -> None:
    """What a member seals for themselves opens for them, at its place."""
    sealed = ANA.seal_own(MEMBER_PIN, ANA_ID, 1, b"pin")
    assert ANA.open_own(MEMBER_PIN, ANA_ID, 1, sealed) == b"pin"
    for secret, row, version in ((BEN, ANA_ID, 1), (ANA, BEN_ID, 1), (ANA, ANA_ID, 2)):
        with pytest.raises(Tampered):
            secret.open_own(MEMBER_PIN, row, version, sealed)
    with pytest.raises(ValueError, match="is sealed under a compartment key"):
        ANA.seal_own(INCIDENT_CODED, ANA_ID, 1, b"facts")


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_seed_has_32_bytes(length: int) -> None:
    """Another length is no seed."""
    with pytest.raises(Tampered):
        MemberSecret(bytes(length))
