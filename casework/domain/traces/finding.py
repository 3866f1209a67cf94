"""All that is found in a text, each letter once.

It helps whoever reads, and finds by no means all: a nickname, a job or a story that everybody knows it does
not. What each kind does to a story: `kinds.WEIGHTS`.
"""

from collections.abc import Iterable

from .ages import find_ages
from .dates import find_dates
from .flat import flatten, list_words
from .kinds import RANKS, Known, Trace
from .names import find_names, join_names
from .notes import find_noted
from .numbers import find_numbers
from .officers import find_officers
from .origins import find_origins
from .places import find_places, find_written_places
from .sites import find_sites
from .times import find_times


def find_traces(text: str, known: Known) -> list[Trace]:
    """Return what was found in a text, in its order; where finds overlap, the graver or the longer one."""
    flat = flatten(text)
    words = list_words(text, flat)
    found = [
        *find_names(text, words, known.names),
        *find_numbers(flat, known.numbers),
        *find_places(words, known.areas, known.towns),
        *find_sites(text, flat, known.towns),
        *find_written_places(words, known.places),
        *find_dates(text, flat),
        *find_times(flat),
        *find_ages(flat, known.ages),
        *find_officers(text),
        *find_noted(words, known.notes),
        *find_origins(words, known.languages),
    ]
    return join_names(text, _choose(found, len(text)))


def _choose(found: Iterable[Trace], length: int) -> list[Trace]:
    chosen: list[Trace] = []
    taken = bytearray(length)
    for one in sorted(found, key=lambda one: (RANKS[one.kind], one.start - one.end)):
        if one.end > one.start and taken.find(1, one.start, one.end) < 0:
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.start)
