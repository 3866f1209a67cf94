"""The filter bar of the lists, and what is done to several incidents of a list at once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SearchField, SelectField, SelectMultipleField

from casework.domain.pattern import MERGED
from casework.domain.vocabulary import code_list
from casework.errors import Invalid
from casework.services.lists import PAGE_SIZE, Filter
from casework.services.offers import Offers
from casework.web.forms.coded import Choices, DayField, choose, offer
from casework.web.forms.offers import offer_patterns, offer_services, sort_names
from casework.web.forms.posted import read_ids, read_optional_id
from casework.web.language import language


class FilterForm(FlaskForm):
    """What a list shows. Its text is posted; an address holds it only sealed."""

    class Meta:
        """The token is checked for every post, whatever the form."""

        csrf = False

    who = SelectField(_l("Whose"), validate_choice=False)
    status = SelectField(_l("State"), default="", validate_choice=False)
    first = DayField(_l("From"))
    last = DayField(_l("To"))
    service = SelectField(_l("Police service"), default="", validate_choice=False)
    group = SelectField(_l("Contact"), default="", validate_choice=False)
    pattern = SelectField(_l("Pattern"), default="", validate_choice=False)
    text = SearchField(_l("Name or words"))

    active: Choices
    """The patterns that may still be set."""
    names: Mapping[str, str]
    """The names of all patterns by id, as a form has it."""

    @classmethod
    def read(cls, offers: Offers, searched: str) -> "FilterForm":
        """Return the filter of this request; `searched` is the text that its address carried, opened."""
        form = cls(formdata=request.form if request.method == "POST" else request.args)
        if request.method == "GET":
            form.text.data = searched
        everything = choose("", str(_l("All")))
        form.who.choices = [choose("mine", str(_l("My cases"))), choose("all", str(_l("All cases")))]
        form.status.choices = [choose("", str(_l("Open and closed"))), *offer("case_status")]
        form.service.choices = [everything, *offer_services(offers.police_services)]
        form.group.choices = [everything, *offer("contact_group", ("not_asked",))]
        shown = [view for view in offers.patterns if view.definition.status != MERGED]
        form.active = offer_patterns(offers, ())
        form.names = dict(sort_names({view.id.hex: view.definition.name(language()) for view in shown}))
        form.pattern.choices = [
            everything,
            *(choose(value, name) for value, name in form.names.items()),
        ]
        return form

    def to_filter(self) -> Filter:
        """Return what to list; an answer that is none narrows nothing."""
        page = request.values.get("page", "")
        return Filter(
            mine=self.who.data != "all",
            first_day=_day(self.first),
            last_day=_day(self.last),
            police_service=_code(self.service.data, "police_service"),
            contact_group=_code(self.group.data, "contact_group"),
            pattern=read_optional_id(self.pattern.data),
            status=_code(self.status.data, "case_status"),
            text=(self.text.data or "").strip()[:200],
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )


class TagForm(FlaskForm):
    """A pattern for the ticked incidents: set it, or take it off."""

    incident = SelectMultipleField(choices=[], validate_choice=False)
    tag = SelectField(choices=[], validate_choice=False)
    deed = HiddenField()

    def fault(self) -> str:
        """Return what is missing, empty when nothing is."""
        if not self.incident.data:
            return str(_l("Nothing was changed. Tick the incidents first."))
        if not self.tag.data:
            return str(_l("Nothing was changed. Choose a pattern."))
        if len(self.incident.data) > PAGE_SIZE:
            return str(_l("Nothing was changed. Tick only what one page of the list shows."))
        return ""

    def incidents(self) -> list[UUID]:
        """Return the ticked ones; raises Invalid."""
        return sorted(read_ids(self.incident))

    @property
    def is_present(self) -> bool:
        """Whether the pattern is to be set."""
        return bool(self.deed.data != "remove")


def query_of(wanted: Filter) -> dict[str, str]:
    """Return a filter as an address holds it, without what does not narrow; never with its text."""
    query = {
        "who": "" if wanted.mine else "all",
        "status": wanted.status,
        "first": wanted.first_day.isoformat() if wanted.first_day else "",
        "last": wanted.last_day.isoformat() if wanted.last_day else "",
        "service": wanted.police_service,
        "group": wanted.contact_group,
        "pattern": wanted.pattern.hex if wanted.pattern else "",
        "page": str(wanted.page) if wanted.page > 1 else "",
    }
    return {name: value for name, value in query.items() if value}


def _day(field: DayField) -> Any:
    try:
        return field.read()
    except Invalid:
        return None


def _code(text: str | None, list_name: str) -> str:
    return text if text and text in code_list(list_name) else ""
