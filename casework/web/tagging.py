"""Setting a pattern on incidents, or taking it off, with the way back."""

from typing import Any
from uuid import UUID

from flask import flash, session
from flask_babel import gettext, ngettext

from casework.errors import Invalid
from casework.services import patterns
from casework.services.context import Context
from casework.web.faults import flash_faults
from casework.web.forms.lists import TagForm
from casework.web.forms.posted import read_id

_UNDO = "tagged"


def tag(context: Context, form: TagForm, is_undo: bool) -> None:
    """Do what the form asks and say how many incidents changed; their ids are kept for the way back."""
    fault = form.fault()
    if fault:
        flash(fault, "bad")
        return
    pattern_id = read_id(form.tag.data, "pattern")
    try:
        changed = patterns.tag_incidents(context, form.incidents(), pattern_id, form.is_present)
    except Invalid as invalid:
        flash_faults(invalid)
        return
    if is_undo:
        flash(
            ngettext(
                "Undone. One incident is as before.", "Undone. %(num)d incidents are as before.", len(changed)
            ),
            "good",
        )
    elif changed:
        _remember(pattern_id, form.is_present, changed)
    else:
        flash(gettext("Nothing had to change. The incidents were like that already."), "info")


def take_undo() -> dict[str, Any] | None:
    """Return what was tagged last, once: {"pattern", "deed" that takes it back, "incidents"}."""
    found: dict[str, Any] | None = session.pop(_UNDO, None)
    return found


def _remember(pattern_id: UUID, was_set: bool, changed: tuple[UUID, ...]) -> None:
    # Random ids only: what the pattern is called, or whose incident it is, stays out of the cookie.
    session[_UNDO] = {
        "pattern": pattern_id.hex,
        "deed": "remove" if was_set else "add",
        "incidents": [incident_id.hex for incident_id in changed],
    }
