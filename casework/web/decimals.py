"""Figures that are no counts, as the reader writes them: rates, ratios, chances."""

from flask import Flask
from flask_babel import format_decimal, gettext

from casework.domain.languages import set_wide
from casework.domain.percents import is_edge, nearest_whole
from casework.web.language import format_number

_LEAST = 0.0001


def init_app(app: Flask) -> None:
    """Give the templates their filters."""
    app.jinja_env.filters["tenths"] = write_tenths
    app.jinja_env.filters["hundredths"] = write_hundredths
    app.jinja_env.filters["chance"] = write_chance


def write_share(count: int, whole: int) -> str:
    """Write how many of a whole, above 0, in whole per cent: "97%", and "over 99%" of all but a few."""
    if not is_edge(count, whole):
        return str(gettext("%(number)s%%", number=format_number(nearest_whole(count, whole))))
    if 2 * count > whole:
        return str(gettext("over %(number)s%%", number=format_number(99)))
    return str(gettext("under %(number)s%%", number=format_number(1)))


def write_tenths(value: float) -> str:
    """Write a number with one decimal: "3.2"; with more where it would read as 0, and is not."""
    return _write(value, 1)


def write_hundredths(value: float) -> str:
    """Write a number with two decimals: "1.75"; with more where it would read as 0, and is not."""
    return _write(value, 2)


def _write(value: float, places: int) -> str:
    if 0 < value < _LEAST:
        return write_chance(value)
    while 0 < value <= 0.5 * 10**-places:
        places += 1
    return set_wide(str(format_decimal(value, f"#,##0.{'0' * places}")))


def write_chance(value: float) -> str:
    """Write a probability with as many decimals as say something: "0.03", "0.0004", "below 0.0001"."""
    if value < _LEAST:
        return str(gettext("below %(number)s", number=format_decimal(_LEAST, "0.0000")))
    return str(format_decimal(value, "0.00" if value >= 0.1 else "0.000" if value >= 0.01 else "0.0000"))
