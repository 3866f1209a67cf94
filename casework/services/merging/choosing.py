"""Whom somebody can be merged with: of their case, where they also stand, or whoever is searched for."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from casework.analysis.duplicates.people import Described
from casework.domain.folding import fold
from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services.access import list_hidden
from casework.services.books import FactBook, TextBook
from casework.services.cases import CaseView, get_case
from casework.services.context import Context
from casework.services.duplicates.reviewing import Somebody, list_elsewhere
from casework.services.matching import match_people
from casework.services.personfacts import open_person_facts
from casework.services.records import PersonView
from casework.services.restricted.texts import add_own_texts
from casework.store.cases import find_person

MOST_FOUND = 20


@dataclass(frozen=True, slots=True, repr=False)
class Choice:
    """Somebody of a case, and who else they may be: the others of it, and ids with case and reference.

    Not who was made by the same merge, as long as both say what it left.
    """

    case: CaseView
    person: PersonView
    others: Sequence[PersonView]
    elsewhere: Sequence[tuple[UUID, UUID, str]]


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """Who is called like what was searched for, the first of them, and how many there are."""

    people: Sequence[Somebody]
    total: int


def get_choice(context: Context, case_id: UUID, person_id: UUID) -> Choice:
    """Open a case for a choice of whom to merge somebody with; raises NotFound."""
    context.require(Permission.EDIT_CASES)
    case = get_case(context, case_id)
    person = next((one for one in case.people if one.id == person_id), None)
    if person is None:
        raise NotFound("person")
    others = [one for one in case.people if one.id != person_id]
    places = list_elsewhere(context, case_id).get(person_id, ())
    elsewhere = [place for place in places if not _is_twin_as_left(context, person, place[0])]
    return Choice(case, person, others, elsewhere)


def find_people(context: Context, text: str, but_for: UUID) -> Found:
    """Return who has this in their name, phone, e-mail, client number or note, or a name nearly like it.

    Only of cases that the member may open, but for one person; a case's reference finds everybody in it.
    """
    context.require(Permission.EDIT_CASES)
    facts, texts = context.runtime.casebook.both(context.keyring, context.runtime.now_seconds())
    texts = add_own_texts(context, facts, texts)
    exact, near = match_people(text, facts, texts)
    found = [*_list(context, facts, texts, exact), *_list(context, facts, texts, near)]
    found = [one for one in found if one.id != but_for]
    return Found(found[:MOST_FOUND], len(found))


def _is_twin_as_left(context: Context, person: PersonView, other_id: UUID) -> bool:
    merged, other = person.facts.merged, find_person(other_id)
    if merged is None or other is None or merged.twin != other_id or person.version != merged.version:
        return False
    theirs = open_person_facts(context, other).merged
    return theirs is not None and other.version == theirs.version


def _list(context: Context, facts: FactBook, texts: TextBook, people: Set[UUID]) -> Iterator[Somebody]:
    """Go through these people, by name."""
    hidden = list_hidden(context, facts)
    for person_id in sorted(people, key=lambda one: (fold(texts.names.get(one, "")), one)):
        person = facts.people.get(person_id)
        case = facts.cases.get(person.case_id) if person else None
        if case is not None and case.id not in hidden:
            told = texts.described.get(person_id) or Described(texts.names.get(person_id, ""))
            yield Somebody(person_id, case.id, case.facts.reference, told)
