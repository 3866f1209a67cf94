"""One cell of a list, whatever it was typed as, as tidy text."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time

from casework.domain.folding import fold

UNKNOWN_WORD = "unknown"
"""How a cell reads that says, in one of many ways, that nobody knows."""

_NOTHING = frozenset(
    {
        *(
            "",
            "(null)",
            "null",
            "<null>",
            "n/a",
            "na",
            "n.a.",
            "#n/a",
            "nan",
            "nil",
            "s/o",
            "s.o.",
            "n/d",
            "n.d.",
        ),
        *("0000-00-00", "0000-00-00 00:00", "00/00/0000", "00-00-0000"),
        *("-", "--", "---", ".", "..", "...", "/", "(blank)", "(empty)", "(vide)", "not applicable"),
        *("non applicable", "sans objet", "no aplica", "(vacio)", "sin datos", "s/d"),
        # What a formula says that could not be worked out.
        *(
            "#ref!",
            "#value!",
            "#div/0!",
            "#name?",
            "#num!",
            "#null!",
            "#calc!",
            "#spill!",
            "#error!",
            "err:502",
        ),
    }
)
_UNKNOWN = frozenset(
    {
        *("unknown", "unkown", "unknow", "unk", "unk.", "not known", "don't know", "?", "??", "???"),
        *("not stated", "not reported", "not specified", "unspecified", "not recorded", "not provided"),
        *("not available", "undisclosed", "undetermined", "unknown or legacy", "unknown/other"),
        *("non precise", "non precisee", "non specifie", "non specifiee", "non disponible", "non declare"),
        *("non renseigne", "indetermine", "no especificado", "no especificada", "no disponible", "no consta"),
        *("inconnu", "inconnue", "inconnus", "inconnu.e", "inconnu(e)", "inconnue.s", "ne sait pas", "nsp"),
        *("desconocido", "desconocida", "se desconoce", "no se sabe", "no sabe", "ns/nc"),
    }
)
_MAY_BE_NAMES = frozenset({"na", "n.a.", "nan", "nil", "s.o.", "n.d.", "unk", "unk.", "nsp"})
"""Of both: what somebody may be called, or their initials."""
_LONGEST_WORD = 20
_QUANTITY = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?(?:[eE]\+?([0-9]{1,2}))?")
_FEW_ZEROS = 1
"""More zeros at the end of a number were put there by rounding."""
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\ufeff\ud800-\udfff]"
    # Within a word of other scripts, and in signs of several, these two belong to the spelling.
    "|(?<![^\x00-\xff])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\xff])"
)
# How a list that was taken out keeps a spreadsheet from working out what somebody typed.
_ESCAPED = re.compile(r"'+(?=[=+@-])")
_WHOLE = re.compile(r"([0-9]{1,15})\.0")


def tidy_cell(value: object) -> str:
    """Give a cell as text: without outer blanks and control characters; "" where it holds nothing.

    "(null)", "N/A", "-" and their like hold nothing; "inconnu", "?" and theirs read `UNKNOWN_WORD`. A number
    is written without a needless ".0", a date as 2026-11-15, with its time where it has one.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return tidy_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        is_day = value.time() == time.min
        return value.date().isoformat() if is_day else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return tidy_text(str(value))


def tidy_text(text: str) -> str:
    """Do what `tidy_cell` does to a text; lines inside it stay lines."""
    text = _clean(text)
    if len(text) <= _LONGEST_WORD:
        if whole := _WHOLE.fullmatch(text):  # as programs write that keep every number with a fraction
            return whole[1]
        folded = fold(text)
        if folded in _NOTHING:
            return ""
        if folded in _UNKNOWN:
            return UNKNOWN_WORD
    return text


def find_name(value: object) -> str:
    """Give what a cell reads where it is to be a name: "" but for words that `tidy_cell` takes for nothing.

    Somebody may be called Na or Nil, and have the initials N.D.; nobody is called "(null)" or "N/A".
    """
    if not isinstance(value, str):
        return ""
    text = _clean(value)
    return text if len(text) <= _LONGEST_WORD and fold(text) in _MAY_BE_NAMES else ""


def _clean(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = _UNSHOWABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if "\n" in text:
        text = "\n".join(line.strip() for line in text.split("\n"))
    if escaped := _ESCAPED.match(text):
        text = text[escaped.end() :]
    return text


def hash_cells(raw: Sequence[object]) -> str:
    """Return what stands for all that a row holds, as its file has it: no rule of tidying changes it.

    SHA-256 in hexadecimal, over the cells as text; blank cells at the end do not count.
    """
    texts = ["" if value is None else str(value) for value in raw]
    while texts and not texts[-1]:
        texts.pop()
    content = json.dumps(texts, ensure_ascii=False)
    return hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()


def write_out(number: str) -> str:
    """Write out a telephone or file number that became a quantity: 5.145551234E9, 5145551234.0.

    One that lost figures, 5.14555E+09, stays as it is: nobody knows them.
    """
    found = _QUANTITY.fullmatch(number)
    if found is None:
        return number
    whole, fraction, power = found[1], (found[2] or "").rstrip("0"), int(found[3] or 0)
    if len(fraction) > power or (found[3] and power - len(fraction) > _FEW_ZEROS):
        return number
    return whole + fraction.ljust(power, "0")
