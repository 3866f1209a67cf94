"""Vectors of how a roster goes on: leaving, renewing, recovering, other shares; and restricted keys."""

from typing import Any

from casework.vault import documents, encoding, restricted, roster, rosterdeeds
from casework.vault.compartments import RECOVERY_ID
from casework.vault.fields import Compartment
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.keyring import Keyring
from casework.vault.rosterentry import sign_entry
from casework.vault.rosterrules import rotated_by_leaving
from casework.vault.rosterstate import RosterState
from tests.vectors.makers_lists import ADMISSION, BOTH, FOUNDING, resigned, stored
from tests.vectors.material import (
    ANA,
    ANA_ID,
    BEN,
    BEN_ID,
    KEY,
    OTHER_KEY,
    OTHER_ROW,
    RECOVERY,
    ROW,
    Case,
    Kept,
    flip,
    tampered,
    vectors,
)

NEW_BEN, NEW_ANA, NEW_RECOVERY = (MemberSecret(bytes([number]) * 32) for number in (21, 22, 23))


def _keys(state: RosterState, rotated: frozenset[Compartment]) -> rosterdeeds.EpochKeys:
    epochs = state.write_epochs
    return {(one, epochs[one] + 1): bytes([30 + epochs[one]]) * 32 for one in sorted(rotated)}


LEAVING = rotated_by_leaving(BOTH.members[BEN_ID])
REVOCATION = rosterdeeds.revoke(ANA, ANA_ID, BOTH, BEN_ID, _keys(BOTH, LEAVING))
LEFT = roster.extend(BOTH, REVOCATION)
RENEWAL = rosterdeeds.renew(ANA, ANA_ID, BOTH, BEN_ID, ["caseworker"], NEW_BEN.public, _keys(BOTH, LEAVING))
RENEWED = roster.extend(BOTH, RENEWAL)
RETURN = rosterdeeds.renew(ANA, ANA_ID, LEFT, BEN_ID, ["advocate"], NEW_BEN.public, {})
RECOVERING = rosterdeeds.recover(
    RECOVERY, LEFT, ANA_ID, ["coordinator"], NEW_ANA.public, _keys(LEFT, frozenset(Compartment))
)
_SHARES = {"author": ANA_ID.hex, "recovery_public": encoding.to_text(NEW_RECOVERY.public.encode())}
OTHER_SHARES = sign_entry(ANA, 3, BOTH.hash, {"kind": "recovery", **_SHARES})  # as it was written once
RESHARED = rosterdeeds.change_recovery(
    ANA, ANA_ID, BOTH, NEW_RECOVERY.public, _keys(BOTH, frozenset(Compartment))
)


def roster_changes(_kept: Kept) -> Any:
    """What may follow a founding and an admission."""
    before = [FOUNDING, ADMISSION]
    followed = {
        "revoked": [REVOCATION],
        "renewed": [RENEWAL],
        "revoked and renewed": [REVOCATION, RETURN],
        "revoked and recovered": [REVOCATION, RECOVERING],
        "another recovery key": [OTHER_SHARES],
        "another recovery key, and new epochs": [RESHARED],
    }
    accept = [_accepted(name, [*before, *entries]) for name, entries in followed.items()]
    return vectors("A roster that goes on, and the state it leads to.", accept, _forged())


def _accepted(name: str, entries: list[roster.Entry]) -> Case:
    state = roster.verify(entries)
    result = {
        "pin": state.pin.encode().hex(),
        "status": {member_id.hex: member.status for member_id, member in state.members.items()},
        "epochs": {compartment.value: epoch for compartment, epoch in state.write_epochs.items()},
        "recovery": encoding.to_text(state.recovery_public.encode()),
        "audit": encoding.to_text(state.audit_public.encode()),
    }
    return name, {"entries": [stored(entry) for entry in entries], "pin": None}, result


def _forged() -> list[Case]:
    """What a key signs that may not, or may not so."""
    revocation, renewal, recovering = stored(REVOCATION), stored(RENEWAL), stored(RECOVERING)
    ana, ben = ANA_ID.hex, BEN_ID.hex
    old, new = encoding.to_text(BEN.public.encode()), encoding.to_text(NEW_BEN.public.encode())
    first = [stored(FOUNDING), stored(ADMISSION)]
    forgeries = {
        "revoked by who leaves": [resigned(revocation, BEN, f'"author":"{ana}"', f'"author":"{ben}"')],
        "revokes itself": [resigned(revocation, ANA, f'"member":"{ben}"', f'"member":"{ana}"')],
        "revokes a stranger": [resigned(revocation, ANA, f'"member":"{ben}"', f'"member":"{ROW.hex}"')],
        "revoked without its epochs": [resigned(revocation, ANA, '"epoch":2', '"epoch":3')],
        "revoked twice": [
            revocation,
            stored(sign_entry(ANA, 4, LEFT.hash, _revoking_again())),
        ],
        "renewed under the old key": [resigned(renewal, ANA, new, old)],
        "recovered by a coordinator": [revocation, resigned(recovering, ANA, "", "")],
        "recovered under another author": [
            revocation,
            resigned(recovering, RECOVERY, f'"author":"{RECOVERY_ID.hex}"', f'"author":"{ana}"'),
        ],
        "recovered without a coordinator": [
            revocation,
            resigned(recovering, RECOVERY, '"coordinator"', '"caseworker"'),
        ],
        "reshared without its epochs": [resigned(stored(RESHARED), ANA, '"epoch":2', '"epoch":3')],
        "reshared under the old audit key": [_reshared(audit_public=BOTH.audit_public)],
        "reshared to the old recovery key": [_reshared(recovery_public=BOTH.recovery_public)],
        "reshared by the recovery key": [resigned(stored(RESHARED), RECOVERY, "", "")],
    }
    return [
        (name, {"entries": first + entries, "pin": None}, "Tampered") for name, entries in forgeries.items()
    ]


def _reshared(**publics: MemberPublic) -> dict[str, Any]:
    said = documents.decode(RESHARED.body) | {
        name: encoding.to_text(public.encode()) for name, public in publics.items()
    }
    return stored(sign_entry(ANA, 3, BOTH.hash, said))


def _revoking_again() -> dict[str, Any]:
    return {
        "audit_public": encoding.to_text(LEFT.audit_public.encode()),
        "author": ANA_ID.hex,
        "commitments": [],
        "kind": "revoke",
        "member": BEN_ID.hex,
    }


def restricted_keys(kept: Kept) -> Any:
    """A wrapped case key, sealed to somebody named and to recovery."""
    keyring = Keyring({(Compartment.NARRATIVE, 1): KEY}, {Compartment.NARRATIVE: 1})
    fresh = keyring.new_case_key(ROW, Compartment.NARRATIVE, 1)[1]
    accept: list[Case] = []
    for name, secret, recipient in (("to a member", ANA, ANA_ID), ("to recovery", RECOVERY, RECOVERY_ID)):
        wrapped = bytes.fromhex(kept.value(name, "wrapped", fresh.hex()))
        made = restricted.seal_wrapped_key(
            secret.public, recipient, ROW, Compartment.NARRATIVE, 1, wrapped
        ).hex()
        given = {
            "seed": secret.seed.hex(),
            "recipient": str(recipient),
            "case": str(ROW),
            "compartment": "narrative",
            "generation": 1,
            "wrapped": wrapped.hex(),
            "sealed": kept.value(name, "sealed", made),
        }
        accept.append((name, given, wrapped.hex()))
    given = accept[0][1]
    reject = tampered(
        given,
        another_seed={"seed": OTHER_KEY.hex()},
        another_recipient={"recipient": str(BEN_ID)},
        another_case={"case": str(OTHER_ROW)},
        another_compartment={"compartment": "identity"},
        another_generation={"generation": 2},
        no_such_generation={"generation": 2**32},
        changed={"sealed": flip(given["sealed"], 1200)},
        truncated={"sealed": given["sealed"][:-2]},
    )
    return vectors("A restricted case's wrapped key, sealed to a recipient.", accept, reject)


MAKERS = {"restricted_key": restricted_keys, "roster_change": roster_changes}
