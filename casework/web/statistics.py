"""Pages of statistics: a question, its protected answer, and the files that were made of it."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from casework.domain.permissions import Permission
from casework.errors import DisclosureRefused, Invalid
from casework.services.organization import get_organization_profile
from casework.services.statistics import compose as composing
from casework.services.statistics import exports
from casework.web import statistics_page
from casework.web.access import requires
from casework.web.faults import show_faults
from casework.web.forms.statistics import QUESTION, ComposeForm, ExportForm
from casework.web.identity import get_context
from casework.web.saving import save_as

pages = Blueprint("statistics", __name__)


@pages.get("/statistics")
@requires(Permission.SEE_STATISTICS)
def compose() -> str:
    """Ask, and see the protected table."""
    context, form = get_context(), ComposeForm(request.args)
    try:
        composed = composing.compose(context, form.draft())
    except Invalid as invalid:
        show_faults(form, invalid)
        composed = composing.offer(context)
    form.offer(composed.years, composed.selection)
    organization_name = get_organization_profile(context).name
    return render_template(
        "statistics/compose.html",
        form=form,
        composed=composed,
        page=statistics_page.present(composed, organization_name),
        words=statistics_page,
        export=ExportForm(formdata=None) if context.may(Permission.EXPORT_STATISTICS) else None,
    )


@pages.get("/statistics/exports")
@requires(Permission.EXPORT_STATISTICS)
def list_exports() -> str:
    """See which tables have left."""
    context = get_context()
    return render_template(
        "statistics/exports.html",
        lines=exports.list_exports(context),
        withdrawals=exports.find_withdrawals(context),
        opens_cases=context.may(Permission.READ_CASES),
        threshold=context.runtime.limits.threshold,
        words=statistics_page,
    )


@pages.post("/statistics/exports")
@requires(Permission.EXPORT_STATISTICS)
def export() -> AnyResponse:
    """Make a CSV file of a question's answer, and keep it."""
    form = ExportForm()
    try:
        return _send(exports.export_table(get_context(), form.draft(), form.language.data))
    except Invalid:
        flash(_("No file was made. Ask again and export from there."), "bad")
        return redirect(url_for("statistics.compose"))


@pages.get("/statistics/exports/<uuid:export_id>")
@requires(Permission.EXPORT_STATISTICS)
def download(export_id: UUID) -> Response:
    """Get an earlier file again, byte for byte."""
    return _send(exports.get_export(get_context(), export_id))


@pages.errorhandler(DisclosureRefused)
def show_refusal(_refused: DisclosureRefused) -> AnyResponse:
    """Lead back to the question, whose page says why there is no table."""
    form = ExportForm()
    asked = [(name, form[name].data or "") for name in QUESTION]
    return redirect(f"{url_for('statistics.compose')}?{urlencode(asked)}")


def _send(file: exports.ExportFile) -> Response:
    return save_as(Response(file.content, content_type="text/csv; charset=utf-8"), file.name)
