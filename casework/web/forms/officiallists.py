"""A list of official counts on its way in: what its columns become, and what its words mean."""

import hashlib
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import FileField, HiddenField, SelectField, StringField

from casework.services.importing.vaguedates import Order
from casework.services.official.sentlist import MEANT, TARGETS, ListPlan, SentList, guess_meanings, list_words
from casework.web.forms.coded import Choices, choose, offer
from casework.web.forms.official import offer_services
from casework.web.forms.posted import read_optional_id

NAMES: Mapping[str, Any] = {
    "": _l("leave out"),
    "service": _l("Police service"),
    "first": _l("First day"),
    "last": _l("Last day"),
    "period": _l("Period: a year, a month, or from when to when"),
    "measure": _l("What was counted"),
    "value": _l("Figure"),
    "bound": _l("How the source puts it"),
    "unit": _l("Counting unit"),
    "publisher": _l("Published by"),
    "title": _l("Title of the source"),
    "published": _l("Published when"),
    "url": _l("Address"),
    "number": _l("Number of the request for access"),
    "note": _l("Note"),
}
SOURCE = ("publisher", "title", "published", "url", "number")
_MOST_WORDS = 60
"""So many different words of a column are asked about; more are no code list, and stand as they are."""


class ListFileForm(FlaskForm):
    """The file; `asked` is the request for access that it answers."""

    asked = HiddenField()
    file = FileField(_l("CSV file or Excel workbook (.xlsx)"))


class ListForm(FlaskForm):
    """What stands for all rows, and the list itself; a field for each column and word is added to it."""

    asked = HiddenField()
    listed = HiddenField()
    order = SelectField(_l("In dates like 03/04/2020 comes first"), validate_choice=False)
    publisher = StringField(_l("Published by"))
    title = StringField(_l("Title of the source"))
    published = StringField(_l("Published when"))
    url = StringField(_l("Address"))
    number = StringField(_l("Number of the request for access"))

    columns: list[Any]
    words: list[tuple[str, list[Any]]]

    def to_plan(self, sent: SentList) -> ListPlan:
        """Return what was decided; a target that is chosen twice counts once, at its first column."""
        targets: list[str] = []
        for field in self.columns:
            chosen = field.data if field.data in TARGETS else ""
            targets.append("" if chosen in targets else chosen)
        meanings = {}
        for target, fields in self.words:
            for word, field in fields:
                meanings[target, word] = (field.data or "").strip()
        return ListPlan(
            targets=tuple(targets),
            order=Order.MONTH_FIRST if self.order.data == Order.MONTH_FIRST else Order.DAY_FIRST,
            meanings=meanings,
            source={name: self[name].data or "" for name in SOURCE},
            request=read_optional_id(self.asked.data),
        )


def make_list_form(sent: SentList, plan: ListPlan, posted: MultiDict[str, str] | None) -> ListForm:
    """Make the form of a list: filled from `plan` where nothing was posted of a field."""
    columns = {f"column-{at}": plan.targets[at] for at in range(len(sent.headings))}
    words = {target: list_words(sent, plan, target)[:_MOST_WORDS] for target in MEANT}
    meant = {**guess_meanings(sent, plan), **plan.meanings}
    fields: dict[str, Any] = {
        name: SelectField(heading, choices=offer_targets, validate_choice=False, default=columns[name])
        for name, heading in zip(columns, sent.headings, strict=True)
    }
    for target in MEANT:
        for word in words[target]:
            fields[name_word(target, word)] = _ask(target, word, meant[target, word])
    form: ListForm = type("ListFormOf", (ListForm,), fields)(formdata=posted)
    form.order.choices = [
        choose(Order.DAY_FIRST.value, str(_("the day"))),
        choose(Order.MONTH_FIRST.value, str(_("the month"))),
    ]
    if posted is None:
        form.order.data = plan.order.value
        form.asked.data = plan.request.hex if plan.request else ""
        for name in SOURCE:
            form[name].data = plan.source.get(name, "")
    form.listed.data = sent.encode()
    form.columns = [form[name] for name in columns]
    form.words = [
        (target, [(word, form[name_word(target, word)]) for word in words[target]]) for target in MEANT
    ]
    return form


def name_word(target: str, word: str) -> str:
    """Name the field of a word, whatever signs it has."""
    return f"{target}-{hashlib.sha256(word.encode()).hexdigest()[:12]}"


def offer_targets() -> Choices:
    """List what a column may become."""
    return [choose(target, str(NAMES[target])) for target in ("", *TARGETS)]


def _ask(target: str, word: str, meant: str) -> Any:
    if target == "publisher":
        return StringField(word, default=meant)
    choices = _offer_services if target == "service" else _offer_measures
    return SelectField(word, choices=choices, validate_choice=False, default=meant)


def _offer_services() -> Choices:
    return [choose("", str(_("keep these words"))), *offer_services()[1:]]


def _offer_measures() -> Choices:
    return [choose("", str(_("keep these words"))), *offer("official_measure")]
