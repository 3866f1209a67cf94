"""The second factor: one-time codes by time (RFC 6238) and one-use recovery codes, and which were accepted.

It is one document under the member's own key: whoever has not opened the seed can neither read nor try it.
"""

import hmac
import os
from base64 import b32encode
from dataclasses import dataclass, replace
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from casework.errors import Tampered, WrongCode
from casework.vault import documents, encoding, labels
from casework.vault.labels import HASH_BYTES, Label

SECRET_BYTES = 20
STEP_SECONDS = 30
DIGITS = 6
CODES = 10
NAME = "casework"

# Without I, L, O and U, which are read as others; 60 bits a code.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LETTERS, _GROUP_LETTERS = 12, 4
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", " ": "", "-": "", "\u00a0": ""})
_KEYS = {"schema", "secret", "last_step", "recovery_codes"}


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A secret, the last time step that a code was accepted of, and the hashes of recovery codes left."""

    secret: bytes
    last_step: int = 0
    code_hashes: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "SecondFactor(…)"

    def accept(self, typed: str, now_seconds: int) -> Self:
        """Return what is to be kept instead once this code was taken; raises WrongCode where none fits.

        A code by time fits in its own 30 seconds and in those before and after, and never twice nor after a
        later one; a recovery code fits once.
        """
        code = typed.strip().upper().translate(_READ_AS)
        if len(code) == DIGITS and code.isascii() and code.isdecimal():
            return self._accept_by_time(code, now_seconds // STEP_SECONDS)
        found = hash_recovery_code(code)
        left = tuple(one for one in self.code_hashes if not hmac.compare_digest(one, found))
        if len(left) == len(self.code_hashes):
            raise WrongCode("no recovery code that is left")
        return replace(self, code_hashes=left)

    def _accept_by_time(self, code: str, step: int) -> Self:
        for near in (step - 1, step, step + 1):
            if near > self.last_step and hmac.compare_digest(code_at(self.secret, near), code):
                return replace(self, last_step=near)
        raise WrongCode("no code of now, or one that was accepted")

    def encode(self) -> bytes:
        """Return the document that is sealed, schema 1."""
        return documents.encode(
            {
                "schema": 1,
                "secret": encoding.to_text(self.secret),
                "last_step": self.last_step,
                "recovery_codes": [encoding.to_text(one) for one in self.code_hashes],
            }
        )

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """Read what `encode` made; Tampered for anything else."""
        document = documents.decode(encoded)
        if document.keys() != _KEYS or document["schema"] != 1:
            raise Tampered("a second factor of an unknown shape")
        secret, step, codes = document["secret"], document["last_step"], document["recovery_codes"]
        if type(step) is not int or step < 0 or type(codes) is not list or len(codes) > CODES:
            raise Tampered("a second factor whose numbers are out of bounds")
        if not all(isinstance(text, str) for text in (secret, *codes)):
            raise Tampered("a second factor whose texts are none")
        hashes = tuple(encoding.from_text(one, HASH_BYTES) for one in codes)
        return cls(encoding.from_text(secret, SECRET_BYTES), step, hashes)


def new_secret() -> bytes:
    """Make a random 20-byte secret."""
    return os.urandom(SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """Return the six digits of a time step: the seconds since 1970, UTC, divided by 30."""
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS).generate(step * STEP_SECONDS).decode()  # noqa: S303


def secret_text(secret: bytes) -> str:
    """Spell the secret as people type it into an app: base32 in groups of four."""
    text = b32encode(secret).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def provisioning_uri(secret: bytes) -> str:
    """Return what the square code says to an app; it names neither the organization nor the member."""
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS).get_provisioning_uri(NAME, None)  # noqa: S303


def new_recovery_codes() -> tuple[str, ...]:
    """Make ten random codes, written as `K7QX-M2PD-9WTR`."""
    return tuple(_new_code() for _ in range(CODES))


def hash_recovery_code(code: str) -> bytes:
    """Return the 32 bytes that stand for a recovery code, however it is spelled."""
    return labels.digest(Label.RECOVERY_CODE, code.upper().translate(_READ_AS).encode(errors="replace"))


def _new_code() -> str:
    letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in os.urandom(_CODE_LETTERS))
    return "-".join(letters[at : at + _GROUP_LETTERS] for at in range(0, _CODE_LETTERS, _GROUP_LETTERS))
