"""Own terms among the answers of a list: one that is there, or one that the import is to add for a value.

As an answer of a plan the first is its parent's code, a mark and its id. The second is "add", the parent's
code and the language that its words are taken for; they are the value itself, so that a remembered mapping
finds the term again by them.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from casework.domain.coded import FIELDS
from casework.domain.folding import fold_bare
from casework.domain.languages import WRITTEN_IN
from casework.domain.messages import N_
from casework.domain.ownterm import (
    ACTIVE,
    LISTS,
    MERGED,
    NO_TERMS,
    RETIRED,
    OwnTerm,
    TermBook,
    find_taken,
)
from casework.domain.vocabulary import NOT_ASKED, OTHER, UNKNOWN
from casework.errors import Invalid
from casework.services.importing.countries import find_region

LONGEST_WORDS = 80
"""Of a term; a longer value is told in the narrative."""

_MARK = "~"
_ADD = f"add{_MARK}"

_NO_WORDS = N_("Write what it is called, in at least one language.")


def takes_terms(field_name: str) -> bool:
    """Tell whether answers of a field may be own terms."""
    return field_name in FIELDS and FIELDS[field_name].list_name in LISTS


def answer_with(parent: str, term_id: UUID) -> str:
    """Give the answer that is an own term below a code."""
    return f"{parent}{_MARK}{term_id.hex}"


def answer_by_adding(field_name: str, value: str, language: str) -> str:
    """Give the answer that adds a value as a term: a country below its region, all else below "other"."""
    region = find_region(value) if field_name == "region_of_origin" else None
    return f"{_ADD}{region or OTHER}{_MARK}{language}"


def is_adding(answer: str) -> bool:
    """Tell whether an answer is a term that is to be added."""
    return answer.startswith(_ADD)


def parent_of(answer: str) -> str:
    """Give the code that an answer counts as: itself, unless it is an own term."""
    return answer.removeprefix(_ADD).partition(_MARK)[0]


def is_finer_answer(field_name: str, answer: str) -> bool:
    """Tell whether this can be an answer with an own term, whatever became of that term."""
    if not takes_terms(field_name) or parent_of(answer) not in FIELDS[field_name].codes:
        return False
    rest = answer.removeprefix(_ADD).partition(_MARK)[2]
    if is_adding(answer):
        return rest in WRITTEN_IN and parent_of(answer) not in (UNKNOWN, NOT_ASKED)
    return _read_id(rest) is not None


def make_new_term(list_name: str, answer: str, words: str) -> OwnTerm:
    """Make the term that is to be added; raises Invalid as services.ownterms does, for its words `answer`."""
    label = f"label_{answer.rpartition(_MARK)[2]}"
    if not fold_bare(words):
        raise Invalid(answer=_NO_WORDS)
    try:
        term = OwnTerm(list_name=list_name, parent=parent_of(answer), **{label: words})  # type: ignore[arg-type]
    except Invalid as invalid:
        raise Invalid(answer=next(iter(invalid.faults.values()))) from None
    if taken := find_taken(term, ()):
        raise Invalid(answer=taken[label])
    return term


class TermWords:
    """Own terms by their words, to answer the values of a list with."""

    def __init__(self, book: TermBook) -> None:
        """Index a book; of a retired and another term of one name the one in use is found."""
        self.book = book
        self._by_words: dict[tuple[str, str], UUID] = {}
        self._retired: dict[tuple[str, str], UUID] = {}
        indices = {ACTIVE: self._by_words, RETIRED: self._retired, MERGED: {}}
        for term_id, term in book.terms.items():
            for text in filter(None, term.labels):
                indices[term.state][term.list_name, fold_bare(text)] = term_id

    def find(self, list_name: str, words: str) -> UUID | None:
        """Find the term in use that has this name in any language."""
        return self._by_words.get((list_name, fold_bare(words)))

    def find_retired(self, list_name: str, words: str) -> OwnTerm | None:
        """Find the retired term that has this name in any language."""
        found = self._retired.get((list_name, fold_bare(words)))
        return self.book.terms[found] if found else None

    def answer(self, list_name: str, words: str) -> str | None:
        """Give the answer that is the term of this name."""
        found = self.find(list_name, words)
        return answer_with(self.book.terms[found].parent, found) if found else None

    def read(self, list_name: str, value: str, answer: str) -> tuple[str, UUID | None]:
        """Give the code of an answer with its term in use; None for a plain code, and where there is none."""
        if is_adding(answer):
            found = self.find(list_name, value)
        else:
            named = _read_id(answer.partition(_MARK)[2])
            found = self.book.stands_for(named) if named else None
        term = self.book.terms.get(found) if found else None
        if term is None or (term.list_name, term.state) != (list_name, ACTIVE):
            return parent_of(answer), None
        return term.parent, found

    def with_new(self, wanted: Iterable[tuple[UUID, OwnTerm]]) -> "TermWords":
        """Return these with terms that are to be added; a retired one of that name comes back instead."""
        terms, named = dict(self.book.terms), set(self._by_words)
        for term_id, term in wanted:
            names = [(term.list_name, fold_bare(text)) for text in term.labels if text]
            if not named.isdisjoint(names):
                continue
            named.update(names)
            back = next((self._retired[name] for name in names if name in self._retired), None)
            if back is None:
                terms[term_id] = term
            else:
                terms[back] = replace(terms[back], state=ACTIVE)
        return TermWords(TermBook(terms))


NO_WORDS = TermWords(NO_TERMS)


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None
