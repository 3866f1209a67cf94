"""A share is read strictly, and what is wrong with it is said by number."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic.wordlist import WORDLIST

from casework.errors import ShareRefused
from casework.vault import recovery
from casework.vault.share import WORDS, read_share, words_of
from tests.vault.cast import RECOVERY

SHARES = recovery.split(RECOVERY.seed, 3, 5)
places = st.integers(min_value=0, max_value=WORDS - 1)
words = st.sampled_from(WORDLIST)


def refusal(typed: str) -> tuple[str, tuple[int, ...]]:
    """Return why this is no share."""
    with pytest.raises(ShareRefused) as refused:
        read_share(typed)
    return refused.value.reason, refused.value.numbers


def test_a_share_says_which_it_is() -> None:
    """Its number, how many open, and which others it belongs to; its repr has no word."""
    read = [read_share(share) for share in SHARES]
    assert [(share.number, share.threshold) for share in read] == [(n, 3) for n in range(1, 6)]
    assert len({share.split for share in read}) == 1
    assert [share.words for share in read] == SHARES
    words = SHARES[0].split()
    # One word alone may stand in a repr by chance: "threshold" is in the list.
    assert not any(f"{word} {after}" in repr(read[0]) for word, after in pairwise(words))


@given(st.integers(min_value=0, max_value=4), places, words)
@settings(deadline=None)
def test_a_mistyped_word_is_always_caught_and_found(share: int, place: int, word: str) -> None:
    """One word in the place of another never passes, and its number is told."""
    typed = SHARES[share].split()
    if typed[place] == word:
        return
    typed[place] = word
    reason, numbers = refusal(" ".join(typed))
    # Where neighbours differ in nothing else, exchanging them explains the fault as well.
    assert (reason, numbers) == ("changed", (place + 1,)) or reason == "swapped"


@given(st.lists(st.tuples(places, words), min_size=2, max_size=3))
@settings(deadline=None)
def test_three_mistyped_words_never_pass(changes: list[tuple[int, str]]) -> None:
    """What SLIP-39 promises: up to three wrong words are always noticed."""
    typed = SHARES[0].split()
    for place, word in changes:
        typed[place] = word
    if typed != SHARES[0].split():
        assert refusal(" ".join(typed))[0] in ("changed", "swapped", "several")


@given(st.integers(min_value=0, max_value=WORDS - 2))
def test_exchanged_neighbours_are_named(place: int) -> None:
    """Two words in the wrong order are told apart from a wrong word."""
    typed = SHARES[1].split()
    typed[place], typed[place + 1] = typed[place + 1], typed[place]
    if typed != SHARES[1].split():
        assert refusal(" ".join(typed)) == ("swapped", (place + 1, place + 2))


@given(st.text(max_size=300))
@settings(deadline=None)
def test_no_other_text_is_a_share(text: str) -> None:
    """Whatever is typed: it is refused, and nothing breaks."""
    reason, _numbers = refusal(text)
    assert reason in ("missing", "surplus", "unknown")


def test_words_that_no_list_has_are_numbered() -> None:
    """All of them at once."""
    typed = SHARES[0].split()
    typed[6], typed[20] = "duckkling", "0live"
    assert refusal(" ".join(typed)) == ("unknown", (7, 21))


@pytest.mark.parametrize(("kept", "reason", "number"), [(32, "missing", 1), (0, "missing", 33)])
def test_too_few_words_are_counted(kept: int, reason: str, number: int) -> None:
    """How many are missing."""
    assert refusal(" ".join(SHARES[0].split()[:kept])) == (reason, (number,))


def test_too_many_words_are_counted() -> None:
    """How many there are too many."""
    assert refusal(SHARES[0] + " academic acid") == ("surplus", (2,))


def test_a_share_of_other_software_is_none_of_ours() -> None:
    """Right by itself, yet with groups or another exponent."""
    from shamir_mnemonic import generate_mnemonics

    grouped = generate_mnemonics(1, [(2, 3), (2, 3)], RECOVERY.seed, iteration_exponent=0)
    slow = generate_mnemonics(1, [(2, 3)], RECOVERY.seed, iteration_exponent=1)
    assert refusal(grouped[0][0])[0] == "other"
    assert refusal(slow[0][0])[0] == "other"


@pytest.mark.parametrize(
    "copied",
    [
        "\n".join(f"{number}. {word}" for number, word in enumerate(SHARES[0].split(), start=1)),
        " ".join(f"{number}) {word.upper()}," for number, word in enumerate(SHARES[0].split(), start=1)),
        "\t".join(f"{number}.{word}" for number, word in enumerate(SHARES[0].split(), start=1)),
        SHARES[0].upper() + "\r\n",
    ],
)
def test_numbers_and_punctuation_of_a_sheet_do_not_matter(copied: str) -> None:
    """A scan in capitals, or a copy with its numbers, is the same share."""
    assert read_share(copied).words == SHARES[0]
    assert recovery.same_share(SHARES[0], copied)


def test_a_digit_inside_a_word_is_not_numbering() -> None:
    """A slip stays one wrong word: the others keep their numbers."""
    assert words_of("1. acid 2. acn3 3. acorn") == ["acid", "acn3", "acorn"]
