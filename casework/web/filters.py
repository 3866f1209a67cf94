"""A list as its page shows it: the filters in force, each with the way to take it off, and the pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from casework.services.context import Context
from casework.services.lists import PAGE_SIZE, Filter, Page
from casework.services.offers import get_offers
from casework.services.searches import open_search, seal_search
from casework.web.forms.lists import FilterForm, query_of
from casework.web.identity import get_context, member_cookie
from casework.web.language import label, write_day

_SEARCHED = "q"


@dataclass(frozen=True)
class Way:
    """A link to another part of the list."""

    url: str
    label: str = ""


@dataclass(frozen=True)
class Listing:
    """A page of a list with its filter; `taking` is where all of it is given out as a file."""

    form: FilterForm
    wanted: Filter
    page: Page[Any]
    url: str
    taking: str
    removable: list[Way]
    previous: Way | None
    following: Way | None

    @property
    def first(self) -> int:
        """The number of the first line."""
        return (self.page.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        """The number of the last line."""
        return self.first + len(self.page.lines) - 1

    @property
    def is_filtered(self) -> bool:
        """Whether anything beside "mine" narrows the list."""
        return bool(self.removable)

    @property
    def fields(self) -> Mapping[str, str]:
        """The filter as hidden fields, for a form that comes back to this list."""
        return fields_of(self.wanted)


def read_filter(context: Context) -> tuple[FilterForm, Filter]:
    """Return the filter that this request asks for."""
    searched = open_search(context, member_cookie(), request.args.get(_SEARCHED, ""))
    form = FilterForm.read(get_offers(context), searched)
    return form, form.to_filter()


def address(endpoint: str, wanted: Filter) -> str:
    """Return the address of a list with its filter; the text stands in it sealed under the session."""
    return address_of(endpoint, fields_of(wanted))


def address_of(endpoint: str, fields: Mapping[str, str]) -> str:
    """Return the same of a filter that was kept as the fields of a form."""
    query: dict[str, Any] = {name: value for name, value in fields.items() if name != "text"}
    if fields.get("text"):
        query[_SEARCHED] = seal_search(get_context(), member_cookie(), fields["text"])
    return url_for(endpoint, **query)


def lay_out(form: FilterForm, wanted: Filter, page: Page[Any], endpoint: str) -> Listing:
    """Describe a page of a list."""
    return Listing(
        form=form,
        wanted=wanted,
        page=page,
        url=url_for(endpoint),
        taking=address(f"sheets.{endpoint.partition('.')[0]}", replace(wanted, page=1)),
        removable=_removable(form, wanted, endpoint),
        previous=_turn(wanted, page.number - 1, endpoint) if page.number > 1 else None,
        following=_turn(wanted, page.number + 1, endpoint) if page.number < page.page_count else None,
    )


def _removable(form: FilterForm, wanted: Filter, endpoint: str) -> list[Way]:
    bare = replace(wanted, page=1)
    ways = []
    if wanted.status:
        ways.append(_way(replace(bare, status=""), endpoint, label(wanted.status, "case_status")))
    if wanted.first_day or wanted.last_day:
        ways.append(_way(replace(bare, first_day=None, last_day=None), endpoint, _period(wanted)))
    if wanted.police_service:
        service = label(wanted.police_service, "police_service")
        ways.append(_way(replace(bare, police_service=""), endpoint, service))
    if wanted.contact_group:
        group = label(wanted.contact_group, "contact_group")
        ways.append(_way(replace(bare, contact_group=""), endpoint, group))
    if wanted.pattern:
        name = form.names.get(wanted.pattern.hex, str(gettext("A pattern that is not there")))
        ways.append(_way(replace(bare, pattern=None), endpoint, name))
    if wanted.text:
        said = str(gettext("“%(text)s”", text=wanted.text))
        ways.append(_way(replace(bare, text=""), endpoint, said))
    return ways


def _period(wanted: Filter) -> str:
    first = write_day(wanted.first_day, "medium") if wanted.first_day else ""
    last = write_day(wanted.last_day, "medium") if wanted.last_day else ""
    if first and last:
        return str(gettext("%(first)s to %(last)s", first=first, last=last))
    return str(gettext("since %(day)s", day=first) if first else gettext("until %(day)s", day=last))


def _turn(wanted: Filter, number: int, endpoint: str) -> Way:
    return _way(replace(wanted, page=number), endpoint)


def _way(wanted: Filter, endpoint: str, name: str = "") -> Way:
    return Way(address(endpoint, wanted), name)


def fields_of(wanted: Filter) -> dict[str, str]:
    """Return a filter as hidden fields, its text too."""
    return query_of(wanted) | ({"text": wanted.text} if wanted.text else {})
