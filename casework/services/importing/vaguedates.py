"""Dates as lists have them: "3/4/21", "March 2021", "été 2020"; never more precise than written."""

import re
from enum import StrEnum

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
    "month mois mes season saison estacion year annee ano".split()
)
# With one of these a day is not that day.
_ROUGH = frozenset(
    "about around approx approximately circa ca c early late mid beginning end middle "
    "vers environ debut fin mi milieu hacia cerca alrededor aproximadamente aprox principios comienzos "
    "mediados finales fines".split()
)

_TIME = re.compile(
    r"[ t,]+[0-9]{1,2} ?[:h][0-9]{0,2}(?::[0-9]{2}(?:\.[0-9]+)?)? ?(?:[ap]\.? ?m\.?|z|[+-][0-9:]+)?$"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?)?")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})")
_WORDS = re.compile(r"[0-9]+|[^\W\d_]+")
_ORDINALS = frozenset({"st", "nd", "rd", "th", "er", "ere", "e", "o"})


def read_vague_date(text: str, order: Order, this_year: int) -> VagueDate | None:
    """Read a date as it is written; None where it cannot be read, or only by making something up.

    `order` settles what can be read both ways; 25/12/2020 can be read in one way only, and is. A year of two
    digits is the last such year that is not after `this_year`.
    """
    plain = _TIME.sub("", fold(text))
    if plain == UNKNOWN_WORD:
        return VagueDate.unknown()
    try:
        return _read_numbers(plain, order, this_year) or _read_words(plain, this_year)
    except Invalid:
        return None


def find_shape(text: str, this_year: int) -> Shape:
    """Find out what this date says about its column."""
    found = _YEAR_LAST.fullmatch(_TIME.sub("", fold(text)))
    readings = [read_vague_date(text, order, this_year) for order in Order]
    if not any(readings):
        return Shape.UNREADABLE
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


def _read_words(plain: str, this_year: int) -> VagueDate | None:
    """Read "12 mars 2021", "Mar 2021", "summer 2020", "about 2019"."""
    words = [word for word in _WORDS.findall(plain) if word not in _SILENT]
    is_rough = not _ROUGH.isdisjoint(words)
    words = [word for word in words if word not in _ROUGH]
    words = [
        word for at, word in enumerate(words) if word not in _ORDINALS or not (at and words[at - 1].isdigit())
    ]
    numbers = [word for word in words if word.isdigit()]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    seasons = [_SEASONS[word] for word in words if word in _SEASONS]
    if len(numbers) + len(months) + len(seasons) != len(words) or len(months) + len(seasons) > 1:
        return None
    if seasons:
        return _read_season(seasons[0], numbers, this_year)
    if not months:
        return _date(int(numbers[0])) if is_rough and len(numbers) == 1 and len(numbers[0]) == 4 else None
    if len(numbers) == 1 and len(numbers[0]) == 4:
        return _date(int(numbers[0]), months[0])
    if len(numbers) == 2:
        if len(numbers[0]) == 4:
            numbers.reverse()
        year = _full_year(numbers[1], this_year)
        return _date(year, months[0], None if is_rough else int(numbers[0]))
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
