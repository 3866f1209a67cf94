"""What the pages of an import have in common: where a list leads, and what its form held."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from casework.domain.messages import N_
from casework.errors import Invalid, NotFound
from casework.services.drafts import discard_draft, get_draft
from casework.services.importing import uploads
from casework.services.importing.batches import find_batch_of
from casework.services.importing.grouping import begin_look, has_looked, look_at_groups
from casework.services.importing.plan import Plan
from casework.services.importing.sentlist import Upload
from casework.web import drafts
from casework.web.background import run_in_background
from casework.web.faults import show_faults
from casework.web.forms.importing import ColumnsForm, RememberForm
from casework.web.forms.posted import read_drafts, read_optional_id
from casework.web.identity import get_context

Answer = Response | str | tuple[str, int]

REFRESH_SECONDS = "2"
_GROUPED_FAULTS = "target "

_OTHER_SHEET = N_(
    "Another sheet was chosen since this page was opened, so nothing of it was taken. Look through this one."
)
_KINDS = frozenset({"import_answers", "import_columns"})
_GONE = N_("This list is not here any more: it is kept for a day. Send the file again.")


def lead_on(error: NotFound) -> Answer:
    """Answer for a list that is not there: it came in, so its batch is shown, or it has to be sent again."""
    upload_id = (request.view_args or {}).get("upload_id")
    if error.args != ("upload",) or upload_id is None:
        return render_template("errors/404.html", unsaved=None), 404
    batch_id = find_batch_of(get_context(), upload_id)
    draft_id = read_optional_id(request.args.get("draft"))
    if draft_id is not None:
        with suppress(NotFound):
            _drop_own(draft_id)
    if batch_id is not None:
        return redirect(url_for("imports.show", batch_id=batch_id))
    flash(gettext(_GONE), "info")
    return make_response(current_app.view_functions["importing.index"](), 404)


def _drop_own(draft_id: UUID) -> None:
    """Discard a draft of a list that is gone: nothing else that an address may name."""
    if get_draft(get_context(), draft_id).kind in _KINDS:
        discard_draft(get_context(), draft_id)


def lead_to_batch(upload_id: UUID) -> Response | None:
    """Lead from a page of a list that is being brought in, or is in, to its batch; None for any other."""
    batch_id = find_batch_of(get_context(), upload_id, is_in=True)
    return redirect(url_for("imports.show", batch_id=batch_id)) if batch_id is not None else None


def look(upload_id: UUID) -> Upload:
    """Return a list whose numbers are looked at, in the background, where nobody has."""
    context = get_context()
    upload = uploads.get_upload(context, upload_id)
    if upload.plan is None or has_looked(upload, upload.plan):
        return upload
    begun = begin_look(context, upload_id)
    if begun is not None:
        run_in_background(lambda: look_at_groups(context, begun))
    return uploads.get_upload(context, upload_id)


def find_entered(upload: Upload) -> tuple[MultiDict[str, str] | None, Invalid | None]:
    """Return what was posted, or kept of a form that came too late, and why it is not taken as it is.

    What was said of another sheet says nothing of this one.
    """
    entered = drafts.posted_or_kept()
    made_of = entered.get("made_of", "") if entered is not None else ""
    if made_of and made_of.partition("-")[0] != str(upload.sheet):
        return None, Invalid(made_of=_OTHER_SHEET)
    if request.method == "GET" and made_of not in ("", upload.decided):
        return entered, Invalid(made_of=uploads.CHANGED)
    return entered, None


def name_mapping(upload: Upload) -> RememberForm:
    """Ask under which name the mapping of a list is to be remembered."""
    source = upload.plan.source if upload.plan else ""
    return RememberForm(formdata=None, data={"name": upload.remembered or source})


def drop_drafts_of(form: Any) -> None:
    """Delete what a form was kept as, now that it is saved."""
    for draft_id in read_drafts(form):
        with suppress(NotFound):
            discard_draft(get_context(), draft_id)


def again(page: str) -> Response:
    """Answer with a page that asks again by itself."""
    answer = make_response(page)
    answer.headers["Refresh"] = REFRESH_SECONDS
    return answer


def show_column_faults(form: ColumnsForm, plan: Plan, invalid: Invalid) -> None:
    """Put a fault of two columns that become one field onto both of them."""
    for name, fault in invalid.faults.items():
        target = name.removeprefix(_GROUPED_FAULTS)
        hit = [field for column, field in form.column_fields() if plan.targets.get(column.heading) == target]
        for field in hit if name != target else ():
            field.errors = [str(gettext(fault))]
    rest = {name: fault for name, fault in invalid.faults.items() if not name.startswith(_GROUPED_FAULTS)}
    show_faults(form, Invalid(**rest))
