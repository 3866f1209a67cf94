"""Pages of the official counts: what others published, by service, and how a figure is entered."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.official import ACTIVE, OfficialCount
from casework.domain.permissions import Permission
from casework.services.official import counts
from casework.services.official.ours import find_ours
from casework.web import official_form
from casework.web.access import requires
from casework.web.forms.official import RetireCountForm
from casework.web.forms.officialfilter import OfficialFilterForm
from casework.web.forms.posted import read_version
from casework.web.identity import get_context
from casework.web.kept_form import Answer
from casework.web.language import format_number, language
from casework.web.official_charts import draw_beside, draw_charts, draw_ours
from casework.web.official_page import tell
from casework.web.official_services import list_services, list_totals

pages = Blueprint("official", __name__)


@pages.get("/official-counts")
@requires(Permission.READ_OFFICIAL_COUNTS)
def index() -> str:
    """List the figures by service, those that contradict each other side by side."""
    context = get_context()
    views = counts.list_all(context)
    form = OfficialFilterForm.read(views)
    asked = form.to_asked()
    retired = [] if asked.count else [one for one in counts.list_counts(context) if one.count.state != ACTIVE]
    return render_template(
        "official/index.html",
        form=form,
        asked=asked,
        is_unfolded=bool(asked.count) or "unfold" in request.args,
        services=list_services(views, asked),
        totals=[] if asked.count else list_totals(views),
        retired=[tell(view) for view in retired],
        may_manage=context.may(Permission.MANAGE_OFFICIAL_COUNTS),
    )


@pages.get("/official-counts/charts")
@requires(Permission.READ_OFFICIAL_COUNTS)
def charts() -> str:
    """Draw what each source counted, and one of them beside ours: never two scales as one."""
    context = get_context()
    views, ours = counts.list_all(context), find_ours(context, language())
    return render_template(
        "official/charts.html",
        charts=draw_charts(views),
        theirs=draw_beside(views),
        ours=ours,
        bars=draw_ours(ours.layout) if ours else [],
        composes=context.may(Permission.COMPOSE_RELEASES),
        format_number=format_number,
    )


@pages.route("/official-counts/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_OFFICIAL_COUNTS, keeps="official_count")
def new() -> Answer:
    """Enter a figure."""
    form = official_form.begin()

    def save(count: OfficialCount) -> UUID:
        return counts.add_count(get_context(), count, form.kept_as, form.form_id)

    return official_form.serve(form, ("official_count", {}), save)


@pages.route("/official-counts/<uuid:count_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_OFFICIAL_COUNTS, keeps="official_count_edit")
def edit(count_id: UUID) -> Answer:
    """Change a figure, or retire it."""
    context = get_context()
    view = counts.get_count(context, count_id)
    form = official_form.begin(view)

    def save(count: OfficialCount) -> UUID:
        version = read_version(form.version.data)
        counts.change_count(context, count_id, version, count, form.kept_as, form.form_id)
        return count_id

    return official_form.serve(form, ("official_count_edit", {"count_id": count_id}), save, view)


@pages.post("/official-counts/<uuid:count_id>/retire")
@requires(Permission.MANAGE_OFFICIAL_COUNTS)
def retire(count_id: UUID) -> Response:
    """Take a figure out of use, or back into it."""
    form = RetireCountForm()
    retired = form.retired.data == "1"
    counts.retire_count(get_context(), count_id, read_version(form.version.data), retired)
    flash(
        _("Figure retired. It is shown nowhere else and can come back.")
        if retired
        else _("Figure back in use."),
        "good",
    )
    return redirect(
        official_form.address(count_id) if not retired else url_for("official.index", _anchor="retired")
    )
