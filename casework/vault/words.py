"""Passphrases as text: generated from a word list, compared by what they say, weighed when chosen."""

import hmac
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from mnemonic import Mnemonic
from zxcvbn import matching, zxcvbn

from casework.domain.languages import ENGLISH, LANGUAGES
from casework.domain.messages import N_
from casework.errors import Invalid

WORD_COUNT = 5
MINIMUM_CHARACTERS = 15
MINIMUM_GUESSES = 10**14
MAXIMUM_CHARACTERS = 1024
WEIGHED_CHARACTERS = 72

_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "\u2019": "'", "\u2018": "'"}
)
_DROPPED = frozenset({"Mn", "Me", "Cf", "Cc"})
_zxcvbn_lock = threading.Lock()


@lru_cache
def word_list(language: str) -> tuple[str, ...]:
    """Return the 2,048 words of a language (BIP-39); Invalid for a language without a list."""
    if language not in LANGUAGES:
        raise Invalid(language=N_("There is no word list in this language."))
    words = Mnemonic(LANGUAGES[language].bip39).wordlist
    return tuple(unicodedata.normalize("NFC", word) for word in words)


def generate(language: str) -> str:
    """Return five random words in the language: 55 bits."""
    return " ".join(secrets.choice(word_list(language)) for _ in range(WORD_COUNT))


def _fold_once(text: str) -> str:
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    spaced = (" " if char.isspace() or unicodedata.category(char) == "Pd" else char for char in spread)
    kept = (char for char in spaced if char == " " or unicodedata.category(char) not in _DROPPED)
    return re.sub(" +", " ", "".join(kept).translate(_LETTERS)).strip()


def fold(text: str) -> str:
    """Return the text without case, accents, joined letters, hyphens or doubled spaces; idempotent."""
    while (folded := _fold_once(text)) != text:
        text = folded
    return text


def normalise(text: str) -> bytes:
    """Return the bytes that Argon2 sees: what `fold` leaves, in UTF-8.

    Only the first 1,024 characters count, so that no text costs more than that.
    """
    return fold(text[:MAXIMUM_CHARACTERS])[:MAXIMUM_CHARACTERS].strip().encode(errors="replace")


def same_passphrase(expected: str, typed: str) -> bool:
    """Whether two spellings are the same passphrase."""
    return hmac.compare_digest(normalise(expected), normalise(typed))


def _guesses(text: str, known_words: list[str]) -> int:
    """Return how many guesses zxcvbn expects.

    It keeps the words it is given in a global of its module: calls take turns, and leave nothing there.
    """
    with _zxcvbn_lock:
        try:
            return int(zxcvbn(text, user_inputs=known_words)["guesses"])
        finally:
            matching.RANKED_DICTIONARIES["user_inputs"] = {}


def require_strong(text: str, own_words: Iterable[str] = ()) -> None:
    """Raise Invalid("passphrase") for a chosen passphrase that is short or easily guessed.

    It is weighed as it is compared, so without case and accents; of a long one only the first 72
    characters, which can only make it look weaker. The member's own words (names, organization) count as
    known, and so do the word lists of the other languages: zxcvbn knows English alone.
    """
    folded = fold(text[:MAXIMUM_CHARACTERS])
    if len(folded) < MINIMUM_CHARACTERS:
        raise Invalid(passphrase=N_("Use at least 15 characters."))
    own = [part for word in own_words for part in (fold(word), *fold(word).split()) if part]
    known = [
        *own,
        *(fold(word) for language in LANGUAGES if language != ENGLISH for word in word_list(language)),
    ]
    if _guesses(folded[:WEIGHED_CHARACTERS], known) < MINIMUM_GUESSES:
        raise Invalid(passphrase=N_("This is too easy to guess. Use more words, and rarer ones."))
