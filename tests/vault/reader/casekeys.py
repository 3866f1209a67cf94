"""§5: case keys, wrapped for everybody with the compartment or sealed to who is named."""

import re

from tests.vault.reader.conventions import frame, from_hex_id, read_document, u32
from tests.vault.reader.envelope import epoch_of, open_envelope
from tests.vault.reader.holder import Holder
from tests.vault.reader.refusals import UnknownKey, require
from tests.vault.reader.seals import Secret
from tests.vault.reader.tables import Tables, to_id

CaseKeys = dict[tuple[str, int], bytes]
"""By compartment and generation."""


def open_restricted(
    secret: Secret, recipient: bytes, case: bytes, place: tuple[str, int], sealed: bytes
) -> bytes:
    """Return the wrap in a seal of a restricted case's key."""
    require(0 < place[1] < 2**32, "generation")
    info = frame("casework v1 restricted key", recipient, case, place[0], u32(place[1]))
    return secret.unseal(info, sealed)


def open_case_keys(holder: Holder, tables: Tables, case: dict) -> CaseKeys:  # type: ignore[type-arg]
    """Return the keys of a case that this reader may open."""
    case_id, wraps = to_id(case["id"]), tables.find("case_key", case_id=case["id"])
    seals = tables.find("case_key_seal", case_id=case["id"])
    keys: CaseKeys = {}
    if not case["restricted"]:
        require(not seals and bool(wraps), "seals beside wraps")
        listed = [((row["compartment"], row["generation"]), row["key_sealed"]) for row in wraps]
    else:
        require(not wraps, "a wrap beside seals")
        places = {(row["compartment"], row["generation"]) for row in seals}
        require(len(places) == len({place[0] for place in places}) == 2, "one generation of each")
        own = [row for row in seals if to_id(row["recipient_id"]) == holder.id]
        listed = []
        for row in own:
            place = (row["compartment"], row["generation"])
            wrap = open_restricted(holder.secret, holder.id, case_id, place, row["key_sealed"])
            listed.append((place, wrap))
    for place, wrap in listed:
        if (place[0], epoch_of(wrap)) in holder.epochs.keys:
            keys[place] = holder.epochs.unwrap(case_id, *place, wrap)
    return keys


def open_record(keys: CaseKeys, field: tuple[str, str], row: bytes, version: int, sealed: bytes) -> bytes:
    """Return a record under a case key; `field` with its compartment."""
    name, compartment = field
    generation = epoch_of(sealed)
    if (compartment, generation) not in keys:
        raise UnknownKey("case key")
    return open_envelope(keys[compartment, generation], generation, name, row, version, sealed)


def read_named(encoded: bytes) -> tuple[dict[bytes, str], str]:
    """Return who is named in a restricted case with their keys' digests, and the recovery key's."""
    document = read_document(encoded)
    require(document.keys() == {"named", "recovery", "schema"}, "keys")
    require(type(document["schema"]) is int and document["schema"] == 1, "schema")
    require(isinstance(document["named"], dict), "named")
    for noted in (*document["named"].values(), document["recovery"]):
        require(isinstance(noted, str) and re.fullmatch("[0-9a-f]{64}", noted) is not None, "digest")
    return {from_hex_id(member): noted for member, noted in document["named"].items()}, document["recovery"]
