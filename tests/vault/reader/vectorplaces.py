"""Vectors of what is sealed in its place: fields under each kind of key, sessions, invitations."""

from typing import Any

from tests.vault.reader import casekeys, envelope, holder, people, seals
from tests.vault.reader.refusals import require
from tests.vault.reader.vectorlists import Given, to_bytes


def plain_envelope(given: Given) -> str:
    """An envelope."""
    key, row, sealed = to_bytes(given, "key", "row", "sealed")
    return envelope.open_envelope(key, given["epoch"], given["field"], row, given["version"], sealed).hex()


def own_field(given: Given) -> str:
    """A member's own."""
    seed, row, sealed = to_bytes(given, "seed", "row", "sealed")
    return envelope.open_own(seed, given["field"], row, given["version"], sealed).hex()


def epoch_key(given: Given) -> str:
    """An epoch key against its commitment."""
    seed, recipient, sealed, commitment = to_bytes(given, "seed", "recipient", "sealed", "commitment")
    place = (given["compartment"], given["epoch"])
    key = holder.open_epoch_key(seals.Secret(seed), recipient, place, sealed)
    require(holder.commit(*place, key) == commitment, "commitment")
    return key.hex()


def _epochs(given: Given) -> envelope.EpochKeys:
    return envelope.EpochKeys({(given["compartment"], given["epoch"]): bytes.fromhex(given["epoch_key"])})


def compartment(given: Given) -> str:
    """A record under a compartment."""
    row, sealed = to_bytes(given, "row", "sealed")
    return _epochs(given).open(given["field"], row, given["version"], sealed).hex()


def case_key(given: Given) -> str:
    """A record under a case key."""
    case, row, wrapped, sealed = to_bytes(given, "case", "row", "wrapped", "sealed")
    place = (given["compartment"], given["generation"])
    key = _epochs(given).unwrap(case, *place, wrapped)
    return envelope.open_envelope(key, place[1], given["field"], row, given["version"], sealed).hex()


def restricted_key(given: Given) -> str:
    """A sealed wrap."""
    seed, recipient, case, sealed = to_bytes(given, "seed", "recipient", "case", "sealed")
    place = (given["compartment"], given["generation"])
    return casekeys.open_restricted(seals.Secret(seed), recipient, case, place, sealed).hex()


def session(given: Given) -> Any:
    """What a cookie opens."""
    secret, (row, sealed) = people.read_cookie(given["cookie"]), to_bytes(given, "row", "sealed")
    plain = envelope.open_own(secret, given["field"], row, given["version"], sealed)
    return {"id_hash": people.session_name(secret).hex(), "plain": plain.hex()}


def invitation(given: Given) -> Any:
    """What a link opens."""
    (token, pin), (row, sealed) = people.read_link(given["link"]), to_bytes(given, "row", "sealed")
    plain = envelope.open_own(token, "invitation", row, 1, sealed)
    return {"token_hash": people.token_name(token).hex(), "pin": pin.hex(), "plain": plain.hex()}


def field(given: Given) -> str:
    """Any field."""
    secret, row, sealed = to_bytes(given, "secret", "row", "sealed")
    field, epoch, place = given["field"], given["epoch"], (row, given["version"], sealed)
    kind = envelope.FIELDS[field]
    if kind.key == "compartment":
        return envelope.EpochKeys({(str(kind.compartment), epoch): secret}).open(field, *place).hex()
    if kind.key in envelope.OWN_LABELS:
        return envelope.open_own(secret, field, *place).hex()
    return envelope.open_envelope(secret, epoch, field, *place).hex()
