"""Traces of people in a text: what a machine can find of names, numbers, dates and places.

It helps whoever reads, and finds by no means all: a nickname, a job or a story that everybody knows it does
not. Whatever it finds it shows; only a name of the case keeps a story from being submitted.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from .folding import fold

NAME, LIKE_NAME, KNOWN = "name", "like_name", "known"
NUMBER, DATE, PLACE, OFFICER = "number", "date", "place", "officer"
"""A name of the case; a word of one, in small letters; a number or address that the case has; any long number
or address; a day or month; a place; a badge, plate or rank with a name."""

_PARTICLES = frozenset(
    {"abu", "ben", "bin", "ibn", "dal", "das", "del", "della", "der", "des", "dos", "den", "las", "les"}
    | {"los", "san", "the", "und", "van", "von", "and", "mme", "mrs", "sra", "dit"}
)
_JOINT = re.compile(r"[ \-\N{NO-BREAK SPACE}\N{NON-BREAKING HYPHEN}]{1,2}")
_LEAST_LETTERS = 3
_LEAST_DIGITS = 6
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\+?\(?\d(?:[\d\s().\N{NO-BREAK SPACE}\-\N{NON-BREAKING HYPHEN}]*\d)?")
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre"
)
_CAPITAL_MONTHS = frozenset({"march", "may"})
"""Words of their own in small letters, unless a number stands beside them."""

_NUMBERED_MONTH = rf"\b\d{{1,2}}(?:st|nd|rd|th|er)?\s+(?:of\s+|de\s+)?(?:{_MONTHS})\b"
_MONTH_NUMBERED = rf"\b(?:{_MONTHS})\s+(?:de\s+|of\s+|del\s+)?\d{{1,4}}(?:st|nd|rd|th)?\b"
_SHORT_DATE = r"\b\d{4}-\d{1,2}(?:-\d{1,2})?\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b"
_WEEKDAY = (
    r"\b(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|lundi|mardi|mercredi|jeudi"
    r"|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b"
)
_STREET_WORDS = (
    r"street|avenue|ave|road|boulevard|boul|blvd|drive|lane|highway"
    r"|rue|chemin|autoroute|rang|calle|avenida|carrera"
)
_STREET_NAME = r"(?:\s+(?:de|du|des|la|le|del))*\s+[A-ZÀ-Þ][\w'’-]+"
_STREET = (
    rf"\b\d{{1,5}}\s*,?\s+(?:[\w'’.-]+\s+){{0,3}}?(?i:{_STREET_WORDS})\b(?:{_STREET_NAME})?"
    rf"|\b(?i:{_STREET_WORDS})\b{_STREET_NAME}"
)
_POSTCODE = r"\b[A-Za-z]\d[A-Za-z]\s?\d[A-Za-z]\d\b"
_OFFICER = (
    r"\b(?i:badge|matricule|placa|plaque|plate|insigne|insignia)\s*(?i:n[o°º]?\.?|number|numéro|número|#)?\s*"
    r"[\w-]*\d[\w-]*"
    r"|\b(?i:constable|const\.|sergeant|sgt\.?|sergent|lieutenant|inspector|inspecteur|officer|agente?|detective"
    r"|détective)\s+[A-ZÀ-Þ][\w'’-]+"
)
_PLATE = r"\b(?:[A-Z]{3}[ -]?\d{3,4}|[A-Z]\d{2}[ -]?[A-Z]{3}|\d{3}[ -]?[A-Z]{3})\b"
_MAIL = r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+"
_CASE = r"\b\d{4}-[A-Z0-9]{4}\b"

_MONTH = re.compile(_MONTHS, re.IGNORECASE)
_FREE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (NUMBER, re.compile(_MAIL)),
    (NUMBER, re.compile(_CASE)),
    (DATE, re.compile(_NUMBERED_MONTH, re.IGNORECASE)),
    (DATE, re.compile(_MONTH_NUMBERED, re.IGNORECASE)),
    (DATE, re.compile(_SHORT_DATE)),
    (DATE, re.compile(_WEEKDAY, re.IGNORECASE)),
    (PLACE, re.compile(_STREET)),
    (PLACE, re.compile(_POSTCODE)),
    (OFFICER, re.compile(_OFFICER)),
    (OFFICER, re.compile(_PLATE)),
)


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """What a case holds of its people, and the places that are too close to name."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """What stands at `start` to `end` of a text, in characters."""

    start: int
    end: int
    kind: str


def find_traces(text: str, known: Known) -> list[Trace]:
    """Return what was found in a text, in its order; where finds overlap, the graver or the longer one."""
    found = [*_names(text, known.names), *_numbers(text, known.numbers), *_places(text, known.places)]
    found += [Trace(*match.span(), kind) for kind, pattern in _FREE for match in pattern.finditer(text)]
    found += [Trace(*match.span(), DATE) for match in _lone_months(text)]
    order = (NAME, KNOWN, OFFICER, DATE, PLACE, NUMBER, LIKE_NAME)
    chosen: list[Trace] = []
    for one in sorted(found, key=lambda one: (order.index(one.kind), one.start - one.end)):
        if all(one.end <= other.start or other.end <= one.start for other in chosen):
            chosen.append(one)
    return _joined(text, sorted(chosen, key=lambda one: one.start))


def _joined(text: str, found: Iterable[Trace]) -> list[Trace]:
    """Take the words of one name together."""
    joined: list[Trace] = []
    for one in found:
        last = joined[-1] if joined else None
        if last and last.kind == one.kind == NAME and _JOINT.fullmatch(text, last.end, one.start):
            joined[-1] = Trace(last.start, one.end, NAME)
        else:
            joined.append(one)
    return joined


def _names(text: str, names: Iterable[str]) -> Iterator[Trace]:
    """Find words of names, whatever their case and accents; two in a row are a name in small letters too."""
    parts = {part for name in names for part in _parts(name)}
    uncased = {part for part in parts if not _has_case(part)}
    before: Trace | None = None
    for match in _WORD.finditer(text):
        word = match[0]
        if fold(word) in parts - uncased:
            is_name = word != word.lower() or (before is not None and match.start() - before.end <= 2)
            one = Trace(*match.span(), NAME if is_name else LIKE_NAME)
            if (
                is_name
                and before is not None
                and before.kind == LIKE_NAME
                and match.start() - before.end <= 2
            ):
                yield Trace(before.start, before.end, NAME)
            yield one
            before = one
    # Scripts without capital letters, and those without spaces between words.
    for part in uncased:
        yield from (Trace(*found.span(), NAME) for found in re.finditer(re.escape(part), text))


def _parts(name: str) -> Iterator[str]:
    for word in _WORD.findall(name):
        if not _has_case(word):
            yield unicodedata.normalize("NFC", word)
        elif len(fold(word)) >= _LEAST_LETTERS and fold(word) not in _PARTICLES:
            yield fold(word)


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()


def _numbers(text: str, numbers: Iterable[str]) -> Iterator[Trace]:
    """Find the case's own numbers, however they are spaced, and any other that is as long."""
    own = {digits[-7:] for number in numbers if len(digits := _digits(number)) >= _LEAST_DIGITS}
    written = {fold(number) for number in numbers if number and not _digits(number).isdigit()}
    for match in _DIGITS.finditer(text):
        digits = _digits(match[0])
        if len(digits) >= _LEAST_DIGITS:
            is_own = any(one in digits for one in own)
            yield Trace(*match.span(), KNOWN if is_own else NUMBER)
    for number in written | {number.casefold() for number in numbers if number}:
        found = re.finditer(re.escape(number), text, re.IGNORECASE)
        yield from (Trace(*one.span(), KNOWN) for one in found)


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _places(text: str, places: Collection[str]) -> Iterator[Trace]:
    """Find places by their whole names, whatever their case and accents."""
    words = [(match.start(), match.end(), fold(match[0])) for match in _WORD.finditer(text)]
    starts: dict[str, list[list[str]]] = {}
    for place in places:
        if parts := [fold(word) for word in _WORD.findall(place)]:
            starts.setdefault(parts[0], []).append(parts)
    for at, (start, _end, word) in enumerate(words):
        for parts in starts.get(word, ()):
            if [one[2] for one in words[at : at + len(parts)]] == parts and text[start].isupper():
                yield Trace(start, words[at + len(parts) - 1][1], PLACE)


def _lone_months(text: str) -> Iterator[re.Match[str]]:
    for match in _WORD.finditer(text):
        word = match[0]
        if _MONTH.fullmatch(word) and (word.casefold() not in _CAPITAL_MONTHS or word != word.lower()):
            yield match
