"""Codes by time as RFC 6238 has them, recovery codes, and that none is accepted twice."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from casework.errors import Tampered, WrongCode
from casework.vault import documents
from casework.vault.secondfactor import (
    CODES,
    SecondFactor,
    code_at,
    hash_recovery_code,
    new_recovery_codes,
    new_secret,
    provisioning_uri,
    secret_text,
)

SECRET = b"12345678901234567890"
NOW = 1_111_111_109
STEP = NOW // 30


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, SHA-1; the last six digits of the eight that stand there."""
    assert code_at(SECRET, seconds // 30) == code


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_a_code_of_now_or_beside_it_fits(offset: int) -> None:
    """A clock may be half a minute wrong, and somebody may type slowly."""
    taken = SecondFactor(SECRET).accept(code_at(SECRET, STEP + offset), NOW)
    assert taken.last_step == STEP + offset


@pytest.mark.parametrize("offset", [-2, 2, 100])
def test_a_code_of_another_time_does_not_fit(offset: int) -> None:
    """Neither an older one nor one to come."""
    with pytest.raises(WrongCode):
        SecondFactor(SECRET).accept(code_at(SECRET, STEP + offset), NOW)


def test_a_step_is_accepted_once_and_never_an_earlier_one() -> None:
    """Who saw a code being typed cannot use it, nor the one before it."""
    taken = SecondFactor(SECRET).accept(code_at(SECRET, STEP), NOW)
    for step in (STEP, STEP - 1):
        with pytest.raises(WrongCode):
            taken.accept(code_at(SECRET, step), NOW)
    assert taken.accept(code_at(SECRET, STEP + 1), NOW + 30).last_step == STEP + 1


def test_a_recovery_code_is_accepted_once_in_any_spelling() -> None:
    """Small letters, spaces and letters that look alike do not matter; the others stay."""
    codes = new_recovery_codes()
    factor = SecondFactor(SECRET, STEP, tuple(hash_recovery_code(code) for code in codes))
    typed = codes[3].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    taken = factor.accept(typed, NOW)
    assert len(taken.code_hashes) == CODES - 1
    assert taken.last_step == STEP
    with pytest.raises(WrongCode):
        taken.accept(codes[3], NOW)
    assert taken.accept(codes[4], NOW)


@pytest.mark.parametrize(
    "typed", ["", " ", "12345", "1234567", "١٢٣٤٥٦", "K7QX-M2PD-9WTR", "🦊" * 6, "0" * 500]
)
def test_anything_else_does_not_fit(typed: str) -> None:
    """Whatever is typed, the answer is the same."""
    with pytest.raises(WrongCode):
        SecondFactor(SECRET).accept(typed, NOW)


def test_digits_may_be_typed_in_groups() -> None:
    """As apps show them."""
    code = code_at(SECRET, STEP)
    assert SecondFactor(SECRET).accept(f" {code[:3]} {code[3:]} ", NOW).last_step == STEP


def test_recovery_codes_are_ten_different_ones() -> None:
    """Twelve letters each that nobody mistakes for others: 60 bits."""
    codes = new_recovery_codes() + new_recovery_codes()
    assert len(set(codes)) == 2 * CODES == 20
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", code) for code in codes)


def test_the_address_for_the_app_names_nobody() -> None:
    """It holds the secret and how codes are made; no organization, no login."""
    parts = urlsplit(provisioning_uri(SECRET))
    assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/casework")
    asked = parse_qs(parts.query)
    assert asked["secret"] == [secret_text(SECRET).replace(" ", "")]
    assert (asked["digits"], asked["period"], asked["algorithm"]) == (["6"], ["30"], ["SHA1"])
    assert set(asked) == {"secret", "digits", "period", "algorithm"}


def test_secrets_are_random() -> None:
    """Twenty bytes, as the standard recommends for SHA-1; no repr shows them."""
    assert len(new_secret()) == 20
    assert new_secret() != new_secret()
    assert "1234" not in repr(SecondFactor(SECRET))


def test_it_is_read_as_it_was_written() -> None:
    """Byte for byte."""
    factor = SecondFactor(SECRET, STEP, tuple(hash_recovery_code(code) for code in new_recovery_codes()))
    assert SecondFactor.decode(factor.encode()) == factor


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"more": 1},
        {"last_step": -1},
        {"last_step": "1"},
        {"last_step": True},
        {"secret": "AAAA"},
        {"secret": 1},
        {"recovery_codes": ["AAAA"]},
        {"recovery_codes": [1]},
        {"recovery_codes": "AAAA"},
        {"recovery_codes": ["A" * 43] * 11},
    ],
)
def test_another_shape_is_refused(change: dict[str, object]) -> None:
    """Whatever is not what `encode` writes."""
    document = documents.decode(SecondFactor(SECRET, STEP).encode()) | change
    with pytest.raises(Tampered):
        SecondFactor.decode(documents.encode(document))
