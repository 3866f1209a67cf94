"""What differs between what a form says and what is kept, field by field, in words."""

from uuid import UUID

from flask_babel import gettext

from casework.domain.act import CODED, LIST_OF
from casework.domain.coded import INCIDENT_FIELDS, PERSON_FIELDS
from casework.domain.person import IDENTITY_FIELDS, PersonFacts, PersonIdentity
from casework.domain.vocabulary import NOT_ASKED
from casework.services.acts import ActView
from casework.services.followups.reading import FollowUpView
from casework.services.incidents import IncidentView, PersonDraft
from casework.services.records import PersonView
from casework.web.deadlines import write_when
from casework.web.forms.acts import ActForm
from casework.web.forms.followups import FollowUpForm
from casework.web.forms.incidents import IncidentForm
from casework.web.forms.officers import OFFICER_TEXTS
from casework.web.forms.people import PURPOSES, DetailsFields
from casework.web.language import label, labels, vague_date, write_day

Rows = list[tuple[str, str, str]]
"""Label, mine, theirs."""


def compare_incident(form: IncidentForm, theirs: IncidentView) -> Rows:
    """Return the fields of an incident that differ, its people among them."""
    mine, facts = form.to_draft(), theirs.facts
    names = {UUID(hex=value): str(text) for value, text, *_rest in form.patterns.iter_choices()}
    rows = [(str(gettext("Date")), vague_date(mine.date), vague_date(facts.date))]
    for field in INCIDENT_FIELDS:
        ours, other = mine.answers[field.name], getattr(facts, field.name)
        rows.append((_ask(form, field.name), _answer(ours, field.list_name), _answer(other, field.list_name)))
    rows.append((_ask(form, "text"), mine.narrative.text, theirs.narrative.text))
    rows.append((_ask(form, "exact_place"), mine.narrative.exact_place, theirs.narrative.exact_place))
    rows.append((_ask(form, "patterns"), _list(mine.patterns, names), _list(facts.patterns, names)))
    return _differing([*rows, *_compare_people(mine.people, theirs)])


def compare_accounts(one: IncidentView, other: IncidentView) -> Rows:
    """Return what either of two accounts of an incident answers, and who was there; words stay apart."""
    rows = [(str(gettext("Date")), vague_date(one.facts.date), vague_date(other.facts.date))]
    form = IncidentForm(formdata=None)
    for field in INCIDENT_FIELDS:
        mine, theirs = (_answer(getattr(view.facts, field.name), field.list_name) for view in (one, other))
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


def compare_person(form: DetailsFields, theirs: PersonView) -> Rows:
    """Return the fields of a person that differ."""
    mine = _details(form, form.to_identity(), form.to_facts())
    other = _details(form, theirs.identity, theirs.facts)
    return _differing([(name, mine.get(name, ""), other.get(name, "")) for name in {**mine, **other}])


def compare_follow_up(form: FollowUpForm, theirs: FollowUpView) -> Rows:
    """Return the fields of a follow-up that differ."""
    mine, facts, texts = form.to_draft(), theirs.facts, theirs.texts
    rows = [(_ask(form, "words"), mine.texts.words, texts.words)]
    if "day" in form:
        rows.append((_ask(form, "day"), write_when(mine.when), write_when(facts.when)))
    if "title" in form:
        rows.append((_ask(form, "title"), mine.texts.title, texts.title))
        rows.append((_ask(form, "rule"), mine.texts.rule, texts.rule))
        ours, other = (write_when(moment) if moment else "" for moment in (mine.due, facts.due))
        rows.append((_ask(form, "due_day"), ours, other))
    for name, list_name in (("place", "cbsa_action"), ("outcome", "review_outcome")):
        if name in form:
            ours, other = (label(getattr(one, name), list_name) for one in (mine, facts))
            rows.append((_ask(form, name), ours, other))
    for name in ("person", "incident", "assigned_to"):
        if name in form:
            names = {value: str(text) for value, text, *_rest in form[name].iter_choices()}
            chosen = (getattr(one, name) for one in (mine, facts))
            ours, other = (names.get(one.hex if one else "", "") for one in chosen)
            rows.append((_ask(form, name), ours, other))
    return _differing(rows)


def compare_act(form: ActForm, theirs: ActView) -> Rows:
    """Return the fields of a step of the pathway that differ."""
    mine, act = form.to_draft(), theirs.act
    names = {UUID(hex=value): str(text) for value, text, *_rest in form.people.iter_choices()}
    rows = [
        (_ask(form, "what"), label(mine.code, LIST_OF[mine.kind]), label(act.code, act.list_name)),
        (str(gettext("Date")), write_when(mine.when), write_when(act.when)),
        (_ask(form, "people"), _list(mine.people, names), _list(act.people, names)),
    ]
    for name, list_name in CODED.items():
        ours, other = (label(getattr(one, name), list_name) for one in (mine, act))
        rows.append((_ask(form, name), ours, other))
    for name in OFFICER_TEXTS:
        rows.append((_ask(form, name), getattr(mine.texts, name), getattr(theirs.texts, name)))
    return _differing(rows)


def _compare_people(mine: tuple[PersonDraft, ...], theirs: IncidentView) -> Rows:
    parts = {part.person_id: part.roles for part in theirs.facts.participations}
    ours = {person.person_id: person for person in mine if person.person_id}
    rows = []
    for kept in theirs.people:
        person, roles = ours.get(kept.id), parts.get(kept.id)
        identity = person.identity if person and person.identity else kept.identity
        facts = person.facts if person and person.facts else kept.facts
        rows.append(
            (
                kept.identity.name or str(gettext("Somebody without a name")),
                _person(identity, facts, person.roles if person else None),
                _person(kept.identity, kept.facts, roles),
            )
        )
    for person in mine:
        if person.person_id is None and person.identity and person.facts:
            title = person.identity.name or str(gettext("Somebody without a name"))
            rows.append((title, _person(person.identity, person.facts, person.roles), _person_absent()))
    return rows


def _person(identity: PersonIdentity, facts: PersonFacts, roles: tuple[str, ...] | None) -> str:
    if roles is None:
        return _person_absent()
    shown = {str(gettext("Their part in it")): labels(roles, "role")}
    shown |= _details(DetailsFields(), identity, facts)
    return "\n".join(str(gettext("%(what)s: %(text)s", what=name, text=text)) for name, text in shown.items())


def _person_absent() -> str:
    return str(gettext("Not in this incident"))


def _details(form: DetailsFields, identity: PersonIdentity, facts: PersonFacts) -> dict[str, str]:
    shown = {_ask(form, name): getattr(identity, name) for name in IDENTITY_FIELDS}
    for field in PERSON_FIELDS:
        shown[_ask(form, field.name)] = _answer(getattr(facts, field.name), field.list_name)
    for purpose in PURPOSES:
        consent = facts.consent(purpose)
        day = f" ({write_day(consent.on)})" if consent.on else ""
        how = "" if consent.how == NOT_ASKED else f", {label(consent.how, 'consent_means')}"
        shown[label(purpose, "consent_purpose")] = label(consent.answer, "consent_answer") + day + how
    return {name: text for name, text in shown.items() if text}


def _answer(given: str | tuple[str, ...], list_name: str) -> str:
    return labels((given,) if isinstance(given, str) else given, list_name)


def _ask(form: ActForm | DetailsFields | FollowUpForm | IncidentForm, name: str) -> str:
    return str(form[name].label.text)


def _list(patterns: tuple[UUID, ...], names: dict[UUID, str]) -> str:
    return ", ".join(sorted(names.get(pattern, "") for pattern in patterns))


def _differing(rows: Rows) -> Rows:
    return [row for row in rows if row[1] != row[2]]
