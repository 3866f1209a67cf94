"""What speaks for two descriptions being one person, for somebody to check: the same, or nearly the same."""

import re

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from casework.domain.folding import fold

from .birthdates import read_birth_date
from .names import name_parts, skeleton
from .people import NONE, Described, read_phone, read_uci
from .scoring import LIKE_LETTERS

_DIGITS = re.compile(r"\d+")


def find_same(one: Described, other: Described) -> frozenset[str]:
    """Give the names of what says the same in both; accents, spaces and order aside."""
    dates = read_birth_date(one.birth_date), read_birth_date(other.birth_date)
    same = {
        "name": _are_same(sorted(fold(one.name).split()), sorted(fold(other.name).split())),
        "birth_date": _are_same(fold(one.birth_date), fold(other.birth_date))
        or (all(dates[0]) and dates[0] == dates[1]),
        "phone": _are_same(_digits(one.phone), _digits(other.phone)),
        "uci": _are_same(_digits(one.uci), _digits(other.uci)),
    }
    return frozenset(name for name, is_same in same.items() if is_same)


def find_near(one: Described, other: Described) -> frozenset[str]:
    """Give the names of what is nearly the same, as `scoring` takes it: part of a name, a year, a slip."""
    phone = read_phone(one.phone)
    near = {
        "name": _are_names_near(one.name, other.name),
        "birth_date": _are_dates_near(one.birth_date, other.birth_date),
        "phone": phone != NONE and phone == read_phone(other.phone),
        "uci": _are_numbers_near(read_uci(one.uci), read_uci(other.uci)),
    }
    return frozenset(name for name, is_near in near.items() if is_near) - find_same(one, other)


def _are_same(one: object, other: object) -> bool:
    return bool(one) and one == other


def _digits(text: str) -> str:
    return "".join(_DIGITS.findall(text))


def _are_names_near(one: str, other: str) -> bool:
    return any(
        mine == theirs
        or JaroWinkler.similarity(mine, theirs) >= LIKE_LETTERS
        or skeleton(mine) == skeleton(theirs)
        for mine in name_parts(one)
        for theirs in name_parts(other)
    )


def _are_dates_near(one: str, other: str) -> bool:
    (year, month, day), (other_year, other_month, other_day) = read_birth_date(one), read_birth_date(other)
    if year and year == other_year:
        return True
    return bool(month and day) and (month, day) in ((other_month, other_day), (other_day, other_month))


def _are_numbers_near(one: int, other: int) -> bool:
    return NONE not in (one, other) and DamerauLevenshtein.distance(str(one), str(other)) <= 1
