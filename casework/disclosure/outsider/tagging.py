"""A column of tags: a unit has one of its codes or several, or one that excludes all others."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.outsider.asking import Asker
from casework.disclosure.outsider.claims import Apart, Claim, Claims, Kind, codes_of
from casework.errors import Invalid

MOST_TAGS: Final = 8
"""All sets of tags are told apart: 255 of eight."""
ANSWERED: Final = "(any answer)"
UNANSWERED: Final = "(no answer)"


class Tags(NamedTuple):
    """The column, and those of its codes that a unit has alone (none, unknown, not asked)."""

    column: str
    exclusive: tuple[str, ...] = ()


def list_sets(tags: Tags, claims: Sequence[Claim]) -> list[tuple[str, ...]]:
    """What a unit may have: an exclusive code, or a set of tags that is not empty.

    An exclusive code may be in no file. Raises Invalid: too many tags, or none.
    """
    codes = [code for code in codes_of(tags.column, claims) if code not in tags.exclusive]
    if not 0 < len(codes) <= MOST_TAGS:
        raise Invalid(tags=f"{tags.column!r} has {len(codes)} tags; one to {MOST_TAGS} can be looked at")
    alone = [(code,) for code in dict.fromkeys(tags.exclusive)]
    return alone + [some for size in range(1, len(codes) + 1) for some in combinations(codes, size)]


def fit_tags(tags: Tags, sets: Sequence[tuple[str, ...]]) -> Mapping[tuple[str, str], BoolArray]:
    """For each code, and for whether there is an answer at all, in which of the sets it is."""
    codes = dict.fromkeys(code for some in sets for code in some)
    fits = {(tags.column, code): np.array([code in some for some in sets]) for code in codes}
    alone = np.array([some[0] in tags.exclusive for some in sets])
    return {**fits, (tags.column, UNANSWERED): alone, (tags.column, ANSWERED): ~alone}


def ask_about_complements(claims: Claims, tags: Tags) -> Claims:
    """The same, and wherever a tag has a line those without it, those with an answer, and both."""
    asker = Asker(claims)
    apart: list[Apart] = []
    for at, claim in enumerate(claims.claims):
        code = dict(claim.named).get(tags.column)
        if code is None:
            continue
        others = tuple(named for named in claim.named if named[0] != tags.column)
        if tags.exclusive:
            answered = asker.ask((*others, (tags.column, ANSWERED)), claim.file)
            asker.ask((*others, (tags.column, UNANSWERED)), claim.file)
            apart += [Apart(Kind.GAP, answered, at)] if code not in tags.exclusive else []
        if code not in tags.exclusive:
            apart.append(Apart(Kind.COMPLEMENT, asker.ask(others, claim.file), at))
    return asker.asked(apart)
