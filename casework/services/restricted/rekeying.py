"""New keys for a whole case: everything in it is sealed anew, and the older keys go.

A restricted case has one key of each compartment, under which all that is in it lies: so a second one, which
somebody planted, is refused, and who is withdrawn knows no key that is still in use.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from casework.domain.naming import Naming
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.services.restricted.naming import list_recipients, seal_naming
from casework.store import cases as store
from casework.store.attachments import Attachment, list_attachments
from casework.store.database import db
from casework.store.followups import FollowUp, list_follow_ups
from casework.store.restricted import CaseKeySeal, list_key_seals
from casework.vault.casekey import CASE_KEY_FIELDS, next_generation
from casework.vault.fields import (
    ATTACHMENT_NARRATIVE,
    FOLLOW_UP_NARRATIVE,
    INCIDENT_NARRATIVE,
    PERSON_IDENTITY,
    Compartment,
    Field,
)
from casework.vault.identity import MemberPublic
from casework.vault.keyring import CaseKey
from casework.vault.restricted import seal_wrapped_key

KeyRow = store.CaseKey | CaseKeySeal
Narrated = store.Incident | FollowUp | Attachment
Opened = tuple[list[tuple[store.Person, bytes]], list[tuple[Field, Narrated, bytes]]]


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


def _open_all(case_id: UUID, keys: CaseKeys) -> Opened:
    """Open all that has to be sealed anew, before anything is changed: a case that is hurt stays as it is."""
    people = []
    for person in store.list_person_rows(case_id):
        key = keys.for_reading(Compartment.IDENTITY, person.identity_sealed)
        plain = key.open(PERSON_IDENTITY, person.id, person.identity_version, person.identity_sealed)
        people.append((person, plain))
    narratives: list[tuple[Field, Narrated, bytes]] = []
    # What an attachment's document holds of keys stays: its sealed files are not written again.
    told: tuple[tuple[Field, Callable[[UUID], Sequence[Narrated]]], ...] = (
        (INCIDENT_NARRATIVE, store.list_incidents),
        (FOLLOW_UP_NARRATIVE, list_follow_ups),
        (ATTACHMENT_NARRATIVE, list_attachments),
    )
    for field, row in ((field, row) for field, rows in told for row in rows(case_id)):
        key = keys.for_reading(Compartment.NARRATIVE, row.narrative_sealed)
        plain = key.open(field, row.id, row.narrative_version, row.narrative_sealed)
        narratives.append((field, row, plain))
    return people, narratives


def _seal_anew(opened: Opened, made: CaseKeys) -> None:
    people, narratives = opened
    for person, plain in people:
        person.identity_version += 1
        person.identity_sealed = made.for_writing(Compartment.IDENTITY).seal(
            PERSON_IDENTITY, person.id, person.identity_version, plain
        )
    for field, row, plain in narratives:
        row.narrative_version += 1
        row.narrative_sealed = made.for_writing(Compartment.NARRATIVE).seal(
            field, row.id, row.narrative_version, plain
        )


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
