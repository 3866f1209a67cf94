"""What a form says and what is kept, answer by answer: so that two versions can be laid side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask_babel import gettext

from casework.domain.act import CODED, LIST_OF
from casework.domain.coded import INCIDENT_FIELDS, PERSON_FIELDS, CodedField
from casework.domain.dates import VagueDate
from casework.domain.followup import FollowUpTexts
from casework.domain.incident import IncidentNarrative
from casework.domain.ownterm import Chosen, chosen_of
from casework.domain.person import IDENTITY_FIELDS, PersonFacts, PersonIdentity
from casework.domain.vocabulary import NOT_ASKED
from casework.services.acts import ActDraft, ActView
from casework.services.followups.reading import FollowUpView
from casework.services.incidents import IncidentView
from casework.services.records import PersonView
from casework.web.deadlines import write_when
from casework.web.forms.acts import ActForm
from casework.web.forms.followups import FollowUpForm
from casework.web.forms.incidents import IncidentForm
from casework.web.forms.officers import OFFICER_TEXTS
from casework.web.forms.people import PURPOSES, DetailsFields
from casework.web.language import label, labels, vague_date, write_day
from casework.web.ownwords import say_answer, say_codes, term_book

Row = tuple[str, str, str]
"""Label, mine, theirs."""
Rows = list[Row]


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """One answer: what asks for it, the answer in words, and as it is kept; `who` is whom it is of."""

    label: str
    words: str
    value: Any
    who: str = ""

    @property
    def title(self) -> str:
        """What a row of a comparison is called."""
        return str(gettext("%(what)s: %(text)s", what=self.who, text=self.label)) if self.who else self.label


Sheet = Mapping[str, Said]
"""Answers by a name of their own: the form's field, after `<id>/` where it is of a person of an incident."""

_Answers = Mapping[str, Any]


def tell_incident(form: IncidentForm, view: IncidentView) -> Sheet:
    """Return what is kept of an incident and the people of its case."""
    facts = view.facts
    answers = {field.name: getattr(facts, field.name) for field in INCIDENT_FIELDS}
    sheet = dict(_tell_incident(form, facts.date, answers, facts.own_terms, facts.patterns, view.narrative))
    parts = {part.person_id: part.roles for part in facts.participations}
    for person in view.people:
        who = person.identity.name or str(gettext("Somebody without a name"))
        said = _tell_part(parts.get(person.id)) | _tell_details(
            form_of_details(), person.identity, person.facts
        )
        sheet |= {f"{person.id.hex}/{name}": replace(one, who=who) for name, one in said.items()}
    return sheet


def tell_incident_form(form: IncidentForm) -> Sheet:
    """Return what a form says of an incident and of whom it knows; raises Invalid."""
    mine = form.to_draft()
    sheet = dict(_tell_incident(form, mine.date, mine.answers, mine.own_terms, mine.patterns, mine.narrative))
    for entry in form.people:
        if not entry.form.is_kept:
            continue
        person = entry.form.to_draft()
        said = _tell_part(person.roles if entry.form.counts else None)
        if entry.form.counts and person.identity and person.facts:
            said |= _tell_details(entry.form, person.identity, person.facts)
        who = entry.form.name.data or str(gettext("Somebody without a name"))
        sheet |= {f"{entry.form.person_id.data}/{name}": replace(one, who=who) for name, one in said.items()}
    return sheet


def tell_person(form: DetailsFields, view: PersonView) -> Sheet:
    """Return what is kept of a person."""
    return _tell_details(form, view.identity, view.facts)


def tell_person_form(form: DetailsFields) -> Sheet:
    """Return what a form says of a person; raises Invalid."""
    return _tell_details(form, form.to_identity(), form.to_facts())


def tell_follow_up(form: FollowUpForm, view: FollowUpView) -> Sheet:
    """Return what is kept of a follow-up, as far as its form asks for it."""
    return _tell_follow_up(form, view.facts, view.texts)


def tell_follow_up_form(form: FollowUpForm) -> Sheet:
    """Return what a form says of a follow-up; raises Invalid."""
    mine = form.to_draft()
    return _tell_follow_up(form, mine, mine.texts)


def tell_act(form: ActForm, view: ActView) -> Sheet:
    """Return what is kept of a step of the pathway."""
    act, texts = view.act, view.texts
    coded = {name: getattr(act, name) for name in CODED}
    return _tell_act(
        form, ActDraft(kind=act.kind, code=act.code, when=act.when, people=act.people, texts=texts, **coded)
    )


def tell_act_form(form: ActForm) -> Sheet:
    """Return what a form says of a step of the pathway; raises Invalid."""
    return _tell_act(form, form.to_draft())


def compare_accounts(one: IncidentView, other: IncidentView) -> Rows:
    """Return what either of two accounts of an incident answers, and who was there; words stay apart."""
    rows = [(str(gettext("Date")), vague_date(one.facts.date), vague_date(other.facts.date))]
    form = IncidentForm(formdata=None)
    for field in INCIDENT_FIELDS:
        mine, theirs = (say_answer(view.facts, field.name) for view in (one, other))
        rows.append((_ask(form, field.name), mine, theirs))
    rows.append((_ask(form, "exact_place"), one.narrative.exact_place, other.narrative.exact_place))
    rows.append((str(gettext("Who was there")), _present(one), _present(other)))
    nothing = {"", label("not_asked", "contact_type")}
    return [row for row in rows if not nothing.issuperset(row[1:])]


def _present(view: IncidentView) -> str:
    names = {person.id: person.identity.name for person in view.people}
    unnamed = str(gettext("Somebody without a name"))
    parts = [(names[part.person_id] or unnamed, part.roles) for part in view.facts.participations]
    return "\n".join(
        name if roles == ("not_asked",) else f"{name} ({labels(roles, 'role')})" for name, roles in parts
    )


def form_of_details() -> DetailsFields:
    """Return an empty form of a person, for what it calls its fields."""
    return DetailsFields(formdata=None)


def _tell_incident(
    form: IncidentForm,
    date: VagueDate,
    answers: _Answers,
    own_terms: Chosen,
    patterns: Iterable[UUID],
    narrative: IncidentNarrative,
) -> Sheet:
    names = {UUID(hex=value): str(text) for value, text, *_rest in form.patterns.iter_choices()}
    sheet = {"date": Said(str(gettext("Date")), vague_date(date), date)}
    for field in INCIDENT_FIELDS:
        sheet[field.name] = _tell_answer(form, field, answers[field.name], own_terms)
    for name in ("text", "exact_place"):
        sheet[name] = Said(_ask(form, name), getattr(narrative, name), getattr(narrative, name))
    chosen = frozenset(patterns)
    sheet["patterns"] = Said(_ask(form, "patterns"), _list(chosen, names), chosen)
    return sheet


def _tell_part(roles: tuple[str, ...] | None) -> dict[str, Said]:
    words = str(gettext("Not in this incident")) if roles is None else labels(roles, "role")
    there = None if roles is None else ("there", *roles)
    return {"part": Said(str(gettext("Their part in it")), words, there)}


def _tell_details(form: DetailsFields, identity: PersonIdentity, facts: PersonFacts) -> dict[str, Said]:
    sheet = {
        name: Said(_ask(form, name), getattr(identity, name), getattr(identity, name))
        for name in IDENTITY_FIELDS
    }
    for field in PERSON_FIELDS:
        sheet[field.name] = _tell_answer(form, field, getattr(facts, field.name), facts.own_terms)
    for purpose in PURPOSES:
        consent = facts.consent(purpose)
        day = f" ({write_day(consent.on)})" if consent.on else ""
        how = "" if consent.how == NOT_ASKED else f", {label(consent.how, 'consent_means')}"
        words = label(consent.answer, "consent_answer") + day + how
        is_empty = consent.answer == consent.how == NOT_ASKED and consent.on is None
        value = None if is_empty else consent
        sheet[f"consent_{purpose}"] = Said(label(purpose, "consent_purpose"), words, value)
    return sheet


def _tell_follow_up(form: FollowUpForm, facts: Any, texts: FollowUpTexts) -> Sheet:
    sheet = {"words": Said(_ask(form, "words"), texts.words, texts.words)}
    if "day" in form:
        sheet["when"] = Said(_ask(form, "day"), write_when(facts.when), facts.when)
    if "title" in form:
        sheet["title"] = Said(_ask(form, "title"), texts.title, texts.title)
        sheet["rule"] = Said(_ask(form, "rule"), texts.rule, texts.rule)
        sheet["due"] = Said(_ask(form, "due_day"), write_when(facts.due) if facts.due else "", facts.due)
    for name, list_name in (("place", "cbsa_action"), ("outcome", "review_outcome")):
        if name in form:
            given = getattr(facts, name)
            sheet[name] = Said(_ask(form, name), label(given, list_name), given)
    for name in ("person", "incident", "assigned_to"):
        if name in form:
            names = {value: str(text) for value, text, *_rest in form[name].iter_choices()}
            chosen = getattr(facts, name)
            sheet[name] = Said(_ask(form, name), names.get(chosen.hex if chosen else "", ""), chosen)
    return sheet


def _tell_act(form: ActForm, act: ActDraft) -> Sheet:
    names = {UUID(hex=value): str(text) for value, text, *_rest in form.people.iter_choices()}
    chosen = frozenset(act.people)
    sheet = {
        "what": Said(_ask(form, "what"), label(act.code, LIST_OF[act.kind]), (act.kind, act.code)),
        "when": Said(str(gettext("Date")), write_when(act.when), act.when),
        "people": Said(_ask(form, "people"), _list(chosen, names), chosen),
    }
    for name, list_name in CODED.items():
        given = getattr(act, name)
        sheet[name] = Said(_ask(form, name), label(given, list_name), given)
    for name in OFFICER_TEXTS:
        text = getattr(act.texts, name)
        sheet[name] = Said(_ask(form, name), text, text)
    return sheet


def _tell_answer(
    form: DetailsFields | IncidentForm, field: CodedField, given: str | tuple[str, ...], chosen: Chosen
) -> Said:
    """Tell a coded answer; own terms are a part of it, a merged one as what it reads as."""
    own = tuple(sorted(str(term_book().stands_for(one)) for one in chosen_of(chosen, field.name)))
    words = say_codes(given, field.name, chosen)
    return Said(_ask(form, field.name), words, (given, own) if own else given)


def _ask(form: ActForm | DetailsFields | FollowUpForm | IncidentForm, name: str) -> str:
    return str(form[name].label.text)


def _list(chosen: Iterable[UUID], names: Mapping[UUID, str]) -> str:
    return ", ".join(sorted(names.get(one, "") for one in chosen))
