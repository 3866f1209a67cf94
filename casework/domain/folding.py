"""Text made comparable for search, and text made storable."""

import re
import unicodedata

from casework.errors import Invalid

from .messages import N_

# What NFKD leaves whole although people type it as two letters, without the stroke, or plain.
_WRITTEN_OUT = {
    "œ": "oe",
    "æ": "ae",
    "ß": "ss",
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{HYPHEN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{MIDDLE DOT}": "",
}
_RARE = re.compile("[" + "".join(_WRITTEN_OUT) + "]")
_LATIN_MARKS = re.compile("[\u0300-\u036f]+")
_SAINT = re.compile(r"\bst(e?)\b")
# The last two ranges turn about what others read (embeddings, overrides, isolates): no spelling needs them.
_UNSHOWABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\u2028\u2029]")

# A limit that is not here is a mistake in the program.
_TOO_LONG = {
    80: N_("Write this shorter: there is room for 80 characters."),
    200: N_("Write this shorter: there is room for 200 characters."),
    2000: N_("Write this shorter: there is room for 2,000 characters."),
    100_000: N_("Write this shorter: there is room for 100,000 characters."),
}


def fold(text: str) -> str:
    """Give `text` without case, accents and repeated spaces: equal folds are a match in a search.

    Folding twice changes nothing. Text in English, French and Spanish takes the fast way.
    """
    folded = _fold_once(text)
    while any(_fold_once(letter) != letter for letter in set(folded) if letter > "\x7f"):
        folded = _fold_once(folded)
    return folded


def fold_bare(text: str) -> str:
    """Give the letters and digits of a folded text, saints spelt out: "St-Jérôme" is "saint jerome" so."""
    return "".join(filter(str.isalnum, _SAINT.sub(r"saint\1", fold(text))))


def clean_line(text: str, field: str, longest: int = 200) -> str:
    """Give `text` as one trimmed NFC line, without control characters, those of writing direction among them.

    Raises `Invalid` naming `field` when more than `longest` characters are left: 80, 200, 2000 or 100,000.
    """
    return _no_longer(" ".join(_composed(text).split()), field, longest)


def clean_text(text: str, field: str, longest: int = 100_000) -> str:
    """Give `text` as trimmed NFC paragraphs with plain line ends; otherwise as `clean_line`."""
    return _no_longer(_composed(text).strip(), field, longest)


def _fold_once(text: str) -> str:
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).casefold()
        plain = _RARE.sub(lambda letter: _WRITTEN_OUT[letter[0]], _LATIN_MARKS.sub("", plain))
        for letter in set(plain):  # few different ones, whatever the length
            if unicodedata.combining(letter):
                plain = plain.replace(letter, "")
    return " ".join(plain.split())


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", _UNSHOWABLE.sub("", _LINE_ENDS.sub("\n", text)))


def _no_longer(text: str, field: str, longest: int) -> str:
    if len(text) > longest:
        raise Invalid(**{field: _TOO_LONG[longest]})
    return text
