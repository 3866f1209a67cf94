"""Vectors of every field in the registry: an envelope each, and moved; who is named in a case; a draft."""

import os
from typing import Any

from casework.vault import documents, envelope, invitation, session
from casework.vault.casekey import CaseKey
from casework.vault.fields import FIELDS, Field, Under
from casework.vault.identity import MemberSecret
from casework.vault.keyring import Keyring
from casework.vault.padding import Padding
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

DOCUMENT = b'{"schema":1}'
EPOCHS = {Under.COMPARTMENT: 3, Under.CASE: 131_073}
VERSION = 7
AFTER_RETIRED = "erasure.receipt"
"""Before it stood a field that is gone: its number is drawn all the same, since a vector never changes."""


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
        if field.id == AFTER_RETIRED:
            os.urandom(1)
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


def named(_kept: Kept) -> Any:
    """The document in `case.named`."""
    digests = {name: secret.public.digest().hex() for name, secret in (("ana", ANA), ("ben", BEN))}
    recovery = RECOVERY.public.digest().hex()
    names = {ANA_ID.hex: digests["ana"], BEN_ID.hex: digests["ben"]}
    document: dict[str, Any] = {"schema": 1, "named": names, "recovery": recovery}
    nobody = document | {"named": {}}
    accept: list[Case] = [
        (name, {"document": documents.encode(said).hex()}, {"named": said["named"], "recovery": recovery})
        for name, said in (("two members", document), ("nobody", nobody))
    ]
    wrong: dict[str, dict[str, Any]] = {
        "another schema": {"schema": 2},
        "true for a number": {"schema": True},
        "a key too many": {"more": 1},
        "an id with dashes": {"named": {str(ANA_ID): digests["ana"]}},
        "a digest in capitals": {"named": {ANA_ID.hex: digests["ana"].upper()}},
        "a digest cut": {"recovery": recovery[:-2]},
        "a digest with a line break": {"recovery": recovery + "\n"},
        "a list of names": {"named": list(names)},
        "no recovery": {"recovery": None},
    }
    reject: list[Case] = [
        (name, {"document": documents.encode(document | changed).hex()}, "Tampered")
        for name, changed in wrong.items()
    ]
    reject.append(("white space", {"document": (documents.encode(document) + b" ").hex()}, "Tampered"))
    return vectors("Who is named in a restricted case.", accept, reject)


def draft_content(_kept: Kept) -> Any:
    """The document in `draft.content`, in a row of Ana's."""
    form: dict[str, Any] = {"path": "/incidents/new", "fields": {"text": ["récit", ""], "patterns": []}}
    newest = form | {"schema": 2, "writer": ANA_ID.hex}

    def given(document: dict[str, Any]) -> dict[str, str]:
        return {"document": documents.encode(document).hex(), "member": ANA_ID.hex}

    accept: list[Case] = [
        ("the writer's own", given(newest), form | {"writer": ANA_ID.hex}),
        ("schema 1", given(form | {"schema": 1}), form | {"writer": None}),
    ]
    wrong: dict[str, dict[str, Any]] = {
        "somebody else's": newest | {"writer": BEN_ID.hex},
        "a writer with dashes": newest | {"writer": str(ANA_ID)},
        "no writer in schema 2": form | {"schema": 2},
        "nobody in schema 2": newest | {"writer": None},
        "a writer in schema 1": newest | {"schema": 1},
        "another schema": newest | {"schema": 3},
        "true for a number": form | {"schema": True},
        "a key too many": newest | {"more": 1},
        "no path": newest | {"path": None},
        "a text for a list": newest | {"fields": {"text": "récit"}},
        "a number for a text": newest | {"fields": {"text": [1]}},
    }
    reject: list[Case] = [(name, given(document), "Tampered") for name, document in wrong.items()]
    return vectors("What a draft holds, and whose it is.", accept, reject)


MAKERS = {"draft_content": draft_content, "field": fields, "named": named}
