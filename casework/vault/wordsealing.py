"""Age v1 files that words open, sealed as their content comes (C2SP age.md: scrypt recipient, STREAM).

pyrage does it for what lies in memory alone; the same programs open what is made here.
"""

import base64
import os
from collections.abc import Iterable, Iterator

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from casework.vault.turns import ONE_AT_A_TIME

CHUNK_BYTES = 64 * 1024
WORK_FACTOR = 18
"""The binary logarithm of scrypt's N, as the age program has it: 256 MiB, about a second, once a file."""
_SALT_BYTES, _FILE_KEY_BYTES, _NONCE_BYTES = 16, 16, 16


def seal_pieces_with_words(words: str, plain: Iterable[bytes]) -> Iterator[bytes]:
    """Return the sealed file of all that `plain` yields, in pieces; at most two chunks are held.

    The words open it exactly as they are spelled. What `plain` raises comes through: a file that ends there
    opens as cut short.
    """
    file_key, nonce = os.urandom(_FILE_KEY_BYTES), os.urandom(_NONCE_BYTES)
    head = _write_header(words, file_key) + nonce
    return _seal(ChaCha20Poly1305(_derive(file_key, b"payload", nonce)), head, plain)


def _write_header(words: str, file_key: bytes) -> bytes:
    salt = os.urandom(_SALT_BYTES)
    scrypt = Scrypt(b"age-encryption.org/v1/scrypt" + salt, length=32, n=1 << WORK_FACTOR, r=8, p=1)
    with ONE_AT_A_TIME:
        key = scrypt.derive(words.encode())
    # The key that words give seals one file key and nothing else: its nonce is zero by the format.
    body = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)
    stanza = b"-> scrypt %b %d\n%b\n" % (_spell(salt), WORK_FACTOR, _spell(body))
    header = b"age-encryption.org/v1\n" + stanza + b"---"
    mac = HMAC(_derive(file_key, b"header"), hashes.SHA256())
    mac.update(header)
    return header + b" " + _spell(mac.finalize()) + b"\n"


def _derive(file_key: bytes, purpose: bytes, salt: bytes | None = None) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=salt, info=purpose).derive(file_key)


def _spell(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _seal(cipher: ChaCha20Poly1305, head: bytes, plain: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    held, number = bytearray(), 0
    for piece in plain:
        held += piece
        # A full chunk waits for the byte behind it: only then it is known not to be the last.
        while len(held) > CHUNK_BYTES:
            yield cipher.encrypt(number.to_bytes(11) + b"\x00", bytes(held[:CHUNK_BYTES]), None)
            del held[:CHUNK_BYTES]
            number += 1
    yield cipher.encrypt(number.to_bytes(11) + b"\x01", bytes(held), None)
