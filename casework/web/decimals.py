"""Figures that are no counts, as the reader writes them: rates, ratios, chances."""

from flask import Flask
from flask_babel import format_decimal, gettext

from casework.domain.languages import set_wide

_LEAST = 0.0001


def init_app(app: Flask) -> None:
    """Give the templates their filters."""
    app.jinja_env.filters["tenths"] = write_tenths
    app.jinja_env.filters["hundredths"] = write_hundredths
    app.jinja_env.filters["chance"] = write_chance


def write_tenths(value: float) -> str:
    """Write a number with one decimal: "3.2"."""
    return set_wide(str(format_decimal(value, "#,##0.0")))


def write_hundredths(value: float) -> str:
    """Write a number with two decimals: "1.75"."""
    return set_wide(str(format_decimal(value, "#,##0.00")))


def write_chance(value: float) -> str:
    """Write a probability with as many decimals as say something: "0.03", "0.0004", "below 0.0001"."""
    if value < _LEAST:
        return str(gettext("below %(number)s", number=format_decimal(_LEAST, "0.0000")))
    return str(format_decimal(value, "0.00" if value >= 0.1 else "0.000" if value >= 0.01 else "0.0000"))
