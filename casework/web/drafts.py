"""Drafts: kept as somebody types, taken up again, discarded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from casework.domain.draft import Fields
from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services import drafts
from casework.services.stranded import find_stranded, name_case
from casework.web.access import requires
from casework.web.forms.posted import read_id, read_optional_id
from casework.web.identity import get_context
from casework.web.language import moment, time_of_day
from casework.web.scripts import is_script

pages = Blueprint("drafts", __name__)


@dataclass(frozen=True, slots=True, repr=False)
class DraftLine:
    """A draft as a list shows it: what it is of, the first text by which its writer knows it, and its case.

    `reference` is empty where it is of no case, or of one that is not open to its writer.
    """

    id: UUID
    kept_at: datetime
    name: str
    text: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """The page that a kind of draft belongs to, what its address calls the record, and how a list shows it.

    `name` says what it is; `shown` are the fields of which a list shows the first words.
    """

    endpoint: str
    record: frozenset[str]
    name: Any
    shown: tuple[str, ...]


_INCIDENT, _FOLLOW_UP = ("exact_place", "text"), ("title", "words")
_FIGURE = ("publisher", "title", "value")
_TITLES = ("title_en", "title_fr", "title_es")
_FORMS: Mapping[str, _Form] = {
    "access_request": _Form(
        "accessrequests.new", frozenset(), _l("A new request for access"), ("subject", "body")
    ),
    "access_request_edit": _Form(
        "accessrequests.edit",
        frozenset({"request_id"}),
        _l("A change to a request for access"),
        ("subject", "body"),
    ),
    "act": _Form("acts.add", frozenset({"incident_id"}), _l("A step"), ("said",)),
    "act_edit": _Form("acts.edit", frozenset({"incident_id", "act_id"}), _l("A change to a step"), ("said",)),
    "detention": _Form("followups.detain", frozenset({"case_id"}), _l("A detention"), ("words",)),
    "detention_review": _Form(
        "followups.review", frozenset({"case_id", "detention_id"}), _l("A review of a detention"), ("words",)
    ),
    "follow_up": _Form("followups.add", frozenset({"case_id"}), _l("A follow-up"), _FOLLOW_UP),
    "follow_up_edit": _Form(
        "followups.edit", frozenset({"case_id", "follow_up_id"}), _l("A change to a follow-up"), _FOLLOW_UP
    ),
    "import_answers": _Form("importing.answers", frozenset({"upload_id"}), _l("The answers of a list"), ()),
    "import_columns": _Form(
        "importing.columns", frozenset({"upload_id"}), _l("The columns of a list"), ("source",)
    ),
    "incident": _Form("incidents.log", frozenset(), _l("A new incident"), _INCIDENT),
    "incident_edit": _Form(
        "incidents.edit", frozenset({"incident_id"}), _l("A change to an incident"), _INCIDENT
    ),
    "incident_in_case": _Form(
        "incidents.log", frozenset({"case_id"}), _l("An incident in a case"), _INCIDENT
    ),
    "new_person": _Form("cases.add_person", frozenset({"case_id"}), _l("Somebody new"), ("name", "note")),
    "official_count": _Form("official.new", frozenset(), _l("A new official count"), _FIGURE),
    "official_count_edit": _Form(
        "official.edit", frozenset({"count_id"}), _l("A change to an official count"), _FIGURE
    ),
    "person": _Form("cases.person", frozenset({"case_id", "person_id"}), _l("A person"), ("name", "note")),
    "release": _Form(
        "followups.release", frozenset({"case_id", "detention_id"}), _l("A release"), ("words",)
    ),
    "release_edit": _Form(
        "releases.edit", frozenset({"release_id"}), _l("A change to a release of numbers"), _TITLES
    ),
    "release_new": _Form("releases.new", frozenset(), _l("A new release of numbers"), _TITLES),
    "story_edit": _Form(
        "stories.edit", frozenset({"case_id", "story_id"}), _l("A change to a story"), _TITLES
    ),
    "story_new": _Form("stories.new", frozenset({"case_id"}), _l("A new story"), _TITLES),
}
# Not part of what somebody wrote.
_BUTTONS = {"csrf_token", "draft", "save_draft", "add_person", "remove_person", "resolve", "another", "whole"}


@pages.post("/drafts")
@requires(Permission.KEEP_DRAFTS)
def keep() -> Any:
    """Keep a form as it stands; a script is told where, a button leads back into the form."""
    record = {name: read_id(text, "record") for name, text in request.args.items() if name != "kind"}
    draft = keep_form(request.args.get("kind", ""), **record)
    if is_script():
        kept = drafts.get_draft(get_context(), draft)
        return {"draft": draft.hex, "kept_at": time_of_day(kept.kept_at)}
    return lead_back(draft)


@pages.get("/drafts/<uuid:draft_id>")
@requires(Permission.KEEP_DRAFTS)
def resume(draft_id: UUID) -> Response:
    """Open the form that a draft belongs to, as far as it was filled; or say that its case is gone."""
    context = get_context()
    draft = drafts.get_draft(context, draft_id)
    if find_stranded(context, draft.path) is not None:
        return redirect(url_for("stranded.show", draft_id=draft_id))
    endpoint, record = form_of(draft)
    return redirect(url_for(endpoint, **record, draft=draft_id.hex))


@pages.post("/drafts/<uuid:draft_id>/discard")
@requires(Permission.KEEP_DRAFTS)
def discard(draft_id: UUID) -> Response:
    """Delete a draft; where the page of its case offered it, lead back there."""
    context, case_id = get_context(), read_optional_id(request.form.get("case"))
    drafts.discard_draft(context, draft_id)
    flash(gettext("Draft discarded."), "good")
    if case_id:
        return redirect(url_for("cases.show", case_id=case_id))
    # An advocate's drafts stand beside the releases.
    return redirect(url_for("home.today" if context.may(Permission.EDIT_CASES) else "releases.index"))


def keep_form(kind: str, **record: UUID) -> UUID:
    """Keep the posted form as a draft of a kind and record; raises NotFound where there is no such form."""
    return _keep(kind, record, written())


def keep_as_another(kind: str, record: Mapping[str, UUID]) -> UUID:
    """Keep the posted form, which was saved before, as a draft of another incident."""
    return _keep(kind, record, {name: values for name, values in written().items() if name != drafts.FORM_ID})


def _keep(kind: str, record: Mapping[str, UUID], fields: Fields) -> UUID:
    draft_id = read_optional_id(request.form.get("draft"))
    return drafts.keep_draft(get_context(), draft_id, kind, path_of(kind, record), fields)


def written() -> Fields:
    """Return the posted form without its buttons."""
    return {name: values for name, values in request.form.lists() if name not in _BUTTONS}


def kind_of(endpoint: str, record: Mapping[str, Any]) -> str:
    """Return the kind of draft that a page's form is kept as; raises NotFound where there is none."""
    for kind, form in _FORMS.items():
        if (form.endpoint, form.record) == (endpoint, frozenset(record)):
            return kind
    raise NotFound("form")


def lead_back(draft: UUID) -> Response:
    """Say that a draft was kept, and go on in its form."""
    flash(gettext("Draft kept. You can close this page and go on later."), "good")
    return redirect(url_for("drafts.resume", draft_id=draft))


def posted_or_kept() -> MultiDict[str, str] | None:
    """Return the posted fields, or those of the draft that this request resumes, or None."""
    if request.method == "POST":
        return request.form
    draft_id = read_optional_id(request.args.get("draft"))
    if draft_id is None:
        return None
    draft = drafts.get_draft(get_context(), draft_id)
    g.kept_at = draft.kept_at
    fields = multi(draft.fields)
    if fields.get("draft"):
        # A late form came from a draft of its own; both go once it is saved.
        fields["earlier"] = f"{fields.get('earlier', '')} {fields['draft']}".strip()
    fields["draft"] = draft.id.hex
    return fields


def multi(fields: Fields) -> MultiDict[str, str]:
    """Return a draft's fields as a browser would post them."""
    return MultiDict((name, value) for name, values in fields.items() for value in values)


def kept_at() -> str:
    """Return when the draft that this request resumes was kept, empty when it resumes none."""
    return moment(g.kept_at) if "kept_at" in g else ""


def draft_url(kind: str, **record: UUID) -> str:
    """Return the address at which a form of this kind keeps its draft."""
    names: dict[str, Any] = {name: record_id.hex for name, record_id in record.items()}
    return url_for("drafts.keep", kind=kind, **names)


def describe(draft: drafts.DraftView) -> DraftLine:
    """Return a draft as a list shows it, by its address: the kind of one that came late is not exact."""
    case = name_case(get_context(), draft.path)
    reference = case.reference if case else ""
    try:
        form = _FORMS[kind_of(*form_of(draft))]
    except NotFound:
        return DraftLine(draft.id, draft.kept_at, gettext("A form"), "", reference)
    texts = (text for name in form.shown for text in draft.fields.get(name, ()) if text)
    return DraftLine(draft.id, draft.kept_at, str(form.name), next(texts, ""), reference)


def list_unfinished(case_id: UUID) -> list[DraftLine]:
    """List the member's drafts of the forms of a case."""
    return [describe(draft) for draft in drafts.list_drafts_of_case(get_context(), case_id)]


def list_begun(kind: str, record: Mapping[str, UUID]) -> list[DraftLine]:
    """List the member's drafts of a record's form that is opened without any: one can go on with them."""
    if request.method == "POST" or "draft" in request.args or not record:
        return []
    path = path_of(kind, record)
    return [describe(draft) for draft in drafts.list_drafts(get_context()) if draft.path == path]


def form_of(draft: drafts.DraftView) -> tuple[str, Mapping[str, Any]]:
    """Return the page that a draft belongs to, and its record; raises NotFound where there is none."""
    try:
        endpoint, record = current_app.url_map.bind("").match(draft.path, "GET")
    except HTTPException:
        raise NotFound("draft") from None
    if endpoint not in {form.endpoint for form in _FORMS.values()}:
        raise NotFound("draft")
    return endpoint, record


def list_of_releases() -> list[DraftLine]:
    """List the member's drafts of releases of numbers, newest first; none while one of them is written."""
    if request.method == "POST" or "draft" in request.args:
        return []
    kept = drafts.list_drafts(get_context())
    return [describe(draft) for draft in kept if draft.kind in drafts.OF_RELEASES]


def path_of(kind: str, record: Mapping[str, UUID]) -> str:
    form = _FORMS.get(kind)
    if form is None or form.record != record.keys():
        raise NotFound("form")
    values: dict[str, Any] = dict(record)
    return url_for(form.endpoint, **values)
