"""A form whose case is gone when it is saved or taken up again: what was entered, and where it can go."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import FieldList, HiddenField
from wtforms.fields.core import Field

from casework.domain.draft import Fields
from casework.domain.followup import DETENTION, RELEASE, REVIEW
from casework.domain.permissions import Permission
from casework.domain.vocabulary import NOT_ASKED
from casework.errors import Invalid, NotFound
from casework.services.context import Context
from casework.services.drafts import FORM_ID, get_draft, keep_draft
from casework.services.membership.members import name_everybody
from casework.services.stranded import CaseName, Stranded, find_stranded, name_case
from casework.web import drafts
from casework.web.access import find_mark, requires
from casework.web.forms.access import ALL, RESTRICTED, TEAM
from casework.web.forms.acts import ActForm
from casework.web.forms.cases import NewPersonForm, PersonForm
from casework.web.forms.followups import form_of
from casework.web.forms.posted import read_optional_id
from casework.web.identity import find_context, get_context
from casework.web.incident_form import for_telling

pages = Blueprint("stranded", __name__)


@dataclass(frozen=True, slots=True)
class Gone:
    """The record of a form is not there, though its case is; without `case` it is of none."""

    case: CaseName | None


Rows = list[tuple[str, str]]

_PEOPLE = ("cases.person", "cases.add_person")
# What a new incident takes from these is their date and, in words, all else.
_IN_WORDS = ("acts", "followups")
_KINDS = {"followups.detain": DETENTION, "followups.review": REVIEW, "followups.release": RELEASE}
# What says which record a row of a form was, not what was written.
_OF_RECORD = ("version", "person_id", "takes_part", "base", "incident")
# Only ids of records of the case.
_NAMING = ("people", "person", "incident", "assigned_to")


def answer_lost(error: NotFound) -> tuple[str, int] | Response | None:
    """Answer a form whose case or record is gone with all that was entered, as a draft; None for all else."""
    context, endpoint = find_context(), request.endpoint or ""
    mark = find_mark(current_app._get_current_object(), endpoint)  # type: ignore[attr-defined]
    if context is None or mark is None or not mark.keeps:
        return None
    record = dict(request.view_args or {})
    path = url_for(endpoint, **record)
    lost = find_stranded(context, path) or Gone(name_case(context, path))
    if request.method == "GET":
        return _answer_draft(context, lost, endpoint)
    try:
        rows = _tell(context, endpoint, request.form)
    except Invalid:
        return None
    if not rows:
        return None
    try:
        kept = drafts.keep_form(drafts.kind_of(endpoint, record), **record)
    except Invalid:
        kept = None  # as many drafts as one may have: the page still shows what to copy
    return _page(context, lost, rows, kept), 409 if isinstance(lost, Stranded) and lost.binned else 404


def _answer_draft(
    context: Context, lost: Stranded | Gone, endpoint: str
) -> tuple[str, int] | Response | None:
    """Answer a draft that is taken up where its record is not any more; None where none was asked for."""
    draft_id = read_optional_id(request.args.get("draft"))
    if draft_id is None:
        return None
    if isinstance(lost, Stranded):
        return redirect(url_for("drafts.resume", draft_id=draft_id))
    try:
        draft = get_draft(context, draft_id)
        return _page(context, lost, _tell(context, endpoint, drafts.multi(draft.fields)), draft_id), 404
    except (Invalid, NotFound):
        return None


@pages.get("/drafts/<uuid:draft_id>/stranded")
@requires(Permission.EDIT_CASES)
def show(draft_id: UUID) -> Response | str:
    """Show a draft whose case is gone, and where it can go."""
    context = get_context()
    draft = get_draft(context, draft_id)
    lost = find_stranded(context, draft.path)
    if lost is None:
        return redirect(url_for("drafts.resume", draft_id=draft_id))
    endpoint, _record = drafts.form_of(draft)
    return _page(context, lost, _tell(context, endpoint, drafts.multi(draft.fields)), draft_id)


@pages.post("/drafts/<uuid:draft_id>/log-anew")
@requires(Permission.EDIT_CASES)
def log_anew(draft_id: UUID) -> Response:
    """Turn a draft whose case is gone into one of a new incident in a new case, and open that form."""
    context = get_context()
    draft = get_draft(context, draft_id)
    lost = find_stranded(context, draft.path)
    if lost is not None:
        endpoint, _record = drafts.form_of(draft)
        keep_draft(
            context,
            draft_id,
            "incident",
            drafts.path_of("incident", {}),
            _as_new(lost, endpoint, _as_incident(context, endpoint, draft.fields)),
        )
    return redirect(url_for("drafts.resume", draft_id=draft_id))


def _page(context: Context, lost: Stranded | Gone, rows: Rows, draft_id: UUID | None) -> str:
    shown: dict[str, Any] = {"rows": rows, "draft_id": draft_id}
    if isinstance(lost, Gone):
        return render_template("stranded/gone.html", case=lost.case, **shown)
    names = name_everybody(context)
    by = names.get(lost.binned.by, "") if lost.binned and lost.binned.by else ""
    return render_template("stranded/show.html", binned=lost.binned, by=by, **shown)


def _as_new(lost: Stranded, endpoint: str, fields: Fields) -> dict[str, list[str]]:
    """Return the fields as those of a new incident in a new case, open to no more people than the old one."""
    new = {_as_of_new(endpoint, name): list(values) for name, values in fields.items()}
    new = {name: values for name, values in new.items() if name.rpartition("-")[2] not in _OF_RECORD}
    return new | {"access": [_access(lost)]}


def _as_incident(context: Context, endpoint: str, fields: Fields) -> Fields:
    """Return the fields of a step or a follow-up as those of an incident: its date, all else in words."""
    if endpoint.partition(".")[0] not in _IN_WORDS:
        return fields
    parts = ("precision", "day", "month", "season", "year")
    told = _tell(context, endpoint, drafts.multi(fields))
    lines = [str(gettext("%(what)s: %(text)s", what=name, text=text)) for name, text in told]
    return {name: fields[name] for name in parts if name in fields} | {"text": ["\n".join(lines)]}


def _access(lost: Stranded) -> str:
    if lost.binned is None or lost.binned.restricted:
        return RESTRICTED
    return TEAM if lost.binned.team_only else ALL


def _as_of_new(endpoint: str, name: str) -> str:
    of_form = ("draft", "earlier", FORM_ID)
    return f"people-0-{name}" if endpoint in _PEOPLE and name not in of_form else name


def _tell(context: Context, endpoint: str, fields: MultiDict[str, str]) -> Rows:
    """Return what was entered, question by question; raises Invalid."""
    page = endpoint.partition(".")[0]
    if page == "acts":
        form: Any = ActForm(formdata=fields)
    elif page == "followups":
        form = form_of(_kind_of(endpoint, fields))(formdata=fields)
    elif endpoint in _PEOPLE:
        form = (PersonForm if endpoint == "cases.person" else NewPersonForm)(formdata=fields)
    else:
        return list(_rows(for_telling(context, fields), set(fields)))
    for name in _NAMING:
        if name in form:
            del form[name]
    return list(_rows(form, set(fields)))


def _kind_of(endpoint: str, fields: MultiDict[str, str]) -> str:
    """Return the kind of follow-up; a change to what belongs to a detention does not say it."""
    if "kind" in fields or endpoint in _KINDS:
        return fields.get("kind") or _KINDS.get(endpoint, "")
    return DETENTION if "place" in fields else REVIEW if "outcome" in fields else RELEASE


def _rows(form: Iterable[Field], sent: Set[str]) -> Iterable[tuple[str, str]]:
    fields = {field.short_name: field for field in form}
    for name, field in fields.items():
        if isinstance(field, FieldList):
            for entry in field.entries:
                yield from _rows(entry.form, sent)
        elif field.name in sent and not isinstance(field, HiddenField):
            text = "" if _is_day_of_nothing(name, fields) else _text(field)
            if text:
                yield str(field.label.text), text


def _is_day_of_nothing(name: str, fields: Mapping[str, Field]) -> bool:
    """Return whether this is the day of a consent that was not asked for: the form fills it in by itself."""
    asked = fields.get(name.removesuffix("_on")) if name.endswith("_on") else None
    return asked is not None and asked.data in (None, "", NOT_ASKED)


def _text(field: Field) -> str:
    data = field.data
    if not data or data is True or data == NOT_ASKED:
        return ""
    if not hasattr(field, "iter_choices"):
        return str(data)
    given = [data] if isinstance(data, str) else list(data)
    labels = {str(choice.value): str(choice.label) for choice in field.iter_choices()}
    return ", ".join(labels.get(code, code) for code in given if code != NOT_ASKED)
