"""Text made comparable for search, and text made storable."""

import unicodedata

from casework.errors import Invalid

from .messages import N_

# What NFKD leaves whole although people type it as two letters, without the stroke, or plain.
_WRITTEN_OUT = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "·": "",
    }
)


def fold(text: str) -> str:
    """Give `text` without case, accents and repeated spaces: equal folds are a match in a search."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_WRITTEN_OUT))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.casefold().translate(_WRITTEN_OUT).split())


def clean_line(text: str, field: str, longest: int = 200) -> str:
    """Give `text` as one trimmed NFC line of at most `longest` characters.

    Raises `Invalid` naming `field` when it is longer or holds a control character.
    """
    line = " ".join(unicodedata.normalize("NFC", text).split())
    return _checked(line, field, longest)


def clean_text(text: str, field: str, longest: int = 100_000) -> str:
    """Give `text` as trimmed NFC paragraphs with plain line ends; otherwise as `clean_line`."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    return _checked(lines, field, longest)


def _checked(text: str, field: str, longest: int) -> str:
    if len(text) > longest:
        raise Invalid(**{field: N_("Write this shorter: it is longer than can be kept here.")})
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t" for letter in text):
        raise Invalid(**{field: N_("Take out the characters that cannot be shown.")})
    return text
