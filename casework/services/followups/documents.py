"""Sealing and opening the two documents of a follow-up."""

from casework.domain.followup import FollowUpFacts, FollowUpTexts
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.store.followups import FollowUp
from casework.vault import documents
from casework.vault.fields import FOLLOW_UP_CODED, FOLLOW_UP_NARRATIVE, Compartment


def write_facts(context: Context, generation: int, row: FollowUp, facts: FollowUpFacts) -> None:
    """Seal the coded document into its row, new or old, under the next version; the row's own rises too."""
    row.version = (row.version or 0) + 1
    row.generation = generation
    row.coded_version = (row.coded_version or 0) + 1
    row.coded_sealed = context.keyring.seal(
        FOLLOW_UP_CODED, row.id, row.coded_version, documents.encode(facts.to_document())
    )


def write_texts(keys: CaseKeys, row: FollowUp, texts: FollowUpTexts) -> None:
    """Seal the words into their row under the next version."""
    row.narrative_version = (row.narrative_version or 0) + 1
    row.narrative_sealed = keys.for_writing(Compartment.NARRATIVE).seal(
        FOLLOW_UP_NARRATIVE, row.id, row.narrative_version, documents.encode(texts.to_document())
    )


def open_facts(context: Context, row: FollowUp) -> FollowUpFacts:
    """Open the coded document."""
    return FollowUpFacts.from_document(
        documents.decode(context.keyring.open(FOLLOW_UP_CODED, row.id, row.coded_version, row.coded_sealed))
    )


def open_texts(keys: CaseKeys, row: FollowUp) -> FollowUpTexts:
    """Open the words."""
    key = keys.for_reading(Compartment.NARRATIVE, row.narrative_sealed)
    return FollowUpTexts.from_document(
        documents.decode(key.open(FOLLOW_UP_NARRATIVE, row.id, row.narrative_version, row.narrative_sealed))
    )
