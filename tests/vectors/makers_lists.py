"""Vectors of the two lists: the roster and the audit log."""

from typing import Any

from casework.vault import audit, compartments, encoding, roster
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.keyring import Keyring
from tests.vectors.material import (
    ANA,
    ANA_ID,
    AUDIT,
    BEN,
    BEN_ID,
    KEY,
    OTHER_KEY,
    RECOVERY,
    ROW,
    Kept,
    flip,
    tampered,
    vectors,
)

KEYS = dict.fromkeys(((compartment, 1) for compartment in Compartment), KEY) | {
    (Compartment.AUDIT, 1): AUDIT.seed
}
COMMITMENTS = {place: compartments.commitment(*place, key) for place, key in KEYS.items()}
Stored = dict[str, Any]


def _stored(entry: roster.Entry) -> Stored:
    return {"number": entry.number, "body": entry.body.decode(), "signature": entry.signature.hex()}


def _resigned(entry: Stored, secret: MemberSecret, old: str, new: str) -> Stored:
    """Return an entry with its body changed and signed by somebody, as its link stands."""
    body = entry["body"].replace(old, new)
    assert body != entry["body"] or not old
    previous = encoding.from_text(body.split('"previous":"')[1][:43])
    message = roster.signed_message(entry["number"], previous, body.encode())
    return {"number": entry["number"], "body": body, "signature": secret.sign(message).hex()}


def rosters(_kept: Kept) -> Any:
    """A founding and an admission."""
    founding = roster.found(
        ANA, ANA_ID, ["caseworker", "coordinator"], RECOVERY.public, AUDIT.public, COMMITMENTS
    )
    alone = roster.verify([founding])
    admission = roster.admit(ANA, ANA_ID, alone, BEN_ID, ["advocate"], BEN.public)
    fork = roster.admit(ANA, ANA_ID, alone, BEN_ID, ["coordinator"], BEN.public)
    both = roster.verify([founding, admission])
    first, second = _stored(founding), _stored(admission)
    given = {"entries": [first, second], "pin": both.pin.encode().hex()}
    accept = []
    for name, entries, pin in (
        ("founded", [first], None),
        ("one admitted", [first, second], None),
        ("at the pin", [first, second], both.pin),
        ("beyond the pin", [first, second], alone.pin),
    ):
        state = both if len(entries) == 2 else alone
        result: Stored = {"pin": state.pin.encode().hex(), "fingerprint": state.fingerprint()}
        result["members"] = {member.hex: list(state.members[member].roles) for member in state.members}
        accept.append((name, {"entries": entries, "pin": pin and pin.encode().hex()}, result))
    ana, ben = (encoding.to_text(secret.public.encode()) for secret in (ANA, BEN))
    mallory = encoding.to_text(MemberSecret(OTHER_KEY).public.encode())
    committed = encoding.to_text(COMMITMENTS[Compartment.CODED, 1])
    reject = tampered(
        given,
        nothing={"entries": []},
        without_its_founding={"entries": [second], "pin": None},
        truncated_below_the_pin={"entries": [first]},
        forked_at_the_pin={"entries": [first, _stored(fork)]},
        repeated={"entries": [first, first]},
        swapped_public_key={"entries": [first, second | {"body": second["body"].replace(ben, mallory)}]},
        raised_role={
            "entries": [first, second | {"body": second["body"].replace("advocate", "coordinator")}]
        },
        forged_epoch={
            "entries": [first | {"body": first["body"].replace(committed, committed[::-1])}],
            "pin": None,
        },
        signed_by_who_is_admitted={
            "entries": [
                first,
                _resigned(second, BEN, f'"author":"{ANA_ID.hex}"', f'"author":"{BEN_ID.hex}"'),
            ],
            "pin": None,
        },
        signed_with_another_key={"entries": [first, _resigned(second, BEN, "", "")], "pin": None},
        admitted_twice={
            "entries": [first, _resigned(second, ANA, f'"id":"{BEN_ID.hex}"', f'"id":"{ANA_ID.hex}"')],
            "pin": None,
        },
        admitted_under_a_known_key={"entries": [first, _resigned(second, ANA, ben, ana)], "pin": None},
        wrong_link={
            "entries": [first, _resigned(second, ANA, encoding.to_text(founding.hash), "A" * 43)],
            "pin": None,
        },
        renumbered={"entries": [first, second | {"number": 3}], "pin": None},
        unknown_role={"entries": [first, _resigned(second, ANA, "advocate", "root")], "pin": None},
        unknown_kind={
            "entries": [first, _resigned(second, ANA, '"kind":"admit"', '"kind":"change"')],
            "pin": None,
        },
        field_too_many={
            "entries": [first, _resigned(second, ANA, '"schema":1', '"schema":1,"z":1')],
            "pin": None,
        },
        not_canonical={"entries": [first, _resigned(second, ANA, '"schema":1', '"schema": 1')], "pin": None},
        signature_changed={"entries": [first, second | {"signature": flip(second["signature"], 9)}]},
    )
    return vectors("A roster and a pin, and the state it leads to.", accept, reject)


def audits(kept: Kept) -> Any:
    """A chain of three entries, the last one under nobody's key."""
    mac_key = Keyring({(Compartment.SHARED, 1): KEY}, {Compartment.SHARED: 1}).audit_mac_key()
    fresh: list[Stored] = []
    bodies = [b"founded", b"logged", b"late"]
    for sequence, body in enumerate(bodies, 1):
        previous = bytes.fromhex(fresh[-1]["hash"]) if fresh else audit.GENESIS_HASH
        rows_hash = audit.hash_rows([("incident.coded", ROW, sequence, body)])
        used = mac_key if sequence < 3 else None
        made = audit.seal_entry(audit.AuditKey(1, AUDIT.public), used, sequence, previous, body, rows_hash)
        fresh.append(
            {
                "sequence": sequence,
                "sealed": made.sealed.hex(),
                "mac": made.mac and made.mac.hex(),
                "rows_hash": rows_hash.hex(),
                "hash": made.hash.hex(),
            }
        )
    links: list[Stored] = kept.value("three entries", "links", fresh)
    first, second, third = links
    given = {"seed": AUDIT.seed.hex(), "mac_keys": {"1": mac_key.key.hex()}, "links": links}
    result = {"bodies": [body.hex() for body in bodies], "hash": third["hash"], "vouched": 2}
    reject = tampered(
        given,
        another_audit_key={"seed": ANA.seed.hex()},
        another_mac_key={"mac_keys": {"1": OTHER_KEY.hex()}},
        removed={"links": [first, third]},
        removed_and_renumbered={"links": [first, third | {"sequence": 2}]},
        reordered={"links": [first, third, second]},
        without_its_beginning={"links": [second, third]},
        body_changed={"links": [first | {"sealed": flip(first["sealed"], 1200)}]},
        mac_changed={"links": [first | {"mac": flip(first["mac"], 20)}]},
        mac_dropped={"links": [first | {"mac": None}]},
        rows_changed={"links": [first | {"rows_hash": flip(first["rows_hash"], 0)}]},
        hash_changed={"links": [first | {"hash": flip(first["hash"], 0)}]},
    )
    reject.append(("no key for the mac", given | {"mac_keys": {}}, "UnknownKey"))
    return vectors("An audit log, and what its entries say.", [("three entries", given, result)], reject)


MAKERS = {"audit": audits, "roster": rosters}
