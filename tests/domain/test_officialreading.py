"""Numbers of other people's tables, in every notation, are read as what they say or not at all."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.bounds import Amount, Bound
from casework.domain.officialreading import is_missing, read_amount, read_bound, read_number
from casework.domain.vocabulary import code_list
from casework.errors import Invalid

LOCALES = st.sampled_from(("en_CA", "fr_CA", "es_419", "es_ES", "de_CH", "fr_FR"))


@given(st.integers(0, 10**9), LOCALES)
def test_whole_numbers_are_read_in_every_notation(number: int, locale: str) -> None:
    assert read_number(format_decimal(number, locale=locale)) == number
    assert read_number(str(number)) == number


@given(st.decimals(0, 100, places=1), st.sampled_from(("en_CA", "fr_CA", "es_419")))
def test_shares_are_read_in_every_notation(number: Decimal, locale: str) -> None:
    assert read_number(format_decimal(number, locale=locale), whole=False) == number
    assert read_number(f"{format_decimal(number, locale=locale)}\u00a0%", whole=False) == number


@given(st.integers(0, 10**6), st.sampled_from(code_list("official_bound").terms), st.data())
def test_words_make_a_bound(number: int, term: object, data: st.DataObject) -> None:
    """Each label and each other word of each bound, before the number."""
    words = [*term.labels.values(), *term.attributes["aliases"]]  # type: ignore[attr-defined]
    word = data.draw(st.sampled_from(words))
    code = term.code  # type: ignore[attr-defined]
    assert read_amount(f"{word} {number:,}") == Amount(Decimal(number), Bound(code))


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("3 608", "3608", "exact"),
        ("3\u202f608", "3608", "exact"),
        ("3,608*", "3608", "exact"),
        ("3 608 ¹", "3608", "exact"),
        ("87[2]", "87", "exact"),
        ("87 (a)", "87", "exact"),
        ("almost 3,275", "3275", "almost"),
        ("Près de 3 275", "3275", "almost"),
        ("≥ 3500", "3500", "at_least"),
        ("3,500+", "3500", "at_least"),
        ("over 80", "80", "more_than"),
        ("1.234.567", "1234567", "exact"),
        ("1,234.0", "1234", "exact"),
        ("1.234,0", "1234", "exact"),
    ],
)
def test_what_tables_say(text: str, value: str, bound: str) -> None:
    assert read_amount(text) == Amount(Decimal(value), Bound(bound))


def test_three_digits_after_one_sign_are_thousands_of_a_count_and_decimals_of_a_share() -> None:
    assert read_number("3.278") == read_number("3,278") == Decimal(3278)
    assert read_number("3.278", whole=False) == read_number("3,278", whole=False) == Decimal("3.278")


@pytest.mark.parametrize("text", ["", "n/a", "N/A", "s.o.", "n.d.", "–", "—", "..", "x", " - "])
def test_what_says_that_there_is_none(text: str) -> None:
    assert is_missing(text)
    assert not is_missing("0")


@pytest.mark.parametrize(
    "text", ["", "twelve", "1-5", "3,2,1", "12 calls", "1e5", "-4", "٣", "perhaps 12", "1.2.3"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_amount(text)
    assert set(refused.value.faults) <= {"value", "bound"}


def test_nothing_said_is_exact() -> None:
    assert read_bound(" ") is Bound.EXACT
