"""The organization's own terms: add, rename, retire, merge; and what of them a record may keep."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar
from uuid import UUID, uuid4

from casework.domain.folding import fold
from casework.domain.incident import IncidentFacts
from casework.domain.languages import WRITTEN_IN
from casework.domain.messages import N_
from casework.domain.ownterm import (
    ACTIVE,
    MERGED,
    NO_TERMS,
    RETIRED,
    Chosen,
    OwnTerm,
    TermBook,
    chosen_of,
    find_taken,
    fitting,
)
from casework.domain.permissions import Permission
from casework.domain.person import PersonFacts
from casework.errors import Conflict, Invalid, NotFound, VaultError
from casework.services.access import may_see
from casework.services.context import Context
from casework.services.transactions import Transaction, transaction
from casework.store import ownterms as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import OWN_TERM_DEFINITION

Facts = TypeVar("Facts", IncidentFacts, PersonFacts)


@dataclass(frozen=True, slots=True)
class OwnTermView:
    """A term of the organization's own, opened."""

    id: UUID
    version: int
    term: OwnTerm


def list_terms(context: Context) -> list[OwnTermView]:
    """Return every term, retired and merged ones too; who chooses one offers only the active ones."""
    context.require(Permission.USE_ACCOUNT)
    views = [_open(context, row) for row in store.list_own_terms()]
    return sorted(views, key=lambda view: (fold(view.term.label("en")), view.id))


def get_term_book(context: Context) -> TermBook:
    """Return every term, as records are read with them. It opens the whole table: ask once a request.

    Of one that is damaged the parent's label is shown instead: it must not close every form and list.
    """
    context.require(Permission.USE_ACCOUNT)
    terms = {}
    for row in store.list_own_terms():
        with suppress(VaultError, Invalid):
            terms[row.id] = _open(context, row).term
    return TermBook(terms)


def get_term(context: Context, term_id: UUID) -> OwnTermView:
    """Return a term; raises NotFound."""
    context.require(Permission.USE_ACCOUNT)
    row = store.find_own_term(term_id)
    if row is None:
        raise NotFound("own_term")
    return _open(context, row)


def count_records(context: Context) -> Mapping[UUID, int]:
    """Return how many incidents and people carry each term, in the cases that the member may know of."""
    context.require(Permission.READ_CASES)
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    seen = {case.id for case in facts.cases.values() if may_see(context, case)}
    carrying: Iterable[IncidentFacts | PersonFacts] = chain(
        (one.facts for one in facts.incidents.values() if one.facts.own_terms and one.case_id in seen),
        (one.facts for one in facts.people.values() if one.facts.own_terms and one.case_id in seen),
    )
    return Counter(term_id for one in carrying for _field, ids in one.own_terms for term_id in ids)


def list_carried(context: Context) -> set[UUID]:
    """Return the terms that any record carries, whoever may know of it, in the bin too."""
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    carrying: list[IncidentFacts | PersonFacts] = []
    carrying += [one.facts for one in facts.incidents.values() if one.facts.own_terms]
    carrying += [one.facts for one in facts.people.values() if one.facts.own_terms]
    for case in facts.binned.values():
        carrying += [one.facts for one in case.incidents]
        carrying += [one.facts for one in case.people]
    return {term_id for one in carrying for _field, ids in one.own_terms for term_id in ids}


def add_term(context: Context, list_name: str, parent: str, labels: Mapping[str, str]) -> OwnTermView:
    """Add a finer answer below a code of a list, with a label in one language at least ("en", "fr", "es").

    Raises Invalid naming `list_name`, `parent` or `label_<language>`, the last also where the list has an
    answer of that name, shipped or own.
    """
    context.require(Permission.MANAGE_TERMS)
    with transaction(context, "own_term.added") as opened:
        en, fr, es = (labels.get(code, "") for code in WRITTEN_IN)
        term = OwnTerm(list_name=list_name, parent=parent, label_en=en, label_fr=fr, label_es=es)
        return put_term(context, opened, uuid4(), term)


def put_term(context: Context, opened: Transaction, term_id: UUID, term: OwnTerm) -> OwnTermView:
    """Write a new term in an open transaction; raises Invalid as `add_term` where its name is taken."""
    _require_free_labels(context, term, None)
    row = store.OwnTerm(id=term_id)
    _write(context, row, term)
    db.session.add(row)
    opened.note(term=row.id)
    return OwnTermView(row.id, row.version, term)


def bring_back_term(context: Context, opened: Transaction, term_id: UUID) -> None:
    """Take a retired term into use again in a transaction that is open; raises NotFound, Invalid as above."""
    row = store.find_own_term(term_id)
    if row is None:
        raise NotFound("own_term")
    term = replace(_open(context, row).term, state=ACTIVE, merged_into=None)
    _require_free_labels(context, term, term_id)
    _write(context, row, term)
    opened.note(term=term_id)


def rename_term(context: Context, term_id: UUID, version: int, labels: Mapping[str, str]) -> None:
    """Call a term otherwise in every record; raises Conflict, NotFound, and Invalid as `add_term`."""
    context.require(Permission.MANAGE_TERMS)
    en, fr, es = (labels.get(code, "") for code in WRITTEN_IN)
    with transaction(context, "own_term.renamed") as opened:
        row = _get_row(term_id, version)
        before = _open(context, row).term
        term = replace(before, label_en=en, label_fr=fr, label_es=es)
        # A label that stays may be one that the list ships by now.
        _require_free_labels(context, term, row.id, but=before.labels)
        _write(context, row, term)
        opened.note(term=term_id)


def retire_term(context: Context, term_id: UUID, version: int, retired: bool) -> None:
    """Retire a term, or bring a retired or merged one back; raises Conflict, NotFound.

    Raises Invalid naming `label_<language>` where another term has the name of one to be brought back, and
    `state` for a merged one to be retired.
    """
    context.require(Permission.MANAGE_TERMS)
    with transaction(context, "own_term.retired" if retired else "own_term.restored") as opened:
        row = _get_row(term_id, version)
        term = _open(context, row).term
        if retired and term.state == MERGED:
            raise Invalid(state=N_("This term is merged into another one. Take that back first."))
        if not retired:
            _require_free_labels(context, term, row.id)
        _write(context, row, replace(term, state=RETIRED if retired else ACTIVE, merged_into=None))
        opened.note(term=term_id)


def merge_term(context: Context, term_id: UUID, version: int, into: UUID) -> None:
    """Let a term read as another one of its list and parent; no record is written, so it can be taken back.

    Raises Conflict, NotFound, and Invalid naming `into` where that one cannot stand for it.
    """
    context.require(Permission.MANAGE_TERMS)
    with transaction(context, "own_term.merged") as opened:
        row, target = _get_row(term_id, version), store.find_own_term(into)
        term, other = _open(context, row).term, _open(context, target).term if target else None
        if other is None or into == term_id or not can_stand_for(other, term):
            raise Invalid(into=N_("Choose another term in use, below the same answer."))
        _write(context, row, replace(term, state=MERGED, merged_into=into))
        opened.note(term=term_id, into=into)


def can_stand_for(other: OwnTerm, term: OwnTerm) -> bool:
    """Tell whether `term` may be merged into `other`: of the same parent, since no record's code changes."""
    return other.state == ACTIVE and (other.list_name, other.parent) == (term.list_name, term.parent)


def require_usable(context: Context, chosen: Chosen, before: Chosen = ()) -> None:
    """Raise Invalid naming the field where a term is chosen anew that is not in use, or not of its list.

    What a record had `before` may stay, whatever became of it; one that was merged counts as its target.
    """
    new = [(field, set(ids) - set(chosen_of(before, field))) for field, ids in chosen]
    book, faults = get_term_book(context) if any(ids for _field, ids in new) else NO_TERMS, {}
    for field, ids in new:
        for term_id in ids:
            term = book.find(term_id)
            if term is None or term.state != ACTIVE or not term.is_of(field):
                faults[field] = N_("One of these answers is no longer in use. Choose another one.")
    if faults:
        raise Invalid(**faults)


def drop_orphaned_terms(context: Context, facts: Facts) -> Facts:
    """Drop the own terms whose parent is no longer among the answers of their field. Without any, no cost."""
    if not facts.own_terms:
        return facts
    kept = fitting(facts.own_terms, facts, lambda term_id: _find(context, term_id))
    return facts if kept == facts.own_terms else replace(facts, own_terms=kept)


def _find(context: Context, term_id: UUID) -> OwnTerm | None:
    row = store.find_own_term(term_id)
    return _open(context, row).term if row else None


def _open(context: Context, row: store.OwnTerm) -> OwnTermView:
    plain = context.keyring.open(OWN_TERM_DEFINITION, row.id, row.definition_version, row.definition_sealed)
    return OwnTermView(row.id, row.version, OwnTerm.from_document(documents.decode(plain)))


def _get_row(term_id: UUID, version: int) -> store.OwnTerm:
    row = store.find_own_term(term_id)
    if row is None:
        raise NotFound("own_term")
    if row.version != version:
        raise Conflict("own_term")
    return row


def _write(context: Context, row: store.OwnTerm, term: OwnTerm) -> None:
    row.version = (row.version or 0) + 1
    row.definition_version = (row.definition_version or 0) + 1
    row.definition_sealed = context.keyring.seal(
        OWN_TERM_DEFINITION, row.id, row.definition_version, documents.encode(term.to_document())
    )


def _require_free_labels(
    context: Context, term: OwnTerm, own_id: UUID | None, but: Collection[str] = ()
) -> None:
    """Raise Invalid where a label, `but` these, names another term of the list."""
    others: Iterable[OwnTerm] = (view.term for view in list_terms(context) if view.id != own_id)
    faults = find_taken(term, others)
    if faults := {name: fault for name, fault in faults.items() if getattr(term, name) not in but}:
        raise Invalid(**faults)
