"""§14 and §11: recovery shares, and drafts."""

import re

from shamir_mnemonic import MnemonicError, combine_mnemonics
from shamir_mnemonic.share import Share

from tests.vault.reader.conventions import Document, frame, from_hex_id, read_document, u8, u64
from tests.vault.reader.envelope import open_envelope
from tests.vault.reader.people import normalise
from tests.vault.reader.refusals import Tampered, require
from tests.vault.reader.seals import Secret

DRAFT_SEAL = 1170


def _fold(share: str) -> str:
    numberless = re.sub(r"(?<!\S)\d{1,2}[.):]?(?=[\sa-z]|$)", " ", normalise(share))
    return " ".join(word for part in numberless.split() if (word := part.strip(".,;:")))


def combine(shares: list[str]) -> bytes:
    """Return the recovery seed."""
    folded = list(dict.fromkeys(_fold(share) for share in shares))
    require(bool(folded), "shares")
    try:
        read = [Share.from_mnemonic(share) for share in folded]
        most = read[0].member_threshold - 1
        rest = folded[most:]
        seeds = {bytes(combine_mnemonics([*folded[:most], one], b"")) for one in rest}
    except (MnemonicError, ValueError) as error:
        raise Tampered("shares") from error
    for share in read:
        form = (share.group_count, share.extendable, share.iteration_exponent, len(share.words()))
        require(form == (1, True, 0, 33), "another kind of shares")
    require(len(seeds) == 1, "shares of several splits")
    (seed,) = seeds
    require(len(seed) == 32, "seed")
    return seed


def read_sheet(code: str) -> str:
    """Return the words of a printed sheet's square code."""
    require(re.fullmatch("[A-Z]+( [A-Z]+){32}", code) is not None, "square code")
    return code.lower()


def open_draft(secret: Secret, index: int, draft: bytes, version: int, sealed: bytes) -> bytes:
    """Return what a draft holds, to the reader at this place in it."""
    require(len(sealed) > 3 and sealed[:2] == b"\1\1" and 0 <= index < sealed[2], "draft")
    readers, begins = sealed[2], 3 + index * DRAFT_SEAL
    info = frame("casework v1 draft key", draft, u64(version), u8(index) + u8(readers))
    envelope = sealed[3 + readers * DRAFT_SEAL :]
    require(len(envelope) > 0, "cut short")
    key = secret.unseal(info, sealed[begins : begins + DRAFT_SEAL])
    require(len(key) == 32, "content key")
    return open_envelope(key, 1, "draft.content", draft, version, envelope)


def read_draft(encoded: bytes, member: bytes) -> Document:
    """Return a draft's document; refused where it names another writer than whose row it lies in."""
    document = read_document(encoded)
    schema, fields = document.get("schema"), document.get("fields")
    require(type(schema) is int and schema in (1, 2), "schema")
    require(document.keys() == {"schema", "path", "fields"} | ({"writer"} if schema == 2 else set()), "keys")
    require(isinstance(document["path"], str), "path")
    require(isinstance(fields, dict), "fields")
    for texts in document["fields"].values():
        require(isinstance(texts, list) and all(isinstance(text, str) for text in texts), "texts")
    if schema == 2:
        require(from_hex_id(document["writer"]) == member, "writer")
    return document
