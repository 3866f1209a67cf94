"""The form of an incident between the browser and the services: filled, grown by a person, answered."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts
from casework.errors import Invalid, NotFound
from casework.services.cases import find_aside, get_person_id
from casework.services.context import Context
from casework.services.incidents import IncidentView, Logged
from casework.services.offers import get_offers
from casework.services.records import PersonView
from casework.services.series import get_repeated
from casework.web.comparing import tell_incident
from casework.web.drafts import posted_or_kept
from casework.web.forms.access import name_access
from casework.web.forms.finer import show_code, show_codes, show_usable_code
from casework.web.forms.incidents import MANY, MAX_PEOPLE, ONE, IncidentForm
from casework.web.forms.offers import fill_choices
from casework.web.forms.people import (
    ParticipantForm,
    days_of_consent,
    details_of,
    ticked,
)
from casework.web.forms.posted import read_id, read_optional_id
from casework.web.once import KeptAs, lead_to_saved
from casework.web.spots import lead_back_to_spot
from casework.web.threeway import start

_PERSON = re.compile(r"people-[0-9]{1,6}(?=-)")


def for_logging(context: Context, people: Iterable[PersonView], case_id: UUID | None) -> IncidentForm:
    """Return the form for a new incident: as posted, as kept in a draft, like the last one, or empty."""
    fields = _posted_or_kept()
    shown: dict[str, Any] = {} if fields is not None else _like_the_last(context)
    known = list(people)
    shown["people"] = [{"person_id": person.id.hex} for person in known]
    form = _require_known(context, IncidentForm(formdata=fields, data=shown), known, case_id)
    fill_choices(form, get_offers(context), _ids(form.patterns.data))
    if request.method == "GET":
        form.once.data = request.args.get("form") or form.once.data or request.args.get("draft")
        form.view.data = request.args.get("view") or form.view.data
    if fields is None and not shown["people"]:
        add_person(form, context)
    return form


def for_editing(context: Context, view: IncidentView) -> IncidentForm:
    """Return the form for an incident: as posted, as kept in a draft, or as it stands."""
    return of_fields(context, view, _posted_or_kept())


def of_fields(context: Context, view: IncidentView, fields: MultiDict[str, str] | None) -> IncidentForm:
    """Return the form for an incident as it was posted or kept; without `fields` as it stands."""
    if fields is not None:
        _check_size(fields)
    shown = _as_it_stands(context, view) if fields is None else {}
    form = IncidentForm(formdata=fields, data=shown)
    _require_known(context, form, view.people, view.case_id)
    fill_choices(form, get_offers(context), view.facts.patterns)
    if fields is None:
        start(form, tell_incident(form, view))
    return form


def without_repeated(
    context: Context, view: IncidentView, fields: MultiDict[str, str]
) -> MultiDict[str, str]:
    """Leave out of posted fields who is new in them and was added meanwhile, as by the same form sent twice.

    Whoever was added meanwhile stands in the fields too, with their part and no more.
    """
    form, known = of_fields(context, view, fields), {person.id: person for person in view.people}
    drafts = [entry.form.to_draft() if entry.form.counts else None for entry in form.people]
    added = [
        (known[draft.person_id].identity, known[draft.person_id].facts, draft.roles)
        for draft in drafts
        if draft and draft.person_id in known and draft.identity is None
    ]
    tidied = fields.copy()
    for name, draft in zip(sorted(_people(fields), key=_place), drafts, strict=False):
        if draft and draft.person_id is None and (draft.identity, draft.facts, draft.roles) in added:
            for each in [each for each in tidied if each.startswith(f"{name}-")]:
                tidied.poplist(each)
    return tidied


def for_telling(context: Context, fields: MultiDict[str, str]) -> IncidentForm:
    """Return the form as it was filled, only to be read; raises Invalid as `for_logging` does."""
    _check_size(fields)
    form = IncidentForm(formdata=fields)
    fill_choices(form, get_offers(context), _ids(form.patterns.data))
    return form


def resize(form: IncidentForm, context: Context) -> bool:
    """Add or take away a person or show all questions when that was pressed.

    Returns whether the form is to be shown again: then, or where it lacks somebody.
    """
    if "whole" in request.form:
        form.view.data = ""
        return True
    if "add_person" in request.form:
        if len(form.people) < MAX_PEOPLE:
            add_person(form, context)
        else:
            form.form_errors.append(_too_many())
        return True
    if "remove_person" not in request.form:
        return form.lacks_somebody
    # The form numbers people anew: what counts is where they stood.
    names = sorted(_people(request.form), key=_place)
    gone = {str(place) for place, name in enumerate(names) if name == request.form["remove_person"]}
    form.people.entries = [
        entry for entry in form.people.entries if entry.short_name not in gone or entry.form.is_kept
    ]
    return True


def add_person(form: IncidentForm, context: Context) -> None:
    """Put an empty row for one more person at the end."""
    form.people.append_entry(days_of_consent(context.runtime.today().isoformat()))


def blank_person(context: Context) -> ParticipantForm:
    """Return the row that a script copies for one more person."""
    today = context.runtime.today().isoformat()
    return ParticipantForm(prefix="people-INDEX-", data=dict(days_of_consent(today)))


def with_id(case_id: UUID | None, like: str | None, view: str | None) -> Response:
    """Lead to an empty form under an address with its id: who goes back to it finds the same one."""
    return redirect(url_for("incidents.log", case_id=case_id, like=like, view=view, form=uuid4().hex))


def after_logging(logged: Logged, form: IncidentForm, kept_as: KeptAs) -> Response:
    """Go on to the case, or to the next incident of the series; say so where the form was saved before."""
    if logged.repeated:
        return _after_repeating(logged, form, kept_as)
    said, is_in_case = gettext("Incident saved."), "case_id" in kept_as[1]
    if logged.has_reopened:
        flash(gettext("The case was closed. It is open again, because something new happened."), "info")
    if is_in_case and "another" not in request.form:
        return lead_back_to_spot(logged.case_id, f"incident-{logged.incident_id.hex}", said)
    flash(said, "good")
    if "another" in request.form:
        case_id = logged.case_id if is_in_case else None
        return with_id(case_id, like=logged.incident_id.hex, view=request.form.get("view") or None)
    return redirect(url_for("cases.show", case_id=logged.case_id))


def _after_repeating(logged: Logged, form: IncidentForm, kept_as: KeptAs) -> Response:
    spot = f"incident-{logged.incident_id.hex}" if "case_id" in kept_as[1] else None
    address = url_for("cases.show", case_id=logged.case_id, _anchor=spot)
    return lead_to_saved(address, logged.differs, form, kept_as)


def _posted_or_kept() -> MultiDict[str, str] | None:
    """Return the fields; raises Invalid before a form is built of more people than it takes."""
    fields = posted_or_kept()
    if fields is not None:
        _check_size(fields)
    return fields


def _check_size(fields: Iterable[str]) -> None:
    if len(_people(fields)) > MAX_PEOPLE:
        raise Invalid(people=_too_many())


def _people(fields: Iterable[str]) -> set[str]:
    """Return what the rows of people are called; raises Invalid for a row that no form of ours has."""
    named = [name for name in fields if name.startswith("people-")]
    matches = [match[0] for name in named if (match := _PERSON.match(name))]
    if len(matches) < len(named):
        raise Invalid(people="no row of a form")  # the page says it without details
    return set(matches)


def _too_many() -> str:
    return str(
        gettext(
            "There is room for %(most)s people in one incident. Log the others in a second one of this case.",
            most=MAX_PEOPLE,
        )
    )


def _place(name: str) -> int:
    return int(name.removeprefix("people-"))


def _require_known(
    context: Context, form: IncidentForm, people: Iterable[PersonView], case_id: UUID | None
) -> IncidentForm:
    """Raise NotFound where a hidden field names somebody who is not of the case.

    Whose record was merged since the form was filled stands in it once, as who stands for them now. Where a
    merge was taken back since, the form asks which of both is meant.
    """
    now = list(people)
    known = {each: person.id.hex for person in now for each in person.ids}
    seen, entries = set[str](), []
    for entry in form.people.entries:
        if entry.form.is_kept:
            named = read_id(entry.form.person_id.data, "person")
            if named not in known and case_id and named in find_aside(context, case_id):
                form.lacks_somebody = True
                continue
            person_id = known.get(named) or _find_known(context, known, named, case_id)
            if person_id in seen:
                continue
            seen.add(person_id)
            entry.form.person_id.data = person_id
        entries.append(entry)
    form.people.entries = entries
    if form.lacks_somebody:
        _ask_who(form, [person.id.hex for person in now if person.id.hex not in seen])
    return form


def _find_known(context: Context, known: Mapping[UUID, str], named: UUID, case_id: UUID | None) -> str:
    """Return who stands for somebody whose record has gone for good; raises NotFound."""
    person_id = known.get(get_person_id(context, case_id, named)) if case_id else None
    if person_id is None:
        raise NotFound("person")
    return person_id


def _ask_who(form: IncidentForm, others: Iterable[str]) -> None:
    """Put the others of the case onto a form that named somebody who has no record any more."""
    for person_id in others:
        if len(form.people) < MAX_PEOPLE:
            form.people.append_entry({"person_id": person_id})
    form.form_errors.append(
        gettext(
            "A merge of two records was taken back since this form was opened. Look again who was there, "
            "then save."
        )
    )


def _like_the_last(context: Context) -> dict[str, Any]:
    incident_id = read_optional_id(request.args.get("like"))
    if incident_id is None:
        return {}
    last = get_repeated(context, incident_id)
    return {
        "police_service": show_usable_code(last.facts, "police_service"),
        "access": name_access(last.team_only, last.restricted),
        "team": [member.hex for member in last.team if member != context.member_id],
    }


def _as_it_stands(context: Context, view: IncidentView) -> dict[str, Any]:
    facts = view.facts
    shown: dict[str, Any] = {name: show_code(facts, name) for name in ONE}
    shown |= {name: show_codes(facts, name) for name in MANY}
    shown |= {"version": view.version, "patterns": [pattern.hex for pattern in facts.patterns]}
    shown |= {"text": view.narrative.text, "exact_place": view.narrative.exact_place}
    today = context.runtime.today().isoformat()
    shown["people"] = [_participant(person, facts, today) for person in view.people]
    return shown | _parts(facts.date)


def _participant(person: PersonView, facts: IncidentFacts, today: str) -> dict[str, Any]:
    roles = {part.person_id: part.roles for part in facts.participations}
    if person.id not in roles:
        return {"person_id": person.id.hex}
    shown = {"person_id": person.id.hex, "version": person.version, "takes_part": True}
    return shown | {"roles": ticked(roles[person.id])} | details_of(person, today)


def _parts(date: VagueDate) -> dict[str, Any]:
    return {
        "precision": date.precision.value,
        "day": date.encode() if date.day else "",
        "month": str(date.month or ""),
        "season": date.season.value if date.season else "",
        "year": str(date.year or ""),
    }


def _ids(texts: Iterable[str] | None) -> set[UUID]:
    return {known for text in texts or () if (known := read_optional_id(text))}
