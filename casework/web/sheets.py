"""Taking a list along as it stands on the screen: the cases or incidents that fit the filter."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services import lists, sheets
from casework.services.casefile import FinishedFile
from casework.services.context import Context
from casework.services.lists import Filter
from casework.web import filters
from casework.web.access import requires
from casework.web.casefile import send
from casework.web.confirming import confirmed
from casework.web.faults import show_faults
from casework.web.forms.sheets import SheetForm
from casework.web.identity import get_context
from casework.web.language import language

pages = Blueprint("sheets", __name__)

Answer = Response | tuple[str, int]
Export = Callable[[Context, Filter, sheets.Request], FinishedFile]

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@pages.route("/cases/sheet", methods=["GET", "POST"])
@requires(Permission.EXPORT_RECORDS)
def cases() -> Answer:
    """Take the list of cases along."""
    return _take("cases.index", lists.list_cases, sheets.export_cases)


@pages.route("/incidents/sheet", methods=["GET", "POST"])
@requires(Permission.EXPORT_RECORDS)
def incidents() -> Answer:
    """Take the list of incidents along."""
    return _take("incidents.index", lists.list_incidents, sheets.export_incidents)


def _take(endpoint: str, find: Callable[[Context, Filter], lists.Page[Any]], export: Export) -> Answer:
    context, form = get_context(), SheetForm()
    form.ask(context)
    asked, wanted = filters.read_filter(context)
    listing = filters.lay_out(asked, wanted, find(context, wanted), endpoint)
    if form.validate_on_submit():
        said = (_whose(wanted), *(way.label for way in listing.removable))
        try:
            file = export(confirmed(form), wanted, sheets.Request(form.kind.data or "", language(), said))
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            return send(file, CONTENT_TYPES[form.kind.data])
    shown = {"form": form, "listing": listing, "back": filters.address(endpoint, wanted)}
    page = render_template("sheets/export.html", of_cases=endpoint == "cases.index", **shown)
    return page, 422 if form.errors else 200


def _whose(wanted: Filter) -> str:
    return str(gettext("My cases") if wanted.mine else gettext("All cases"))
