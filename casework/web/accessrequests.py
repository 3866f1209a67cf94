"""Pages of requests for access to information: the list, and a request from its sending to its end."""

from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from casework.domain.accessrequest import Standing
from casework.domain.permissions import Permission
from casework.services.official import requests
from casework.services.official.requests import AccessRequestView
from casework.web import drafts, record_form
from casework.web.access import requires
from casework.web.forms.accessrequests import LAWS, AccessRequestForm
from casework.web.forms.posted import read_version
from casework.web.identity import get_context
from casework.web.kept_form import Answer
from casework.web.language import format_number
from casework.web.record_form import Desk

pages = Blueprint("accessrequests", __name__)

STANDINGS = {
    Standing.WAITING: _l("waits for an answer"),
    Standing.OVERDUE: _l("overdue"),
    Standing.RECEIVED: _l("answered"),
    Standing.APPEALED: _l("complaint or appeal"),
    Standing.CLOSED: _l("closed"),
}


@pages.get("/access-requests")
@requires(Permission.READ_OFFICIAL_COUNTS)
def index() -> str:
    """List the requests, overdue ones first."""
    context = get_context()
    return render_template(
        "accessrequests/index.html",
        views=requests.list_requests(context),
        standings=STANDINGS,
        laws=LAWS,
        left=days_in_words,
        may_manage=context.may(Permission.MANAGE_OFFICIAL_COUNTS),
    )


@pages.route("/access-requests/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_OFFICIAL_COUNTS, keeps="access_request")
def new() -> Answer:
    """Note a request that was sent."""
    form = AccessRequestForm(formdata=drafts.posted_or_kept())

    def save() -> UUID:
        return requests.add_request(get_context(), form.to_request(), form.kept_as, form.form_id)

    return record_form.serve(_DESK, form, ("access_request", {}), save)


@pages.route("/access-requests/<uuid:request_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_OFFICIAL_COUNTS, keeps="access_request_edit")
def edit(request_id: UUID) -> Answer:
    """Say what became of it."""
    context = get_context()
    view, fields = requests.get_request(context, request_id), drafts.posted_or_kept()
    form = AccessRequestForm(formdata=fields)
    if fields is None:
        form.fill(view.request, view.version)

    def save() -> UUID:
        version, asked = read_version(form.version.data), form.to_request()
        requests.change_request(context, request_id, version, asked, form.kept_as, form.form_id)
        return request_id

    return record_form.serve(_DESK, form, ("access_request_edit", {"request_id": request_id}), save, view)


def days_in_words(view: AccessRequestView) -> str:
    """Say how long until the deadline, or since."""
    days = view.days_left
    if days < 0:
        said = ngettext("%(number)s day late", "%(number)s days late", -days, number=format_number(-days))
    else:
        said = ngettext("%(number)s day left", "%(number)s days left", days, number=format_number(days))
    return str(said)


def _address(request_id: UUID) -> str:
    return url_for("accessrequests.index", _anchor=f"request-{request_id.hex}")


_DESK = Desk(
    page="accessrequests/write.html",
    saved=_l("Request saved."),
    address=_address,
    get=lambda request_id: requests.get_request(get_context(), request_id),
    fill=lambda view: AccessRequestForm(formdata=None).fill(view.request, view.version),
)
