"""What the history tells of a merge: of which records it was made, and what they said; and of its undo."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from casework.domain.person import Consent, PersonFacts
from casework.domain.revision import ASIDE, MERGED, Change, changes_between
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.services.history.recording import Sealable, write_revision
from casework.store import cases as store


def record_merge(
    context: Context,
    generation: int,
    keys: CaseKeys,
    made: store.Person,
    old_id: UUID,
    facts: tuple[PersonFacts, PersonFacts],
    identities: tuple[Sealable, Sealable],
) -> None:
    """Write down, of the record that was made, that it stands for another one, and what it says otherwise.

    Of each the other one first.
    """
    was, now = (_without_unasked(each) for each in facts)
    told = {MERGED: Change(None, old_id.hex), **_compare([was], [now])}
    who = _compare(identities[:1], identities[1:])
    write_revision(context, generation, keys, made, told, who)


def record_undone(
    context: Context, generation: int, keys: CaseKeys, row: store.Person, stood_for_it: UUID
) -> None:
    """Write down that a record stands for itself again."""
    write_revision(context, generation, keys, row, {ASIDE: Change(stood_for_it.hex, None)})


def _without_unasked(facts: PersonFacts) -> PersonFacts:
    """Return the facts without consents that nobody asked about: the merged record keeps none of those."""
    asked = {purpose: consent for purpose, consent in facts.consents.items() if consent != Consent()}
    return replace(facts, consents=MappingProxyType(asked))


def _compare(before: Sequence[Sealable], after: Sequence[Sealable]) -> dict[str, Any]:
    return dict(changes_between((one.to_document() for one in before), (one.to_document() for one in after)))
