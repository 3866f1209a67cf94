"""The word lists that traces are found by: whole in each language, each word once, none of them lost."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from casework.domain.traces import words
from casework.domain.traces.flat import WORD, flatten
from casework.domain.traces.words import any_of, list_flat, read_words

DATA = files("casework.domain.traces") / "data"
LANGUAGES = ("en", "fr", "es")
NAMES = sorted(path.name.removesuffix(".toml") for path in DATA.iterdir())
KEYS: dict[str, str | dict[str, str]] = {
    "ages": {
        "en": "decades somebodys parts of_a_decade people has counted numbered",
        "fr": "decades somebodys parts of_a_decade people has counted numbered near dozens",
        "es": "decades somebodys parts of_a_decade people has counted numbered near",
    },
    "dates": "months short names_too words_too before after weekdays holidays particles",
    "names": "particles articles",
    "numbers": "files marks twice thrice",
    "numerals": "small tens hundreds thousand joints nought ordinals round_ordinals",
    "officers": "numbered ranks",
    "ordinary": "words",
    "places": "generic articles streets vias numbered routes corners courts known_roads links sites houses"
    " posts",
    "public": "words",
    "times": "parts fractions an amounts",
}
"""By file, the keys of each language; `landmarks` and `origins` are of no language."""
SAID_TWICE = {"numerals"}
"""Where a word may stand twice: “soixante” is also the beginning of seventy."""


def _lists(name: str) -> list[tuple[str, list[str]]]:
    tables = [(f"{name}.{key}", table) for key, table in read_words(name).items()]
    flat = [(at, table) for at, table in tables if isinstance(table, list)]
    inner = [
        (f"{at}.{key}", one) for at, table in tables if isinstance(table, dict) for key, one in table.items()
    ]
    return flat + [(at, one) for at, one in inner if isinstance(one, list)]


def test_every_file_is_known() -> None:
    """One that nothing reads, or that is not looked at here, is found."""
    assert set(NAMES) == {*KEYS, "landmarks", "origins"}


@pytest.mark.parametrize("name", KEYS)
def test_each_language_has_each_list(name: str) -> None:
    """And no other; names have particles of further languages."""
    table: dict[str, Any] = dict(read_words(name))
    if name == "names":
        assert table.pop("other").keys() == {"particles", "articles"}
    keys = KEYS[name]
    expected = {code: set((keys if isinstance(keys, str) else keys[code]).split()) for code in LANGUAGES}
    assert {code: set(table[code]) for code in table} == expected


@pytest.mark.parametrize("name", NAMES)
def test_each_word_is_one_and_stands_once(name: str) -> None:
    """Trimmed, not empty, with a letter or figure in it; what differs in accents alone is one word."""
    for where, listed in _lists(name):
        assert all(type(word) is str and word == " ".join(word.split()) for word in listed), where
        if name != "origins":
            assert all(any(map(str.isalnum, word)) for word in listed), where
        if name not in SAID_TWICE:
            twice = {word for word in listed if [flatten(one) for one in listed].count(flatten(word)) > 1}
            assert twice == set(), where


@pytest.mark.parametrize("name", ["ordinary", "public"])
def test_single_words_are_single(name: str) -> None:
    """They are compared with one word of a text: what WORD takes apart would never be met."""
    split = [word for word in list_flat(name, "words") if not WORD.fullmatch(word)]
    assert split == []


def test_months_are_twelve_in_each_language() -> None:
    """Spanish has two names of September; what is a name too is a month."""
    for code in LANGUAGES:
        dates = read_words("dates")[code]
        assert len(dates["months"]) == 12 + (code == "es")
        assert set(dates["words_too"]) <= set(dates["names_too"]) <= set(dates["months"])


def test_they_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not again for each story."""
    read_words("dates")
    monkeypatch.setattr(tomllib, "loads", lambda _text: 1 / 0)
    assert read_words("dates") is words.read_words("dates")


def test_a_pattern_takes_the_longest() -> None:
    assert any_of(["a b", "a"]) == r"(?:a\s++b|a)"
