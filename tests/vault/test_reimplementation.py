"""Reads what the vault writes with primitives alone, as docs/vault-format.md says and casework does not."""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from casework.vault import backup, passphrase
from casework.vault.fields import INCIDENT_CODED
from tests.vault.cast import ANA, ANA_ID, CHEAP, HOST_KEY, ROW, keyring

SUITE = b"HPKE" + bytes.fromhex("647a 0001 0002")


def frame(label: str, *parts: bytes) -> bytes:
    """Section 1."""
    return label.encode() + b"\0" + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def derive(key: bytes, label: str, *parts: bytes, length: int = 32) -> bytes:
    """Section 1."""
    return HKDF(SHA256(), length, None, frame(label, *parts)).derive(key)


def labeled_extract(salt: bytes, label: bytes, keying: bytes) -> bytes:
    """RFC 9180, section 4."""
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + SUITE + label + keying, "sha256")


def labeled_expand(key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """RFC 9180, section 4; for one block of output."""
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + SUITE + label + info
    return hmac.digest(key, labeled + b"\1", "sha256")[:length]


def open_hpke(mlkem: MLKEM768PrivateKey, x25519: X25519PrivateKey, info: bytes, sealed: bytes) -> bytes:
    """X-Wing decapsulation, then RFC 9180's key schedule in base mode and one opening."""
    ct_mlkem, ct_x25519, body = sealed[:1088], sealed[1088:1120], sealed[1120:]
    ss_mlkem = mlkem.decapsulate(ct_mlkem)
    ss_x25519 = x25519.exchange(X25519PublicKey.from_public_bytes(ct_x25519))
    own = x25519.public_key().public_bytes_raw()
    shared = hashlib.sha3_256(ss_mlkem + ss_x25519 + ct_x25519 + own + b"\\./" + b"/^\\").digest()
    context = b"\0" + labeled_extract(b"", b"psk_id_hash", b"") + labeled_extract(b"", b"info_hash", info)
    secret = labeled_extract(shared, b"secret", b"")
    key = labeled_expand(secret, b"key", context, 32)
    nonce = labeled_expand(secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, body, b"")


def test_a_seal() -> None:
    """Section 6: a member's keys from the seed, and a seal to them."""
    mlkem = MLKEM768PrivateKey.from_seed_bytes(derive(ANA.seed, "casework v1 member mlkem768", length=64))
    x25519 = X25519PrivateKey.from_private_bytes(derive(ANA.seed, "casework v1 member x25519"))
    public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    assert ANA.public.encode()[:1217] == b"\1" + public
    sealed = ANA.public.seal(b"why", b"words")
    info = frame("casework v1 hpke seal", b"\1\1", b"why")
    assert sealed[:2] == b"\1\1"
    assert open_hpke(mlkem, x25519, info, sealed[2:]) == b"words"


def test_a_record() -> None:
    """Sections 2 to 5: a coded document from its compartment's epoch key."""
    epoch_key = dict(keyring().epoch_keys())[INCIDENT_CODED.compartment, 1]  # type: ignore[index]  # it has one
    sealed = keyring().seal(INCIDENT_CODED, ROW, 9, b"words")
    key = derive(epoch_key, "casework v1 field key", b"incident.coded", (1).to_bytes(4, "big"))
    associated = sealed[:6] + b"\x0eincident.coded" + ROW.bytes + (9).to_bytes(8, "big")
    padded = AESGCM(key).decrypt(sealed[6:18], sealed[18:], associated)
    assert padded == b"\0\0\0\5words" + bytes(256 - 9)


def test_a_sealed_seed() -> None:
    """Section 8: a seed from passphrase and host key."""
    sealed = passphrase.seal_seed("Un Deux", ANA_ID, HOST_KEY, ANA.seed, cost=CHEAP)
    halves = bytes([6]) * 32 + bytes([7]) * 32
    secret = derive(derive(halves, "casework v1 host key"), "casework v1 host passphrase")
    numbers = [int.from_bytes(sealed[start : start + 4], "big") for start in (2, 6, 10)]
    key = Argon2id(
        salt=sealed[14:30],
        length=32,
        iterations=numbers[0],
        memory_cost=numbers[1],
        lanes=numbers[2],
        ad=frame("casework v1 passphrase seed", ANA_ID.bytes, sealed[:14]),
        secret=secret,
    ).derive(b"un deux")
    body = sealed[30:]
    associated = body[:6] + b"\x0fpassphrase.seed" + ANA_ID.bytes + (1).to_bytes(8, "big")
    assert AESGCM(key).decrypt(body[6:18], body[18:], associated) == ANA.seed


def open_age(x25519: X25519PrivateKey, sealed: bytes) -> bytes:
    """The age format, version 1: the stanza for an X25519 key, the header's MAC, then chunks of 64 KiB."""
    header_end = sealed.index(b"\n--- ") + 4
    lines = sealed[:header_end].split(b"\n")
    at = next(number for number, line in enumerate(lines) if line.startswith(b"-> X25519 "))
    share, wrapped = (base64.b64decode(word + b"=") for word in (lines[at].split()[2], lines[at + 1]))
    own = x25519.public_key().public_bytes_raw()
    secret = x25519.exchange(X25519PublicKey.from_public_bytes(share))
    wrap_key = HKDF(SHA256(), 32, share + own, b"age-encryption.org/v1/X25519").derive(secret)
    file_key = ChaCha20Poly1305(wrap_key).decrypt(bytes(12), wrapped, None)
    mac_key = HKDF(SHA256(), 32, None, b"header").derive(file_key)
    mac = base64.b64decode(sealed[header_end + 1 : header_end + 44] + b"=")
    assert hmac.digest(mac_key, sealed[:header_end], "sha256") == mac
    body = sealed[header_end + 45 :]
    payload = ChaCha20Poly1305(HKDF(SHA256(), 32, body[:16], b"payload").derive(file_key))
    chunks = [body[start : start + 65552] for start in range(16, len(body), 65552)]
    plain = [
        payload.decrypt(number.to_bytes(11, "big") + bytes([number == len(chunks) - 1]), chunk, None)
        for number, chunk in enumerate(chunks)
    ]
    return b"".join(plain)


def test_a_backup() -> None:
    """Section 16: an age file, with the X25519 key of section 6."""
    x25519 = X25519PrivateKey.from_private_bytes(derive(ANA.seed, "casework v1 member x25519"))
    for plain in (b"words", bytes(200_000)):
        assert open_age(x25519, backup.seal_bytes(ANA.public, plain)) == plain
