"""The form of an official count, from its first showing to its saving; kept as somebody types."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from casework.domain.official import OfficialCount
from casework.services.official.counts import OfficialCountView, get_count
from casework.services.official.requests import get_request
from casework.services.once import SavedBefore
from casework.web import drafts, kept_form, once
from casework.web.comparing import Rows
from casework.web.forms.official import OfficialCountForm
from casework.web.forms.posted import read_optional_id
from casework.web.identity import get_context
from casework.web.kept_form import Answer
from casework.web.once import KeptAs

_COMPARED = (
    "service", "service_words", "first", "last", "measure", "measure_words", "bound", "value", "unit",
    "additive", "publisher", "title", "published", "url", "number", "note", "quoted", "quoted_bound",
    "quoted_value", "quoted_whole",
)  # fmt: skip


def begin(view: OfficialCountView | None = None) -> OfficialCountForm:
    """Return the form as it was posted or kept, else filled from a figure, or from the request it answers."""
    fields = drafts.posted_or_kept()
    form = OfficialCountForm(formdata=fields)
    if fields is None and view is not None:
        form.fill(view.count, view.version)
    elif fields is None and (request_id := read_optional_id(request.args.get("request"))):
        asked = get_request(get_context(), request_id).request
        form.publisher.data, form.number.data = asked.body, asked.number
        form.title.data = asked.subject
    return form


def serve(
    form: OfficialCountForm,
    kept_as: KeptAs,
    save: Callable[[OfficialCount], UUID],
    view: OfficialCountView | None = None,
) -> Answer:
    """Show the form, keep it as a draft, or save it; what cannot be saved comes back as it was, with why."""

    def save_and_lead() -> Answer:
        try:
            count_id = save(form.to_count())
        except SavedBefore as saved:
            return once.lead_to_saved(_address(saved.record_id), saved.differs, form, kept_as)
        flash(_("Saved. The figure stands beside the others of its service."), "good")
        return redirect(_address(count_id))

    def meet() -> dict[str, Any]:
        return _meet(form, kept_as[1]["count_id"])

    page = "official/write.html"
    return kept_form.serve(page, form, kept_as, save_and_lead, meet=meet, view=view, theirs=[])


def _address(count_id: UUID) -> str:
    return url_for("official.index", _anchor=f"count-{count_id.hex}")


def _meet(form: OfficialCountForm, count_id: UUID) -> dict[str, Any]:
    """Give back what was entered, to be saved over what somebody else saved meanwhile."""
    now = get_count(get_context(), count_id)
    theirs = _tell(OfficialCountForm(formdata=None).fill(now.count, now.version))
    form.version.data = str(now.version)
    form.form_errors.append(
        _("Somebody else changed it meanwhile. Below stands what you wrote: look at theirs, then save.")
    )
    mine = _tell(form)
    rows: Rows = [
        (str(form[name].label.text), mine[name], theirs[name])
        for name in _COMPARED
        if mine[name] != theirs[name]
    ]
    return {"view": now, "theirs": rows}


def _tell(form: OfficialCountForm) -> dict[str, str]:
    """Say what stands in each field: of a choice, what it is called."""
    told = {}
    for name in _COMPARED:
        field = form[name]
        if name == "additive":
            told[name] = str(_("yes") if field.data else _("no"))
        elif hasattr(field, "iter_choices"):
            chosen = [str(choice.label) for choice in field.iter_choices() if choice.selected]
            told[name] = chosen[0] if chosen else ""
        else:
            told[name] = (field.data or "").strip()
    return told
