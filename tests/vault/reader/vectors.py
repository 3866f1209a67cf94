"""Each file of vectors, and what reads a case of it."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.vault.reader import (
    casekeys,
    conventions,
    envelope,
    files,
    holder,
    people,
    recovery,
    seals,
    secondfactor,
    vectorlists,
)
from tests.vault.reader.refusals import require
from tests.vault.reader.vectorlists import Given, to_bytes


def _derivation(given: Given) -> str:
    key, *context = [bytes.fromhex(part) for part in (given["key"], *given["context"])]
    return conventions.derive(key, given["label"], *context, length=given["length"]).hex()


def _envelope(given: Given) -> str:
    key, row, sealed = to_bytes(given, "key", "row", "sealed")
    return envelope.open_envelope(key, given["epoch"], given["field"], row, given["version"], sealed).hex()


def _seed(given: Given) -> Any:
    public = seals.Secret(*to_bytes(given, "seed")).public
    return {"public": public.hex(), "fingerprint": seals.fingerprint(public)}


def _signature(given: Given) -> str:
    seals.verify(*to_bytes(given, "public", "signature", "message"))
    return "valid"


def _seal(given: Given) -> str:
    seed, info, sealed = to_bytes(given, "seed", "info", "sealed")
    return seals.Secret(seed).unseal(info, sealed).hex()


def _own_field(given: Given) -> str:
    seed, row, sealed = to_bytes(given, "seed", "row", "sealed")
    return envelope.open_own(seed, given["field"], row, given["version"], sealed).hex()


def _epoch_key(given: Given) -> str:
    seed, recipient, sealed, commitment = to_bytes(given, "seed", "recipient", "sealed", "commitment")
    place = (given["compartment"], given["epoch"])
    key = holder.open_epoch_key(seals.Secret(seed), recipient, place, sealed)
    require(holder.commit(*place, key) == commitment, "commitment")
    return key.hex()


def _epochs(given: Given) -> envelope.EpochKeys:
    return envelope.EpochKeys({(given["compartment"], given["epoch"]): bytes.fromhex(given["epoch_key"])})


def _compartment(given: Given) -> str:
    row, sealed = to_bytes(given, "row", "sealed")
    return _epochs(given).open(given["field"], row, given["version"], sealed).hex()


def _case_key(given: Given) -> str:
    case, row, wrapped, sealed = to_bytes(given, "case", "row", "wrapped", "sealed")
    place = (given["compartment"], given["generation"])
    key = _epochs(given).unwrap(case, *place, wrapped)
    return envelope.open_envelope(key, place[1], given["field"], row, given["version"], sealed).hex()


def _restricted_key(given: Given) -> str:
    seed, recipient, case, sealed = to_bytes(given, "seed", "recipient", "case", "sealed")
    place = (given["compartment"], given["generation"])
    return casekeys.open_restricted(seals.Secret(seed), recipient, case, place, sealed).hex()


def _session(given: Given) -> Any:
    secret, (row, sealed) = people.read_cookie(given["cookie"]), to_bytes(given, "row", "sealed")
    plain = envelope.open_own(secret, given["field"], row, given["version"], sealed)
    return {"id_hash": people.session_name(secret).hex(), "plain": plain.hex()}


def _invitation(given: Given) -> Any:
    (token, pin), (row, sealed) = people.read_link(given["link"]), to_bytes(given, "row", "sealed")
    plain = envelope.open_own(token, "invitation", row, 1, sealed)
    return {"token_hash": people.token_name(token).hex(), "pin": pin.hex(), "plain": plain.hex()}


def _host_key(given: Given) -> Any:
    host = people.Host.join(*to_bytes(given, "outside", "erasable"))
    return {
        "check": host.check.hex(),
        "passphrase_secret": host.passphrase_secret.hex(),
        "login_hmac": host.stored("login", given["login"]).hex(),
        "reference_hmac": host.stored("reference", given["reference"]).hex(),
    }


def _sealed_seed(given: Given) -> str:
    host, (member, sealed) = (
        people.Host.join(*to_bytes(given, "outside", "erasable")),
        to_bytes(given, "member", "sealed"),
    )
    return people.open_seed(given["passphrase"], member, host, sealed, given["version"]).seed.hex()


def _draft(given: Given) -> str:
    seed, draft, sealed = to_bytes(given, "seed", "draft", "sealed")
    secret = seals.Secret(seed)
    return recovery.open_draft(secret, given["index"], draft, given["version"], sealed).hex()


def _attempt(given: Given) -> str:
    host, (subject,) = people.Host.join(*to_bytes(given, "outside", "erasable")), to_bytes(given, "subject")
    return host.attempt(given["kind"], subject).hex()


def _second_factor(given: Given) -> str:
    factor = secondfactor.read_second_factor(*to_bytes(given, "document"))
    return factor.check(given["typed"], given["now_seconds"]).encode().hex()


READERS: Mapping[str, Callable[[Given], Any]] = {
    "attempt": _attempt,
    "audit": vectorlists.audit_log,
    "audit_body": vectorlists.audit_body,
    "backup": lambda given: files.open_age(
        seals.Secret(*to_bytes(given, "seed")), *to_bytes(given, "sealed")
    ).hex(),
    "base64url": lambda given: conventions.from_base64url(given["text"]).hex(),
    "case_key": _case_key,
    "compartment": _compartment,
    "derivation": _derivation,
    "document": lambda given: conventions.read_document(*to_bytes(given, "encoded")),
    "draft": _draft,
    "envelope": _envelope,
    "epoch_key": _epoch_key,
    "host_key": _host_key,
    "invitation": _invitation,
    "own_field": _own_field,
    "padding": lambda given: envelope.unpad(given["padding"], *to_bytes(given, "padded")).hex(),
    "passphrase": lambda given: people.normalise(given["typed"]),
    "public": lambda given: seals.fingerprint(*to_bytes(given, "public")),
    "recovery": lambda given: recovery.combine(given["shares"]).hex(),
    "restricted_key": _restricted_key,
    "roster": vectorlists.roster,
    "roster_change": vectorlists.roster_change,
    "seal": _seal,
    "sealed_seed": _sealed_seed,
    "second_factor": _second_factor,
    "seed": _seed,
    "session": _session,
    "signature": _signature,
}
"""The name of a file, and its reader."""
