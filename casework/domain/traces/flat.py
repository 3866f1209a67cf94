"""A text without case and accents in which every letter stands where it stood, and its words."""

import re
import unicodedata
from dataclasses import dataclass

WORD = re.compile(r"[^\W\d_]+")
_PLAIN = {"œ": "o", "æ": "a", "ß": "s", "ø": "o", "đ": "d", "ł": "l"} | dict.fromkeys("‘’ʼ`´", "'")
_PLAIN |= dict.fromkeys("‐‑‒–—−", "-")
_SENTENCE_ENDS = re.compile('[.!?…:;\n"“”«»„—–]')


class _Letters(dict[int, str]):
    """What each letter becomes: one other, always."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        base = unicodedata.normalize("NFKD", letter)[0] if not letter.isspace() else " "
        small = base.lower()
        small = small if len(small) == 1 else base
        self[code] = plain = "\n" if letter == "\n" else _PLAIN.get(small, small)
        return plain


_LETTERS = _Letters()


def flatten(text: str) -> str:
    """Give a text of the same length, in small letters without accents, with plain hyphens and blanks."""
    return text.translate(_LETTERS)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it stands, and flat; `is_first` where a sentence may begin with it."""

    start: int
    end: int
    flat: str
    has_capital: bool
    is_first: bool


def list_words(text: str, flat: str) -> list[Word]:
    """List the words of a text that was flattened."""
    words: list[Word] = []
    end = 0
    for match in WORD.finditer(text):
        start = match.start()
        is_first = not words or _SENTENCE_ENDS.search(text, end, start) is not None
        has_capital = match[0] != match[0].lower()
        words.append(Word(start, match.end(), flat[start : match.end()], has_capital, is_first))
        end = match.end()
    return words
