"""§2 and §3: padding and envelopes; §4: the fields and the keys that are derived for them."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.vault.reader.conventions import derive, u8, u32, u64
from tests.vault.reader.refusals import Tampered, UnknownKey, require

SMALLEST = 1 + 1 + 4 + 12 + 16
STEP, LEAST = 256, 1024


@dataclass(frozen=True)
class Field:
    """A row of the table in §4."""

    key: str
    compartment: str | None
    padding: str


FIELDS = {
    "organization.profile": Field("compartment", "shared", "steps"),
    "organization.recovery": Field("compartment", "shared", "steps"),
    "organization.retention": Field("compartment", "shared", "steps"),
    "organization.log": Field("compartment", "shared", "steps"),
    "erasure.receipt": Field("compartment", "shared", "steps"),
    "member.profile": Field("compartment", "shared", "steps"),
    "pattern.definition": Field("compartment", "shared", "steps"),
    "invitation.details": Field("compartment", "shared", "steps"),
    "import.mapping": Field("compartment", "shared", "padme"),
    "case.coded": Field("compartment", "coded", "steps"),
    "person.coded": Field("compartment", "coded", "steps"),
    "incident.coded": Field("compartment", "coded", "steps"),
    "follow_up.coded": Field("compartment", "coded", "steps"),
    "own_term.definition": Field("compartment", "coded", "steps"),
    "import.batch": Field("compartment", "coded", "steps"),
    "case.key.identity": Field("compartment", "identity", "none"),
    "case.key.narrative": Field("compartment", "narrative", "none"),
    "case.named": Field("case", "identity", "padme"),
    "person.identity": Field("case", "identity", "padme"),
    "incident.narrative": Field("case", "narrative", "padme"),
    "follow_up.narrative": Field("case", "narrative", "padme"),
    "attachment.narrative": Field("case", "narrative", "padme"),
    "story.narrative": Field("case", "narrative", "padme"),
    "revision.identity": Field("case", "identity", "padme"),
    "revision.narrative": Field("case", "narrative", "padme"),
    "member.pin": Field("member", None, "none"),
    "member.anchor": Field("member", None, "steps"),
    "member.second_factor": Field("member", None, "steps"),
    "upload.state": Field("member", None, "padme"),
    "upload.piece": Field("member", None, "padme"),
    "bundle.state": Field("member", None, "padme"),
    "saved_view.own": Field("member", None, "padme"),
    "saved_view.shared": Field("compartment", "shared", "padme"),
    "release.content": Field("compartment", "shared", "padme"),
    "official_count.count": Field("compartment", "shared", "steps"),
    "access_request.request": Field("compartment", "shared", "steps"),
    "published_story.content": Field("compartment", "shared", "padme"),
    "policy_event.event": Field("compartment", "shared", "steps"),
    "dismissal.content": Field("compartment", "coded", "padme"),
    "ledger_entry.entry": Field("compartment", "coded", "padme"),
    "index.manifest": Field("compartment", "coded", "padme"),
    "index.column": Field("compartment", "coded", "padme"),
    "session.seed": Field("session", None, "none"),
    "session.pin": Field("session", None, "none"),
    "session.device": Field("member", None, "steps"),
    "search.text": Field("session", None, "steps"),
    "ceremony.state": Field("session", None, "padme"),
    "passphrase.seed": Field("passphrase", None, "none"),
    "invitation": Field("token", None, "padme"),
    "draft.content": Field("content", None, "padme"),
}
OWN_LABELS = {
    "member": "casework v1 member field key",
    "session": "casework v1 session key",
    "token": "casework v1 token key",
}


def padded_size(size: int, padding: str) -> int:
    """Return the size that so many bytes are padded to."""
    if padding == "steps":
        return -(-size // STEP) * STEP
    if size <= LEAST:
        return LEAST
    exponent = size.bit_length() - 1
    unit = 1 << (exponent - exponent.bit_length())  # ⌊log₂ e⌋ + 1 is e's length in bits
    return -(-size // unit) * unit


def unpad(padding: str, padded: bytes) -> bytes:
    """Return the content; a fill or size other than the rule's is refused."""
    if padding == "none":
        return padded
    end = 4 + int.from_bytes(padded[:4], "big")
    require(4 <= len(padded) == padded_size(end, padding) and end <= len(padded), "size")
    require(not any(padded[end:]), "fill")
    return padded[4:end]


def epoch_of(sealed: bytes) -> int:
    """Return the epoch in an envelope's header."""
    require(len(sealed) >= SMALLEST and sealed[:2] == b"\1\1", "header")
    return int.from_bytes(sealed[2:6], "big")


def open_envelope(key: bytes, epoch: int, field: str, row: bytes, version: int, sealed: bytes) -> bytes:
    """Return the content of an envelope that was found in this place."""
    require(epoch_of(sealed) == epoch, "epoch")
    place = sealed[:6] + u8(len(field)) + field.encode() + row + u64(version)
    try:
        padded = AESGCM(key).decrypt(sealed[6:18], sealed[18:], place)
    except InvalidTag as error:
        raise Tampered("tag") from error
    return unpad(FIELDS[field].padding, padded)


def open_own(secret: bytes, field: str, row: bytes, version: int, sealed: bytes) -> bytes:
    """Return what is sealed under a member's seed, a session's secret or a token."""
    key = derive(secret, OWN_LABELS[FIELDS[field].key], field)
    return open_envelope(key, 1, field, row, version, sealed)


@dataclass(frozen=True)
class EpochKeys:
    """The epoch keys that a reader holds."""

    keys: dict[tuple[str, int], bytes]

    def open(self, field: str, row: bytes, version: int, sealed: bytes) -> bytes:
        """Return the content of a field under a compartment."""
        epoch, compartment = epoch_of(sealed), FIELDS[field].compartment
        require(FIELDS[field].key == "compartment" and compartment is not None, "field")
        held = self.keys.get((str(compartment), epoch))
        if held is None:
            raise UnknownKey("epoch")
        key = derive(held, "casework v1 field key", field, u32(epoch))
        return open_envelope(key, epoch, field, row, version, sealed)

    def unwrap(self, case: bytes, compartment: str, generation: int, wrapped: bytes) -> bytes:
        """Return a case key."""
        require(0 < generation and 1 <= generation % 65_536, "generation")
        key = self.open(f"case.key.{compartment}", case, generation, wrapped)
        require(len(key) == 32, "length of a case key")
        return key
