"""Passphrases as text: what says the same is the same, and what is weak is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn import matching

from casework.errors import Invalid
from casework.vault.words import fold, generate, normalise, require_strong, same_passphrase, word_list

LANGUAGES = ["en", "fr", "es"]


@given(st.text())
def test_normalising_is_idempotent(text: str) -> None:
    """Normalising again changes nothing."""
    assert normalise(normalise(text).decode()) == normalise(text)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_folding_ignores_case_and_spacing(text: str) -> None:
    """Capitals, and spaces around and between, say nothing."""
    assert fold(f"  {text} ") == fold(text)
    assert fold(fold(text).upper()) == fold(text).casefold()


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Écluse", "ecluse"),
        ("E\u0301CLUSE", "ecluse"),
        ("œuvre Æther ŒUVRE", "oeuvre aether oeuvre"),
        ("straße STRASSE", "strasse strasse"),
        ("mañana", "manana"),
        ("vingt-deux\u2013trois \u00a0quatre\tcinq\n", "vingt deux trois quatre cinq"),
        ("l\u2019eau", "l'eau"),
        ("zero\u200bwidth\u00ad", "zerowidth"),
        ("\uff21\uff22", "ab"),
        ("- -", ""),
    ],
)
def test_what_says_the_same(typed: str, folded: str) -> None:
    """Accents, joined letters, hyphens, invisible characters, wide letters."""
    assert fold(typed) == folded
    assert same_passphrase(typed, folded)


def test_other_words_are_other_passphrases() -> None:
    """Letters, digits and other signs count, and so do the breaks between words."""
    assert not same_passphrase("one two", "onetwo")
    assert not same_passphrase("one two", "one two!")


def test_no_text_is_too_long_to_normalise() -> None:
    """A megabyte of text costs no more than its first 1,024 characters."""
    assert len(normalise("\ufdfa" * 1_000_000)) <= 1024 * 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_generated_passphrases(language: str) -> None:
    """Five words of the list, different every time, strong enough for a chosen one."""
    made = {generate(language) for _ in range(20)}
    assert len(made) == 20
    for text in made:
        words = text.split(" ")
        assert len(words) == 5 and set(words) <= set(word_list(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_stay_distinct_without_case_and_accents(language: str) -> None:
    """Normalising loses nothing of the 55 bits."""
    words = word_list(language)
    assert len({fold(word) for word in words}) == len(words) == 2048
    assert not any(" " in fold(word) for word in words)


def test_french_words_are_french() -> None:
    """The list is the language's own, written with its accents."""
    assert "académie" in word_list("fr") and "abdomen" in word_list("es") and "abandon" in word_list("en")


def test_a_language_without_a_list_is_refused() -> None:
    """No silent fallback to another language."""
    with pytest.raises(Invalid) as refused:
        generate("tlh")
    assert "language" in refused.value.faults


@pytest.mark.parametrize(
    "chosen",
    [
        "",
        " " * 40,
        "kP9#vX2$qL7!mZ",
        "a" * 40,
        "é" * 40,
        "abcdefghijklmnopqrstuvwxyz",
        "passwordpassword1",
        "P@ssw0rd P@ssw0rd P@ssw0rd",
        "qwertyuiop asdfghjkl",
        "123456789012345678901234567890",
        "2001-04-17 2001-04-17",
        "abandon abandon abandon abandon abandon",
        "académie académie académie",
    ],
)
def test_weak_passphrases_are_refused(chosen: str) -> None:
    """Short, repeated, walked over the keyboard, dated, or of known passwords."""
    with pytest.raises(Invalid) as refused:
        require_strong(chosen)
    assert list(refused.value.faults) == ["passphrase"]
    assert not chosen.strip() or chosen not in str(refused.value)


@pytest.mark.parametrize(
    "chosen",
    [
        "kP9#vX2$qL7!mZw",
        "otter velvet quasar minaret thimble",
        "x" * 10 + "écluse loutre vinaigre crayon",
        "g7Rt" * 3 + "pLq9ZxvB" + "w" * 500,
    ],
)
def test_strong_passphrases_are_taken(chosen: str) -> None:
    """From 15 characters, of any length."""
    require_strong(chosen)


def test_own_words_weigh_nothing() -> None:
    """A passphrase made of names that everybody there knows is refused."""
    chosen = "Zyxwquhl Brthmpvx Collective"
    require_strong(chosen)
    with pytest.raises(Invalid):
        require_strong(chosen, ["Zyxwquhl", "Brthmpvx Collective"])


def test_own_words_weigh_nothing_one_by_one() -> None:
    """A full name counts in its parts, too."""
    chosen = "Brthmpvx et Zyxwquhl"
    require_strong(chosen)
    with pytest.raises(Invalid):
        require_strong(chosen, ["Zyxwquhl Brthmpvx"])


@pytest.mark.parametrize("chosen", ["Écluse vinaigre", "abdomen bisiesto"])
def test_french_and_spanish_words_are_words(chosen: str) -> None:
    """Two dictionary words are two words, not random letters, in every language that is spoken here."""
    with pytest.raises(Invalid, match="easy to guess"):
        require_strong(chosen)


def test_own_words_are_forgotten() -> None:
    """The estimator keeps nothing of the words it was given in its module."""
    require_strong("kP9#vX2$qL7!mZw", ["Zyxwquhl"])
    assert matching.RANKED_DICTIONARIES["user_inputs"] == {}
