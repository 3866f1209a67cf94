"""The page of signals: what stands out from its own past."""

from flask import Blueprint, render_template

from casework.domain.permissions import Permission
from casework.services.signals.finding import FEWEST_IN_ALL, LEVEL, find_signals
from casework.web.access import requires
from casework.web.identity import get_context

pages = Blueprint("signals", __name__)


@pages.get("/signals")
@requires(Permission.READ_CASES)
def index() -> str:
    """Show each signal with what was expected, what was seen, and the incidents behind it."""
    context = get_context()
    return render_template(
        "signals/index.html",
        found=find_signals(context),
        level=round(100 * LEVEL),
        fewest=FEWEST_IN_ALL,
        sees_all=context.may(Permission.MANAGE_PATTERNS),
    )
