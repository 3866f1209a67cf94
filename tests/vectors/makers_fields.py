"""Vectors of every field in the registry: one envelope each, under a key of its kind, and moved elsewhere."""

from typing import Any

from casework.vault import envelope, invitation, session
from casework.vault.casekey import CaseKey
from casework.vault.fields import FIELDS, Field, Under
from casework.vault.identity import MemberSecret
from casework.vault.keyring import Keyring
from casework.vault.padding import Padding
from tests.vectors.material import KEY, OTHER_KEY, OTHER_ROW, ROW, Case, Kept, flip, tampered, vectors

DOCUMENT = b'{"schema":1}'
EPOCHS = {Under.COMPARTMENT: 3, Under.CASE: 131_073}
VERSION = 7


def _seal(field: Field, version: int) -> bytes:
    plain = OTHER_KEY if field.padding is Padding.NONE else DOCUMENT
    epoch = EPOCHS.get(field.under, 1)
    match field.under:
        case Under.COMPARTMENT:
            assert field.compartment is not None
            ring = Keyring({(field.compartment, epoch): KEY}, {field.compartment: epoch})
            return ring.seal(field, ROW, version, plain)
        case Under.CASE:
            assert field.compartment is not None
            return CaseKey(ROW, field.compartment, epoch, KEY).seal(field, ROW, version, plain)
        case Under.MEMBER:
            return MemberSecret(KEY).seal_own(field, ROW, version, plain)
        case Under.SESSION:
            return session.seal_for_session(KEY, field, ROW, version, plain)
        case Under.TOKEN:
            return invitation.seal_for_token(KEY, ROW, plain)
    return envelope.seal(KEY, epoch, field, ROW, version, plain)


def _given(field: Field) -> dict[str, Any]:
    version = 1 if field.under is Under.TOKEN else VERSION
    return {
        "secret": KEY.hex(),
        "field": field.id,
        "epoch": EPOCHS.get(field.under, 1),
        "row": ROW.hex,
        "version": version,
        "sealed": _seal(field, version).hex(),
    }


def fields(_kept: Kept) -> Any:
    """Every field but audit entries, which are no envelopes: audit.json has those."""
    accept: list[Case] = []
    reject: list[Case] = []
    for field in FIELDS:
        if field.under is Under.AUDIT:
            continue
        given = _given(field)
        plain = OTHER_KEY if field.padding is Padding.NONE else DOCUMENT
        accept.append((field.id, given, plain.hex()))
        moved = tampered(
            given,
            in_another_row={"row": OTHER_ROW.hex},
            under_another_key={"secret": OTHER_KEY.hex()},
            changed={"sealed": flip(given["sealed"], -1)},
        )
        reject += [(f"{field.id} {name}", changed, error) for name, changed, error in moved]
    about = "A field under what its key is derived from (§4), or under the key itself, and what it holds."
    return vectors(about, accept, reject)


MAKERS = {"field": fields}
