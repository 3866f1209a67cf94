"""Vectors of the two lists: the roster and the audit log."""

from typing import Any

from casework.vault import audit, compartments, encoding, roster, rosterdeeds
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
    Case,
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


def stored(entry: roster.Entry) -> Stored:
    return {"number": entry.number, "body": entry.body.decode(), "signature": entry.signature.hex()}


def resigned(entry: Stored, secret: MemberSecret, old: str, new: str) -> Stored:
    """Return an entry with its body changed and signed by somebody, as its link stands."""
    body = entry["body"].replace(old, new)
    assert body != entry["body"] or not old
    previous = encoding.from_text(body.split('"previous":"')[1][:43])
    message = roster.signed_message(entry["number"], previous, body.encode())
    return {"number": entry["number"], "body": body, "signature": secret.sign(message).hex()}


FOUNDING = rosterdeeds.found(
    ANA, ANA_ID, ["caseworker", "coordinator"], RECOVERY.public, AUDIT.public, COMMITMENTS
)
ALONE = roster.verify([FOUNDING])
ADMISSION = rosterdeeds.admit(ANA, ANA_ID, ALONE, BEN_ID, ["advocate"], BEN.public)
BOTH = roster.verify([FOUNDING, ADMISSION])
FIRST, SECOND = stored(FOUNDING), stored(ADMISSION)
ANA_PUBLIC, BEN_PUBLIC, OTHER_PUBLIC = (
    encoding.to_text(secret.public.encode()) for secret in (ANA, BEN, MemberSecret(OTHER_KEY))
)


def _accepted_rosters() -> list[Case]:
    accept: list[Case] = []
    for name, entries, pin in (
        ("founded", [FIRST], None),
        ("one admitted", [FIRST, SECOND], None),
        ("at the pin", [FIRST, SECOND], BOTH.pin),
        ("beyond the pin", [FIRST, SECOND], ALONE.pin),
    ):
        state = BOTH if len(entries) == 2 else ALONE
        result: Stored = {"pin": state.pin.encode().hex(), "fingerprint": state.fingerprint()}
        result["members"] = {member.hex: list(state.members[member].roles) for member in state.members}
        accept.append((name, {"entries": entries, "pin": pin and pin.encode().hex()}, result))
    return accept


def _changed_rosters() -> list[Case]:
    """What somebody can do who writes to the database and holds no key."""
    fork = rosterdeeds.admit(ANA, ANA_ID, ALONE, BEN_ID, ["coordinator"], BEN.public)
    committed = encoding.to_text(COMMITMENTS[Compartment.CODED, 1])
    swapped = SECOND["body"].replace(BEN_PUBLIC, OTHER_PUBLIC)
    raised = SECOND["body"].replace("advocate", "coordinator")
    forged = FIRST["body"].replace(committed, encoding.to_text(KEY))
    return tampered(
        {"entries": [FIRST, SECOND], "pin": BOTH.pin.encode().hex()},
        nothing={"entries": []},
        without_its_founding={"entries": [SECOND], "pin": None},
        truncated_below_the_pin={"entries": [FIRST]},
        forked_at_the_pin={"entries": [FIRST, stored(fork)]},
        repeated={"entries": [FIRST, FIRST], "pin": None},
        swapped_public_key={"entries": [FIRST, SECOND | {"body": swapped}], "pin": None},
        raised_role={"entries": [FIRST, SECOND | {"body": raised}], "pin": None},
        forged_epoch={"entries": [FIRST | {"body": forged}], "pin": None},
        renumbered={"entries": [FIRST, SECOND | {"number": 3}], "pin": None},
        signature_changed={
            "entries": [FIRST, SECOND | {"signature": flip(SECOND["signature"], 9)}],
            "pin": None,
        },
    )


def _forged_rosters() -> list[Case]:
    """What somebody's key signs who may not, or may not so."""
    author, member = f'"author":"{ANA_ID.hex}"', f'"id":"{BEN_ID.hex}"'
    forgeries = {
        "signed by who is admitted": (BEN, author, f'"author":"{BEN_ID.hex}"'),
        "signed with another key": (BEN, "", ""),
        "admitted twice": (ANA, member, f'"id":"{ANA_ID.hex}"'),
        "admitted under a known key": (ANA, BEN_PUBLIC, ANA_PUBLIC),
        "wrong link": (ANA, encoding.to_text(FOUNDING.hash), "A" * 43),
        "unknown role": (ANA, "advocate", "root"),
        "unknown kind": (ANA, '"kind":"admit"', '"kind":"change"'),
        "field too many": (ANA, '"schema":1', '"schema":1,"z":1'),
        "another schema": (ANA, '"schema":1', '"schema":2'),
        "not canonical": (ANA, '"schema":1', '"schema": 1'),
    }
    return [
        (name, {"entries": [FIRST, resigned(SECOND, *how)], "pin": None}, "Tampered")
        for name, how in forgeries.items()
    ]


def _founded_on_one_key() -> list[Case]:
    """A founding whose keys are not all different."""
    keys = {"recovery": RECOVERY.public, "the audit log": AUDIT.public}
    taken = [(name, encoding.to_text(public.encode())) for name, public in keys.items()]
    founded = [
        (f"one key for a member and {name}", resigned(FIRST, ANA, key, ANA_PUBLIC)) for name, key in taken
    ]
    founded.append(("one key for recovery and the audit log", resigned(FIRST, ANA, taken[0][1], taken[1][1])))
    return [(name, {"entries": [entry], "pin": None}, "Tampered") for name, entry in founded]


def rosters(_kept: Kept) -> Any:
    """A founding and an admission."""
    reject = [*_changed_rosters(), *_forged_rosters(), *_founded_on_one_key()]
    return vectors("A roster and a pin, and the state it leads to.", _accepted_rosters(), reject)


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
