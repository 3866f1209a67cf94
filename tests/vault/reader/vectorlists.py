"""Vectors of lists: rosters and audit logs."""

from collections.abc import Mapping
from typing import Any

from tests.vault.reader import audit, conventions, seals
from tests.vault.reader.roster import Roster, read_roster

Given = Mapping[str, Any]


def to_bytes(given: Given, *names: str) -> list[bytes]:
    """Return values that stand in hex, ids with dashes too."""
    return [bytes.fromhex(given[name].replace("-", "")) for name in names]


def read_entries(given: Given) -> Roster:
    entries = [
        (one["number"], one["body"].encode(), bytes.fromhex(one["signature"])) for one in given["entries"]
    ]
    return read_roster(entries, None if given["pin"] is None else bytes.fromhex(given["pin"]))


def roster(given: Given) -> Any:
    """A list that stands."""
    read = read_entries(given)
    members = {member.hex(): list(standing.named.roles) for member, standing in read.members.items()}
    return {"pin": read.pin.hex(), "fingerprint": read.fingerprint, "members": members}


def roster_change(given: Given) -> Any:
    """A list that goes on."""
    read = read_entries(given)
    return {
        "pin": read.pin.hex(),
        "status": {member.hex(): standing.status for member, standing in read.members.items()},
        "epochs": read.newest,
        "recovery": conventions.to_base64url(read.recovery),
        "audit": conventions.to_base64url(read.audit),
    }


def audit_log(given: Given) -> Any:
    """A chain."""
    mac_keys = {int(epoch): bytes.fromhex(key) for epoch, key in given["mac_keys"].items()}
    chain, bodies = audit.Chain(mac_keys, {1: seals.Secret(*to_bytes(given, "seed"))}), []
    for one in given["links"]:
        sealed, rows_hash, hashed = to_bytes(one, "sealed", "rows_hash", "hash")
        mac = None if one["mac"] is None else bytes.fromhex(one["mac"])
        bodies.append(chain.read(audit.Link(one["sequence"], sealed, mac, rows_hash, hashed)).hex())
    return {"bodies": bodies, "hash": chain.hash.hex(), "vouched": chain.vouched}


def audit_body(given: Given) -> Any:
    """What an entry says."""
    document, rows = audit.read_body(given["body"].encode(), *to_bytes(given, "rows_hash"))
    said = {key: document[key] for key in ("event", "member", "at", "fields")}
    listed = (
        None
        if rows is None
        else [[name, row.hex(), version, content.hex()] for name, row, version, content in rows]
    )
    return said | {"rows": listed}
