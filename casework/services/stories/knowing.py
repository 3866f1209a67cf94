"""What a case gives to look for in its story: names, numbers, places, ages, and its notes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache

from casework.analysis.duplicates.birthdates import read_birth_date
from casework.domain.folding import fold
from casework.domain.languages import LANGUAGES
from casework.domain.ownterm import OwnTerm, chosen_of
from casework.domain.traces.kinds import Known
from casework.domain.traces.numbers import list_numbers
from casework.domain.vocabulary import PSEUDO_CODES, CodeList, code_list, grouping
from casework.services.cases import CaseView
from casework.services.context import Context
from casework.services.ownterms import get_term_book

_PUBLIC_LANGUAGES = frozenset({"en", "fr", *PSEUDO_CODES})
_GROWN = 18
_PIECES = "–/()"


def know(context: Context, case: CaseView) -> Known:
    """Return what is looked for; own terms are opened."""
    people = [person.identity for person in case.people]
    terms = {id_: term for id_, term in get_term_book(context).terms.items() if term.list_name == "place"}
    chosen = {id_ for one in case.incidents for id_ in chosen_of(one.facts.own_terms, "place")}
    places = [one.address for one in people] + [one.narrative.exact_place for one in case.incidents]
    notes = list(_notes(case))
    years = {year for one in case.incidents if (year := one.facts.date.calendar_year())}
    births = [read_birth_date(one.birth_date).year for one in people]
    numbers = [case.facts.reference, *_grown(births, years)]
    for one in people:
        numbers += [one.phone, one.email, one.uci, one.birth_date]
    numbers += [number for text in (*places, *notes) for number in list_numbers(text)]
    own = [term for id_, term in terms.items() if id_ in chosen]
    return Known(
        names=tuple(one.name for one in people if one.name),
        numbers=tuple(filter(None, numbers)),
        areas=(*_areas(one.facts.place for one in case.incidents), *_labels(own)),
        places=tuple(filter(None, places)),
        towns=(*_shipped_towns(), *_labels(list(terms.values()))),
        ages=tuple(sorted(_ages(births, years, context.runtime.today()))),
        languages=_languages(),
        notes=tuple(notes),
    )


def _notes(case: CaseView) -> Iterator[str]:
    for incident in case.incidents:
        yield incident.narrative.text
        for _act, texts in incident.narrative.acts:
            yield from texts.words
    yield from (person.identity.note for person in case.people)


def _grown(births: Iterable[int], years: Iterable[int]) -> list[str]:
    """Return the years of birth of grown people: a child's may be the year of the story."""
    latest = max(years, default=0)
    return [str(birth) for birth in births if birth and latest - birth >= _GROWN]


def _ages(births: Iterable[int], years: Iterable[int], today: date) -> set[int]:
    """Return how old each may have been in the years of the case, and is now."""
    then = {*years, today.year}
    return {age for birth in births if birth for year in then for age in (year - birth - 1, year - birth)}


def _areas(codes: Iterable[str]) -> Iterator[str]:
    """Say what the places of the answers, and the cities that they are in, are called; each piece too."""
    cities, coarse = grouping("place", "city"), _coarse()
    for code in {found for one in codes for found in (one, cities.get(one, "")) if found}:
        if code in PSEUDO_CODES:
            continue
        for name in ("place", "city"):
            terms = code_list(name)
            for language in LANGUAGES if code in terms else ():
                yield from (one for one in _pieces(terms.label(code, language)) if fold(one) not in coarse)
            yield from _aliases(terms, code) if code in terms else ()


def _pieces(label: str) -> Iterator[str]:
    yield label
    parts = label.translate(str.maketrans(_PIECES, "\n" * len(_PIECES))).split("\n")
    yield from (part.strip() for part in parts if part.strip())


def _labels(terms: Sequence[OwnTerm]) -> Iterator[str]:
    for term in terms:
        yield from filter(None, (term.label_en, term.label_fr, term.label_es))


def _aliases(terms: CodeList, code: str) -> Iterator[str]:
    """Yield what else a place is called: NDG, TMR."""
    aliases = terms.term(code).attributes.get("aliases", ())
    yield from (alias for alias in aliases if fold(alias) not in _coarse())


@cache
def _coarse() -> frozenset[str]:
    """Return what provinces are called: a city of that name cannot be told from it."""
    return frozenset(
        fold(label) for code in LANGUAGES for _code, label in code_list("province").choices(code)
    )


@cache
def _shipped_towns() -> tuple[str, ...]:
    """Return cities and boroughs as each language calls them, but what a province is called too."""
    found: dict[str, None] = {}
    for name in ("city", "place"):
        terms = code_list(name)
        for language in LANGUAGES:
            labels = (terms.label(term, language) for term in terms.codes if term not in PSEUDO_CODES)
            found |= dict.fromkeys(label for label in labels if fold(label) not in _coarse())
        found |= dict.fromkeys(alias for term in terms.codes for alias in _aliases(terms, term))
    return tuple(found)


@cache
def _languages() -> tuple[str, ...]:
    """Return what languages are called, but those that everybody in Canada may speak."""
    terms = code_list("language")
    codes = [code for code in terms.codes if code not in _PUBLIC_LANGUAGES]
    return tuple({terms.label(code, language) for code in codes for language in LANGUAGES})
