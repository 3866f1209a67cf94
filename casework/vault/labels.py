"""Domain separation: every derivation, hash, MAC and signature begins with one of these labels.

A label, like a field id, is permanent: a changed construction gets a new label, and none is used again.
"""

import hmac
from enum import StrEnum
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
HASH_BYTES = 32


class Label(StrEnum):
    """What a derived key, hash, MAC or signature is for."""

    AUDIT_ENTRY = "casework v1 audit entry"
    AUDIT_HASH = "casework v1 audit hash"
    AUDIT_MAC = "casework v1 audit mac"
    AUDIT_ROWS = "casework v1 audit rows"
    CACHE_PARTITION = "casework v1 cache partition"
    COMPARTMENT_SUBKEY = "casework v1 compartment subkey"
    DRAFT_KEY = "casework v1 draft key"
    EPOCH_COMMITMENT = "casework v1 epoch commitment"
    EPOCH_KEY = "casework v1 epoch key"
    ERASURE_SIGNATURE = "casework v1 erasure signature"
    FIELD_KEY = "casework v1 field key"
    HOST_ATTEMPT = "casework v1 host attempt"
    HOST_CHECK = "casework v1 host check"
    HOST_KEY = "casework v1 host key"
    HOST_LOGIN = "casework v1 host login"
    HOST_PASSPHRASE = "casework v1 host passphrase"  # noqa: S105 - a label, no secret
    HOST_REFERENCE = "casework v1 host reference"
    HPKE_SEAL = "casework v1 hpke seal"
    LEDGER_HASH = "casework v1 release ledger"
    MEMBER_ED25519 = "casework v1 member ed25519"
    MEMBER_FIELD_KEY = "casework v1 member field key"
    MEMBER_FINGERPRINT = "casework v1 member fingerprint"
    MEMBER_MLKEM768 = "casework v1 member mlkem768"
    MEMBER_X25519 = "casework v1 member x25519"
    PASSPHRASE_SEED = "casework v1 passphrase seed"  # noqa: S105 - a label, no secret
    RESTRICTED_KEY = "casework v1 restricted key"
    RELEASE_CHECKSUM = "casework v1 release checksum"
    RECOVERY_CODE = "casework v1 recovery code"
    ROSTER_ENTRY = "casework v1 roster entry"
    ROSTER_FINGERPRINT = "casework v1 roster fingerprint"
    ROSTER_SIGNATURE = "casework v1 roster signature"
    SESSION_ID = "casework v1 session id"
    SESSION_KEY = "casework v1 session key"
    TOKEN_ID = "casework v1 token id"  # noqa: S105 - a label, no secret
    TOKEN_KEY = "casework v1 token key"  # noqa: S105 - a label, no secret


def u32(number: int) -> bytes:
    """Four bytes, big-endian; OverflowError outside 0…2³²-1."""
    return number.to_bytes(4, "big")


def u64(number: int) -> bytes:
    """Eight bytes, big-endian; OverflowError outside 0…2⁶⁴-1."""
    return number.to_bytes(8, "big")


def frame(label: Label, *parts: bytes) -> bytes:
    """Return the label, a zero byte, and each part behind its u32 length.

    No two different lists of parts give the same bytes.
    """
    return b"".join([label.encode("ascii"), b"\0", *(u32(len(part)) + part for part in parts)])


def derive(key: bytes, label: Label, *context: bytes, length: int = KEY_BYTES) -> bytes:
    """Derive `length` bytes from a full-entropy key: HKDF-SHA256, no salt, the frame as info."""
    return HKDF(SHA256(), length, None, frame(label, *context)).derive(key)


def digest(label: Label, *parts: bytes) -> bytes:
    """Hash the frame of the parts: SHA-256, 32 bytes."""
    return sha256(frame(label, *parts)).digest()


def authenticate(key: bytes, label: Label, *parts: bytes) -> bytes:
    """MAC the frame of the parts: HMAC-SHA256, 32 bytes."""
    return hmac.digest(key, frame(label, *parts), "sha256")


def digits(label: Label, data: bytes) -> str:
    """Return 24 decimal digits in six groups, to compare by eye or by telephone (about 79 bits)."""
    number = int.from_bytes(digest(label, data), "big") % 10**24
    text = f"{number:024d}"
    return " ".join(text[start : start + 4] for start in range(0, 24, 4))
