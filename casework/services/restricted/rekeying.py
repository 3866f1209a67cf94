"""New keys for a whole case: everything in it is sealed anew, and the older keys go.

A restricted case has one key of each compartment, under which all that is in it lies: so a second one, which
somebody planted, is refused, and who is withdrawn knows no key that is still in use.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from casework.domain.naming import Naming
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.services.restricted.naming import list_recipients, seal_naming
from casework.store import cases as store
from casework.store.attachments import list_attachments
from casework.store.database import db
from casework.store.followups import list_follow_ups
from casework.store.restricted import CaseKeySeal, list_key_seals
from casework.store.revisions import list_revisions
from casework.store.stories import list_stories
from casework.vault.casekey import CASE_KEY_FIELDS, next_generation
from casework.vault.fields import (
    ATTACHMENT_NARRATIVE,
    FOLLOW_UP_NARRATIVE,
    INCIDENT_NARRATIVE,
    PERSON_IDENTITY,
    REVISION_IDENTITY,
    REVISION_NARRATIVE,
    STORY_NARRATIVE,
    Compartment,
    Field,
)
from casework.vault.identity import MemberPublic
from casework.vault.keyring import CaseKey
from casework.vault.restricted import seal_wrapped_key

KeyRow = store.CaseKey | CaseKeySeal
Opened = list[tuple[Field, Any, bytes]]


def make_keys(context: Context, case_id: UUID, before: CaseKeys | None = None) -> CaseKeys:
    """Make a case's next keys, or its first ones; nothing is stored yet."""
    made = {}
    for compartment in CASE_KEY_FIELDS:
        newest = before.for_writing(compartment).generation if before else 0
        generation = next_generation(newest, context.keyring.write_epoch(compartment))
        made[compartment, generation] = CaseKey.generate(case_id, compartment, generation)
    return CaseKeys(made)


def lay_out_keys(context: Context, keys: CaseKeys, naming: Naming | None) -> Sequence[KeyRow]:
    """Return the rows that store these keys: wrapped, or sealed to who is named and to recovery."""
    recipients = list_recipients(context, naming) if naming else {}
    rows: list[KeyRow] = []
    for key in keys.keys.values():
        wrapped = context.keyring.wrap_case_key(key)
        if naming is None:
            rows.append(_row(key, wrapped))
        else:
            rows += _sealed_rows(key, wrapped, recipients)
    return rows


def rekey(context: Context, row: store.Case, keys: CaseKeys, naming: Naming | None) -> CaseKeys:
    """Give a case new keys for who is named, or for all who hold the compartments; return them.

    Every identity and narrative is sealed anew under its next version; its record's `version`, by which
    editors meet, stays. The caller's transaction commits it. Raises VaultError, with nothing changed, where
    something does not open.
    """
    made, opened = make_keys(context, row.id, keys), _open_all(row.id, keys)
    for old in (*store.list_case_keys(row.id), *list_key_seals(row.id)):
        db.session.delete(old)
    if naming is None:
        row.named_sealed = row.recovery_number = None
    else:
        row.recovery_number = context.roster.recovery_number
        naming = replace(naming, recovery=context.roster.recovery_public.digest().hex())
        seal_naming(made, row, naming)
    db.session.add_all(lay_out_keys(context, made, naming))
    _seal_anew(opened, made)
    db.session.flush()
    return made


# What lies under a case's keys, each in the column that is named after its compartment.
_UNDER_CASE_KEYS: tuple[tuple[Field, Callable[[UUID], Sequence[Any]]], ...] = (
    (PERSON_IDENTITY, store.list_person_rows),
    (INCIDENT_NARRATIVE, store.list_incidents),
    (FOLLOW_UP_NARRATIVE, list_follow_ups),
    # What an attachment's document holds of keys stays: its sealed files are not written again.
    (ATTACHMENT_NARRATIVE, list_attachments),
    (REVISION_IDENTITY, list_revisions),
    (REVISION_NARRATIVE, list_revisions),
    (STORY_NARRATIVE, list_stories),
)


def _open_all(case_id: UUID, keys: CaseKeys) -> Opened:
    """Open all that has to be sealed anew, before anything is changed: a case that is hurt stays as it is."""
    opened: Opened = []
    for field, list_rows in _UNDER_CASE_KEYS:
        column = _compartment(field).value
        for row in list_rows(case_id):
            if (sealed := getattr(row, f"{column}_sealed")) is not None:
                key = keys.for_reading(_compartment(field), sealed)
                opened.append(
                    (field, row, key.open(field, row.id, getattr(row, f"{column}_version"), sealed))
                )
    return opened


def _seal_anew(opened: Opened, made: CaseKeys) -> None:
    for field, row, plain in opened:
        column = _compartment(field).value
        version = getattr(row, f"{column}_version") + 1
        sealed = made.for_writing(_compartment(field)).seal(field, row.id, version, plain)
        setattr(row, f"{column}_version", version)
        setattr(row, f"{column}_sealed", sealed)


def _compartment(field: Field) -> Compartment:
    assert field.compartment is not None  # noqa: S101 - so are all that lie under a case key
    return field.compartment


def _row(key: CaseKey, wrapped: bytes) -> store.CaseKey:
    return store.CaseKey(
        case_id=key.case_id, compartment=key.compartment, generation=key.generation, key_sealed=wrapped
    )


def _sealed_rows(key: CaseKey, wrapped: bytes, recipients: Mapping[UUID, MemberPublic]) -> list[CaseKeySeal]:
    place = key.case_id, key.compartment, key.generation
    return [
        CaseKeySeal(
            case_id=key.case_id,
            compartment=key.compartment,
            generation=key.generation,
            recipient_id=recipient_id,
            key_sealed=seal_wrapped_key(public, recipient_id, *place, wrapped),
        )
        for recipient_id, public in recipients.items()
    ]
