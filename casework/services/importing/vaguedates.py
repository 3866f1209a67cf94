"""Dates as lists have them: "3/4/21", "March 2021", "été 2020"; never more precise than written."""

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from casework.domain.dates import Precision, Season, VagueDate
from casework.domain.folding import fold
from casework.errors import Invalid
from casework.services.importing.cells import UNKNOWN_WORD


class Order(StrEnum):
    """Which number comes first where a date is written in numbers, its year last."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class Shape(StrEnum):
    """What a date's spelling says about the order of day and month in its column."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    EITHER = "either"
    PLAIN = "plain"
    SERIAL = "serial"
    UNREADABLE = "unreadable"


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv enero ene",
            "february feb fevrier fev fevr febrero",
            "march mar mars marzo",
            "april apr avril avr abril abr",
            "may mai mayo",
            "june jun juin junio",
            "july jul juillet juil julio",
            "august aug aout ago agosto",
            "september sept sep septembre septiembre",
            "october oct octobre octubre",
            "november nov novembre noviembre",
            "december dec decembre dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_SEASONS = {
    name: season
    for season, names in {
        Season.WINTER: "winter hiver invierno",
        Season.SPRING: "spring printemps primavera",
        Season.SUMMER: "summer ete verano",
        Season.AUTUMN: "autumn fall automne otono",
    }.items()
    for name in names.split()
}
_SILENT = frozenset(
    "a al au aux at de del des du d el en in l la las le les los of on the "
    "monday mon tuesday tue wednesday wed thursday thu friday fri saturday sat sunday sun "
    "lundi lun mardi mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim "
    "lunes martes miercoles mie jueves jue viernes vie sabado sab domingo dom "
    "month mois mes season saison estacion year annee ano between from entre to and et y".split()
)
# With one of these a day is not that day.
_ROUGH = frozenset(
    "about around approx approximately circa ca c early late mid beginning end middle "
    "vers environ debut fin mi milieu hacia cerca alrededor aproximadamente aprox principios comienzos "
    "mediados finales fines week semaine semana weekend w".split()
)
# A part of a year that is none of ours: the year is taken.
_PARTS = frozenset("q t quarter trimestre trim h semester semestre week semaine semana w".split())
_COUNTED = frozenset(
    "first second third fourth premier premiere deuxieme troisieme quatrieme primer primero segundo tercer "
    "tercero cuarto".split()
)
# Months and numbers of "3-5 March 2021", "March to April 2021", "28 February to 3 March 2021".
_RANGES = {(1, 3), (2, 1), (2, 3)}
_DOUBT = re.compile(r"[?~≈±]+")
_MIDNIGHT = re.compile(r"[ t,]+0{1,2}[:h]?(?:00)?(?::00(?:\.0+)?)?(?:z|[+-][0-9:]+)?$")
_BETWEEN = re.compile(
    r" (?:to|until|au|jusqu'au|a|al|hasta|-|/|&|and|et|y) |(?<=[0-9]{4}-[0-9]{2}-[0-9]{2})/"
)
_SERIAL = re.compile(r"([2-6][0-9]{4})(?:\.[0-9]+)?")
_LONGEST = 80
"""What is longer is a story, and no date."""
_DIGITS = (4, 5, 8)
"""How many figures a date in one number has: a year, a count of days, a whole date."""
_FIRST_SERIAL = date(1899, 12, 30)
"""What spreadsheets count days from, as far as dates after February 1900 tell."""

_TIME = re.compile(
    r"[ t,]+[0-9]{1,2} ?[:h][0-9]{0,2}(?::[0-9]{2}(?:\.[0-9]+)?)? ?(?:[ap]\.? ?m\.?|z|[+-][0-9:]+)?$"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?)?")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})")
_WORDS = re.compile(r"[0-9]+|[^\W\d_]+")
_ORDINALS = frozenset("st nd rd th er ere e eme o ro ra".split())


class Written(NamedTuple):
    """A date out of a list; `says_more`: its words hold what the date does not, a time, "about", a range."""

    date: VagueDate
    says_more: bool = False


def read_vague_date(text: str, order: Order, this_year: int) -> VagueDate | None:
    """Read a date as `read_written_date`, without asking what else the words hold."""
    written = read_written_date(text, order, this_year)
    return written.date if written else None


def read_written_date(text: str, order: Order, this_year: int) -> Written | None:
    """Read a date as it is written; None where it cannot be read, or only by making something up.

    `order` settles what can be read both ways; 25/12/2020 can be read in one way only, and is. A year of two
    digits is the last such year that is not after `this_year`.
    """
    if len(text) > _LONGEST:
        return None
    folded = fold(text)
    plain = _DOUBT.sub(" ", folded).strip()
    is_doubted = plain != folded
    untimed = _TIME.sub("", plain)
    has_time = untimed != plain and _MIDNIGHT.search(plain) is None
    if folded == UNKNOWN_WORD:
        return Written(VagueDate.unknown())
    try:
        number = _read_numbers(untimed, order, this_year)
        if number is not None:
            return Written(number.without_day() if is_doubted else number, is_doubted or has_time)
        found = _read_range(plain, order, this_year) or _read_words(untimed, this_year, is_doubted)
        return found and Written(found.date, found.says_more or has_time)
    except Invalid:
        return None


def read_serial(text: str) -> VagueDate | None:
    """Read a number as spreadsheets count days: 44259 is 4 March 2021. From 1954 to 2090."""
    found = _SERIAL.fullmatch(text.strip())
    return VagueDate.on(_FIRST_SERIAL + timedelta(days=int(found[1]))) if found else None


def find_shape(text: str, this_year: int) -> Shape:
    """Find out what this date says about its column."""
    if text.isdecimal() and len(text) not in _DIGITS:
        return Shape.UNREADABLE
    found = _YEAR_LAST.fullmatch(_TIME.sub("", fold(text)))
    orders = tuple(Order) if found else (Order.DAY_FIRST,)
    if not any(read_vague_date(text, order, this_year) for order in orders):
        return Shape.SERIAL if read_serial(text) else Shape.UNREADABLE
    if found is None:
        return Shape.PLAIN
    first, second = int(found[1]), int(found[2])
    if first == second:
        return Shape.PLAIN
    if first > 12:
        return Shape.DAY_FIRST
    return Shape.MONTH_FIRST if second > 12 else Shape.EITHER


def _read_numbers(plain: str, order: Order, this_year: int) -> VagueDate | None:
    if found := _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
        year, month, day = (int(part) if part else None for part in found.groups())
        return _date(year, month, day)
    if found := _MONTH_YEAR.fullmatch(plain):
        return _date(int(found[2]), int(found[1]))
    if found := _YEAR_LAST.fullmatch(plain):
        first, second = int(found[1]), int(found[2])
        if first > 12 or (second <= 12 and order is Order.DAY_FIRST):
            first, second = second, first
        return _date(_full_year(found[3], this_year), first, second)
    return None


def _read_range(plain: str, order: Order, this_year: int) -> Written | None:
    """Read "2020-03-01 to 2020-03-05" as what both ends share: here the month."""
    ends = _BETWEEN.split(plain)
    if len(ends) != 2:
        return None
    first, last = (_read_numbers(_TIME.sub("", end), order, this_year) for end in ends)
    if first is None or last is None or first.year != last.year:
        return None
    if first.month != last.month or first.month is None:
        return Written(_date(first.year), says_more=True)
    return Written(first if first == last else _date(first.year, first.month), says_more=True)


def _read_words(plain: str, this_year: int, is_doubted: bool) -> Written | None:
    """Read "12 mars 2021", "Mar 2021", "summer 2020", "about 2019", "Q3 2020", "3-5 March 2021"."""
    words = [word for word in _WORDS.findall(plain) if word not in _SILENT]
    is_rough = is_doubted or not _ROUGH.isdisjoint(words)
    is_part = not _PARTS.isdisjoint(words)
    dropped = _ROUGH | _PARTS | _COUNTED if is_part else _ROUGH
    words = [word for word in words if word not in dropped]
    words = [
        word for at, word in enumerate(words) if word not in _ORDINALS or not (at and words[at - 1].isdigit())
    ]
    numbers = [word for word in words if word.isdigit()]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    seasons = [_SEASONS[word] for word in words if word in _SEASONS]
    if len(numbers) + len(months) + len(seasons) != len(words):
        return None
    if seasons:
        season = None if months or len(seasons) > 1 else _read_season(seasons[0], numbers, this_year)
        return Written(season, is_rough) if season else None
    return _read_month(months, numbers, this_year, is_rough, is_part)


def _read_month(
    months: list[int], numbers: list[str], this_year: int, is_rough: bool, is_part: bool
) -> Written | None:
    years = [int(number) for number in numbers if len(number) == 4]
    if not months:
        is_year = len(years) == 1 and (is_part or (is_rough and len(numbers) == 1))
        return Written(_date(years[0]), says_more=True) if is_year else None
    if len(numbers) == 1 and years and len(months) == 1:
        return Written(_date(years[0], months[0]), is_rough)
    if len(numbers) == 2 and len(months) == 1:
        if len(numbers[0]) == 4:
            numbers.reverse()
        year = _full_year(numbers[1], this_year)
        day = _date(year, months[0], int(numbers[0]))
        return Written(day.without_day() if is_rough else day, is_rough)
    if len(years) == 1 and (len(months), len(numbers)) in _RANGES:
        is_one = len(set(months)) == 1
        return Written(_date(years[0], months[0] if is_one else None), says_more=True)
    return None  # "March 21" is a day without a year, or a month with one: nobody can tell


def _read_season(season: Season, numbers: list[str], this_year: int) -> VagueDate | None:
    years = [_full_year(number, this_year) for number in numbers if len(number) in (2, 4)]
    if len(years) != len(numbers) or not years or len(numbers[0]) != 4:
        return None
    if len(years) == 2 and (season is not Season.WINTER or years[1] != years[0] + 1):
        return None
    return VagueDate(Precision.SEASON, years[-1], season=season) if len(years) <= 2 else None


def _full_year(digits: str, this_year: int) -> int:
    if len(digits) != 2:
        return int(digits)
    century = this_year // 100 * 100
    year = century + int(digits)
    return year if year <= this_year else year - 100


def _date(year: int | None, month: int | None = None, day: int | None = None) -> VagueDate:
    precision = Precision.DAY if day is not None else Precision.MONTH if month is not None else Precision.YEAR
    return VagueDate(precision, year, month, day=day)
