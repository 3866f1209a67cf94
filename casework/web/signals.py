"""The page of signals: what stands out from its own past, and what was dismissed of it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.dismissal import GROWN
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.membership.members import name_everybody
from casework.services.signals.dismissing import (
    dismiss_signal,
    list_closed,
    read_series,
    restore_signal,
    sort_signals,
    write_series,
)
from casework.services.signals.finding import FEWEST_IN_ALL, LEVEL
from casework.web.access import requires
from casework.web.faults import show_faults
from casework.web.forms.signals import DismissForm
from casework.web.identity import get_context

pages = Blueprint("signals", __name__)

_LOST = N_("The screen had locked: the signal was not dismissed. Sign in, and do it again.")


@pages.get("/signals")
@requires(Permission.READ_CASES)
def index() -> str:
    """Show each signal with what was expected, what was seen, and the incidents behind it."""
    return _show(DismissForm(formdata=None))


@pages.post("/signals/dismiss")
@requires(Permission.MANAGE_PATTERNS, lost=_LOST)
def dismiss() -> Response | tuple[str, int]:
    """Dismiss a signal, with the reason."""
    form = DismissForm()
    try:
        dismissal_id = dismiss_signal(
            get_context(), read_series(form.series.data or ""), form.reason.data or ""
        )
    except Invalid as invalid:
        show_faults(form, invalid)
        return _show(form), 422
    flash(_("Dismissed. It comes back once it grows."), "good")
    return redirect(url_for("signals.index", _anchor=f"dismissal-{dismissal_id.hex}"))


@pages.post("/signals/dismissals/<uuid:dismissal_id>/restore")
@requires(Permission.MANAGE_PATTERNS)
def restore(dismissal_id: UUID) -> Response:
    """Take a dismissal back."""
    restore_signal(get_context(), dismissal_id)
    flash(_("Taken back. The signal is shown while it stands out."), "good")
    return redirect(url_for("signals.index"))


def _show(form: DismissForm) -> str:
    context = get_context()
    found = sort_signals(context)
    return render_template(
        "signals/index.html",
        sorted=found,
        found=found.found,
        form=form,
        closed=list_closed(context),
        write_series=write_series,
        members=name_everybody(context),
        grown=GROWN,
        level=round(100 * LEVEL),
        fewest=FEWEST_IN_ALL,
        sees_all=context.may(Permission.MANAGE_PATTERNS),
    )
