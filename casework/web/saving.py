"""Answers that a browser saves as files, under a name in any script."""

from string import ascii_letters, digits
from typing import TypeVar
from unicodedata import normalize
from urllib.parse import quote

from werkzeug.wrappers import Response

Sent = TypeVar("Sent", bound=Response)

_ATTR_CHARS = "!#$&+-.^_`|~"  # RFC 5987, beside letters and digits
_PLAIN_CHARS = frozenset(ascii_letters + digits + " !#$&'()+,-.;=@[]^_`{}~")
_NAMELESS = "file"


def save_as(answer: Sent, name: str) -> Sent:
    """Have the browser save this answer under a name; returns the same answer.

    Headers carry Latin-1 at most, and the server refuses others: a name beyond ASCII goes percent-encoded
    (RFC 6266, RFC 5987), next to a plain one for what does not read that.
    """
    plain = _to_plain(name)
    names = {"filename": plain}
    if plain != name:
        names["filename*"] = f"UTF-8''{quote(name, safe=_ATTR_CHARS, errors='replace')}"
    answer.headers.set("Content-Disposition", "attachment", **names)
    return answer


def _to_plain(name: str) -> str:
    """Return the name without what ASCII or a header has no place for, its ending kept."""
    kept = "".join(letter for letter in normalize("NFKD", name) if letter in _PLAIN_CHARS)
    stem, dot, ending = kept.rpartition(".")
    return f"{stem or _NAMELESS}{dot}{ending}" if dot else kept or _NAMELESS
