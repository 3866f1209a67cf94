"""A form that can be kept as a draft, from its first showing to its saving."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from casework.errors import Conflict, Invalid
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
    at: Place | None = None,
    meet: Callable[[], Mapping[str, Any]] | None = None,
    **shown: Any,
) -> Answer:
    """Show the form, keep it as a draft, or save it; what cannot be saved comes back as it was, with why.

    A form that was saved before leads to where its record stands, `at` that spot. Where somebody else saved
    meanwhile, `meet` lets the form be saved over that, and gives what the page shows of it.
    """
    kind, record = kept_as
    is_met = False
    if request.method == "POST":
        if "save_draft" in request.form:
            return drafts.lead_back(drafts.keep_form(kind, **record))
        if form.validate() and request.form.get("resolve") != "edit":
            try:
                return save()
            except Invalid as invalid:
                form.show(invalid)
            except SavedBefore as saved:
                if at is None:
                    raise
                spot = f"{at.spot}-{saved.record_id.hex}"
                address = url_for("cases.show", case_id=at.case_id, _anchor=spot)
                return lead(once.lead_to_saved(address, saved.differs, form, kept_as))
            except Conflict:
                if meet is None:
                    raise
                shown, is_met = {**shown, **meet(), "is_met": True}, True
    once.name_form(form)
    kept = {"draft_url": drafts.draft_url(kind, **record), "kept_at": drafts.kept_at()}
    begun = shown.pop("begun", None) or drafts.list_begun(kind, record)
    page = render_template(template, form=form, begun=begun, **kept, **shown)
    return page, 409 if is_met else 422 if form.errors else 200
