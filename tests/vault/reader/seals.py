"""§6: what a seed gives, and HPKE (RFC 9180, base mode) with X-Wing composed by hand."""

import hashlib
import hmac

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from tests.vault.reader.conventions import derive, digits, frame
from tests.vault.reader.refusals import Tampered, require

SUITE = b"HPKE" + bytes.fromhex("647a00010002")
PUBLIC_BYTES, CIPHERTEXT, SHARE, TAG = 1249, 1088, 32, 16


class Secret:
    """A seed of 32 bytes, and the three private keys that it gives."""

    def __init__(self, seed: bytes) -> None:
        """Derive them."""
        require(len(seed) == 32, "seed")
        self.seed = seed
        self._kem = MLKEM768PrivateKey.from_seed_bytes(derive(seed, "casework v1 member mlkem768", length=64))
        self.x25519 = derive(seed, "casework v1 member x25519")
        self._exchange = X25519PrivateKey.from_private_bytes(self.x25519)
        self._signer = Ed25519PrivateKey.from_private_bytes(derive(seed, "casework v1 member ed25519"))

    @property
    def public(self) -> bytes:
        """The public key as it is written."""
        halves = (self._kem.public_key(), self._exchange.public_key(), self._signer.public_key())
        return b"\1" + b"".join(half.public_bytes_raw() for half in halves)

    def _shared(self, ciphertext: bytes, share: bytes) -> bytes:
        own = self._exchange.public_key().public_bytes_raw()
        try:
            inner = self._kem.decapsulate(ciphertext)
            outer = self._exchange.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError as error:
            raise Tampered("share") from error
        return hashlib.sha3_256(inner + outer + share + own + b"\\.//^\\").digest()

    def unseal(self, info: bytes, sealed: bytes) -> bytes:
        """Return what is sealed to the public key for this purpose."""
        require(len(sealed) >= 2 + CIPHERTEXT + SHARE + TAG and sealed[:2] == b"\1\1", "seal")
        ciphertext, rest = sealed[2 : 2 + CIPHERTEXT], sealed[2 + CIPHERTEXT :]
        shared = self._shared(ciphertext, rest[:SHARE])
        key, nonce = _schedule(shared, frame("casework v1 hpke seal", sealed[:2], info))
        try:
            return AESGCM(key).decrypt(nonce, rest[SHARE:], b"")
        except InvalidTag as error:
            raise Tampered("seal") from error


def _extract(salt: bytes, label: bytes, key: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + SUITE + label + key, "sha256")


def _expand(key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + SUITE + label + info
    return HKDFExpand(SHA256(), length, labelled).derive(key)


def _schedule(shared: bytes, info: bytes) -> tuple[bytes, bytes]:
    context = b"\0" + _extract(b"", b"psk_id_hash", b"") + _extract(b"", b"info_hash", info)
    secret = _extract(shared, b"secret", b"")
    return _expand(secret, b"key", context, 32), _expand(secret, b"base_nonce", context, 12)


def check_public(public: bytes) -> bytes:
    """Return a public key whose form is right."""
    require(len(public) == PUBLIC_BYTES and public[:1] == b"\1", "public key")
    return public


def fingerprint(public: bytes) -> str:
    """Return a public key's fingerprint."""
    return digits("casework v1 member fingerprint", check_public(public))


def verify(public: bytes, signature: bytes, message: bytes) -> None:
    """Refuse a signature that does not fit."""
    try:
        Ed25519PublicKey.from_public_bytes(check_public(public)[-32:]).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise Tampered("signature") from error
