"""Records to make: complete ones, so that every sealed document has something in it."""

from datetime import date
from typing import Any
from uuid import UUID

from casework.domain.act import ActTexts
from casework.domain.dates import VagueDate
from casework.domain.dismissal import Dismissal
from casework.domain.followup import DETENTION, REVIEW, TASK, FollowUpTexts
from casework.domain.incident import IncidentNarrative
from casework.domain.moments import Moment
from casework.domain.person import Consent, PersonFacts, PersonIdentity
from casework.domain.policy import PolicyEvent
from casework.domain.rules import Condition
from casework.services.acts import ActDraft
from casework.services.followups.writing import FollowUpDraft
from casework.services.incidents import IncidentDraft, PersonDraft


def person_draft(name: str = "Teodor Vulcan") -> PersonDraft:
    """Return somebody new."""
    return PersonDraft(
        identity=PersonIdentity(name=name, phone="514 555 0132", address="12 rue Rivard"),
        facts=PersonFacts(consents={"statistics": Consent("given")}),
        roles=("passenger",),
    )


def incident_draft(
    text: str = "Stopped at the corner and asked for papers.",
    people: tuple[PersonDraft, ...] | None = None,
    team_only: bool = False,
    patterns: tuple[UUID, ...] = (),
    restricted: bool = False,
    team: frozenset[UUID] = frozenset(),
) -> IncidentDraft:
    """Return an incident with one new person, as a form gives it."""
    return IncidentDraft(
        date=VagueDate.parse("2026-05"),
        answers={"contact_type": "traffic_stop", "police_service": "unknown"},
        patterns=patterns,
        narrative=IncidentNarrative(text, "rue Jarry, near the park"),
        people=(person_draft(),) if people is None else people,
        team_only=team_only,
        restricted=restricted,
        team=team,
    )


def policy_event(name: str = "Nobody asked", **answers: Any) -> PolicyEvent:
    """Return a policy event, as a form gives it: SPVM, May 2024, about victims and witnesses."""
    rule = (
        Condition("contact_group", ("victim", "witness")),
        Condition("status_surfaced", ("officer_asked", "identity_document_demanded")),
    )
    given: dict[str, Any] = {
        "services": ("spvm",),
        "date": VagueDate.parse("2024-05"),
        "rule": rule,
    } | answers
    return PolicyEvent(name_en=name, text_en="Nobody is asked.", source="Resolution 12", **given)


def dismissal(reason: str = "One flyer, many calls", **answers: Any) -> Dismissal:
    """Return a dismissal of the signal of SPVM and of its tickets."""
    service = ("police_service", "spvm")
    given: dict[str, Any] = {"on": date(2026, 5, 4), "by": UUID(int=7)} | answers
    return Dismissal(series=((service,), (service, ("contact_group", "ticket"))), reason=reason, **given)


def act_draft(
    what: str = "cbsa_action:attended", when: str = "2026-05-04T14:05", people: tuple[UUID, ...] = ()
) -> ActDraft:
    """Return a step of a pathway as a form gives it, with all that can be known of it."""
    kind, _colon, code = what.partition(":")
    return ActDraft(
        kind=kind,
        code=code,
        when=Moment.parse(when),
        people=people,
        by="cbsa_officer",
        source="the_person",
        reliability="confirmed",
        texts=ActTexts("Tall, grey coat", "4711", "Group 12", "FAX 123", "“You come with us.”"),
    )


def task_draft(
    title: str = "Ask for a copy of the ticket",
    due: str = "2026-11-26T14:05",
    assigned_to: UUID | None = None,
) -> FollowUpDraft:
    """Return a task as a form gives it; without `due` it has no date."""
    texts = FollowUpTexts(title=title, rule="s. 57")
    day = Moment.parse(due) if due else None
    return FollowUpDraft(kind=TASK, due=day, assigned_to=assigned_to, texts=texts)


def detention_draft(when: str = "2026-05-04T09:30", person: UUID | None = None) -> FollowUpDraft:
    """Return a detention as a form gives it."""
    held = "detained_holding_centre"
    return FollowUpDraft(kind=DETENTION, when=Moment.parse(when), place=held, person=person)


def review_draft(
    detention: UUID, when: str = "2026-05-06T09:00", outcome: str = "kept_detained"
) -> FollowUpDraft:
    """Return a review of a detention as a form gives it."""
    return FollowUpDraft(kind=REVIEW, when=Moment.parse(when), outcome=outcome, detention=detention)
