"""Pages of releases: written, looked at, approved by somebody else, withdrawn."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid, VaultError
from casework.reports.publication.grids import lay_out_release
from casework.services.context import Context
from casework.services.membership.members import name_everybody
from casework.services.releases import doubt, drafting, withdrawing
from casework.services.releases.downloads import list_downloads
from casework.services.releases.looks import Look
from casework.services.releases.losses import find_losses
from casework.services.releases.reading import read_release
from casework.services.releases.shelf import ReleaseView, open_shelf
from casework.services.releases.standing import find_standing
from casework.services.releases.versions import find_to_replace
from casework.web import drafts, figures, refusal_words, release_form, release_look, release_page
from casework.web.access import requires
from casework.web.faults import flash_faults, show_faults
from casework.web.forms.posted import read_version
from casework.web.forms.releases import NoteForm
from casework.web.identity import get_context
from casework.web.language import format_number, language

pages = Blueprint("releases", __name__)

Answer = str | Response | tuple[str, int]


@pages.get("/releases")
@requires(Permission.COMPOSE_RELEASES)
def index() -> str:
    """List the releases and what is on its way to be one."""
    context = get_context()
    shelf = open_shelf(context)
    return render_template(
        "releases/index.html",
        shelf=shelf,
        standing=find_standing(context, shelf),
        losses=find_losses(context, shelf),
        begun=drafts.list_of_releases(),
        doubt=doubt.find_doubt(context),
        renewable={view.id for view in shelf.views if find_to_replace(shelf, view.release)},
        may_approve=context.may(Permission.APPROVE_RELEASES),
        threshold=context.runtime.limits.threshold,
        words=release_page,
    )


@pages.route("/releases/new", methods=["GET", "POST"])
@requires(Permission.COMPOSE_RELEASES, keeps="release_new")
def new() -> Answer:
    """Begin a release."""
    context = get_context()
    form = release_form.begin(context)

    def save() -> UUID:
        return drafting.create_release(context, form.to_draft(), form.kept_as, form.form_id)

    return release_form.serve(form, ("release_new", {}), save)


@pages.route("/releases/<uuid:release_id>/edit", methods=["GET", "POST"])
@requires(Permission.COMPOSE_RELEASES, keeps="release_edit")
def edit(release_id: UUID) -> Answer:
    """Write it anew."""
    context = get_context()
    view = drafting.get_release(context, release_id)
    form = release_form.begin(context, view)

    def save() -> UUID:
        version = read_version(form.version.data)
        draft = form.to_draft()
        drafting.change_release(context, release_id, version, draft, form.kept_as, form.form_id)
        return release_id

    return release_form.serve(form, ("release_edit", {"release_id": release_id}), save, view)


@pages.get("/releases/<uuid:release_id>")
@requires(Permission.COMPOSE_RELEASES)
def show(release_id: UUID) -> Answer:
    """Show a release: its numbers once it is approved or were looked at, before that what it asks."""
    context = get_context()
    look = release_look.take(context, release_id)
    is_running = bool(look and not look.is_finished)
    try:
        view = drafting.get_release(context, release_id)
        page = make_response(*_show(context, view, NoteForm(), look, is_running))
    except VaultError:
        return _show_closed(context, release_id)
    if is_running:
        page.headers["Refresh"] = release_look.REFRESH_SECONDS
    return page


@pages.post("/releases/<uuid:release_id>/preview")
@requires(Permission.COMPOSE_RELEASES)
def preview(release_id: UUID) -> Answer:
    """Begin to look at the numbers as they would be approved now; the release's page says how far it is."""
    release_look.begin(get_context(), release_id)
    return redirect(url_for("releases.show", release_id=release_id))


@pages.post("/releases/<uuid:release_id>/stop")
@requires(Permission.COMPOSE_RELEASES)
def stop(release_id: UUID) -> Answer:
    """Do not look any further, or do not approve."""
    release_look.stop(get_context(), release_id)
    return redirect(url_for("releases.show", release_id=release_id))


@pages.post("/releases/<uuid:release_id>/coarsen")
@requires(Permission.COMPOSE_RELEASES)
def coarsen(release_id: UUID) -> Answer:
    """Put coarser tables in the place of those that cannot be shown, or another period."""
    wanted = [tuple(filter(None, one.split("+"))) for one in request.form.get("tables", "").split(" ") if one]
    version, posted = read_version(request.form.get("version")), request.form
    return _do(
        release_id,
        lambda context: drafting.replace_tables(
            context, release_id, version, wanted, release_form.read_period(posted)
        ),
        _("Changed. Look at its numbers again."),
    )


@pages.post("/releases/<uuid:release_id>/submit")
@requires(Permission.COMPOSE_RELEASES)
def submit(release_id: UUID) -> Answer:
    """Ask somebody else to approve it."""
    version, was_reread = read_version(request.form.get("version")), "reread" in request.form
    return _do(
        release_id,
        lambda context: drafting.submit_release(context, release_id, version, was_reread=was_reread),
        _("Submitted. A coordinator who wrote nothing of it can approve it now."),
    )


@pages.post("/releases/<uuid:release_id>/pull-back")
@requires(Permission.COMPOSE_RELEASES)
def pull_back(release_id: UUID) -> Answer:
    """Make what waits for approval a draft again."""
    version = read_version(request.form.get("version"))
    return _do(
        release_id,
        lambda context: drafting.pull_back_release(context, release_id, version),
        _("Taken back. It is a draft again, as you wrote it."),
    )


@pages.post("/releases/<uuid:release_id>/return")
@requires(Permission.APPROVE_RELEASES)
def give_back(release_id: UUID) -> Answer:
    """Give it back to its writers, with a note."""
    context, form = get_context(), NoteForm()
    try:
        drafting.return_release(context, release_id, read_version(form.version.data), form.note.data or "")
    except Invalid as invalid:
        show_faults(form, invalid)
        look = release_look.take(context, release_id)
        is_running = bool(look and not look.is_finished)
        return _show(context, drafting.get_release(context, release_id), form, look, is_running)
    flash(_("Given back to its writers, with your note."), "good")
    return redirect(url_for("releases.show", release_id=release_id))


@pages.post("/releases/<uuid:release_id>/approve")
@requires(Permission.APPROVE_RELEASES)
def approve(release_id: UUID) -> Answer:
    """Begin to freeze it as it was seen."""
    version, mark = read_version(request.form.get("version")), request.form.get("mark", "")
    release_look.begin_approval(get_context(), release_id, version, mark)
    return redirect(url_for("releases.show", release_id=release_id))


@pages.post("/releases/<uuid:release_id>/withdraw")
@requires(Permission.APPROVE_RELEASES)
def withdraw(release_id: UUID) -> Answer:
    """Withdraw it, with a reason that everybody may read."""
    context, form = get_context(), NoteForm()
    try:
        withdrawing.withdraw_release(context, release_id, read_version(form.version.data), form.reasons())
    except Invalid as invalid:
        show_faults(form, invalid)
        return _show(context, drafting.get_release(context, release_id), form)
    flash(_("Withdrawn. It stays in the ledger, since it was read."), "good")
    return redirect(url_for("releases.show", release_id=release_id))


@pages.post("/releases/<uuid:release_id>/discard")
@requires(Permission.COMPOSE_RELEASES)
def discard(release_id: UUID) -> Answer:
    """Throw a draft away."""
    drafting.discard_release(get_context(), release_id, read_version(request.form.get("version")))
    flash(_("Draft thrown away."), "good")
    return redirect(url_for("releases.index"))


@pages.post("/releases/ledger")
@requires(Permission.APPROVE_RELEASES)
def accept_ledger() -> Response:
    """Say that one looked for releases that a restore may have lost."""
    doubt.accept_ledger(get_context())
    flash(_("Noted. Releases can be approved again."), "good")
    return redirect(url_for("releases.index"))


def _do(release_id: UUID, deed: Callable[[Context], object], said: str) -> Response:
    """Do it, and say so on the release's page, or say why not."""
    try:
        deed(get_context())
    except Invalid as invalid:
        flash_faults(invalid)
    else:
        flash(said, "good")
    return redirect(url_for("releases.show", release_id=release_id))


def _show_closed(context: Context, release_id: UUID) -> tuple[str, int]:
    """Say of a release that does not open, or that stands in a ledger with one, what to do."""
    closed = open_shelf(context).closed
    own = next((one for one in closed if one.id == release_id), None)
    others = [one for one in closed if one.id != release_id]
    is_coordinator = context.may(Permission.APPROVE_RELEASES)
    page = render_template(
        "releases/closed.html", closed=own, others=others, is_coordinator=is_coordinator, words=release_page
    )
    return page, 500


def _show(
    context: Context, view: ReleaseView, form: NoteForm, look: Look | None = None, is_running: bool = False
) -> tuple[str, int]:
    """Draw the page; whether the look is on its way is asked once, before: it may end while this is drawn."""
    shelf = open_shelf(context) if view.release.frozen else None
    published = read_release(context, view.id, shelf) if shelf else None
    draft = view.release.draft
    answer = look.seen if look and not published and not is_running else None
    seen = answer if look and look.draft.question == draft.question else None
    protected = published.protected if published else seen.release if seen else None
    page = render_template(
        "releases/show.html",
        view=view,
        form=form,
        look=look,
        is_running=is_running,
        seen=seen,
        is_outdated=bool(answer and not seen),
        published=published,
        after=find_to_replace(shelf, view.release) if shelf else None,
        files=list_downloads(published) if published else (),
        tables=lay_out_release(protected, draft.tables, draft.period, language()) if protected else (),
        may_approve=view.may_be_approved_by(context),
        is_own=view.was_written_by(context),
        may_withdraw=context.may(Permission.APPROVE_RELEASES),
        withdrawals=find_standing(context, shelf).get(view.id) if published else None,
        lost=find_losses(context, shelf).get(view.id) if published else None,
        threshold=context.runtime.limits.threshold,
        names=name_everybody(context),
        words=release_page,
        looks=release_look,
        figures=figures,
        refusals=refusal_words,
        format_number=format_number,
    )
    return page, 422 if form.errors else 200
