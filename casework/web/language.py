"""The language of a page, and how dates, codes and numbers read in it."""

import re
from datetime import date, datetime, time
from functools import lru_cache

from babel.dates import format_time as format_wall_time
from babel.numbers import format_decimal as format_exactly
from flask import Flask, request, session
from flask_babel import Babel, format_date, format_decimal, get_locale, gettext, to_user_timezone

from casework.config import Settings
from casework.domain.dates import VagueDate
from casework.domain.languages import ENGLISH, LANGUAGES, WRITTEN_IN, set_wide
from casework.domain.vocabulary import code_list
from casework.reports.calendar import write_vague

SCREEN_LANGUAGES = {code: language.name for code, language in LANGUAGES.items()}
_ISO_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")


def init_app(app: Flask, settings: Settings) -> None:
    """Choose the language of each request and give the templates their filters."""
    Babel(app, locale_selector=lambda: _locale(settings.default_language))
    app.jinja_env.filters["label"] = label
    app.jinja_env.filters["before_stop"] = before_stop
    app.jinja_env.filters["inside"] = inside
    app.jinja_env.filters["labels"] = labels
    app.jinja_env.filters["vague_date"] = vague_date
    app.jinja_env.filters["day"] = write_day
    app.jinja_env.filters["short_day"] = lambda value: write_day(value, "medium")
    app.jinja_env.filters["days_spelled"] = spell_days
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["time"] = time_of_day
    app.jinja_env.filters["number"] = format_number
    app.jinja_env.filters["size"] = write_size
    app.jinja_env.globals["written_in"] = list_written_in


def language() -> str:
    """Return the code of the page's language: chosen here, else the member's, the browser's, the default."""
    return str(get_locale() or ENGLISH)[:2]


def choose_language(code: str) -> None:
    """Keep a language for this browser session."""
    if code in LANGUAGES:
        session["language"] = code


def follow_member(code: str, for_good: bool = False) -> None:
    """Use the member's own language while they are signed in, unless another was chosen in this browser.

    `for_good` forgets what was chosen before.
    """
    session["member_language"] = code
    if for_good:
        session.pop("language", None)


def label(code: str, list_name: str) -> str:
    """Return a code's label in the page's language."""
    return code_list(list_name).label(code, language())


def inside(text: str) -> str:
    """Write what begins a line as it stands inside one: "contact group", yet "CBSA action"."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def before_stop(text: str) -> str:
    """Return a name as it stands before a full stop: an abbreviated one, "Lázaro O.", brings its own."""
    return text.removesuffix(".")


def list_written_in() -> tuple[tuple[str, str], ...]:
    """List the languages that members write in, the reader's first: ("fr", "In French")."""
    said = {"en": gettext("In English"), "fr": gettext("In French"), "es": gettext("In Spanish")}
    return tuple((code, str(said[code])) for code in sorted(WRITTEN_IN, key=lambda code: code != language()))


def labels(codes: tuple[str, ...], list_name: str) -> str:
    """Return several codes' labels, joined by commas."""
    return ", ".join(label(code, list_name) for code in codes)


def vague_date(value: VagueDate) -> str:
    """Write a date as precisely as it is known, in the reader's way."""
    return write_vague(value, language(), str(gettext("Date unknown")))


def write_day(value: date, width: str = "long") -> str:
    """Write a day: "March 1, 2026", "1er mars 2026"."""
    return LANGUAGES[language()].set_day(str(format_date(value, width)))


def moment(value: datetime) -> str:
    """Write a moment in the organization's time zone, to the minute."""
    return f"{write_day(value, 'medium')}, {time_of_day(value)}"


def time_of_day(value: datetime) -> str:
    """Write a moment's hour and minute, which no line divides: "7 h 59"."""
    local = to_user_timezone(value)
    return wall_time(time(local.hour, local.minute))


def wall_time(value: time) -> str:
    """Write a time of day as a clock on the wall showed it."""
    return _write_time(value, language())


@lru_cache(maxsize=1 << 13)
def _write_time(value: time, language: str) -> str:
    """Write a time; once, since the agenda has hundreds of lines."""
    written = LANGUAGES[language]
    return written.set_time(str(format_wall_time(value, written.clock, locale=written.locale)))


def spell_days(text: str) -> str:
    """Write the days of a text that are given as numbers, 2018-03-29, as the reader writes days."""
    return _ISO_DAY.sub(_spell_day, text)


def _spell_day(found: re.Match[str]) -> str:
    try:
        return write_day(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


def format_number(value: int) -> str:
    """Write a whole number."""
    return _write_number(value, LANGUAGES[language()].locale)


@lru_cache(maxsize=1 << 13)
def _write_number(value: int, locale: str) -> str:
    """Write a number; once, since a table has hundreds, and many of them alike."""
    return set_wide(format_exactly(value, locale=locale))


def write_size(size_bytes: int) -> str:
    """Write the size of a file, in the unit that leaves one to four digits."""
    if size_bytes < 1_000_000:
        return str(gettext("%(number)s kB", number=format_number(-(-size_bytes // 1000))))
    if size_bytes >= 10_000_000_000:
        return str(
            gettext("%(number)s GB", number=set_wide(str(format_decimal(size_bytes / 1e9, "#,##0.#"))))
        )
    return str(gettext("%(number)s MB", number=set_wide(str(format_decimal(size_bytes / 1e6, "#,##0.#")))))


def _locale(default: str) -> str:
    code = str(session.get("language") or session.get("member_language"))
    if code not in LANGUAGES:
        code = request.accept_languages.best_match(list(LANGUAGES), default) or default
    return LANGUAGES[code].locale
