"""Pages of releases: written, looked at, approved by somebody else, withdrawn."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.period import Period
from casework.domain.permissions import Permission
from casework.domain.releasedraft import ReleaseDraft
from casework.errors import Conflict, Invalid, TooSoon
from casework.reports.publication.grids import lay_out_release
from casework.services.context import Context
from casework.services.releases import approving, drafting, previewing, withdrawing
from casework.services.releases.downloads import list_downloads
from casework.services.releases.drafting import ReleaseView
from casework.services.releases.previewing import Preview
from casework.services.releases.reading import read_release
from casework.services.releases.standing import find_standing
from casework.services.statistics.compose import offer
from casework.web import release_page
from casework.web.access import requires
from casework.web.faults import flash_faults, show_faults
from casework.web.forms.posted import read_version
from casework.web.forms.releases import NoteForm, ReleaseForm
from casework.web.identity import get_context
from casework.web.language import format_number, language

pages = Blueprint("releases", __name__)

Answer = str | Response | tuple[str, int]


@pages.get("/releases")
@requires(Permission.COMPOSE_RELEASES)
def index() -> str:
    """List the releases and what is on its way to be one."""
    context = get_context()
    views = drafting.list_releases(context)
    return render_template(
        "releases/index.html",
        approved=[view for view in reversed(views) if view.release.frozen],
        drafts=[view for view in views if not view.release.frozen],
        standing=find_standing(context),
        threshold=context.runtime.limits.threshold,
        words=release_page,
    )


@pages.route("/releases/new", methods=["GET", "POST"])
@requires(Permission.COMPOSE_RELEASES)
def new() -> Answer:
    """Begin a release."""
    context = get_context()
    form = _form(context)
    if request.method == "GET":
        form.fill(_first_draft(context))
    elif form.validate_on_submit():
        try:
            release_id = drafting.create_release(context, form.draft())
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            flash(_("Draft saved. Now look at its numbers."), "good")
            return redirect(url_for("releases.show", release_id=release_id))
    return render_template("releases/write.html", form=form, view=None), 422 if form.errors else 200


@pages.route("/releases/<uuid:release_id>/edit", methods=["GET", "POST"])
@requires(Permission.COMPOSE_RELEASES)
def edit(release_id: UUID) -> Answer:
    """Write it anew."""
    context = get_context()
    view, form = drafting.get_release(context, release_id), _form(context)
    if request.method == "GET":
        form.fill(view.release.edited_draft(), view.version)
    elif form.validate_on_submit():
        try:
            drafting.change_release(context, release_id, read_version(form.version.data), form.draft())
        except Invalid as invalid:
            show_faults(form, invalid)
        except Conflict:
            return _meet(form, drafting.get_release(context, release_id))
        else:
            flash(_("Draft saved. Now look at its numbers."), "good")
            return redirect(url_for("releases.show", release_id=release_id))
    return render_template("releases/write.html", form=form, view=view), 422 if form.errors else 200


@pages.get("/releases/<uuid:release_id>")
@requires(Permission.COMPOSE_RELEASES)
def show(release_id: UUID) -> Answer:
    """Show a release: its numbers once it is approved, before that what it asks."""
    context = get_context()
    return _show(context, drafting.get_release(context, release_id), NoteForm())


@pages.post("/releases/<uuid:release_id>/preview")
@requires(Permission.COMPOSE_RELEASES)
def preview(release_id: UUID) -> Answer:
    """Look at the numbers as they would be approved now."""
    context = get_context()
    view = drafting.get_release(context, release_id)
    try:
        seen = previewing.preview_release(context, release_id)
    except TooSoon as too_soon:
        minutes = -(-too_soon.seconds // 60)
        flash(
            _(
                "You looked at many numbers within an hour. Look again in %(minutes)s minutes.",
                minutes=minutes,
            ),
            "bad",
        )
    except Invalid as invalid:
        flash_faults(invalid)
    else:
        return _show(context, view, NoteForm(formdata=None), seen)
    return redirect(url_for("releases.show", release_id=release_id))


@pages.post("/releases/<uuid:release_id>/coarsen")
@requires(Permission.COMPOSE_RELEASES)
def coarsen(release_id: UUID) -> Answer:
    """Put a coarser table in the place of one that cannot be shown."""
    names, instead = (
        tuple(filter(None, request.form.get(field, "").split("+"))) for field in ("table", "instead")
    )
    version = read_version(request.form.get("version"))
    return _do(
        release_id,
        lambda context: drafting.replace_table(context, release_id, version, names, instead),
        _("Changed. Look at its numbers again."),
    )


@pages.post("/releases/<uuid:release_id>/submit")
@requires(Permission.COMPOSE_RELEASES)
def submit(release_id: UUID) -> Answer:
    """Ask somebody else to approve it."""
    version = read_version(request.form.get("version"))
    return _do(
        release_id,
        lambda context: drafting.submit_release(context, release_id, version),
        _("Submitted. A coordinator who wrote nothing of it can approve it now."),
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
        return _show(context, drafting.get_release(context, release_id), form)
    flash(_("Given back to its writers, with your note."), "good")
    return redirect(url_for("releases.show", release_id=release_id))


@pages.post("/releases/<uuid:release_id>/approve")
@requires(Permission.APPROVE_RELEASES)
def approve(release_id: UUID) -> Answer:
    """Freeze it as it was seen."""
    version, mark = read_version(request.form.get("version")), request.form.get("mark", "")
    return _do(
        release_id,
        lambda context: approving.approve_release(context, release_id, version, mark),
        _("Approved. From now on it stays as it is."),
    )


@pages.post("/releases/<uuid:release_id>/withdraw")
@requires(Permission.APPROVE_RELEASES)
def withdraw(release_id: UUID) -> Answer:
    """Withdraw it, with a reason that everybody may read."""
    context, form = get_context(), NoteForm()
    try:
        withdrawing.withdraw_release(
            context, release_id, read_version(form.version.data), form.reason.data or ""
        )
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


def _do(release_id: UUID, deed: Callable[[Context], object], said: str) -> Response:
    """Do it, and say so on the release's page, or say why not."""
    try:
        deed(get_context())
    except Invalid as invalid:
        flash_faults(invalid)
    else:
        flash(said, "good")
    return redirect(url_for("releases.show", release_id=release_id))


def _show(
    context: Context, view: ReleaseView, form: NoteForm, seen: Preview | None = None
) -> tuple[str, int]:
    published = read_release(context, view.id) if view.release.frozen else None
    protected = published.protected if published else seen.release if seen else None
    draft = view.release.draft
    page = render_template(
        "releases/show.html",
        view=view,
        form=form,
        seen=seen,
        published=published,
        files=list_downloads(published) if published else (),
        tables=lay_out_release(protected, draft.tables, draft.period, language()) if protected else (),
        may_approve=view.may_be_approved_by(context),
        may_withdraw=context.may(Permission.APPROVE_RELEASES),
        withdrawals=find_standing(context).get(view.id) if published else None,
        threshold=context.runtime.limits.threshold,
        words=release_page,
        format_number=format_number,
    )
    return page, 422 if form.errors else 200


def _meet(form: ReleaseForm, view: ReleaseView) -> tuple[str, int]:
    """Give back what was written, to be saved over what somebody else saved meanwhile."""
    form.version.data = str(view.version)
    form.form_errors.append(
        _("Somebody else changed it meanwhile. Below stands what you wrote: look at theirs, then save.")
    )
    return render_template("releases/write.html", form=form, view=view, is_met=True), 409


def _form(context: Context) -> ReleaseForm:
    numbers = [view.release.frozen.number for view in drafting.list_releases(context) if view.release.frozen]
    return ReleaseForm().offer(offer(context).years, numbers)


def _first_draft(context: Context) -> ReleaseDraft:
    """Propose the last whole year, or the first that there is."""
    years = offer(context).years
    year = max([one for one in years if one < context.runtime.today().year] or years[:1])
    period = Period((year, 1), (year, 4))
    return ReleaseDraft(
        unit="incidents",
        period=period,
        texts={},
        tables=(("contact_group",),),
        k=max(5, offer(context).threshold),
    )
