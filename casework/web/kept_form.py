"""A form that can be kept as a draft, from its first showing to its saving."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from uuid import UUID

from flask import render_template, request
from werkzeug.wrappers import Response

from casework.errors import Invalid
from casework.web import drafts

Answer = Response | tuple[str, int]
KeptAs = tuple[str, Mapping[str, UUID]]
"""The kind of a form's draft, and the record that the draft belongs to."""


class KeptForm(Protocol):
    """What is asked of the form."""

    errors: Any

    def validate(self) -> bool:
        """Check it."""

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them."""


def serve(template: str, form: KeptForm, kept_as: KeptAs, save: Callable[[], Answer], **shown: Any) -> Answer:
    """Show the form, keep it as a draft, or save it; what cannot be saved comes back as it was, with why."""
    kind, record = kept_as
    if request.method == "POST":
        if "save_draft" in request.form:
            return drafts.lead_back(drafts.keep_form(kind, **record))
        if form.validate() and request.form.get("resolve") != "edit":
            try:
                return save()
            except Invalid as invalid:
                form.show(invalid)
    shown |= {"draft_url": drafts.draft_url(kind, **record), "kept_at": drafts.kept_at()}
    page = render_template(template, form=form, begun=drafts.list_begun(kind, record), **shown)
    return page, 422 if form.errors else 200
