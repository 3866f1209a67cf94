"""Fields that offer an organization's own terms among the answers of a code list.

An own term is posted as its parent's code, a mark, and its id: choosing it chooses the parent.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask_babel import gettext
from wtforms import Field, RadioField, SelectField, SelectMultipleField

from casework.domain.coded import FIELDS, normalise_multi
from casework.domain.folding import fold
from casework.domain.messages import N_
from casework.domain.ownterm import ACTIVE, Chosen, TermBook, choose_terms, chosen_of
from casework.domain.vocabulary import NOT_ASKED, OTHER
from casework.errors import Invalid
from casework.web.forms.coded import Choices, SelectChoice, choose, offer, sort_by_name
from casework.web.language import language
from casework.web.ownwords import term_book

_MARK = "~"


def finer_radio(question: Any, list_name: str, **options: Any) -> RadioField:
    """Make a field of one answer, all of them in sight, as `coded.radio` does."""
    return RadioField(question, choices=finer(lambda: offer(list_name), list_name), **_OPEN, **options)


def finer_select(question: Any, list_name: str, **options: Any) -> SelectField:
    """Make a field of one answer in a list that opens, as `coded.select` does."""
    return SelectField(question, choices=finer(lambda: offer(list_name), list_name), **_OPEN, **options)


def finer_several(question: Any, list_name: str, **options: Any) -> SelectMultipleField:
    """Make a field of several answers, as `coded.several` does."""
    listed = finer(lambda: offer(list_name, (NOT_ASKED,)), list_name)
    return SelectMultipleField(question, choices=listed, validate_choice=False, **options)


_OPEN: dict[str, Any] = {"default": NOT_ASKED, "validate_choice": False}


def finer(offered: Callable[[], Choices], list_name: str) -> Any:
    """Give what a field offers, with the own terms in use and those that it holds already."""

    def choices(_form: Any, field: Field) -> Choices:
        book = term_book()
        held = [field.data] if isinstance(field.data, str) else field.data or ()
        return _weave(offered(), list_name, book, held) if book.terms else offered()

    return choices


def read_code(field: Field) -> str:
    """Return the code that was chosen, `not_asked` where nothing was."""
    return _code(field.data or NOT_ASKED)


def read_codes(field: Field) -> tuple[str, ...]:
    """Return the codes that were chosen, as they are kept; raises Invalid naming the field."""
    return normalise_multi(field.short_name, map(_code, field.data or ()))


def read_own_terms(fields: Iterable[Field]) -> Chosen:
    """Return the own terms that were chosen in these fields; raises Invalid naming a field."""
    return choose_terms({field.short_name: _ids(field) for field in fields})


def show_code(facts: Any, name: str) -> str:
    """Return what a field of one answer is filled with."""
    return (_show(facts, name) or [getattr(facts, name)])[0]


def show_usable_code(facts: Any, name: str) -> str:
    """Return what the field of another record is filled with: of a term that is not in use its parent."""
    value = show_code(facts, name)
    term_id = _id(value)
    term = term_book().find(term_id) if term_id else None
    return value if term is None or term.state == ACTIVE else _code(value)


def show_codes(facts: Any, name: str) -> list[str]:
    """Return what a field of several answers is filled with: a term alone, since it chooses its parent."""
    own = _show(facts, name)
    finer_than = set(map(_code, own))
    return [code for code in getattr(facts, name) if code not in finer_than | {NOT_ASKED}] + own


def _show(facts: Any, name: str) -> list[str]:
    chosen, answers = chosen_of(facts.own_terms, name), getattr(facts, name)
    codes = {answers} if isinstance(answers, str) else set(answers)
    found = [(one, term) for one in chosen if (term := term_book().find(one)) and term.is_of(name)]
    return [_value(term.parent, one) for one, term in found if term.parent in codes]


def weave(offered: Choices, list_name: str) -> Choices:
    """Give what a list offers, with the own terms in use."""
    book = term_book()
    return _weave(offered, list_name, book, ()) if book.terms else offered


def _weave(offered: Choices, list_name: str, book: TermBook, held: Iterable[str]) -> Choices:
    """Put own terms beside their parents: before "other", which stands last, and after all else."""
    kept = _stand_ins(book, held)
    grouped = any(choice.optgroup for choice in offered)
    woven: Choices = []
    for choice in offered:
        own = _below(book, list_name, choice, kept)
        if choice.value != OTHER:
            woven += [choice, *own]
        else:
            group = choice.optgroup or (str(gettext("Our own terms")) if grouped else None)
            woven += [*(replace(one, optgroup=group) for one in own), choice]
    return sort_by_name(woven) if list_name == "language" else woven


def _below(
    book: TermBook, list_name: str, parent: SelectChoice, kept: Mapping[UUID, UUID]
) -> list[SelectChoice]:
    """Give the own terms below an answer by their names: those in use, and those that a field holds."""
    place = list_name, parent.value
    held = (one for one in kept if (term := book.terms.get(one)) and (term.list_name, term.parent) == place)
    named = {one: book.terms[one].label(language()) for one in (*book.active(*place), *held)}
    ordered = sorted(named.items(), key=lambda item: fold(item[1]))
    return [choose(_value(parent.value, kept.get(one, one)), text, parent.optgroup) for one, text in ordered]


def _stand_ins(book: TermBook, held: Iterable[str]) -> dict[UUID, UUID]:
    """Give by the term that it reads as each one that a field holds: a merged one is kept as it was."""
    return {book.stands_for(one): one for value in held if (one := _id(value))}


def _value(parent: str, term_id: UUID) -> str:
    return f"{parent}{_MARK}{term_id.hex}"


def _code(value: str) -> str:
    return value.partition(_MARK)[0]


def _id(value: str) -> UUID | None:
    try:
        return UUID(hex=value.partition(_MARK)[2])
    except ValueError:
        return None


def _ids(field: Field) -> list[UUID]:
    held = [field.data] if isinstance(field.data, str) else field.data or ()
    ids = [_id(value) for value in held if _MARK in value]
    if not all(ids) or (ids and field.short_name not in FIELDS):
        raise Invalid(**{field.short_name: N_("Choose one of the listed answers.")})
    return [one for one in ids if one]
