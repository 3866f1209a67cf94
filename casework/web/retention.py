"""The rules of retention, and what goes by them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services import retention
from casework.services.members import list_members
from casework.web.access import requires
from casework.web.faults import show_faults
from casework.web.forms.retention import RetentionForm
from casework.web.identity import get_context

pages = Blueprint("retention", __name__)

_SHOWN = 200


@pages.route("/retention", methods=["GET", "POST"])
@requires(Permission.MANAGE_RETENTION)
def rules() -> Response | tuple[str, int]:
    """Show what goes by the rules, or would by others, before they are saved."""
    context, form = get_context(), RetentionForm()
    kept = retention.find_rules(context)
    shown = kept.rules
    if request.method == "GET":
        form.fill(kept.rules, kept.version)
    elif form.validate():
        try:
            shown = form.rules(context.runtime.today())
            if "preview" not in request.form:
                retention.change_rules(context, form.read_version, shown)
                flash(gettext("Saved. The rules count from today."), "good")
                return redirect(url_for("retention.rules"))
        except Invalid as invalid:
            show_faults(form, invalid)
    page = render_template(
        "retention/rules.html",
        form=form,
        rules=shown,
        is_kept=shown == kept.rules,
        going=retention.preview(context, shown),
        most=_SHOWN,
        today=context.runtime.today(),
        bin_days=context.runtime.limits.bin_days,
        names={member.id: member.display_name for member in list_members(context)},
    )
    return page, 422 if form.errors else 200
