"""A form that writes a new record has an id of its own, and is saved once however often it is sent."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol
from uuid import UUID, uuid4

from flask import flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.errors import NotFound
from casework.services.drafts import FORM_ID, discard_draft, find_drafts_of_form
from casework.services.once import was_saved
from casework.web.drafts import keep_as_another
from casework.web.forms.posted import read_optional_id
from casework.web.identity import get_context

KeptAs = tuple[str, Mapping[str, UUID]]
"""The kind of a form's draft, and the record that the draft belongs to."""


class OnceForm(Protocol):
    """What is asked of such a form: the field `once` has its id."""

    kept_as: Any
    once: Any


def name_form(form: OnceForm) -> None:
    """Give a form that has none its id; that of a draft from before there were ids is the draft's own."""
    form.once.data = form.once.data or request.args.get("draft") or uuid4().hex


def has_form_to_fill() -> bool:
    """Return whether the address names a draft, or a form of an incident that was not saved yet.

    Whoever goes back after saving gets a new one: what they tell next is another incident.
    """
    form_id = read_optional_id(request.args.get("form"))
    if "draft" in request.args or (form_id and not was_saved(get_context(), form_id)):
        return True
    if form_id:
        flash(gettext("What you saved is kept. This is a new form."), "info")
    return False


def posted_id() -> UUID | None:
    """Return the id of the form that was posted."""
    return read_optional_id(request.form.get(FORM_ID))


def lead_to_saved(address: str, differs: bool, form: OnceForm, kept_as: KeptAs) -> Response:
    """Lead to what a form had saved before, and say so; what it says now, where it `differs`, is a draft."""
    if differs:
        keep_as_another(*kept_as)
        flash(
            gettext(
                "This form was saved before, and says other things now. Here is what was saved. What you "
                "entered now is a draft on your start page. To correct what was saved, change it here."
            ),
            "info",
        )
    else:
        for draft_id in {*form.kept_as, *find_drafts_of_form(get_context(), posted_id())}:
            with suppress(NotFound):
                discard_draft(get_context(), draft_id)
        flash(gettext("This form was saved before. Here it is: nothing was saved twice."), "info")
    return redirect(address)
