"""Nothing that is printed shows a secret."""

import base64

import pytest

from casework.vault.audit import AuditKey, MacKey
from casework.vault.envelope import Cipher
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.invitation import Link
from casework.vault.pin import Pin
from tests.vault.cast import ANA, AUDIT, HOST_KEY, ROW, SECRETS, keyring

KEY = bytes(range(200, 232))

SHOWN = [
    ANA,
    ANA.public,
    MemberSecret(KEY),
    HOST_KEY,
    keyring(),
    keyring().new_case_key(ROW, Compartment.IDENTITY)[0],
    Cipher(KEY),
    MacKey(1, KEY),
    AuditKey(1, AUDIT.public),
    Link(KEY, Pin(1, bytes(32))),
]


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: type(shown).__name__)
def test_reprs_hold_no_secret(shown: object) -> None:
    """Neither as bytes, nor in hex, nor in base64."""
    for text in (repr(shown), str(shown), f"{shown}", repr([shown])):
        for secret in (KEY, *SECRETS):
            for spelt in (repr(secret)[2:-1], secret.hex(), base64.b64encode(secret).decode()[:42]):
                assert spelt not in text
        assert len(text) < 200
