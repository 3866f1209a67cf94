"""What changed in the acts of an incident: each is told by itself, and goes with its act."""

from collections.abc import Collection
from uuid import UUID

from casework.domain.documents import Document
from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.revision import ADDED, changes_between
from casework.errors import Invalid, VaultError
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.services.history.reading import open_revision
from casework.services.history.recording import record_change, write_revision
from casework.store import cases as store
from casework.store.database import db
from casework.store.revisions import list_revisions_of

Documents = tuple[IncidentFacts, IncidentNarrative]


def record_acts(
    context: Context,
    generation: int,
    keys: CaseKeys,
    row: store.Incident,
    before: Documents,
    after: Documents,
) -> None:
    """Write down which acts came in, what differs in the others, and which answers follow from them."""
    was, now = _acts(*before), _acts(*after)
    for act_id, documents in now.items():
        if act_id not in was:
            write_revision(context, generation, keys, row, {}, deed=ADDED, part=act_id)
        elif told := changes_between(was[act_id], documents):
            write_revision(context, generation, keys, row, told, part=act_id)
    record_change(context, generation, keys, row, before, after)


def forget_acts(keys: CaseKeys, row: store.Incident, gone: Collection[UUID]) -> None:
    """Delete what is told of acts that go for good; what does not open stays, for `verify` to name."""
    if not gone:
        return
    for revision in list_revisions_of(row.id):
        try:
            part = open_revision(keys, revision).told.part
        except (VaultError, Invalid):
            continue
        if part in gone:
            db.session.delete(revision)


def _acts(facts: IncidentFacts, narrative: IncidentNarrative) -> dict[UUID, list[Document]]:
    return {act.id: [act.to_document(), narrative.of_act(act.id).to_document(act.id)] for act in facts.acts}
