"""Several answers to one question, as one axis: its codes are all sets of tags that a unit could carry."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from casework.disclosure.counts import IntArray
from casework.disclosure.dimensions import TOTAL
from casework.disclosure.ledger.layouts import Category, Scale
from casework.disclosure.ledger.release import WITHOUT
from casework.disclosure.refusals import refusal

MOST_TAGS: Final = 8
_AND: Final = "+"


def tag_codes(tags: Sequence[str], exclusive: Sequence[str] = ()) -> tuple[str, ...]:
    """All sets of tags that are not empty, then the codes that stand alone (not asked, unknown, none).

    Raises DisclosureRefused: unknown_option where names are not different, or hold a plus sign; too_large
    with more than eight tags: their sets double with each.
    """
    named = [*tags, *exclusive]
    if len(set(named)) < len(named) or not tags or any(_AND in name or not name for name in named):
        raise refusal("unknown_option")
    if len(tags) > MOST_TAGS:
        raise refusal("too_large", most=MOST_TAGS)
    sets = (chosen for size in range(1, len(tags) + 1) for chosen in combinations(tags, size))
    return (*(_AND.join(chosen) for chosen in sets), *exclusive)


def has_tags(codes: Sequence[str]) -> bool:
    """Whether these are the codes of an axis of two tags or more."""
    return any(_AND in code for code in codes)


def split_codes(codes: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tags and the codes that stand alone of what `tag_codes` gave for two tags or more."""
    joined = {name for code in codes if _AND in code for name in code.split(_AND)}
    single = [code for code in codes if _AND not in code]
    return tuple(code for code in single if code in joined), tuple(
        code for code in single if code not in joined
    )


def tag_scale(axis: str, tags: Sequence[str], exclusive: Sequence[str] = ()) -> Scale:
    """For each tag and each code that stands alone the units with it and without it, and all."""
    codes = tag_codes(tags, exclusive)
    categories = []
    for name in (*tags, *exclusive):
        having = tuple(code for code in codes if name in code.split(_AND))
        categories.append(Category(name, having))
        lacking = tuple(code for code in codes if code not in having)
        if lacking:
            categories.append(Category(WITHOUT + name, lacking))
    return Scale(axis, (*categories, Category(TOTAL, codes)))


def is_tag(category: Category) -> bool:
    """Whether this line of a `tag_scale` is of those who carry a tag."""
    return not category.label.startswith(WITHOUT) and any(
        _AND in code and category.label in code.split(_AND) for code in category.codes
    )


def tag_column(
    members: npt.NDArray[np.bool_], tags: Sequence[str], exclusive: Sequence[str] = ()
) -> IntArray:
    """For each unit the position of its set of tags among `tag_codes`.

    `members` has a row per unit and a column per tag, then per code that stands alone. Raises
    DisclosureRefused: bad_shape; contradictory_codes where a unit carries nothing, or such a code beside
    another.
    """
    named = [*tags, *exclusive]
    if members.ndim != 2 or members.shape[1] != len(named) or members.dtype.kind != "b":
        raise refusal("bad_shape")
    position = {code: at for at, code in enumerate(tag_codes(tags, exclusive))}
    found = []
    for row in members:
        code = _AND.join(name for name, carried in zip(named, row.tolist(), strict=True) if carried)
        if code not in position:
            raise refusal("contradictory_codes")
        found.append(position[code])
    return np.array(found, dtype=np.int64)
