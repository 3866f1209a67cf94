"""Dates as lists write them: read as precisely as they are written, and never more."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.dates import Precision, Season, VagueDate
from casework.services.importing.vaguedates import (
    Order,
    Shape,
    find_shape,
    read_serial,
    read_vague_date,
    read_written_date,
)

DAY, MONTH = Order.DAY_FIRST, Order.MONTH_FIRST
YEAR = 2026
DAYS = st.dates(date(1930, 1, 1), date(2026, 12, 31))
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()


@given(DAYS, st.sampled_from("-/."), st.booleans())
def test_a_day_in_numbers_is_that_day(day: date, mark: str, padded: bool) -> None:
    """In the order that its column has; one that can be read in one way only is read so in either."""
    first, second = (f"{day.day:02}", f"{day.month:02}") if padded else (str(day.day), str(day.month))
    text = mark.join((first, second, str(day.year)))
    assert read_vague_date(text, DAY, YEAR) == VagueDate.on(day)
    if day.day > 12:
        assert read_vague_date(text, MONTH, YEAR) == VagueDate.on(day)
    assert read_vague_date(mark.join((second, first, str(day.year))), MONTH, YEAR) == VagueDate.on(day)


@given(DAYS, st.sampled_from(Order))
def test_a_day_in_words_needs_no_order(day: date, order: Order) -> None:
    """In English, in French and in Spanish."""
    for text in (
        day.isoformat(),
        f"{day.day} {FRENCH[day.month - 1]} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} de {SPANISH[day.month - 1]} de {day.year}",
    ):
        assert read_vague_date(text, order, YEAR) == VagueDate.on(day)


@given(st.text(max_size=30), st.sampled_from(Order))
def test_any_text_is_a_date_or_none(text: str, order: Order) -> None:
    """Nothing breaks the reader, and nothing without a digit becomes a date."""
    found = read_vague_date(text, order, YEAR)
    if found is not None and found.precision is not Precision.UNKNOWN:
        assert any(letter.isdigit() for letter in text)


@given(st.integers(1900, 2026), st.sampled_from(FRENCH), st.sampled_from(Order))
def test_no_day_is_invented(year: int, month: str, order: Order) -> None:
    """A month stays a month, a year a year."""
    assert read_vague_date(f"{month} {year}", order, YEAR) == VagueDate(
        Precision.MONTH, year, FRENCH.index(month) + 1
    )
    assert read_vague_date(str(year), order, YEAR) == VagueDate(Precision.YEAR, year)
    rough = read_vague_date(f"vers le 12 {month} {year}", order, YEAR)
    assert rough is not None and rough.day is None


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("été 2020", "2020-summer"),
        ("Winter 2020-2021", "2021-winter"),
        ("fall 2019", "2019-autumn"),
        ("05/2021", "2021-05"),
        ("2021-05", "2021-05"),
        ("20210503", "2021-05-03"),
        ("2021-05-03 14:30:00", "2021-05-03"),
        ("lundi 3 mai 2021", "2021-05-03"),
        ("1er mai 2021", "2021-05-01"),
        ("May 3rd 2021", "2021-05-03"),
        ("el lunes 3 de mayo de 2021", "2021-05-03"),
        ("3/5/2021 7:05 a. m.", "2021-05-03"),
        ("verano de 2020", "2020-summer"),
        ("a principios de 2021", "2021"),
        ("se desconoce", None),
        ("3-May-21", "2021-05-03"),
        ("03/05/99", "1999-05-03"),
        ("early 2021", "2021"),
        ("inconnu", None),
        ("unknown", "unknown"),
        ("31/02/2021", None),
        ("March 21", None),
        ("été", None),
        ("before 2020", None),
        ("12", None),
        ("44321", None),
    ],
)
def test_what_lists_write(text: str, encoded: str | None) -> None:
    """Each of these has been met, or must not be taken for what it is not."""
    found = read_vague_date(text, DAY, YEAR)
    assert (found.encode() if found else None) == encoded


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("circa 2019", "2019"),
        ("~2019", "2019"),
        ("2019?", "2019"),
        ("12/05/2020?", "2020-05"),
        ("fin mars 2020", "2020-03"),
        ("Q3 2020", "2020"),
        ("2020-T3", "2020"),
        ("3e trimestre 2020", "2020"),
        ("first quarter of 2021", "2021"),
        ("week of March 3, 2021", "2021-03"),
        ("2021-W12", "2021"),
        ("2020-03-01 to 2020-03-05", "2020-03"),
        ("2020-03-01/2020-06-05", "2020"),
        ("du 3 au 5 mars 2021", "2021-03"),
        ("March 3-5, 2021", "2021-03"),
        ("mars-avril 2021", "2021"),
        ("28 février au 3 mars 2021", "2021"),
        ("2021-03-04T10:30:00Z", "2021-03-04"),
        ("4 mars 2021 à 14h30", "2021-03-04"),
    ],
)
def test_what_the_words_say_besides_is_told(text: str, encoded: str) -> None:
    """So that somebody can keep them: the date holds less."""
    written = read_written_date(text, DAY, YEAR)
    assert written is not None
    assert (written.date.encode(), written.says_more) == (encoded, True)


@pytest.mark.parametrize(
    "text", ["2021-03-04", "2021-03-04 00:00:00", "3/4/2021 0:00", "été 2020", "mars 2020"]
)
def test_a_date_that_holds_all_that_is_written_says_no_more(text: str) -> None:
    """Midnight is what spreadsheets make of a day."""
    written = read_written_date(text, DAY, YEAR)
    assert written is not None and not written.says_more


@pytest.mark.parametrize("text", ["2019-2020", "2020-12-01 to 2021-01-05", "2019 or 2020", "before 2018"])
def test_what_no_year_holds_is_no_date(text: str) -> None:
    """It is refused, or unknown with its words."""
    assert read_written_date(text, DAY, YEAR) is None


def test_a_number_is_a_day_only_where_somebody_counts_so() -> None:
    """As spreadsheets count them; a day too many or too few would be a wrong date."""
    assert read_serial("44259") == VagueDate.on(date(2021, 3, 4))
    assert read_serial("44259.604") == VagueDate.on(date(2021, 3, 4))
    assert find_shape("44259", YEAR) is Shape.SERIAL
    assert read_serial("2021") is None and read_serial("123456") is None


def test_a_season_is_no_month() -> None:
    """It is kept as a season."""
    found = read_vague_date("hiver 2021", DAY, YEAR)
    assert found is not None and found.season is Season.WINTER


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("25/12/2020", Shape.DAY_FIRST),
        ("12/25/2020", Shape.MONTH_FIRST),
        ("3/4/2020", Shape.EITHER),
        ("4/4/2020", Shape.PLAIN),
        ("2020-12-25", Shape.PLAIN),
        ("mars 2020", Shape.PLAIN),
        ("25/25/2020", Shape.UNREADABLE),
        ("rue Jarry 12", Shape.UNREADABLE),
    ],
)
def test_a_spelling_tells_of_its_column(text: str, shape: Shape) -> None:
    """Or says nothing of it."""
    assert find_shape(text, YEAR) is shape
