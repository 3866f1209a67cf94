"""The language of a page, and how dates, codes and numbers read in it."""

from datetime import date, datetime

from babel.dates import format_skeleton
from flask import Flask, request, session
from flask_babel import Babel, format_date, format_decimal, format_time, get_locale, gettext

from casework.config import Settings
from casework.domain.dates import Precision, VagueDate
from casework.domain.vocabulary import code_list

SCREEN_LANGUAGES = {"en": "English", "fr": "Français"}


def init_app(app: Flask, settings: Settings) -> None:
    """Choose the language of each request and give the templates their filters."""
    Babel(app, locale_selector=lambda: current_language(settings.default_language))
    app.jinja_env.filters["label"] = label
    app.jinja_env.filters["labels"] = labels
    app.jinja_env.filters["vague_date"] = vague_date
    app.jinja_env.filters["day"] = lambda day: format_date(day, "long")
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["number"] = format_number


def current_language(default: str = "en") -> str:
    """Return the code of the page's language: chosen here, else the member's, the browser's, the default."""
    chosen = session.get("language") or session.get("member_language")
    if chosen in SCREEN_LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(SCREEN_LANGUAGES), default) or default


def language() -> str:
    """Return the code of the page's language, as Babel settled it."""
    return str(get_locale() or "en")[:2]


def choose_language(code: str) -> None:
    """Keep a language for this browser session."""
    if code in SCREEN_LANGUAGES:
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


def labels(codes: tuple[str, ...], list_name: str) -> str:
    """Return several codes' labels, joined by commas."""
    return ", ".join(label(code, list_name) for code in codes)


def vague_date(value: VagueDate) -> str:
    """Write a date as precisely as it is known, in the reader's way."""
    if value.precision is Precision.UNKNOWN or value.year is None:
        return str(gettext("Date unknown"))
    if value.precision is Precision.YEAR:
        return str(value.year)
    if value.precision is Precision.SEASON and value.season is not None:
        return f"{label(value.season, 'season')} {value.year}"
    if value.day is None:
        return format_skeleton(
            "yMMMM", date(value.year, value.month or 1, 1), locale=str(get_locale() or "en")
        )
    return str(format_date(date(value.year, value.month or 1, value.day), "long"))


def moment(value: datetime) -> str:
    """Write a moment in the organization's time zone, to the minute."""
    text = f"{format_date(value, 'medium')}, {format_time(value, 'short')}"
    return text.replace("\u202f", "\u00a0")


def format_number(value: int) -> str:
    """Write a whole number; the font lacks the narrow space that French groups with, so it becomes U+00A0."""
    return str(format_decimal(value)).replace("\u202f", "\u00a0")
