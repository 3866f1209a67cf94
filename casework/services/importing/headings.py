"""What lists call their columns, in English, French and Spanish: by it a column's place is guessed."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz

from casework.domain.folding import fold

KEY = "key"
NOTE = "note"
DATE_TARGETS = ("date", "date_year", "date_month", "date_day")
IDENTITY_TARGETS = ("name", "phone", "email", "birth_date", "uci", "address", "note_on_person")
NARRATIVE_TARGETS = ("text", "exact_place")

_NEAR = 90
_SHORTEST_NEAR = 4
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN = re.compile(r"[\W_]+")


@cache
def _known() -> dict[str, str]:
    text = (files(__package__) / "headings.toml").read_text(encoding="utf-8")
    named = tomllib.loads(text)
    return {simplify_heading(name): target for target, names in named.items() for name in names}


def simplify_heading(heading: str) -> str:
    """Give a heading's words alone: "Perceived_Race", "perceivedRace" and "PERCEIVED RACE:" are one."""
    return " ".join(_BETWEEN.sub(" ", fold(_CAMEL.sub(" ", heading.strip()))).split())


def is_known_heading(text: str) -> bool:
    """Return whether lists are known to call a column so."""
    return simplify_heading(text) in _known()


def score_heading(heading: str) -> tuple[str, float] | None:
    """Return what a heading most likely stands for, and how likely it is, from 0 to 1."""
    simple = simplify_heading(heading)
    if not simple or simple.isdecimal():
        return None
    if simple in _known():
        return _known()[simple], 1.0
    words = simple.count(" ")
    alike = [
        (name, target) for name, target in _known().items() if len(name) > 4 and name.count(" ") == words
    ]
    scored = [(fuzz.ratio(simple, name), target) for name, target in alike]
    score, target = max(scored, default=(0.0, ""))
    return (target, 0.8 * score / 100) if score >= _NEAR else None
