"""How a text is encoded, found out from its bytes: as spreadsheet programs write it, old ones too."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

OLD = ("cp1252", "mac_roman", "cp850")
"""One byte a letter: Windows, Excel on a Macintosh, DOS. The first one where nothing speaks for another."""

AS_WINDOWS = "casework.as_windows"
"""How faults in UTF-8 are read: a byte that is none of it as Windows would have written it."""

_MISREAD = re.compile("\ufffd|Ã[\x80-\xbf\u0152-\u2122]|Â[\xa0-\xbf]|â€")
_PIECE_BYTES = 1 << 20
_LOOKED_AT_BYTES = 4096
# None of these letters of Windows is a usual one of a Macintosh or of DOS.
_SMALL = frozenset("éèêëàâçîïôûùüöñóíáú")
_LETTERS = _SMALL | frozenset("œäæãõåøßÉÈÊÀÂÇÎÔÖÜÑÁÍÓÚ’“”‘«»–—…°€¿¡ºª·\N{NO-BREAK SPACE}")
_FEW, _MOST = 0.05, 0.9
_BESIDE_ASCII = 0x80
_STRAYS_BESIDE = 3
"""So many bytes that are no UTF-8 may stand beside each letter that plainly is."""


def find_encoding(content: bytes) -> tuple[str, str]:
    """Find out how a text is encoded, and how its faults are to be read, as `codecs` names both.

    By its mark; without one by where its zeros stand; else UTF-8, where most of its letters can be, or a few
    that no old encoding writes so; else the one of OLD that makes letters of it.
    """
    if (wide := find_wide(content)) is not None:
        return wide, "strict"
    letters, strays, latin = _count_letters(content)
    if not strays or letters > strays or latin * _STRAYS_BESIDE >= strays:
        return "utf-8-sig", AS_WINDOWS
    return _find_old(content), "replace"


def find_misread(texts: Iterable[str]) -> str:
    """Find a text whose letters seem to have been read wrongly, "JosÃ©"; empty where none does."""
    return next((text for text in texts if _MISREAD.search(text)), "")


def find_wide(content: bytes) -> str | None:
    """Find out which UTF-16 a text is in; None for any other."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = content[:_LOOKED_AT_BYTES]
    high, low = head[::2].count(0), head[1::2].count(0)
    if max(high, low) * 4 < len(head[1::2]) or min(high, low) * 8 > max(high, low):
        return None
    return "utf-16-be" if high > low else "utf-16-le"


def _count_letters(content: bytes) -> tuple[int, int, int]:
    """Count what is UTF-8 beyond ASCII, the bytes that are not, and of the former those of our languages.

    Two bytes that make one of these, "Ã" and what follows, stand together in no text of an old encoding.
    """
    letters = strays = latin = 0
    for text in _decode_in_pieces(content):
        beyond = [letter for letter in text if letter > "\x7f"] if not text.isascii() else []
        here = sum("\ud800" <= letter <= "\udfff" for letter in beyond)
        strays += here
        letters += len(beyond) - here
        latin += sum("\xa0" <= letter <= "\u017f" for letter in beyond)
    return letters, strays, latin


def _decode_in_pieces(content: bytes) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    for start in range(0, len(content), _PIECE_BYTES):
        yield decoder.decode(content[start : start + _PIECE_BYTES])
    yield decoder.decode(b"", final=True)


def _find_old(content: bytes) -> str:
    counts = {value: count for value, count in Counter(content).items() if value >= _BESIDE_ASCII}
    if _share(counts, OLD[0], _SMALL) > _FEW:
        return OLD[0]
    likely = [name for name in OLD if _share(counts, name, _LETTERS) > _MOST]
    return max(likely, key=lambda name: _share(counts, name, _SMALL), default=OLD[0])


def _share(counts: Mapping[int, int], name: str, letters: frozenset[str]) -> float:
    named = sum(
        count for value, count in counts.items() if bytes((value,)).decode(name, "replace") in letters
    )
    return named / sum(counts.values())


def _read_as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(AS_WINDOWS, _read_as_windows)
