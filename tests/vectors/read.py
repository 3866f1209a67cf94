"""Reads vectors: how the bytes of each file are opened with casework's public functions."""

import io
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from casework.services.backups import archive
from casework.services.backups.ledger import Ledger
from casework.services.draftseals import read_content, require_writer
from casework.services.restricted.naming import read_naming
from casework.vault import (
    audit,
    auditbody,
    backup,
    compartments,
    documents,
    draft,
    encoding,
    envelope,
    hostkey,
    invitation,
    labels,
    padding,
    passphrase,
    recovery,
    restricted,
    roster,
    session,
    stream,
)
from casework.vault.casekey import CaseKey
from casework.vault.erasure import check_erasure
from casework.vault.fields import FIELDS, Compartment, Field, Under
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.keyring import Keyring
from casework.vault.rosterstate import RosterState
from casework.vault.secondfactor import SecondFactor

FOLDER = Path(__file__).parent
Given = Mapping[str, Any]


def load(name: str) -> dict[str, Any]:
    """Return a file of vectors: what it is about, what is accepted, what is refused."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return loaded


def _field(given: Given) -> Field:
    return next(field for field in FIELDS if field.id == given["field"])


def _bytes(given: Given, *names: str) -> list[bytes]:
    return [bytes.fromhex(given[name]) for name in names]


def _derivation(given: Given) -> str:
    key, *context = [bytes.fromhex(part) for part in (given["key"], *given["context"])]
    return labels.derive(key, labels.Label(given["label"]), *context, length=given["length"]).hex()


def _padding(given: Given) -> str:
    return padding.unpad(padding.Padding(given["padding"]), *_bytes(given, "padded")).hex()


def _document(given: Given) -> Any:
    return documents.decode(*_bytes(given, "encoded"))


def _envelope(given: Given) -> str:
    key, sealed = _bytes(given, "key", "sealed")
    place = (given["epoch"], _field(given), UUID(given["row"]), given["version"])
    return envelope.open_sealed(key, *place, sealed).hex()


def _seed(given: Given) -> Any:
    public = MemberSecret(*_bytes(given, "seed")).public
    return {"public": public.encode().hex(), "fingerprint": public.fingerprint()}


def _public(given: Given) -> str:
    return MemberPublic.decode(*_bytes(given, "public")).fingerprint()


def _signature(given: Given) -> str:
    public, signature, message = _bytes(given, "public", "signature", "message")
    MemberPublic.decode(public).verify(signature, message)
    return "valid"


def _seal(given: Given) -> str:
    seed, info, sealed = _bytes(given, "seed", "info", "sealed")
    return MemberSecret(seed).unseal(info, sealed).hex()


def _own_field(given: Given) -> str:
    seed, sealed = _bytes(given, "seed", "sealed")
    return MemberSecret(seed).open_own(_field(given), UUID(given["row"]), given["version"], sealed).hex()


def _epoch_key(given: Given) -> str:
    seed, sealed, commitment = _bytes(given, "seed", "sealed", "commitment")
    place = (UUID(given["recipient"]), Compartment(given["compartment"]), given["epoch"])
    return compartments.open_epoch_key(MemberSecret(seed), *place, sealed, commitment).hex()


def _ring(given: Given) -> Keyring:
    compartment, epoch = Compartment(given["compartment"]), given["epoch"]
    return Keyring({(compartment, epoch): bytes.fromhex(given["epoch_key"])}, {compartment: epoch})


def _compartment(given: Given) -> str:
    (sealed,) = _bytes(given, "sealed")
    return _ring(given).open(_field(given), UUID(given["row"]), given["version"], sealed).hex()


def _case_key(given: Given) -> str:
    wrapped, sealed = _bytes(given, "wrapped", "sealed")
    place = (UUID(given["case"]), Compartment(given["compartment"]), given["generation"])
    case_key = _ring(given).open_case_key(*place, wrapped)
    return case_key.open(_field(given), UUID(given["row"]), given["version"], sealed).hex()


def _session(given: Given) -> Any:
    secret, (sealed,) = session.decode_session_secret(given["cookie"]), _bytes(given, "sealed")
    plain = session.open_for_session(secret, _field(given), UUID(given["row"]), given["version"], sealed)
    return {"id_hash": session.session_id_hash(secret).hex(), "plain": plain.hex()}


def _invitation(given: Given) -> Any:
    link = invitation.decode_link(given["link"])
    plain = invitation.open_with_token(link.token, UUID(given["row"]), *_bytes(given, "sealed"))
    return {
        "token_hash": invitation.token_hash(link.token).hex(),
        "pin": link.pin.encode().hex(),
        "plain": plain.hex(),
    }


def _host(given: Given) -> hostkey.HostKey:
    return hostkey.derive_host_key(*_bytes(given, "outside", "erasable"))


def _host_key(given: Given) -> Any:
    host = _host(given)
    return {
        "check": host.check.hex(),
        "passphrase_secret": host.passphrase_secret.hex(),
        "login_hmac": host.login_hmac(given["login"]).hex(),
        "reference_hmac": host.reference_hmac(given["reference"]).hex(),
    }


def _attempt(given: Given) -> str:
    return _host(given).attempt_hmac(given["kind"], bytes.fromhex(given["subject"])).hex()


def _second_factor(given: Given) -> str:
    factor = SecondFactor.decode(*_bytes(given, "document"))
    return factor.accept(given["typed"], given["now_seconds"]).encode().hex()


def _passphrase(given: Given) -> str:
    return passphrase.normalise(given["typed"]).decode()


def _sealed_seed(given: Given) -> str:
    (sealed,) = _bytes(given, "sealed")
    secret = passphrase.open_seed(
        given["passphrase"], UUID(given["member"]), _host(given), sealed, version=given["version"]
    )
    return secret.seed.hex()


def _restricted_key(given: Given) -> str:
    seed, sealed = _bytes(given, "seed", "sealed")
    recipient, case = UUID(given["recipient"]), UUID(given["case"])
    compartment = Compartment(given["compartment"])
    return restricted.open_wrapped_key(
        MemberSecret(seed), recipient, case, compartment, given["generation"], sealed
    ).hex()


def _draft(given: Given) -> str:
    seed, sealed = _bytes(given, "seed", "sealed")
    opened = draft.open_draft(
        MemberSecret(seed), given["index"], UUID(given["draft"]), sealed, version=given["version"]
    )
    return opened.hex()


def _recovery(given: Given) -> str:
    return recovery.combine(given["shares"]).hex()


def _verified(given: Given) -> RosterState:
    entries = [
        roster.Entry(entry["number"], entry["body"].encode(), bytes.fromhex(entry["signature"]))
        for entry in given["entries"]
    ]
    pin = None if given["pin"] is None else roster.Pin.decode(bytes.fromhex(given["pin"]))
    return roster.verify(entries, pin)


def _roster(given: Given) -> Any:
    state = _verified(given)
    return {
        "pin": state.pin.encode().hex(),
        "fingerprint": state.fingerprint(),
        "members": {member_id.hex: list(member.roles) for member_id, member in state.members.items()},
    }


def _roster_change(given: Given) -> Any:
    state = _verified(given)
    return {
        "pin": state.pin.encode().hex(),
        "status": {member_id.hex: member.status for member_id, member in state.members.items()},
        "epochs": {compartment.value: epoch for compartment, epoch in state.write_epochs.items()},
        "recovery": encoding.to_text(state.recovery_public.encode()),
        "audit": encoding.to_text(state.audit_public.encode()),
    }


def _audit(given: Given) -> Any:
    secret, head, bodies = MemberSecret(*_bytes(given, "seed")), audit.GENESIS, []
    mac_keys = {int(epoch): bytes.fromhex(key) for epoch, key in given["mac_keys"].items()}
    for stored in given["links"]:
        sealed, rows_hash, link_hash = _bytes(stored, "sealed", "rows_hash", "hash")
        mac = None if stored["mac"] is None else bytes.fromhex(stored["mac"])
        link = audit.AuditLink(stored["sequence"], sealed, mac, rows_hash, link_hash)
        previous, head = head.hash, audit.check_link(head, link, mac_keys)
        bodies.append(audit.open_entry(secret, previous, link).hex())
    return {"bodies": bodies, "hash": head.hash.hex(), "vouched": head.vouched_sequence}


def _backup(given: Given) -> str:
    seed, sealed = _bytes(given, "seed", "sealed")
    return backup.open_bytes(MemberSecret(seed), sealed).hex()


def _audit_body(given: Given) -> Any:
    rows_hash = bytes.fromhex(given["rows_hash"])
    body = auditbody.decode(given["body"].encode(), rows_hash)
    rows = None
    if body.rows is not None:
        rows = [[row.table, row.id.hex, row.version, row.digest.hex()] for row in body.rows]
    return {
        "event": body.event,
        "member": body.member and body.member.hex,
        "at": body.at.isoformat(),
        "fields": dict(body.fields),
        "rows": rows,
    }


def _field_under(given: Given) -> bytes:
    (secret, sealed), field, row = _bytes(given, "secret", "sealed"), _field(given), UUID(given["row"])
    epoch, version = given["epoch"], given["version"]
    match field.under:
        case Under.COMPARTMENT:
            assert field.compartment is not None
            ring = Keyring({(field.compartment, epoch): secret}, {field.compartment: epoch})
            return ring.open(field, row, version, sealed)
        case Under.CASE:
            assert field.compartment is not None
            return CaseKey(row, field.compartment, epoch, secret).open(field, row, version, sealed)
        case Under.MEMBER:
            return MemberSecret(secret).open_own(field, row, version, sealed)
        case Under.SESSION:
            return session.open_for_session(secret, field, row, version, sealed)
        case Under.TOKEN:
            return invitation.open_with_token(secret, row, sealed)
    return envelope.open_sealed(secret, epoch, field, row, version, sealed)


def _archive(given: Given) -> Any:
    with TemporaryDirectory() as folder:
        manifest = archive.unpack(io.BytesIO(*_bytes(given, "archive")), Path(folder))
        files = {member.name: (Path(folder) / member.name).read_bytes().hex() for member in manifest.members}
    return {"roster": manifest.roster.number, "audit": manifest.audit[0], "files": files}


def _ledger(given: Given) -> Any:
    ledger = Ledger.from_document(documents.decode(*_bytes(given, "document")))
    return {
        "erased": [one.case_id.hex for one in ledger.erased],
        "pin": roster.verify(ledger.roster).pin.encode().hex(),
        "audit": ledger.audit[0],
    }


def _erasure(given: Given) -> str:
    (case, statement), state = _bytes(given, "case", "statement"), _verified(given)
    erased_at = datetime.fromisoformat(given["erased_at"])
    return check_erasure(statement, state, UUID(bytes=case), erased_at).value


def _draft_content(given: Given) -> Any:
    plain, member = _bytes(given, "document", "member")
    content = read_content(plain)
    require_writer(content, UUID(bytes=member))
    writer = content.writer.hex if content.writer else None
    return {"path": content.path, "fields": content.fields, "writer": writer}


def _named(given: Given) -> Any:
    naming = read_naming(*_bytes(given, "document"))
    return {"named": {member.hex: key for member, key in naming.named.items()}, "recovery": naming.recovery}


def _stream(given: Given) -> str:
    key, sealed = _bytes(given, "key", "sealed")
    copy, size = stream.Copy[given["copy"].upper()], given["bytes"]
    opener = stream.Opener(key, UUID(given["row"]), copy, size, io.BytesIO(sealed))
    return b"".join(opener.read()).hex()


def _base64url(given: Given) -> str:
    return encoding.from_text(given["text"]).hex()


READERS: Mapping[str, Callable[[Given], Any]] = {
    "attempt": _attempt,
    "second_factor": _second_factor,
    "archive": _archive,
    "audit": _audit,
    "backup": _backup,
    "audit_body": _audit_body,
    "base64url": _base64url,
    "case_key": _case_key,
    "compartment": _compartment,
    "derivation": _derivation,
    "document": _document,
    "draft": _draft,
    "draft_content": _draft_content,
    "envelope": _envelope,
    "epoch_key": _epoch_key,
    "erasure": _erasure,
    "field": lambda given: _field_under(given).hex(),
    "host_key": _host_key,
    "invitation": _invitation,
    "ledger": _ledger,
    "named": _named,
    "own_field": _own_field,
    "padding": _padding,
    "passphrase": _passphrase,
    "public": _public,
    "recovery": _recovery,
    "restricted_key": _restricted_key,
    "roster": _roster,
    "roster_change": _roster_change,
    "seal": _seal,
    "sealed_seed": _sealed_seed,
    "seed": _seed,
    "session": _session,
    "signature": _signature,
    "stream": _stream,
}
"""Each file of vectors, and what reads a case of it."""
