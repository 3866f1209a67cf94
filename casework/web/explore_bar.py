"""The filter bar of the explorer: what may be ticked, and what is in force, with the way to take it off."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from casework.services.exploring.facets import FILTERS
from casework.services.exploring.questions import Question
from casework.web.explore_page import address
from casework.web.explore_words import Words, name_facet, say_period
from casework.web.filters import Way


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a filter."""

    code: str
    label: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Pick:
    """A filter with its boxes; `ticked` is how many are."""

    name: str
    label: str
    boxes: tuple[Box, ...]
    ticked: int


@dataclass(frozen=True, slots=True)
class Bar:
    """All of it; `others` are filters that have no boxes, by name and code."""

    picks: tuple[Pick, ...]
    others: tuple[tuple[str, str], ...]
    removable: tuple[Way, ...]
    clear_url: str


def lay_out_bar(
    question: Question, offered: Mapping[str, tuple[str, ...]], words: Words, endpoint: str
) -> Bar:
    """Describe the bar of a page."""
    picks = tuple(_pick(question, name, offered.get(name, ()), words) for name in FILTERS)
    others = [(name, codes) for name, codes in question.filters.items() if name not in FILTERS]
    bare = replace(question, filters={}, first=None, last=None, agreed=False, cell={})
    return Bar(
        tuple(pick for pick in picks if pick.boxes),
        tuple((name, code) for name, codes in others for code in codes),
        tuple(list_removable(question, words, endpoint)),
        address(endpoint, bare),
    )


def list_removable(question: Question, words: Words, endpoint: str) -> list[Way]:
    """Return the filters in force, each with the page without it."""
    ways = []
    for name, code, said in words.filters(question):
        left = tuple(one for one in question.filters[name] if one != code)
        filters = {**question.filters, name: left} if left else _without(question, name)
        ways.append(Way(address(endpoint, replace(question, filters=filters)), said))
    if question.first or question.last:
        ways.append(Way(address(endpoint, replace(question, first=None, last=None)), say_period(question)))
    if question.agreed:
        said = str(_("Only who agreed to statistics"))
        ways.append(Way(address(endpoint, replace(question, agreed=False)), said))
    for name, said in words.cell(question):
        cell = {other: code for other, code in question.cell.items() if other != name}
        ways.append(Way(address(endpoint, replace(question, cell=cell)), said))
    return ways


def _without(question: Question, name: str) -> dict[str, tuple[str, ...]]:
    return {other: codes for other, codes in question.filters.items() if other != name}


def _pick(question: Question, name: str, offered: tuple[str, ...], words: Words) -> Pick:
    ticked = question.filters.get(name, ())
    listed = (*offered, *(code for code in ticked if code not in offered))
    boxes = tuple(Box(code, words.code(name, code), code in ticked) for code in listed)
    return Pick(name, name_facet(name), boxes, len(ticked))
