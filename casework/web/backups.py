"""Backups: when the last one was made, making one now, taking a copy."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.backups import keeping
from casework.services.backups.elsewhere import find_copy_failure
from casework.services.backups.ledger import find_ledger_failure
from casework.services.backups.making import find_failure, make_backup
from casework.services.backups.progress import find_progress
from casework.services.signing_in.sessions import is_open
from casework.services.verifying.watched import find_check, run_check
from casework.web.access import requires
from casework.web.background import run_in_background
from casework.web.confirming import confirmed
from casework.web.faults import show_faults
from casework.web.forms.proof import ProofForm
from casework.web.identity import get_context, member_cookie, runtime
from casework.web.saving import save_as

pages = Blueprint("backups", __name__)
Page = Response | str | tuple[str, int]

_REFRESH_SECONDS = "2"


@pages.get("/backups")
@requires(Permission.MAKE_BACKUPS)
def index() -> Response:
    """List the backups, and say how far one is that is being made; then the page asks again by itself."""
    context = get_context()
    progress, backups = find_progress(context), keeping.list_backups(context)
    check = find_check(context)
    page = render_template(
        "backups/index.html",
        backups=backups,
        progress=progress,
        failure=find_failure(runtime()) if progress is None else None,
        copy_failure=find_copy_failure(runtime()),
        ledger_failure=find_ledger_failure(runtime()),
        is_overdue=keeping.is_overdue(runtime(), backups),
        keep_days=runtime().limits.backup_days,
        check=check,
    )
    answer = make_response(page)
    if progress is not None or (check and check.is_running):
        answer.headers["Refresh"] = _REFRESH_SECONDS
    return answer


@pages.post("/backups")
@requires(Permission.MAKE_BACKUPS)
def make() -> Response:
    """Begin to make a backup."""
    held, context, cookie = runtime(), get_context(), member_cookie()
    run_in_background(lambda: make_backup(held, lambda: context if is_open(cookie) else None))
    if find_progress(context) is None and find_failure(held) is None:
        flash(_("The backup is made."), "good")
    return redirect(url_for("backups.index"))


@pages.post("/backups/verify")
@requires(Permission.MAKE_BACKUPS)
def verify() -> Response:
    """Begin to open every record, with this session's keys for as long as it is open."""
    context, cookie = get_context(), member_cookie()
    run_in_background(lambda: run_check(context, lambda: is_open(cookie)))
    return redirect(url_for("backups.index", _anchor="verify"))


@pages.route("/backups/<uuid:backup_id>/download", methods=["GET", "POST"])
@requires(Permission.MAKE_BACKUPS)
def download(backup_id: UUID) -> Page:
    """Say what a copy is, and give it out to who shows once more who they are."""
    context, form = get_context(), ProofForm()
    form.ask(context)
    backup = keeping.get_backup(context, backup_id)
    if form.validate_on_submit():
        try:
            file = keeping.take_copy(confirmed(form), backup_id)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            return save_as(send_file(file, "application/octet-stream"), file.name)
    page = render_template("backups/download.html", form=form, backup=backup)
    return page, 400 if form.errors else 200
