"""What looks like a place: streets, corners, postal codes, highways; a station or school with its name."""

import re
from collections.abc import Collection, Iterator

from .flat import WORD, flatten
from .kinds import LANDMARK, LIKE_PLACE, PLACE, Trace
from .notes import PUBLIC
from .words import any_flat, any_of, list_flat, list_written


def _spell(key: str, language: str = "") -> str:
    """Give a pattern for words of a text, with their accents and without."""
    return any_of({*list_written("places", key, language), *list_flat("places", key, language)})


_STREETS, _NUMBERED = any_of(list_written("places", "streets")), _spell("numbered")
_NO_NAME = rf"(?!{any_of(list_written('places', 'courts'))}\s)"
_NAMED_WORD = r"[A-ZÀ-Þ][\w'’-]{1,40}+"
_LINK = r"(?:\s++(?:de|du|des|la|le|les|del|los|las|l['’]|d['’])){0,3}"
_WRITTEN = (
    rf"\b{_NO_NAME}{_NAMED_WORD}(?:\s++{_NAMED_WORD}){{0,3}}?\s++{_STREETS}\b",
    rf"\b(?i:{_spell('vias')}){_LINK}\s++{_NAMED_WORD}",
    rf"\b\d{{1,5}}(?:\s++|\s*+,\s++)(?:{_NAMED_WORD}\s++){{0,3}}?(?i:{_NUMBERED})\b(?:{_LINK}\s++{_NAMED_WORD})?",
    rf"\b(?i:{_spell('corners')}){_LINK}\s*+(?:la\s++rue\s++)?{_NAMED_WORD}(?:\s++{_NAMED_WORD}){{0,2}}",
)
_FLAT = (
    (PLACE, r"\b[a-z]\d[a-z][\s-]?\d[a-z]\d\b"),
    (PLACE, rf"\b{any_flat('places', 'routes')}\s++(?:n[o°º]\s?)?\d{{1,3}}\b"),
    (LIKE_PLACE, r"\b\d{1,5}\s++[a-z]++\s++(?:street|avenue|road)\b"),
    (LANDMARK, rf"\b{any_flat('places', 'posts')}\s++(?:n[o°º]\.?\s?|#\s?)?\d{{1,3}}\b(?!\s++(?:min|h))"),
)
_COMPILED = [re.compile(pattern) for pattern in _WRITTEN]
_COMPILED_FLAT = [(kind, re.compile(pattern)) for kind, pattern in _FLAT]
_KNOWN_ROADS = frozenset(list_flat("places", "known_roads"))

_NAME = r"[A-ZÀ-Þ][\w’']{1,40}+(?:-[\w’']{1,40}+){0,6}"
_CHAIN = rf"{_NAME}(?:(?:\s|\s(?:de|du|des|la|le|les|del)\s){_NAME}){{0,3}}"
_JOIN = rf"(?:\s{_spell('links')}){{0,2}}(?:\s(?:de\s)?[ld]['’]|\s)"


def _stands_before(key: str) -> str:
    return rf"\b(?i:{_spell(key)}){_JOIN}(?P<name>{_CHAIN})"


def _stands_after(key: str) -> str:
    return rf"\b(?P<name>{_NAME}(?:\s{_NAME}){{0,2}})\s(?i:{_spell(key, 'en')})\b"


_SITES = [
    (kind, re.compile(shape(key)))
    for kind, key in ((PLACE, "sites"), (LANDMARK, "houses"))
    for shape in (_stands_before, _stands_after)
]
_PLAIN = PUBLIC.union(
    list_flat("places", "generic"), list_flat("places", "courts"), list_flat("ordinary", "words")
)


def find_sites(text: str, flat: str, towns: Collection[str]) -> Iterator[Trace]:
    """Find streets, corners, postal codes and highways, and what stands beside its kind: “parc Jarry”.

    What is called like one of the `towns` is left to those: Parc-Extension is no park.
    """
    for pattern in _COMPILED:
        for one in pattern.finditer(text):
            is_known = any(part in _KNOWN_ROADS for part in _parts(one[0]))
            yield Trace(*one.span(), LANDMARK if is_known else PLACE)
    for kind, pattern in _COMPILED_FLAT:
        yield from (Trace(*one.span(), kind) for one in pattern.finditer(flat))
    names = {tuple(_parts(town)) for town in towns}
    for kind, pattern in _SITES:
        for one in pattern.finditer(text):
            # "At school" and "the Catholic church" name none.
            if not _PLAIN.issuperset(_parts(one["name"])) and tuple(_parts(one[0])) not in names:
                yield Trace(*one.span(), kind)


def _parts(name: str) -> list[str]:
    return [flatten(part) for part in WORD.findall(name)]
