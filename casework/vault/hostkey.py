"""The host key: what a stolen database lacks, so that it cannot even be guessed at.

It comes of two halves, one outside the database and its backups, one that the application can erase.
"""

import unicodedata

from casework.errors import UnknownKey
from casework.vault import labels
from casework.vault.labels import KEY_BYTES, Label


def _folded(text: str) -> bytes:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split()).encode()


class HostKey:
    """The subkeys of the host key; its repr shows nothing."""

    __slots__ = ("_attempt", "_login", "_reference", "check", "passphrase_secret")

    def __init__(self, root: bytes) -> None:
        """Derive the subkeys from the 32 bytes of `derive_host_key`."""
        self._attempt = labels.derive(root, Label.HOST_ATTEMPT)
        self._login = labels.derive(root, Label.HOST_LOGIN)
        self._reference = labels.derive(root, Label.HOST_REFERENCE)
        self.passphrase_secret = labels.derive(root, Label.HOST_PASSPHRASE)
        self.check = labels.derive(root, Label.HOST_CHECK)
        """32 bytes to keep in the database: they tell the right host key, and open nothing."""

    def __repr__(self) -> str:
        """Show nothing of the key."""
        return "HostKey(…)"

    def attempt_hmac(self, kind: str, subject: bytes) -> bytes:
        """Return the 32 bytes under which tries are counted for a subject: an account, an address."""
        return labels.authenticate(self._attempt, Label.HOST_ATTEMPT, kind.encode("ascii"), subject)

    def login_hmac(self, name: str) -> bytes:
        """Return the 32 bytes that stand for a login name, the same for any case and spacing."""
        return labels.authenticate(self._login, Label.HOST_LOGIN, _folded(name))

    def reference_hmac(self, reference: str) -> bytes:
        """Return the 32 bytes that stand for a case reference, the same for any case and spacing."""
        return labels.authenticate(self._reference, Label.HOST_REFERENCE, _folded(reference))


def derive_host_key(outside: bytes, erasable: bytes) -> HostKey:
    """Join the two halves of 32 bytes; UnknownKey for any other length."""
    if len(outside) != KEY_BYTES or len(erasable) != KEY_BYTES:
        raise UnknownKey("each half of the host key has 32 bytes")
    return HostKey(labels.derive(outside + erasable, Label.HOST_KEY))
