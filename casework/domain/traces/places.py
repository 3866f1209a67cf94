"""Places in a text: those of the case, word by word; streets, postal codes and highways; other cities."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from .flat import WORD, Word, flatten
from .kinds import LIKE_PLACE, PLACE, TOWN, Trace
from .names import find_near, stands_near

_GENERIC = frozenset(
    """
    street st avenue ave road rd boulevard boul blvd drive lane highway hwy way place square court crescent
    terrace corner intersection exit near behind beside front opposite between outside inside toward towards
    the and of at in on to from by with for north south east west northeast northwest southeast southwest
    upper lower old new big little park station stop bus metro subway train terminal airport border crossing
    bridge parking lot mall store shop market school church hospital clinic library office building house
    apartment apt unit suite floor door home hall centre center city town village county region downtown
    rue chemin autoroute rang montee cote coin angle pres devant derriere entre face hors dans sur sous chez
    vers jusque de du des d la le les l un une et a au aux en nord sud est ouest haut bas vieux vieille
    nouveau nouvelle grand grande petit petite parc arret autobus gare aeroport frontiere pont stationnement
    centre-ville magasin marche ecole eglise hopital clinique bibliotheque bureau edifice maison appartement
    app logement etage porte ville quartier arrondissement sortie route mont lac riviere notre dame saint
    sainte ste saints sans premier premiere
    calle avenida av carrera carretera esquina cerca detras delante frente entre el los las una y o en con por
    para norte sur este oeste viejo vieja nuevo nueva gran grande parque parada estacion aeropuerto frontera
    puente estacionamiento tienda mercado escuela iglesia clinica biblioteca oficina edificio casa piso puerta
    ciudad pueblo barrio centro salida san santa santo
    canada quebec ontario alberta manitoba saskatchewan yukon nunavut colombia british columbia qc on bc ab
    first second third main
    """.split()
)
"""What says nothing of which place it is."""
_ARTICLES = frozenset({"le", "la", "les", "l", "the", "el", "los", "las"})
"""What a name may be said without: “Le Sud-Ouest”, and “au Sud-Ouest”."""
_LEAST_LETTERS = 3
_LEAST_SMALL = 5
_PIECE_ENDS = re.compile(r"[,;\n()/–—|]")

_STREETS = "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Lane|Crescent|Court|Highway|Terrace"
_VIAS = r"rue|chemin|boulevard|boul\.?|avenue|autoroute|rang|mont[ée]e|calle|avenida|carrera"
_NUMBERED = "street|avenue|ave|road|boulevard|boul|blvd|rue|chemin|calle|avenida"
_ROUTES = "autoroute|highway|hwy|route|carretera|autopista|exit|sortie|salida"
_CORNERS = r"corner\s++of|coin\s++(?:de|des|du)?|esquina\s++(?:de|con)?"
_NAMED_WORD = r"[A-ZÀ-Þ][\w'’-]{1,40}+"
_NO_NAME = r"(?!(?:The|Our|My|This|That|Your)\b)"
_LINK = r"(?:\s++(?:de|du|des|la|le|les|del|los|las|l['’]|d['’])){0,3}"
_WRITTEN = (
    rf"\b{_NO_NAME}{_NAMED_WORD}(?:\s++{_NAMED_WORD}){{0,3}}?\s++(?:{_STREETS})\b",
    rf"\b(?i:{_VIAS}){_LINK}\s++{_NAMED_WORD}",
    rf"\b\d{{1,5}}(?:\s++|\s*+,\s++)(?:{_NAMED_WORD}\s++){{0,3}}?(?i:{_NUMBERED})\b(?:{_LINK}\s++{_NAMED_WORD})?",
    rf"\b(?i:{_CORNERS}){_LINK}\s*+(?:la\s++rue\s++)?{_NAMED_WORD}(?:\s++{_NAMED_WORD}){{0,2}}",
)
_FLAT = (
    (PLACE, r"\b[a-z]\d[a-z][\s-]?\d[a-z]\d\b"),
    (PLACE, rf"\b(?:{_ROUTES})\s++(?:n[o°º]\s?)?\d{{1,3}}\b"),
    (LIKE_PLACE, r"\b\d{1,5}\s++[a-z]++\s++(?:street|avenue|road)\b"),
)
_COMPILED = [re.compile(pattern) for pattern in _WRITTEN]
_COMPILED_FLAT = [(kind, re.compile(pattern)) for kind, pattern in _FLAT]


def find_places(
    text: str, flat: str, words: Sequence[Word], areas: Collection[str], towns: Collection[str]
) -> Iterator[Trace]:
    """Find the case's places by their whole names, other towns, streets and postal codes.

    A name of one word counts with a capital alone: "laval" may be anything.
    """
    yield from (Trace(*one.span(), PLACE) for pattern in _COMPILED for one in pattern.finditer(text))
    yield from (
        Trace(*one.span(), kind) for kind, pattern in _COMPILED_FLAT for one in pattern.finditer(flat)
    )
    yield from _whole_names(words, areas, PLACE)
    yield from _whole_names(words, towns, TOWN)


def find_written_places(words: Sequence[Word], places: Iterable[str]) -> Iterator[Trace]:
    """Find each telling word of what the case says of places, and two of its words in a row.

    With a capital inside a sentence it is a place; where a sentence begins, in small letters, or one letter
    off it may be a plain word.
    """
    strong, weak, pairs = _read(places)
    for word in words:
        if word.flat in strong and word.has_capital:
            yield Trace(word.start, word.end, LIKE_PLACE if word.is_first else PLACE)
        elif word.flat in strong and len(word.flat) >= _LEAST_SMALL:
            yield Trace(word.start, word.end, LIKE_PLACE)
        elif word.flat in weak and word.has_capital and not word.is_first:
            yield Trace(word.start, word.end, LIKE_PLACE)
    for one, other in pairwise(words):
        if (one.flat, other.flat) in pairs and stands_near(one, other):
            yield Trace(one.start, other.end, PLACE)
    capitals = [word for word in words if word.has_capital]
    yield from (Trace(one.start, one.end, LIKE_PLACE) for one in find_near(capitals, strong))


def _read(places: Iterable[str]) -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """Return the telling words with a capital, those without one, and the telling pairs in a row."""
    strong: set[str] = set()
    weak: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for piece in (piece for place in places for piece in _PIECE_ENDS.split(place)):
        found = WORD.findall(piece)
        telling = {word for word in found if len(word) >= _LEAST_LETTERS and flatten(word) not in _GENERIC}
        strong |= {flatten(word) for word in telling if word != word.lower()}
        weak |= {flatten(word) for word in telling if word == word.lower()}
        pairs |= {
            (flatten(one), flatten(other))
            for one, other in pairwise(found)
            if telling & {one, other} and (one + other != (one + other).lower() or telling >= {one, other})
        }
    return strong, weak, pairs


def _whole_names(words: Sequence[Word], names: Collection[str], kind: str) -> Iterator[Trace]:
    starts: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        parts = tuple(map(flatten, WORD.findall(name)))
        bare = parts[1:] if len(parts) > 2 and parts[0] in _ARTICLES else parts
        for spelled in filter(None, (parts, bare)):
            starts.setdefault(spelled[0], set()).add(spelled)
    for at, word in enumerate(words):
        for parts in starts.get(word.flat, ()):
            here = words[at : at + len(parts)]
            if word.has_capital and tuple(one.flat for one in here) == parts:
                yield Trace(word.start, here[-1].end, kind)
