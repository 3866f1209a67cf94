"""Names and texts of restricted cases, opened for one request: they are kept in no memory beyond it."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from casework.domain.incident import IncidentNarrative
from casework.domain.person import PersonIdentity
from casework.errors import Invalid, Tampered, VaultError
from casework.services.books import FactBook, PersonTexts, TextBook, searched_narrative
from casework.services.casekeys import open_sealed_key
from casework.services.context import Context
from casework.services.textreading import with_texts
from casework.store import restricted as store
from casework.vault import documents
from casework.vault.envelope import read_epoch
from casework.vault.fields import INCIDENT_NARRATIVE, PERSON_IDENTITY
from casework.vault.keyring import CaseKey

_CLOSED = (VaultError, Invalid)


def add_own_texts(
    context: Context, facts: FactBook, texts: TextBook, among: Collection[UUID] | None = None
) -> TextBook:
    """Return the book with the texts of those restricted cases that the member is named in.

    Each costs two public-key operations, about a millisecond: who needs only those of some cases says which.
    """
    own = {case.id for case in facts.restricted if context.member_id in case.team}
    wanted = own if among is None else own & set(among)
    if not wanted:
        return texts
    damaged = set(texts.damaged)
    opened = _Opened(context, damaged)
    people = {row.id: PersonTexts.of(identity) for row, identity in opened.people(wanted)}
    incidents = {row.id: searched_narrative(narrative) for row, narrative in opened.incidents(wanted)}
    return replace(with_texts(texts, people, incidents), damaged=frozenset(damaged))


class _Opened:
    """Opens rows that carry a seal of their case's key, each key once; notes what does not open."""

    def __init__(self, context: Context, damaged: set[UUID]) -> None:
        self._context = context
        self._damaged = damaged
        self._keys: dict[tuple[UUID, str, int], CaseKey | None] = {}

    def people(self, case_ids: Collection[UUID]) -> Iterator[tuple[Any, PersonIdentity]]:
        """Yield the people of these cases."""
        rows = store.list_sealed_people(self._context.member_id, case_ids)
        return self._each(rows, self._open_person)

    def incidents(self, case_ids: Collection[UUID]) -> Iterator[tuple[Any, IncidentNarrative]]:
        """Yield the incidents of these cases."""
        rows = store.list_sealed_incidents(self._context.member_id, case_ids)
        return self._each(rows, self._open_incident)

    def _each(self, rows: Iterable[Any], open_row: Callable[[Any], Any]) -> Iterator[tuple[Any, Any]]:
        for row in rows:
            try:
                opened = open_row(row)
            except _CLOSED:
                self._damaged.add(row.id)
            else:
                yield row, opened

    def _open_person(self, row: Any) -> PersonIdentity:
        key = self._key(row, row.identity_sealed)
        plain = key.open(PERSON_IDENTITY, row.id, row.identity_version, row.identity_sealed)
        return PersonIdentity.from_document(documents.decode(plain))

    def _open_incident(self, row: Any) -> IncidentNarrative:
        key = self._key(row, row.narrative_sealed)
        plain = key.open(INCIDENT_NARRATIVE, row.id, row.narrative_version, row.narrative_sealed)
        return IncidentNarrative.from_document(documents.decode(plain))

    def _key(self, row: Any, sealed: bytes) -> CaseKey:
        place = row.case_id, row.compartment, row.key_generation
        if place not in self._keys:
            self._keys[place] = self._open_key(row)
        key = self._keys[place]
        if key is None or read_epoch(sealed) != row.key_generation:
            raise Tampered("a restricted case that does not lie under its key")
        return key

    def _open_key(self, row: Any) -> CaseKey | None:
        me, keyring = self._context.member_id, self._context.keyring
        place = row.case_id, row.compartment, row.key_generation
        try:
            return open_sealed_key(keyring, self._context.secret, me, *place, row.key_sealed)
        except VaultError:
            return None
