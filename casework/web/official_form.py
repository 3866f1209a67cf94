"""The form of an official count, from its first showing to its saving; kept as somebody types."""

from collections.abc import Callable
from uuid import UUID

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from casework.domain.official import OfficialCount
from casework.services.official.counts import OfficialCountView, get_count
from casework.services.official.requests import get_request
from casework.web import drafts, record_form
from casework.web.forms.official import OfficialCountForm
from casework.web.forms.posted import read_optional_id
from casework.web.identity import get_context
from casework.web.kept_form import Answer
from casework.web.once import KeptAs
from casework.web.record_form import Desk


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
    """Show the form, keep it as a draft, or save it."""
    return record_form.serve(_DESK, form, kept_as, lambda: save(form.to_count()), view)


def address(count_id: UUID) -> str:
    """Return where a figure stands: among those of its service, unfolded."""
    return url_for("official.index", service=count_id.hex, _anchor=f"count-{count_id.hex}")


_DESK = Desk(
    page="official/write.html",
    saved=_l("Saved. The figure stands beside the others of its service."),
    address=address,
    get=lambda count_id: get_count(get_context(), count_id),
    fill=lambda view: OfficialCountForm(formdata=None).fill(view.count, view.version),
)
