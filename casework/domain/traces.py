"""Traces of people in a text: what a machine can find of names, numbers, dates and places.

It helps whoever reads, and finds by no means all: a nickname, a job or a story that everybody knows it does
not. Whatever it finds it shows; only a name of the case keeps a story from being submitted.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from .folding import fold

NAME, LIKE_NAME, KNOWN = "name", "like_name", "known"
NUMBER, DATE, PLACE, OFFICER = "number", "date", "place", "officer"
"""A name of the case; what may be one or a plain word; a number or address that the case has; any long number
or address; a day or month; a place; a badge, plate or rank with a name."""

_PARTICLES = frozenset(
    {"abu", "ben", "bin", "ibn", "dal", "das", "del", "della", "der", "des", "dos", "den", "las", "les"}
    | {"los", "san", "the", "und", "van", "von", "and", "mme", "mrs", "sra", "dit"}
)
_JOINT = re.compile(r"[ '’\-\N{NO-BREAK SPACE}\N{NON-BREAKING HYPHEN}]{1,2}")
_IN_A_ROW = 2
"""The most characters between two words that stand in a row."""
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

# An account has up to 100,000 characters, of anything. So no pattern tries a long run more than once: of two
# repeats that could share a run, the first gives nothing back (++) or has few (tests/domain/test_traces.py).
_NUMBERED_MONTH = rf"\b\d{{1,2}}(?:st|nd|rd|th|er)?\s++(?:of\s++|de\s++)?(?:{_MONTHS})\b"
_MONTH_NUMBERED = rf"\b(?:{_MONTHS})\s++(?:de\s++|of\s++|del\s++)?\d{{1,4}}(?:st|nd|rd|th)?\b"
_SHORT_DATE = r"\b\d{4}-\d{1,2}(?:-\d{1,2})?\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b"
_WEEKDAY = (
    r"\b(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|lundi|mardi|mercredi|jeudi"
    r"|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b"
)
_STREET_WORDS = (
    r"street|avenue|ave|road|boulevard|boul|blvd|drive|lane|highway"
    r"|rue|chemin|autoroute|rang|calle|avenida|carrera"
)
_STREET_NAME = r"(?:\s++(?:de|du|des|la|le|del)){0,3}\s++[A-ZÀ-Þ][\w'’-]+"
_STREET = (
    rf"\b\d{{1,5}}(?:\s++|\s*+,\s++)(?:[\w'’.-]++\s++){{0,3}}?(?i:{_STREET_WORDS})\b(?:{_STREET_NAME})?"
    rf"|\b(?i:{_STREET_WORDS})\b{_STREET_NAME}"
)
_POSTCODE = r"\b[A-Za-z]\d[A-Za-z]\s?\d[A-Za-z]\d\b"
_OFFICER = (
    r"\b(?i:badge|matricule|placa|plaque|plate|insigne|insignia)\s*+(?:(?i:n[o°º]?\.?|number|numéro|número|#)\s*+)?"
    r"(?:-|[^\W\d]){0,40}\d[\w-]*"
    r"|\b(?i:constable|const\.|sergeant|sgt\.?|sergent|lieutenant|inspector|inspecteur|officer|agente?|detective"
    r"|détective)\s++[A-ZÀ-Þ][\w'’-]+"
)
_PLATE = r"\b(?:[A-Z]{3}[ -]?\d{3,4}|[A-Z]\d{2}[ -]?[A-Z]{3}|\d{3}[ -]?[A-Z]{3})\b"
_MAIL = r"(?<![^@\s,;<>])[^@\s,;<>]++@[^@\s,;<>]+\.[^@\s,;<>.]+"
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
    taken = bytearray(len(text))
    for one in sorted(found, key=lambda one: (order.index(one.kind), one.start - one.end)):
        if taken.find(1, one.start, one.end) < 0:
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
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


def _names(text: str, names: Collection[str]) -> Iterator[Trace]:
    """Find words of names, whatever their case and accents, and names in scripts without capital letters."""
    words = [word for name in names for word in _WORD.findall(name)]
    found = list(_WORD.finditer(text))
    folded = [fold(match[0]) for match in found]
    grave, like = _weigh(found, folded, {fold(word) for word in words if _has_case(word)})
    grave |= _in_a_row(found, folded, names)
    yield from (Trace(*found[at].span(), NAME if at in grave else LIKE_NAME) for at in grave | like)
    # Scripts without capital letters, and those without spaces between words.
    for part in {unicodedata.normalize("NFC", word) for word in words if not _has_case(word)}:
        yield from (Trace(*one.span(), NAME) for one in re.finditer(re.escape(part), text))


def _weigh(
    found: Sequence[re.Match[str]], folded: Sequence[str], parts: Set[str]
) -> tuple[set[int], set[int]]:
    """Return which words are of a name, and which may be: in small letters, or particles and short ones.

    Two in a row are of a name in small letters too. A particle or short word is shown with a capital alone,
    one letter not at all: "I" and "A" begin too many sentences.
    """
    telling = {part for part in parts if len(part) >= _LEAST_LETTERS and part not in _PARTICLES}
    grave: set[int] = set()
    like: set[int] = set()
    for at, word in enumerate(folded):
        if word in telling:
            (grave if _has_capital(found[at]) else like).add(at)
            if at and folded[at - 1] in telling and _is_near(found, at):
                grave |= {at - 1, at}
        elif word in parts and len(word) > 1 and _has_capital(found[at]):
            like.add(at)
    return grave, like


def _in_a_row(found: Sequence[re.Match[str]], folded: Sequence[str], names: Iterable[str]) -> set[int]:
    """Return which words make a whole name, however written, or two of its words in a row with capitals."""
    wholes: dict[str, set[tuple[str, ...]]] = {}
    pairs: set[tuple[str, str]] = set()
    for name in names:
        words = [word for word in _WORD.findall(name) if _has_case(word)]
        if len(words) > 1:
            whole = tuple(map(fold, words))
            wholes.setdefault(whole[0], set()).add(whole)
        for one, other in pairwise(words):
            if one + other != (one + other).lower():  # "de la" is none
                pairs |= {(fold(one), fold(other)), (fold(other), fold(one))}
    grave: set[int] = set()
    for at, word in enumerate(folded):
        if at and (folded[at - 1], word) in pairs and _is_near(found, at):
            grave |= {at - 1, at} if _has_capital(found[at - 1]) and _has_capital(found[at]) else set()
        for whole in wholes.get(word, ()):
            here = range(at, at + len(whole))
            if tuple(folded[at : here.stop]) == whole and all(_is_near(found, one) for one in here[1:]):
                grave |= set(here)
    return grave


def _is_near(found: Sequence[re.Match[str]], at: int) -> bool:
    """Return whether a word stands in a row with the one before it."""
    return found[at].start() - found[at - 1].end() <= _IN_A_ROW


def _has_capital(match: re.Match[str]) -> bool:
    return match[0] != match[0].lower()


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
