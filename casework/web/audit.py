"""The audit log, for coordinators."""

from dataclasses import replace
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.auditing import browsing, expiry, naming
from casework.services.auditing.anchors import accept_log
from casework.services.auditing.browsing import LogFilter, LogPage
from casework.services.auditing.entries import Opened
from casework.services.auditing.naming import Names
from casework.services.auditing.watched import find_log_check, run_log_check
from casework.services.context import Context
from casework.services.signing_in.sessions import is_open
from casework.web.access import requires
from casework.web.audit_words import case_of, write_sentence
from casework.web.background import run_in_background
from casework.web.faults import flash_faults, show_faults
from casework.web.forms.audit import HoldForm, LogFilterForm, query_of
from casework.web.identity import get_context, member_cookie

pages = Blueprint("audit", __name__)

_REFRESH_SECONDS = "2"


@pages.route("/audit", methods=["GET", "POST"])
@requires(Permission.READ_AUDIT)
def index() -> Response | str | tuple[str, int]:
    """Show a page of the log, newest first; a filter is posted, and leads to an address with ids only."""
    context = get_context()
    names = naming.look_up(context)
    form = LogFilterForm.read(names, browsing.default_first_day(context))
    try:
        wanted = form.to_filter(names)
    except Invalid as invalid:
        show_faults(form, invalid)
        return _faulty(form), 422
    if request.method == "POST":
        return redirect(url_for("audit.index", **query_of(wanted)))
    page = browsing.browse(context, wanted)
    return render_template(
        "audit/index.html",
        form=form,
        days=_days(context, page, names),
        page=page,
        older=_older(wanted, page),
        due=expiry.find_due(context),
        is_narrow=bool(wanted.group or wanted.member or wanted.case or wanted.last_day),
    )


@pages.get("/audit/verify")
@requires(Permission.READ_AUDIT)
def verify() -> Response:
    """Say what the last check of the log found, or how far one is; then the page asks again by itself."""
    check = find_log_check(get_context())
    answer = make_response(render_template("audit/verify.html", check=check))
    if check and check.is_running:
        answer.headers["Refresh"] = _REFRESH_SECONDS
    return answer


@pages.post("/audit/verify")
@requires(Permission.READ_AUDIT)
def begin_verifying() -> Response:
    """Begin to check the log, with this session's keys for as long as it is open."""
    context, cookie = get_context(), member_cookie()
    run_in_background(lambda: run_log_check(context, lambda: is_open(cookie)))
    return redirect(url_for("audit.verify"))


@pages.post("/audit/hold")
@requires(Permission.READ_AUDIT)
def hold() -> Response:
    """Let no entry expire, until a day or without end."""
    form = HoldForm()
    try:
        expiry.hold_log(get_context(), form.until.read())
    except Invalid as invalid:
        flash_faults(invalid)
    else:
        flash(_("The log is held. No entry expires."), "good")
    return redirect(url_for("audit.keeping"))


@pages.post("/audit/release")
@requires(Permission.READ_AUDIT)
def release() -> Response:
    """Let entries expire again."""
    expiry.release_log(get_context())
    flash(_("The log is not held any more. Entries expire again."), "good")
    return redirect(url_for("audit.keeping"))


@pages.post("/audit/expire")
@requires(Permission.READ_AUDIT)
def expire() -> Response:
    """Remove the expired entries that were shown."""
    through = request.form.get("through", "")
    count = expiry.expire(get_context(), int(through) if through.isascii() and through.isdigit() else 0)
    flash(ngettext("One expired entry was removed.", "%(num)d expired entries were removed.", count), "good")
    return redirect(url_for("audit.keeping"))


@pages.get("/audit/keeping")
@requires(Permission.READ_AUDIT)
def keeping() -> str:
    """Show how long entries are kept, who holds the log, and what has expired."""
    context = get_context()
    held = expiry.find_hold(context)
    return render_template(
        "audit/keeping.html",
        months=context.runtime.limits.audit_months,
        hold=held,
        holder=naming.look_up(context).members.get(held.by, _("somebody")) if held else "",
        due=expiry.find_due(context),
        form=HoldForm(),
    )


@pages.post("/audit/accept")
@requires(Permission.READ_AUDIT)
def accept() -> Response:
    """Take a log that does not fit as it is."""
    accept_log(get_context())
    flash(_("The log is taken as it is. Your next sign-ins check from here on."), "good")
    return redirect(url_for("audit.index"))


def _faulty(form: LogFilterForm) -> str:
    return render_template(
        "audit/index.html", form=form, days=[], page=None, older="", is_narrow=True, due=None
    )


def _older(wanted: LogFilter, page: LogPage) -> str:
    query = query_of(replace(wanted, before=None))
    return url_for("audit.index", **query, before=page.older) if page.older else ""


def _days(context: Context, page: LogPage, names: Names) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Return the entries by the day they were written, where the organization is."""
    lines, at = [], context.runtime.now()
    for entry in page.lines:
        at = entry.body.at if entry.body else at
        lines.append((at.astimezone(context.runtime.timezone), _line(entry, names)))
    return [
        (day, [line for _at, line in of_day]) for day, of_day in groupby(lines, lambda line: line[0].date())
    ]


def _line(entry: Opened, names: Names) -> dict[str, Any]:
    body = entry.body
    return {
        "sequence": entry.sequence,
        "at": body.at if body else None,
        "sentence": write_sentence(body, names) if body else "",
        "case": case_of(body, names) if body else None,
    }
