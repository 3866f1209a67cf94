"""Writing down a change, in the transaction that makes it: old and new values, sealed."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID, uuid4

from casework.domain.documents import Document
from casework.domain.revision import (
    ADDED,
    CHANGED,
    Access,
    Changes,
    Revision,
    changes_between,
    identity_to_document,
)
from casework.errors import VaultError
from casework.services.casekeyring import open_case_keys, renew_case_keys
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.store import cases as store
from casework.store import revisions
from casework.store.attachments import Attachment
from casework.store.database import db
from casework.store.followups import FollowUp
from casework.vault import documents
from casework.vault.fields import REVISION_IDENTITY, REVISION_NARRATIVE, Compartment

Row = store.Case | store.Person | store.Incident | FollowUp | Attachment


class Sealable(Protocol):
    """Part of a record, as facts or texts are."""

    def to_document(self) -> Document:
        """Give the plain form that is sealed."""


def record_change(
    context: Context,
    generation: int,
    keys: CaseKeys,
    row: Row,
    before: Sequence[Sealable],
    after: Sequence[Sealable],
    identities: tuple[Sealable, Sealable] | None = None,
) -> None:
    """Write down what differs; nothing where nothing does. `identities` are who a person was, and is."""
    told = _compare(before, after)
    identity = _compare(identities[:1], identities[1:]) if identities else {}
    if told or identity:
        write_revision(context, generation, keys, row, told, identity)


def record_added(context: Context, generation: int, keys: CaseKeys, row: Row) -> None:
    """Write down that a record came into a case that exists; what it says stands in it."""
    write_revision(context, generation, keys, row, {}, deed=ADDED)


def record_coded_change(
    context: Context, generation: int, row: Row, before: Sequence[Sealable], after: Sequence[Sealable]
) -> None:
    """Write down what was done to coded facts alone, by whoever has the case's keys.

    Who has none of them, such as a rule of retention that sweeps a restricted case, or whose case's keys are
    damaged, can do the deed and not describe it: the audit log has it.
    """
    case_id = _case_of(row)
    try:
        keys = open_case_keys(context, case_id)
    except VaultError:
        return
    record_change(context, generation, renew_case_keys(context, case_id, keys), row, before, after)


def read_access(row: store.Case) -> Access:
    """Tell who may open a case as its rows say now."""
    if not row.team_only:
        return Access("everybody")
    return Access("named" if row.restricted else "team", frozenset(store.list_team(row.id)))


def write_revision(
    context: Context,
    generation: int,
    keys: CaseKeys,
    row: Row,
    told: Changes,
    identity: Changes | None = None,
    deed: str = CHANGED,
    part: UUID | None = None,
) -> None:
    """Seal one change and add its row; `part` is the act that it is of."""
    kind, now = row.__tablename__, context.runtime.now()
    said = Revision(
        record=kind, record_id=row.id, part=part, deed=deed, by=context.member_id, at=now, changes=told
    )
    revision = revisions.Revision(
        id=uuid4(),
        case_id=_case_of(row),
        record=kind,
        record_id=row.id,
        generation=generation,
        identity_version=0,
        narrative_version=1,
    )
    revision.narrative_sealed = keys.for_writing(Compartment.NARRATIVE).seal(
        REVISION_NARRATIVE, revision.id, 1, documents.encode(said.to_document())
    )
    if identity:
        revision.identity_version = 1
        revision.identity_sealed = keys.for_writing(Compartment.IDENTITY).seal(
            REVISION_IDENTITY, revision.id, 1, documents.encode(identity_to_document(identity))
        )
    db.session.add(revision)


def _case_of(row: Row) -> UUID:
    return row.id if isinstance(row, store.Case) else row.case_id


def _compare(before: Sequence[Sealable], after: Sequence[Sealable]) -> Changes:
    return changes_between((one.to_document() for one in before), (one.to_document() for one in after))
