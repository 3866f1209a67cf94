"""Going through what rules propose, one by one: confirm, reject, skip, and take the last decision back."""

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.services.context import Context
from casework.services.patterns import list_patterns
from casework.services.reviewing import deciding
from casework.services.reviewing.deciding import Decision, Met
from casework.web.access import requires
from casework.web.forms.posted import read_version
from casework.web.forms.reviewing import About, ReviewForm, Round, read_about
from casework.web.identity import get_context
from casework.web.language import language
from casework.web.review_page import read_queue

pages = Blueprint("reviewing", __name__)

_UNDO = "reviewed"
_MOST_UNDONE = 10
"""Ids alone, but they travel in a cookie."""

_DONE = {
    Decision.CONFIRMED: _l("Confirmed. The pattern is set on the incident."),
    Decision.REJECTED: _l("Rejected. It is not proposed for this incident again."),
}
_MET = {
    Met.CONFIRMED: _l("Confirmed already. Somebody decided it meanwhile, so nothing was changed."),
    Met.REJECTED: _l("Rejected already. Somebody decided it meanwhile, so nothing was changed."),
    Met.CHANGED: _l("Nothing was decided. The incident or the pattern was changed meanwhile: look again."),
    Met.NO_LONGER: _l("No longer proposed. The answers or the rule were changed meanwhile."),
    Met.GONE: _l("No longer there. The incident cannot be opened any more, so nothing was decided."),
}


@pages.get("/patterns/review")
@requires(Permission.TAG_INCIDENTS)
def show() -> str:
    """Show the next proposal with what it rests on."""
    context, round_ = get_context(), Round.read(request.args)
    views = list_patterns(context)
    return render_template(
        "patterns/review.html",
        queue=read_queue(context, views, round_),
        round=round_,
        names={view.id: view.definition.name(language()) for view in views},
        keys=name_keys(),
        form=ReviewForm(formdata=None),
        can_undo=bool(session.get(_UNDO)),
        address=lambda **other: address(replace(round_, **other)),
    )


@pages.post("/patterns/review")
@requires(Permission.TAG_INCIDENTS)
def decide() -> Response:
    """Confirm, reject or take back, and go on."""
    context, round_ = get_context(), Round.read(request.form)
    if "undo" in request.form:
        return _go_on(_take_back(context, round_))
    form, about = ReviewForm(), read_about(request.form.get("about"))
    decision = Decision.REJECTED if request.form.get("decision") == "reject" else Decision.CONFIRMED
    if about is None or request.form.get("decision") not in ("confirm", "reject"):
        return _go_on(round_)
    seen = read_version(form.version.data), read_version(form.pattern_version.data)
    met = deciding.decide(context, *about, decision, seen)
    flash(str(_MET[met] if met else _DONE[decision]), "info" if met else "good")
    if met is Met.CHANGED:
        return _go_on(replace(round_, at=about.write()))
    if met is None:
        _remember(about, decision)
    return _go_on(replace(round_, at=form.next.data or "", done=round_.done + (met is None)))


def name_keys() -> dict[str, str]:
    """Return the key of each deed: a letter of its name in the reader's language."""
    return {
        "confirm": pgettext("key for “Confirm”", "c"),
        "reject": pgettext("key for “Reject”", "r"),
        "skip": pgettext("key for “Skip”", "s"),
        "undo": pgettext("key for “Take back”", "t"),
    }


def address(round_: Round) -> str:
    """Return the address of a place in the queue."""
    fields = round_.write()
    return url_for("reviewing.show") + (f"?{urlencode(fields)}" if fields else "")


def _take_back(context: Context, round_: Round) -> Round:
    """Take the last decision back; returns where to go on: there."""
    last = session.get(_UNDO) or []
    if not last:
        flash(_("There is nothing to take back."), "info")
        return round_
    session[_UNDO] = last[:-1]
    incident, pattern, decision = last[-1]
    about = About(UUID(hex=incident), UUID(hex=pattern))
    if deciding.undo(context, *about, Decision(decision)):
        flash(_("Nothing was taken back. Somebody has changed it meanwhile."), "info")
        return round_
    flash(_("Taken back. It waits again: here it is."), "good")
    of = round_.of if round_.of == about.pattern_id else None
    return replace(round_, of=of, at=about.write(), done=max(0, round_.done - 1))


def _remember(about: About, decision: Decision) -> None:
    kept = [*(session.get(_UNDO) or []), [about.incident_id.hex, about.pattern_id.hex, decision.value]]
    session[_UNDO] = kept[-_MOST_UNDONE:]


def _go_on(round_: Round) -> Response:
    return redirect(address(round_))
