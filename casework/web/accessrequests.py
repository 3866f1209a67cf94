"""Pages of requests for access to information: the list, and a request from its sending to its end."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from casework.domain.accessrequest import AccessRequest, Standing
from casework.domain.permissions import Permission
from casework.services.official import requests
from casework.services.official.requests import AccessRequestView
from casework.services.once import SavedBefore
from casework.web import drafts, kept_form, once
from casework.web.access import requires
from casework.web.forms.accessrequests import LAWS, AccessRequestForm
from casework.web.forms.posted import read_version
from casework.web.identity import get_context
from casework.web.kept_form import Answer
from casework.web.language import format_number
from casework.web.once import KeptAs

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

    def save(asked: AccessRequest) -> UUID:
        return requests.add_request(get_context(), asked, form.kept_as, form.form_id)

    return _serve(form, ("access_request", {}), save)


@pages.route("/access-requests/<uuid:request_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_OFFICIAL_COUNTS, keeps="access_request_edit")
def edit(request_id: UUID) -> Answer:
    """Say what became of it."""
    context = get_context()
    view, fields = requests.get_request(context, request_id), drafts.posted_or_kept()
    form = AccessRequestForm(formdata=fields)
    if fields is None:
        form.fill(view.request, view.version)

    def save(asked: AccessRequest) -> UUID:
        version = read_version(form.version.data)
        requests.change_request(context, request_id, version, asked, form.kept_as, form.form_id)
        return request_id

    return _serve(form, ("access_request_edit", {"request_id": request_id}), save, view)


def days_in_words(view: AccessRequestView) -> str:
    """Say how long until the deadline, or since."""
    days = view.days_left
    if days < 0:
        said = ngettext("%(number)s day late", "%(number)s days late", -days, number=format_number(-days))
    else:
        said = ngettext("%(number)s day left", "%(number)s days left", days, number=format_number(days))
    return str(said)


def _serve(
    form: AccessRequestForm,
    kept_as: KeptAs,
    save: Callable[[AccessRequest], UUID],
    view: AccessRequestView | None = None,
) -> Answer:
    """Show the form, keep it as a draft, or save it; what cannot be saved comes back as it was, with why."""

    def save_and_lead() -> Answer:
        try:
            request_id = save(form.to_request())
        except SavedBefore as saved:
            return once.lead_to_saved(_address(saved.record_id), saved.differs, form, kept_as)
        flash(_("Request saved."), "good")
        return redirect(_address(request_id))

    def meet() -> dict[str, Any]:
        return _meet(form, kept_as[1]["request_id"])

    page = "accessrequests/write.html"
    return kept_form.serve(page, form, kept_as, save_and_lead, meet=meet, view=view, theirs=[])


def _address(request_id: UUID) -> str:
    return url_for("accessrequests.index", _anchor=f"request-{request_id.hex}")


def _meet(form: AccessRequestForm, request_id: UUID) -> dict[str, Any]:
    """Give back what was entered, to be saved over what somebody else saved meanwhile."""
    now = requests.get_request(get_context(), request_id)
    theirs = AccessRequestForm(formdata=None).fill(now.request, now.version)
    form.version.data = str(now.version)
    form.form_errors.append(
        _("Somebody else changed it meanwhile. Below stands what you wrote: look at theirs, then save.")
    )
    rows = [
        (str(field.label.text), _tell(field), _tell(theirs[field.short_name]))
        for field in form
        if field.widget.input_type != "hidden" and _tell(field) != _tell(theirs[field.short_name])
    ]
    return {"view": now, "theirs": rows}


def _tell(field: Any) -> str:
    data = str(field.data or "").strip()
    names = {law.value: str(name) for law, name in LAWS.items()}
    return names.get(data, data) if field.short_name == "law" else data
