"""Folding for search, cleaning for storage."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.folding import clean_line, clean_text, fold
from casework.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  Élodie   NGUYỄN ", "elodie nguyen"),
        ("Sœur Łukasz", "soeur lukasz"),
        ("plaignant·e", "plaignante"),
        ("l’officière — Côte-des-Neiges–NDG", "l'officiere - cote-des-neiges-ndg"),
        ("STRASSE straße", "strasse strasse"),
        ("İstanbul", "istanbul"),
        ("Мария Ёлкина", "мария елкина"),
        ("ﬁn", "fin"),
    ],
)
def test_case_accents_and_typography_do_not_count(typed: str, folded: str) -> None:
    """What people type in different ways folds to one text."""
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """A fold is its own fold."""
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composed_and_decomposed_fold_alike(text: str) -> None:
    """How a keyboard composes accents makes no difference."""
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text())
def test_a_cleaned_text_is_clean(text: str) -> None:
    """Cleaning twice changes nothing, and what is kept can be written as UTF-8."""
    line, paragraphs = clean_line(text, "name", longest=10_000), clean_text(text, "text", longest=10_000)
    assert clean_line(line, "name", longest=10_000) == line
    assert clean_text(paragraphs, "text", longest=10_000) == paragraphs
    assert "\n" not in line
    paragraphs.encode()


def test_line_ends_and_control_characters() -> None:
    """Line ends of every system become one kind, invisible control characters go."""
    assert clean_text("one\r\ntwo\rthree\x0bfour\x00\ud800", "text") == "one\ntwo\nthree\nfour"
    assert clean_line("one\r\n two\x07", "name") == "one two"
    # What would be read otherwise than it was written; Arabic is written without.
    assert clean_text("abc\u202eevil\u202c \u2068Zoë\u2069 سارة", "text") == "abcevil Zoë سارة"


def test_a_text_too_long_is_refused_by_its_field() -> None:
    """The fault names the field and holds nothing of the text."""
    with pytest.raises(Invalid) as refusal:
        clean_line("secret" * 100, "name", longest=80)
    assert set(refusal.value.faults) == {"name"}
    assert "secret" not in str(refusal.value)
