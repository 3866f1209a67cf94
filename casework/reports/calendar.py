"""Dates, times and numbers as a document writes them, in a language, without a page that is asked for."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

from casework.domain.dates import Precision, VagueDate
from casework.domain.languages import LANGUAGES, set_wide
from casework.domain.moments import Moment
from casework.domain.vocabulary import code_list


def write_day(day: date, language: str) -> str:
    """Write a day: "March 1, 2026", "1er mars 2026", which the CLDR does not know."""
    return LANGUAGES[language].set_day(format_date(day, "long", locale=_locale(language)))


def write_month(day: date, language: str) -> str:
    """Write the month of a day, and its year: "March 2026", "marzo de 2026"."""
    return LANGUAGES[language].set_day(format_skeleton("yMMMM", day, locale=_locale(language)))


def write_season(season: str, year: int, language: str) -> str:
    """Write a season and its year with a capital where months have one: "Spring 2026", "printemps 2026"."""
    named = code_list("season").label(season, language)
    if write_month(date(year, 1, 1), language)[0].islower():
        named = named[0].lower() + named[1:]
    return f"{named} {year}"


def write_time(at: time | datetime, language: str) -> str:
    """Write a time of day, which no line divides."""
    written = LANGUAGES[language]
    return written.set_time(format_time(at.replace(tzinfo=None), written.clock, locale=written.locale))


def write_instant(instant: datetime, language: str) -> str:
    """Write a local instant, to the minute."""
    return f"{write_day(instant.date(), language)}, {write_time(instant, language)}"


@lru_cache(maxsize=4096)
def write_vague(value: VagueDate, language: str, unknown: str) -> str:
    """Write a date as precisely as it is known; `unknown` where nothing is."""
    if value.precision is Precision.UNKNOWN or value.year is None:
        return unknown
    if value.precision is Precision.YEAR:
        return str(value.year)
    if value.precision is Precision.SEASON and value.season is not None:
        return write_season(value.season, value.year, language)
    if value.day is None:
        return write_month(date(value.year, value.month or 1, 1), language)
    return write_day(date(value.year, value.month or 1, value.day), language)


def write_moment(moment: Moment, language: str, unknown: str) -> str:
    """Write a moment as well as it is known."""
    day = write_vague(moment.date, language, unknown)
    return f"{day}, {write_time(moment.time, language)}" if moment.time else day


@lru_cache(maxsize=4096)
def write_number(number: int, language: str) -> str:
    """Write a whole number, which no line divides."""
    return set_wide(str(format_decimal(number, locale=_locale(language))))


def write_decimal(number: Decimal, language: str, places: int | None = None) -> str:
    """Write a number with so many decimals, or with as many as it has: "5.0", "83,4"."""
    form = "#,##0.####" if places is None else f"#,##0.{'0' * places}"
    return set_wide(str(format_decimal(number, form, locale=_locale(language))))


def _locale(language: str) -> str:
    return LANGUAGES[language].locale
