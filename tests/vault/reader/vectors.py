"""Each file of vectors, and what reads a case of it."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.vault.reader import (
    attachments,
    casekeys,
    conventions,
    envelope,
    erasures,
    files,
    people,
    recovery,
    seals,
    secondfactor,
    vectorlists,
    vectorplaces,
)
from tests.vault.reader.vectorlists import Given, to_bytes


def _derivation(given: Given) -> str:
    key, *context = [bytes.fromhex(part) for part in (given["key"], *given["context"])]
    return conventions.derive(key, given["label"], *context, length=given["length"]).hex()


def _seed(given: Given) -> Any:
    public = seals.Secret(*to_bytes(given, "seed")).public
    return {"public": public.hex(), "fingerprint": seals.fingerprint(public)}


def _signature(given: Given) -> str:
    seals.verify(*to_bytes(given, "public", "signature", "message"))
    return "valid"


def _seal(given: Given) -> str:
    seed, info, sealed = to_bytes(given, "seed", "info", "sealed")
    return seals.Secret(seed).unseal(info, sealed).hex()


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


def _draft_content(given: Given) -> Any:
    document = recovery.read_draft(*to_bytes(given, "document", "member"))
    return {"path": document["path"], "fields": document["fields"], "writer": document.get("writer")}


def _attempt(given: Given) -> str:
    host, (subject,) = people.Host.join(*to_bytes(given, "outside", "erasable")), to_bytes(given, "subject")
    return host.attempt(given["kind"], subject).hex()


def _second_factor(given: Given) -> str:
    factor = secondfactor.read_second_factor(*to_bytes(given, "document"))
    return factor.check(given["typed"], given["now_seconds"]).encode().hex()


def _archive(given: Given) -> Any:
    manifest, contents = files.read_archive(*to_bytes(given, "archive"))
    held = {name: content.hex() for name, content in contents.items()}
    return {"roster": manifest["roster"]["number"], "audit": manifest["audit"]["sequence"], "files": held}


def _ledger(given: Given) -> Any:
    document, roster = files.read_ledger_document(*to_bytes(given, "document"))
    erased = [one["case"] for one in document["erased"]]
    return {"erased": erased, "pin": roster.pin.hex(), "audit": document["audit"]["sequence"]}


def _erasure(given: Given) -> str:
    case, statement = to_bytes(given, "case", "statement")
    roster = vectorlists.read_entries(given)
    return erasures.check(roster, case, given["erased_at"], statement)


def _named(given: Given) -> Any:
    named, recovered = casekeys.read_named(*to_bytes(given, "document"))
    return {"named": {member.hex(): noted for member, noted in named.items()}, "recovery": recovered}


def _stream(given: Given) -> str:
    key, row, sealed = to_bytes(given, "key", "row", "sealed")
    return attachments.open_file(key, attachments.Place(row, given["copy"], given["bytes"]), sealed).hex()


READERS: Mapping[str, Callable[[Given], Any]] = {
    "attempt": _attempt,
    "archive": _archive,
    "audit": vectorlists.audit_log,
    "audit_body": vectorlists.audit_body,
    "backup": lambda given: files.open_age(
        seals.Secret(*to_bytes(given, "seed")), *to_bytes(given, "sealed")
    ).hex(),
    "base64url": lambda given: conventions.from_base64url(given["text"]).hex(),
    "case_key": vectorplaces.case_key,
    "compartment": vectorplaces.compartment,
    "derivation": _derivation,
    "document": lambda given: conventions.read_document(*to_bytes(given, "encoded")),
    "draft": _draft,
    "draft_content": _draft_content,
    "envelope": vectorplaces.plain_envelope,
    "epoch_key": vectorplaces.epoch_key,
    "erasure": _erasure,
    "field": vectorplaces.field,
    "host_key": _host_key,
    "ledger": _ledger,
    "invitation": vectorplaces.invitation,
    "named": _named,
    "own_field": vectorplaces.own_field,
    "padding": lambda given: envelope.unpad(given["padding"], *to_bytes(given, "padded")).hex(),
    "passphrase": lambda given: people.normalise(given["typed"]),
    "public": lambda given: seals.fingerprint(*to_bytes(given, "public")),
    "recovery": lambda given: recovery.combine(given["shares"]).hex(),
    "restricted_key": vectorplaces.restricted_key,
    "roster": vectorlists.roster,
    "roster_change": vectorlists.roster_change,
    "seal": _seal,
    "sealed_seed": _sealed_seed,
    "second_factor": _second_factor,
    "seed": _seed,
    "session": vectorplaces.session,
    "signature": _signature,
    "stream": _stream,
}
"""The name of a file, and its reader."""
