"""Numbers as people write them, in English, French and Spanish: 3,278, 3 278, 83,4 %, almost 3,275, 12*."""

import re
from decimal import Decimal

from casework.errors import Invalid, noting

from .bounds import Amount, Bound
from .folding import fold
from .messages import N_
from .vocabulary import code_list

_SPACES = re.compile("[\\s\u00a0\u202f\u2009'’]")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_MARKS = re.compile(r"(?:[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[[0-9a-z]{1,2}\]|\([0-9a-z]\))\s*$")
_DIGIT = re.compile("[0-9]")
_MISSING = frozenset(
    {"", "-", "--", "..", "...", "n/a", "na", "n.a.", "n/d", "nd", "n.d.", "s/o", "so", "s.o.", "x", "null"}
    | {"none", "unknown", "inconnu", "no disponible", "not available", "non disponible", "redacted"}
)


def is_missing(text: str) -> bool:
    """Tell whether a cell says that there is no number: empty, n/a, n.d., s.o., a dash."""
    return fold(text).strip() in _MISSING


def read_number(text: str, whole: bool = True) -> Decimal:
    """Read a number in any of these notations; `Invalid(value=…)` for anything else.

    Where one sign stands before three digits, as in 3.278, it parts thousands if a `whole` number is meant,
    and decimals otherwise. With both signs the last one parts decimals.
    """
    plain = _SPACES.sub("", text).removesuffix("%")
    if "," in plain and "." in plain:
        decimal = "," if plain.rindex(",") > plain.rindex(".") else "."
        plain = plain.replace("." if decimal == "," else ",", "")
        plain = plain.replace(decimal, ".")
    elif grouped := _GROUPED.fullmatch(plain):
        thousands = whole or plain.count(grouped[1]) > 1
        plain = plain.replace(grouped[1], "" if thousands else ".")
    else:
        plain = plain.replace(",", ".")
    if _PLAIN.fullmatch(plain) is None or len(plain) > 20:
        raise Invalid(value=N_("Write a number, for example 3278, 3,278 or 83,4."))
    return Decimal(plain)


def read_amount(text: str, whole: bool = True) -> Amount:
    """Read a number with the words or signs that make it a bound; marks of footnotes after it are left out.

    Raises `Invalid` naming `value`, or `bound` for words that are none.
    """
    told = _MARKS.sub("", text.strip()).strip()
    start = _DIGIT.search(told)
    if start is None:
        raise Invalid(value=N_("Write a number, for example 3278, 3,278 or 83,4."))
    words, number = told[: start.start()].strip(), told[start.start() :]
    bound, faults = Bound.EXACT, dict[str, str]()
    if number.endswith("+"):
        number, bound = number[:-1], Bound.AT_LEAST
    with noting(faults):
        bound = read_bound(words) if words else bound
    with noting(faults):
        amount = Amount(read_number(number, whole), bound)
    if faults:
        raise Invalid(**faults)
    return amount


def read_bound(text: str) -> Bound:
    """Read how a source puts a value; nothing is exact. `Invalid(bound=…)` for words that are none."""
    if not text.strip():
        return Bound.EXACT
    found = code_list("official_bound").find(text)
    if found is None:
        raise Invalid(bound=N_("Write exactly, about, almost, at least, more than or at most."))
    return Bound(found)
