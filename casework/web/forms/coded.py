"""Fields over code lists: what a form offers of a list, in the reader's language.

None of them checks its choice: a code that is in no list comes back as a fault of the domain, in our words.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask_babel import gettext
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.widgets import DateInput

from casework.domain.folding import fold
from casework.domain.languages import LANGUAGES
from casework.domain.messages import N_
from casework.domain.vocabulary import NOT_ASKED, OTHER, PSEUDO_CODES, UNKNOWN, code_list
from casework.errors import Invalid
from casework.web.language import label, language

__all__ = [
    "Choices",
    "DayField",
    "SelectChoice",
    "choose",
    "offer",
    "offer_grouped",
    "radio",
    "select",
    "several",
    "sort_by_name",
]

Choices = list[SelectChoice]


class DayField(StringField):
    """A day as the browser's own picker gives it; what somebody typed stays as it was typed."""

    widget = DateInput()

    def read(self) -> date | None:
        """Return the day, None when nothing is there; raises Invalid naming the field."""
        text = (self.data or "").strip()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            is_day = re.fullmatch(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])-[0-9]{2}", text)
            fault = N_("Choose a day that this month has.") if is_day else N_("Write the day as 2026-11-15.")
            raise Invalid(**{self.short_name: fault}) from None


def radio(question: Any, list_name: str, without: Iterable[str] = (), **options: Any) -> RadioField:
    """Make a field of one answer, all of them in sight."""
    options.setdefault("default", NOT_ASKED)
    return RadioField(question, choices=lambda: offer(list_name, without), validate_choice=False, **options)


def select(question: Any, list_name: str, **options: Any) -> SelectField:
    """Make a field of one answer in a list that opens."""
    options.setdefault("default", NOT_ASKED)
    return SelectField(question, choices=lambda: offer(list_name), validate_choice=False, **options)


def several(question: Any, list_name: str, **options: Any) -> SelectMultipleField:
    """Make a field of several answers; nothing chosen means not asked, so that is no box of its own."""
    return SelectMultipleField(
        question, choices=lambda: offer(list_name, (NOT_ASKED,)), validate_choice=False, **options
    )


def offer(list_name: str, without: Iterable[str] = ()) -> Choices:
    """List the answers of a code list; languages, which have no order of their own, by their names."""
    answers = [item for item in code_list(list_name).choices(language()) if item[0] not in without]
    offered = [choose(code, text) for code, text in answers]
    return sort_by_name(offered) if list_name == "language" else offered


def sort_by_name(offered: Choices) -> Choices:
    """Sort answers by their names, after our languages and before the unsure ones."""
    return sorted(offered, key=lambda choice: _by_name((choice.value, choice.label)))


def offer_grouped(list_name: str, first: Iterable[str], group_of: Callable[[str], str]) -> Choices:
    """List the answers of a long list in groups: those that are common here, the others, the unsure ones."""
    codes = code_list(list_name)
    common = [code for code in first if code in codes]
    often = str(gettext("Often chosen here"))
    groups: dict[str, Choices] = {often: [choose(code, label(code, list_name), often) for code in common]}
    for code in codes.codes:
        if code not in PSEUDO_CODES and code not in common:
            group = group_of(code)
            groups.setdefault(group, []).append(choose(code, label(code, list_name), group))
    unsure = [choose(code, label(code, list_name)) for code in (OTHER, UNKNOWN)]
    return [*(choice for group in groups.values() for choice in group), *unsure]


def _by_name(answer: tuple[str, str]) -> tuple[int, str]:
    code, text = answer
    if code in LANGUAGES:
        return 0, ""
    return (2, "") if code in PSEUDO_CODES else (1, fold(text))


def choose(value: str, text: str, group: str | None = None) -> SelectChoice:
    """Make one choice of a field."""
    return SelectChoice(value, text, optgroup=group)
