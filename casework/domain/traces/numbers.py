"""Numbers and addresses in a text: those of the case, phones, e-mail, files, and other long ones."""

import re
from collections.abc import Iterable, Iterator, Set

from ..case import REFERENCE_LETTERS
from .flat import flatten
from .kinds import KNOWN, LIKE_NUMBER, NUMBER, Trace
from .spoken import list_told
from .words import any_flat

_LEAST_DIGITS = 6
_PHONE_DIGITS = 7
_OWN_DIGITS = 4
_TELLING_END = 7
# No pattern of these modules tries a long run more than once: of two repeats that could share a run the first
# gives nothing back (++) or has few (tests/domain/test_traces.py).
_DIGITS = re.compile(r"\+?\(?\d(?:[\d\s().\-]*\d)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .]\d{3})+")
_LETTERS = REFERENCE_LETTERS.lower()
_YEAR = re.compile(r"(?:19|20)\d\d")
_PATTERNS = (
    re.compile(r"(?<![^@\s,;<>()])[^@\s,;<>()]++@[^@\s,;<>()]+\.[^@\s,;<>().]+"),
    re.compile(r"\b(?:https?://|www\.)[^\s<>]++"),
    re.compile(rf"\b\d{{4}}-(?:(?=[a-z0-9]{{0,3}}[a-z])[a-z0-9]{{4}}|[{_LETTERS}]{{5,6}})\b"),
    re.compile(
        rf"\b{any_flat('numbers', 'files')}\s*+"
        rf"(?:(?:n[o°º]?s?\.?|nr\.?|{any_flat('numbers', 'marks')}|#|:)\s*+){{1,2}}[a-z]{{0,4}}[ -]?\d[\w-]*"
    ),
)


def find_numbers(flat: str, numbers: Iterable[str]) -> Iterator[Trace]:
    """Find the case's own numbers and addresses, however spaced or told, and what looks like such."""
    numbers = [flatten(number) for number in numbers if number]
    digits_of = {_digits(number) for number in numbers}
    ends = {digits[-_TELLING_END:] for digits in digits_of if len(digits) >= _LEAST_DIGITS}
    short = {digits for digits in digits_of if _OWN_DIGITS <= len(digits) < _LEAST_DIGITS}
    for match in _DIGITS.finditer(flat):
        digits = _digits(match[0])
        if digits in short or _holds(digits, ends):
            yield Trace(*match.span(), KNOWN)
        elif len(digits) >= _LEAST_DIGITS:
            yield Trace(*match.span(), _kind_of(match[0], digits))
    for start, end, digits in list_told(flat):
        if digits in short or _holds(digits, ends):
            yield Trace(start, end, KNOWN)
        elif len(digits) >= _PHONE_DIGITS:
            yield Trace(start, end, NUMBER)
    for number in {
        number for number in numbers if not _digits(number).isdigit() or number != _digits(number)
    }:
        pattern = rf"(?<!\w){re.escape(number)}(?!\w)"
        yield from (Trace(*one.span(), KNOWN) for one in re.finditer(pattern, flat))
    yield from (Trace(*one.span(), NUMBER) for pattern in _PATTERNS for one in pattern.finditer(flat))


def list_numbers(text: str) -> list[str]:
    """List what is written in figures in a note: at least four, and no year."""
    found = (match[0] for match in _DIGITS.finditer(flatten(text)))
    return [one for one in found if len(_digits(one)) >= _OWN_DIGITS and not _YEAR.fullmatch(one)]


def _kind_of(written: str, digits: str) -> str:
    """Tell a phone number or file from an amount."""
    is_plain = len(digits) < _PHONE_DIGITS or _THOUSANDS.fullmatch(written)
    return LIKE_NUMBER if is_plain else NUMBER


def _holds(digits: str, ends: Set[str]) -> bool:
    """Return whether one of these, each of six or seven digits, is in a number."""
    lengths = (_LEAST_DIGITS, _TELLING_END)
    return any(digits[at : at + size] in ends for size in lengths for at in range(len(digits) - size + 1))


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
