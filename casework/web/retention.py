"""The rules of retention, and what goes by them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.domain.retention import RetentionRules
from casework.errors import Invalid
from casework.services import retention
from casework.services.context import Context
from casework.services.membership.members import list_members
from casework.web.access import requires
from casework.web.faults import show_faults
from casework.web.forms.retention import RetentionForm
from casework.web.identity import get_context

pages = Blueprint("retention", __name__)


@pages.route("/retention", methods=["GET", "POST"])
@requires(Permission.MANAGE_RETENTION)
def rules() -> Response | tuple[str, int]:
    """Show what goes by the rules, or would by others, before they are saved."""
    context, form = get_context(), RetentionForm()
    kept = retention.find_rules(context)
    chosen = kept.rules
    if request.method == "GET":
        form.fill(kept.rules, kept.version)
    elif form.validate():
        try:
            chosen = form.rules(context.runtime.today())
            if "preview" not in request.form:
                retention.change_rules(context, form.read_version, chosen)
                flash(gettext("Saved. The rules count from today."), "good")
                return redirect(url_for("retention.rules"))
        except Invalid as invalid:
            show_faults(form, invalid)
    page = render_template("retention/rules.html", form=form, **_outlook(context, kept.rules, chosen))
    return page, 422 if form.errors else 200


def _outlook(context: Context, kept: RetentionRules, chosen: RetentionRules) -> dict[str, object]:
    """Gather what goes by the chosen rules, which are perhaps not those that are kept."""
    return {
        "rules": chosen,
        "is_kept": chosen == kept,
        "going": retention.preview(context, chosen),
        "today": context.runtime.today(),
        "bin_days": context.runtime.limits.bin_days,
        "names": {member.id: member.display_name for member in list_members(context)},
    }
