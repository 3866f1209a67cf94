"""Files of approved releases: given out, and held against what was released."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.releases.authenticity import check_file
from casework.services.releases.downloads import give_file
from casework.web import release_page
from casework.web.access import requires
from casework.web.casefile import send
from casework.web.faults import show_faults
from casework.web.forms.publications import CheckForm
from casework.web.identity import get_context

pages = Blueprint("publications", __name__)


@pages.get("/releases/<uuid:release_id>/files/<name>")
@requires(Permission.COMPOSE_RELEASES)
def download(release_id: UUID, name: str) -> Response:
    """Give out a file of a release."""
    return send(*give_file(get_context(), release_id, name))


@pages.get("/releases/authentic")
@requires(Permission.COMPOSE_RELEASES)
def ask() -> str:
    """Ask for a file that somebody has."""
    return render_template("publications/authentic.html", form=CheckForm(formdata=None), answer=None)


@pages.post("/releases/authentic")
@requires(Permission.COMPOSE_RELEASES)
def check() -> str | tuple[str, int]:
    """Say whether it is as it was released; it is read in memory, and kept nowhere."""
    context, form, answer = get_context(), CheckForm(), None
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid(file=N_("Choose a file first."))
        answer = check_file(context, sent.filename, sent.read())
    except Invalid as invalid:
        show_faults(form, invalid)
    page = render_template(
        "publications/authentic.html",
        form=form,
        answer=answer,
        name=sent.filename if sent else "",
        words=release_page,
    )
    return page, 422 if form.errors else 200
