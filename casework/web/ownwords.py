"""Answers in words, with the organization's own terms in the place of their parents."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Flask, g

from casework.domain.folding import fold
from casework.domain.ownterm import NO_TERMS, Chosen, TermBook, chosen_of
from casework.domain.vocabulary import code_list
from casework.services.ownterms import get_term_book
from casework.web.identity import find_context
from casework.web.language import label, language


def init_app(app: Flask) -> None:
    """Give the templates their filters."""
    app.jinja_env.filters["answer"] = say_answer
    app.jinja_env.filters["answers"] = list_answers
    app.jinja_env.filters["question"] = name_question


def name_question(list_name: str) -> str:
    """Return the question that the terms of a list answer."""
    return code_list(list_name).labels[language()]


def term_book() -> TermBook:
    """Return the own terms, opened once a request; none for whoever is not signed in."""
    if "term_book" not in g:
        context = find_context()
        g.term_book = get_term_book(context) if context else NO_TERMS
    book: TermBook = g.term_book
    return book


def say_answer(facts: Any, field: str) -> str:
    """Return what an incident or a person answers to a field, in words, several joined by commas."""
    return say_codes(getattr(facts, field), field, facts.own_terms)


def say_codes(codes: str | Iterable[str], field: str, chosen: Chosen) -> str:
    """Return answers in words, with the own terms that were chosen beside them."""
    return ", ".join(text for _code, text in _say(field, codes, chosen))


def list_answers(facts: Any, field: str, codes: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Return each answer with its code, of these `codes` alone where they are given."""
    return _say(field, getattr(facts, field) if codes is None else codes, facts.own_terms)


def _say(field: str, codes: str | Iterable[str], chosen: Chosen) -> list[tuple[str, str]]:
    own = chosen_of(chosen, field)
    return (term_book() if own else NO_TERMS).say(field, codes, own, language())


def say_terms(field: str, list_name: str, ids: Iterable[UUID], parents: Iterable[str] = ()) -> str:
    """Return what these own terms of a field are called, and each of `parents` below which there is none."""
    found = [term for one in ids if (term := term_book().find(one)) and term.is_of(field)]
    below = {term.parent for term in found}
    names = {term.label(language()) for term in found}
    names |= {label(code, list_name) for code in parents if code not in below}
    return ", ".join(sorted(names, key=fold))
