"""§10, the rules: what an entry may say after those before it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.vault.reader.conventions import digest, digits, frame, u64
from tests.vault.reader.refusals import require
from tests.vault.reader.rosterform import COMPARTMENTS, GRANTED, NOBODY, Body, Named, read_body
from tests.vault.reader.seals import verify as verify_signature

Entry = tuple[int, bytes, bytes]
"""Number, body, signature."""


@dataclass
class Standing:
    """A member: their newest key and roles, and whether they are active, revoked or lapsed."""

    named: Named
    status: str = "active"
    since: int = 0

    @property
    def granted(self) -> set[str]:
        """The compartments that their roles grant."""
        return set().union(*(GRANTED[role] for role in self.named.roles))


@dataclass
class Roster:
    """What the entries read so far lead to."""

    number: int = 0
    hash: bytes = bytes(32)
    hash_at: dict[int, bytes] = field(default_factory=dict)
    members: dict[bytes, Standing] = field(default_factory=dict)
    recovery: bytes = b""
    recovery_number: int = 0
    recovery_at: dict[int, bytes] = field(default_factory=dict)
    audit: bytes = b""
    commitments: dict[tuple[str, int], bytes] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COMPARTMENTS, 0))
    brought: set[bytes] = field(default_factory=set)

    @property
    def pin(self) -> bytes:
        """What a member notes of it."""
        return b"\1" + u64(self.number) + self.hash

    @property
    def fingerprint(self) -> str:
        """What members compare."""
        return digits("casework v1 roster fingerprint", self.pin)

    def read(self, entry: Entry) -> None:
        """Take the next entry, or refuse it."""
        number, encoded, signature = entry
        body = read_body(encoded)
        require(number == body.number == self.number + 1 and body.previous == self.hash, "link")
        require((body.kind == "found") == (number == 1), "founding")
        message = frame("casework v1 roster signature", u64(number), self.hash, encoded)
        verify_signature(self._signer(body), signature, message)
        if body.named:
            self._bring(body.named.public)
        self._check_kind(body)
        self._check_epochs(body)
        self._take_keys(body)
        self.number, self.hash = number, digest("casework v1 roster entry", u64(number), encoded, signature)
        self.hash_at[number] = self.hash

    def _signer(self, body: Body) -> bytes:
        if body.kind == "found":
            assert body.named is not None
            require(body.named.id == body.author and "coordinator" in body.named.roles, "founder")
            return body.named.public
        if body.kind == "recover":
            return self.recovery
        author = self.members.get(body.author)
        require(author is not None and author.status == "active", "author")
        assert author is not None
        require("coordinator" in author.named.roles, "author's role")
        return author.named.public

    def _bring(self, public: bytes) -> None:
        require(public not in self.brought, "a key that stood there before")
        self.brought.add(public)

    def _check_kind(self, body: Body) -> None:
        known = body.leaving or (body.named.id if body.named else NOBODY)
        standing = self.members.get(known)
        self._beginning = set(COMPARTMENTS) if body.kind in ("found", "recover", "reshare") else set()
        if body.kind == "admit":
            require(standing is None, "admitted before")
        if body.kind in ("revoke", "renew"):
            require(standing is not None and known != body.author, "unknown, or the author")
            assert standing is not None
            require(body.kind == "renew" or standing.status != "revoked", "revoked already")
            self._beginning = standing.granted if standing.status == "active" else set()
        if body.kind == "recover":
            require(body.named is not None and "coordinator" in body.named.roles, "a coordinator")
            for other in self.members.values():
                other.status = "lapsed" if other.status == "active" else other.status
        if body.leaving and standing:
            standing.status = "revoked"
        if body.named:
            self.members[known] = Standing(body.named, since=body.number)

    def _check_epochs(self, body: Body) -> None:
        expected = {(compartment, self.newest[compartment] + 1) for compartment in self._beginning}
        require(body.epochs.keys() == expected, "epochs")
        self.commitments |= body.epochs
        self.newest |= dict(body.epochs.keys())

    def _take_keys(self, body: Body) -> None:
        if body.audit is not None:
            require((body.audit != self.audit) == ("audit" in self._beginning), "audit key")
            if body.audit != self.audit:
                self._bring(body.audit)
            self.audit = body.audit
        if body.recovery is not None:
            self._bring(body.recovery)
            self.recovery, self.recovery_number = body.recovery, body.number
            self.recovery_at[body.number] = body.recovery


def read_roster(entries: Iterable[Entry], pin: bytes | None = None) -> Roster:
    """Return what a whole list leads to; with a pin it has to pass there."""
    roster, passed = Roster(), pin is None
    for entry in entries:
        roster.read(entry)
        passed = passed or roster.pin == pin
    require(roster.number > 0 and passed, "empty, or not through the pin")
    return roster
