"""§7 to §9: the host key, names, passphrases, sessions and invitations."""

import re
import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tests.vault.reader.conventions import derive, digest, frame, from_base64url, mac
from tests.vault.reader.envelope import open_envelope
from tests.vault.reader.refusals import Tampered, UnknownKey, WrongPassphrase, require
from tests.vault.reader.seals import Secret

LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "’": "'", "‘": "'"})
LONGEST = 1024
SEALED_SEED = 96


@dataclass(frozen=True)
class Host:
    """The host key, from its halves."""

    key: bytes

    @classmethod
    def join(cls, outside: bytes, erasable: bytes) -> "Host":
        """Join the halves; without both there is no key."""
        if len(outside) != 32 or len(erasable) != 32:
            raise UnknownKey("half")
        return cls(derive(outside + erasable, "casework v1 host key"))

    @property
    def check(self) -> bytes:
        """What may stand in the database."""
        return derive(self.key, "casework v1 host check")

    @property
    def passphrase_secret(self) -> bytes:
        """Argon2id's secret."""
        return derive(self.key, "casework v1 host passphrase")

    def stored(self, what: str, name: str) -> bytes:
        """Return how a login or reference is stored."""
        label = f"casework v1 host {what}"
        return mac(derive(self.key, label), label, fold_name(name))

    def attempt(self, kind: str, subject: bytes) -> bytes:
        """Return what tries to sign in are counted under."""
        label = "casework v1 host attempt"
        return mac(derive(self.key, label), label, kind, subject)


def fold_name(name: str) -> str:
    """Return a login name or reference as it is compared."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(folded.split())


def _normalise_once(text: str) -> str:
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    spaced = "".join(" " if c.isspace() or unicodedata.category(c) == "Pd" else c for c in text)
    kept = "".join(c for c in spaced if unicodedata.category(c) not in ("Mn", "Me", "Cf", "Cc"))
    return re.sub(" +", " ", kept.translate(LETTERS)).strip(" ")


def normalise(passphrase: str) -> str:
    """Return a passphrase as it counts."""
    text, before = passphrase[:LONGEST], ""
    while text != before:
        text, before = _normalise_once(text), text
    return text[:LONGEST].strip(" ")


def open_seed(passphrase: str, member: bytes, host: Host, sealed: bytes, version: int) -> Secret:
    """Return a member's secret; raises WrongPassphrase."""
    require(len(sealed) == SEALED_SEED and sealed[:2] == b"\1\1", "sealed seed")
    iterations, memory, lanes = (int.from_bytes(sealed[at : at + 4], "big") for at in (2, 6, 10))
    require(1 <= iterations <= 16 and 19_456 <= memory <= 1_048_576 and 1 <= lanes <= 16, "cost")
    associated = frame("casework v1 passphrase seed", member, sealed[:14])
    key = Argon2id(
        salt=sealed[14:30],
        length=32,
        iterations=iterations,
        lanes=lanes,
        memory_cost=memory,
        ad=associated,
        secret=host.passphrase_secret,
    ).derive(normalise(passphrase).encode())
    envelope = sealed[30:]
    require(envelope[:6] == b"\1\1\0\0\0\1", "header")
    try:
        return Secret(open_envelope(key, 1, "passphrase.seed", member, version, envelope))
    except Tampered as error:
        raise WrongPassphrase("passphrase") from error


def read_cookie(cookie: str) -> bytes:
    """Return a session's secret."""
    secret = from_base64url(cookie)
    require(len(secret) == 32, "cookie")
    return secret


def session_name(secret: bytes) -> bytes:
    """Return the name of a session's row."""
    return digest("casework v1 session id", derive(secret, "casework v1 session id"))


def token_name(token: bytes) -> bytes:
    """Return the name of an invitation's row."""
    return digest("casework v1 token id", derive(token, "casework v1 token id"))


def read_link(link: str) -> tuple[bytes, bytes]:
    """Return the token of an invitation's link, and its pin."""
    data = from_base64url(link)
    require(len(data) == 1 + 32 + 41 and data[:1] == b"\1" and data[33:34] == b"\1", "link")
    return data[1:33], data[33:]
