"""An organization's own terms: finer answers below a term that ships, their parent.

A record keeps the parent's code as its answer, and beside it which own terms were chosen. So nothing that
reads codes, as statistics, rules, filters and the columns of files, ever shifts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from casework.errors import Invalid

from .coded import FIELDS, INCIDENT_FIELDS, PERSON_FIELDS
from .documents import (
    Document,
    read_frequent_uuid,
    read_list,
    read_text,
    read_uuid,
    require_same,
    require_shape,
    unreadable,
)
from .folding import clean_line, fold, fold_bare
from .languages import WRITTEN_IN
from .messages import N_
from .vocabulary import NOT_ASKED, UNKNOWN, code_list

ACTIVE, RETIRED, MERGED = "active", "retired", "merged"
STATES = (ACTIVE, RETIRED, MERGED)

LISTS = tuple(dict.fromkeys(field.list_name for field in (*INCIDENT_FIELDS, *PERSON_FIELDS)))
"""The lists that take own terms, those of an incident first."""

Chosen = tuple[tuple[str, tuple[UUID, ...]], ...]
"""Which own terms were chosen, by the name of the field; sorted, without fields that have none."""

_LABELS = tuple(f"label_{code}" for code in WRITTEN_IN)
_KEYS = frozenset({"schema", "list", "parent", *_LABELS, "state", "merged_into"})
_FINER_THAN_NOTHING = frozenset({UNKNOWN, NOT_ASKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTerm:
    """A term of the organization's own: of which list, below which code, and what it is called.

    It has a label in at least one language. List and parent stay for good, since records are kept under the
    parent's code. A retired term stays where it was chosen and is offered for nothing else; `merged_into` is
    the term, of the same list and parent, that a merged one reads as.
    """

    list_name: str
    parent: str
    label_en: str = ""
    label_fr: str = ""
    label_es: str = ""
    state: str = ACTIVE
    merged_into: UUID | None = None

    def __post_init__(self) -> None:
        """Tidy the labels; `Invalid` names what is missing or does not fit together."""
        for name in _LABELS:
            object.__setattr__(self, name, clean_line(getattr(self, name), name, longest=80))
        nameless = [name for name in _LABELS if getattr(self, name) and not fold_bare(getattr(self, name))]
        if nameless:
            raise Invalid(**dict.fromkeys(nameless, N_("Write a name that has letters or digits.")))
        if self.list_name not in LISTS:
            raise Invalid(list_name=N_("Choose one of the listed answers."))
        if self.parent not in code_list(self.list_name) or self.parent in _FINER_THAN_NOTHING:
            raise Invalid(parent=N_("Choose the answer that this one belongs under."))
        if not any(self.labels):
            raise Invalid(label_en=N_("Write what it is called, in at least one language."))
        if self.state not in STATES:
            raise Invalid(state=N_("Choose one of the listed answers."))
        if (self.state == MERGED) != (self.merged_into is not None):
            raise Invalid(merged_into=N_("Choose the term that this one is merged into."))

    @property
    def labels(self) -> tuple[str, ...]:
        """Give the labels in the order of the languages, empty ones too."""
        return tuple(getattr(self, name) for name in _LABELS)

    def is_of(self, field: str) -> bool:
        """Tell whether it is of the list that this coded field takes its answers from."""
        return FIELDS[field].list_name == self.list_name

    def label(self, language: str) -> str:
        """Give the label in `language`, or in the first language that has one."""
        return getattr(self, f"label_{language}", "") or next(text for text in self.labels if text)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        document: Document = {"schema": 1, "list": self.list_name, "parent": self.parent}
        document.update({name: getattr(self, name) for name in _LABELS})
        document["state"] = self.state
        document["merged_into"] = self.merged_into.hex if self.merged_into else None
        return document

    @classmethod
    def from_document(cls, document: Document) -> "OwnTerm":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given."""
        require_shape(document, _KEYS)
        into = document["merged_into"]
        try:
            term = cls(
                list_name=read_text(document, "list"),
                parent=read_text(document, "parent"),
                **{name: read_text(document, name) for name in _LABELS},
                state=read_text(document, "state"),
                merged_into=None if into is None else read_uuid(into),
            )
        except Invalid:
            raise unreadable() from None
        require_same(document, term.to_document())
        return term


class TermBook:
    """All own terms by their ids, to read records with; a merged one reads as the one it was merged into."""

    def __init__(self, terms: Mapping[UUID, OwnTerm]) -> None:
        """Take the terms as they stand, retired and merged ones too."""
        self.terms = terms
        self._active: dict[tuple[str, str], list[UUID]] = {}
        for term_id, term in terms.items():
            if term.state == ACTIVE:
                self._active.setdefault((term.list_name, term.parent), []).append(term_id)

    def stands_for(self, term_id: UUID) -> UUID:
        """Give the id of the term that this one reads as: itself, unless it was merged."""
        seen: set[UUID] = set()
        while term_id not in seen and (term := self.terms.get(term_id)) and term.merged_into:
            seen.add(term_id)
            term_id = term.merged_into
        return term_id

    def find(self, term_id: UUID) -> OwnTerm | None:
        """Give the term that this id reads as; None for one that is not there."""
        return self.terms.get(self.stands_for(term_id))

    def active(self, list_name: str, parent: str) -> Sequence[UUID]:
        """List the terms in use below a code of a list."""
        return self._active.get((list_name, parent), ())

    def below(self, field: str, code: str, chosen: Iterable[UUID]) -> list[UUID]:
        """List which of `chosen` are finer answers of this code of this field, each as what it reads as."""
        place = FIELDS[field].list_name, code
        standing = dict.fromkeys(map(self.stands_for, chosen))
        found = [(one, self.terms.get(one)) for one in standing]
        return [one for one, term in found if term is not None and (term.list_name, term.parent) == place]

    def say(
        self, field: str, codes: str | Iterable[str], chosen: Iterable[UUID], language: str
    ) -> list[tuple[str, str]]:
        """Give each answer of a field with its code: the words of its own terms, else those of the code."""
        listed, chosen = FIELDS[field].codes, tuple(chosen)
        said = []
        for code in (codes,) if isinstance(codes, str) else codes:
            own = [self.terms[one].label(language) for one in self.below(field, code, chosen)]
            said += [(code, text) for text in sorted(own, key=fold) or [listed.label(code, language)]]
        return said


NO_TERMS = TermBook({})


def choose_terms(chosen: Mapping[str, Iterable[UUID]]) -> Chosen:
    """Give which own terms were chosen as records keep it: sorted, each once."""
    kept = ((field, tuple(sorted(set(ids), key=str))) for field, ids in sorted(chosen.items()))
    return tuple((field, ids) for field, ids in kept if ids)


def chosen_of(chosen: Chosen, field: str) -> tuple[UUID, ...]:
    """Give the own terms that were chosen for a field."""
    return next((ids for name, ids in chosen if name == field), ())


def fitting(chosen: Chosen, facts: object, find: Callable[[UUID], OwnTerm | None]) -> Chosen:
    """Drop each own term whose list is not its field's, or whose parent is not among the field's answers."""

    def fits(field: str, term: OwnTerm | None) -> bool:
        if term is None or not term.is_of(field):
            return False
        answers = getattr(facts, field)
        return term.parent == answers if isinstance(answers, str) else term.parent in answers

    return choose_terms(
        {field: [one for one in ids if fits(field, find(one))] for field, ids in chosen} if chosen else {}
    )


def chosen_to_document(chosen: Chosen) -> Document:
    """Give the plain form, as a part of a record's coded document."""
    return {field: [term_id.hex for term_id in ids] for field, ids in chosen}


def read_chosen(entry: Any, fields: Iterable[str]) -> Chosen:
    """Read what `chosen_to_document` gave; `Invalid(document=…)` for anything that it could not have given.

    Records without own terms share one empty tuple.
    """
    if entry == {}:
        return ()
    if type(entry) is not dict or not entry.keys() <= set(fields):
        raise unreadable()
    chosen = tuple(
        (field, tuple([read_frequent_uuid(one) for one in read_list(ids)])) for field, ids in entry.items()
    )
    if chosen != choose_terms(dict(chosen)) or find_surplus(chosen):
        raise unreadable()
    return chosen


def find_surplus(chosen: Chosen) -> dict[str, str]:
    """Give a fault for each field that takes one answer and has several own terms."""
    surplus = [field for field, ids in chosen if len(ids) > 1 and not FIELDS[field].multiple]
    return dict.fromkeys(surplus, N_("Choose one of the listed answers."))


def find_taken(term: OwnTerm, others: Iterable[OwnTerm]) -> dict[str, str]:
    """Give, by the field of each label, what is wrong with one that names a term of the list already."""
    listed, taken = code_list(term.list_name), set[str]()
    for other in others:
        if other.list_name == term.list_name and other.state != MERGED:
            taken |= {fold_bare(text) for text in other.labels if text}
    faults = {}
    for name in _LABELS:
        text = getattr(term, name)
        if text and listed.has_word(text):
            faults[name] = N_("This list has an answer of this name already. Choose a different name.")
        elif text and fold_bare(text) in taken:
            faults[name] = N_("Another of your terms in this list has this name. Choose a different one.")
    return faults
