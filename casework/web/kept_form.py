"""A form that can be kept as a draft, from its first showing to its saving."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from casework.errors import Invalid
from casework.services.once import SavedBefore
from casework.web import drafts, once
from casework.web.once import KeptAs, OnceForm
from casework.web.scripts import lead

Answer = Response | tuple[str, int]


class KeptForm(OnceForm, Protocol):
    """What is asked of the form."""

    errors: Any

    def validate(self) -> bool:
        """Check it."""

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record that a form writes stands: a case, and the kind of spot on its page."""

    case_id: UUID
    spot: str


def serve(
    template: str,
    form: KeptForm,
    kept_as: KeptAs,
    save: Callable[[], Answer],
    at: Place,
    **shown: Any,
) -> Answer:
    """Show the form, keep it as a draft, or save it; what cannot be saved comes back as it was, with why.

    A form that was saved before leads to where its record stands, `at` that spot.
    """
    kind, record = kept_as
    if request.method == "POST":
        if "save_draft" in request.form:
            return drafts.lead_back(drafts.keep_form(kind, **record))
        if form.validate() and request.form.get("resolve") != "edit":
            try:
                return save()
            except Invalid as invalid:
                form.show(invalid)
            except SavedBefore as saved:
                spot = f"{at.spot}-{saved.record_id.hex}"
                address = url_for("cases.show", case_id=at.case_id, _anchor=spot)
                return lead(once.lead_to_saved(address, saved.differs, form, kept_as))
    once.name_form(form)
    shown |= {"draft_url": drafts.draft_url(kind, **record), "kept_at": drafts.kept_at()}
    page = render_template(template, form=form, begun=drafts.list_begun(kind, record), **shown)
    return page, 422 if form.errors else 200
