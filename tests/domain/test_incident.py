"""Incidents: the sealed form, its strictness, and what may be logged."""

import json
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given

from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, IncidentNarrative, Participation, validate_incident
from casework.errors import Invalid

from .strategies import incidents

PERSON = UUID("0c2a4c1e-6f0b-4d0a-9a35-1d2e3f405162")
MEMBER = UUID("9d0b7f6a-1c2d-4e3f-8a4b-5c6d7e8f9012")
PATTERN = UUID("11f3a5c7-2b4d-4f6e-8091-a2b3c4d5e6f7")

STOP = IncidentFacts(
    date=VagueDate.parse("2026-11-15"),
    contact_type="traffic_stop",
    police_service="spvm",
    place="verdun",
    status_surfaced=("officer_asked", "identity_document_demanded"),
    referral_types=("status_check",),
    participations=(Participation(PERSON, ("passenger",)),),
    patterns=(PATTERN,),
    logged_on=date(2026, 11, 16),
    logged_by=MEMBER,
)


def test_the_sealed_form_is_exactly_this() -> None:
    """The bytes of schema 5 never change; another shape is another schema."""
    assert json.dumps(STOP.to_document(), separators=(",", ":"), sort_keys=True) == (
        '{"account_of":null,"acts":[],"besides":{},"cbsa_actions":["not_asked"],"consequences":["not_asked"],'
        '"contact_type":"traffic_stop",'
        '"date":"2026-11-15","detention_grounds":["not_asked"],'
        '"logged_by":"9d0b7f6a1c2d4e3f8a4b5c6d7e8f9012","logged_on":"2026-11-16",'
        '"own_terms":{},'
        '"participations":[{"person":"0c2a4c1e6f0b4d0a9a351d2e3f405162","roles":["passenger"]}],'
        '"patterns":["11f3a5c72b4d4f6e8091a2b3c4d5e6f7"],"place":"verdun","police_service":"spvm",'
        '"raised_by":"not_asked","reasons":["not_asked"],"referral_types":["status_check"],"rejected":[],"schema":5,'
        '"status_surfaced":["officer_asked","identity_document_demanded"],"told_apart":[]}'
    )
    assert next(iter(STOP.to_document())) == "schema"


@given(incidents)
def test_every_incident_reads_back_as_written(facts: IncidentFacts) -> None:
    """Through JSON and back, an incident is the same."""
    assert IncidentFacts.from_document(json.loads(json.dumps(facts.to_document()))) == facts


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 1}, {"schema": 3}, {"schema": 6}, {"schema": True}, {"schema": "1"}, {"extra": 1},
        {"date": "2026-02-30"},
        {"date": None}, {"date": []}, {"contact_type": "secret"}, {"contact_type": []}, {"place": 7},
        {"police_service": None},
        {"reasons": []}, {"reasons": "warrant"}, {"reasons": {"warrant": 1}}, {"reasons": ["secret"]},
        {"reasons": [["warrant"]]}, {"reasons": ["warrant", "warrant"]},
        {"reasons": ["court_purposes", "warrant"]},
        {"reasons": ["warrant", "not_asked"]}, {"cbsa_actions": ["no_action", "removed"]},
        {"participations": {}}, {"participations": [[]]}, {"participations": [{"person": PERSON.hex}]},
        {"participations": [{"person": str(PERSON), "roles": ["victim"]}]},
        {"participations": [{"person": PERSON.hex, "roles": []}]},
        {"participations": [{"person": PERSON.hex, "roles": ["victim"], "name": "secret"}]},
        {"patterns": [PERSON.hex.upper()]}, {"patterns": [[]]}, {"patterns": [1]}, {"logged_by": None},
        {"logged_by": "{" + PERSON.hex[2:] + "}"}, {"logged_on": "20261116"}, {"logged_on": "2026-W47-1"},
        {"acts": {}}, {"acts": [[]]}, {"acts": [{"id": PERSON.hex}]}, {"besides": []},
        {"besides": {"place": ["verdun"]}}, {"besides": {"reasons": "warrant"}},
        {"besides": {"reasons": ["secret"]}}, {"besides": {"secret": ["warrant"]}},
        {"account_of": ""}, {"account_of": [PERSON.hex]}, {"told_apart": None}, {"told_apart": [1]},
        {"logged_on": 20261116}, {"logged_on": "2026-11-31"},
        {"own_terms": []}, {"own_terms": None}, {"own_terms": {"secret": [PERSON.hex]}},
        {"own_terms": {"roles": [PERSON.hex]}}, {"own_terms": {"place": []}},
        {"own_terms": {"place": PERSON.hex}}, {"own_terms": {"place": [PERSON.hex, PATTERN.hex]}},
        {"own_terms": {"reasons": [PATTERN.hex, PERSON.hex]}}, {"own_terms": {"place": [str(PERSON)]}},
        {"own_terms": {"reasons": [PERSON.hex], "place": [PERSON.hex]}},
        {"rejected": None}, {"rejected": {}}, {"rejected": [1]}, {"rejected": [[]]},
        {"rejected": [str(PATTERN)]},
    ],
)  # fmt: skip
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    """A document that `to_document` could not have given is refused without a word of its content."""
    with pytest.raises(Invalid) as refusal:
        IncidentFacts.from_document({**STOP.to_document(), **change})
    assert set(refusal.value.faults) == {"document"}
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("key", sorted(STOP.to_document()))
def test_a_missing_key_is_refused(key: str) -> None:
    """Every key of the schema is there."""
    document = STOP.to_document()
    del document[key]
    with pytest.raises(Invalid):
        IncidentFacts.from_document(document)


@given(incidents)
def test_what_was_sealed_before_there_were_acts_opens(facts: IncidentFacts) -> None:
    """Schema 1 is schema 2 without acts; nothing of it is lost, and it is strict in the same way."""
    facts = replace(facts, acts=(), besides=(), account_of=None, told_apart=(), own_terms=(), rejected=())
    document = {**facts.to_document(), "schema": 1}
    del document["acts"], document["besides"], document["account_of"], document["told_apart"]
    del document["own_terms"], document["rejected"]
    assert IncidentFacts.from_document(document) == facts
    changes: list[dict[str, Any]] = [{"schema": 2}, {"schema": True}, {"acts": []}, {"place": "secret"}]
    for change in changes:
        with pytest.raises(Invalid):
            IncidentFacts.from_document({**document, **change})


@given(incidents)
def test_what_was_sealed_before_there_were_other_accounts_opens(facts: IncidentFacts) -> None:
    """Schema 2 is schema 3 without them."""
    facts = replace(facts, account_of=None, told_apart=(), own_terms=(), rejected=())
    document = {**facts.to_document(), "schema": 2}
    del document["account_of"], document["told_apart"], document["own_terms"], document["rejected"]
    assert IncidentFacts.from_document(document) == facts
    for change in ({"schema": 3}, {"schema": 1}, {"account_of": None}):
        with pytest.raises(Invalid):
            IncidentFacts.from_document({**document, **change})


@given(incidents)
def test_what_was_sealed_before_there_were_own_terms_opens(facts: IncidentFacts) -> None:
    """Schema 3 is schema 4 without them, and all such incidents share one empty answer."""
    facts = replace(facts, own_terms=(), rejected=())
    document = {**facts.to_document(), "schema": 3}
    del document["own_terms"], document["rejected"]
    assert IncidentFacts.from_document(document) == facts
    changes: list[dict[str, Any]] = [{"schema": 4}, {"schema": 2}, {"own_terms": {}}]
    for change in changes:
        with pytest.raises(Invalid):
            IncidentFacts.from_document({**document, **change})


@given(incidents)
def test_what_was_sealed_before_proposals_were_rejected_opens(facts: IncidentFacts) -> None:
    """Schema 4 is schema 5 without what was rejected."""
    facts = replace(facts, rejected=())
    document = {**facts.to_document(), "schema": 4}
    del document["rejected"]
    assert IncidentFacts.from_document(document) == facts
    changes: list[dict[str, Any]] = [{"schema": 5}, {"schema": 3}, {"rejected": []}]
    for change in changes:
        with pytest.raises(Invalid):
            IncidentFacts.from_document({**document, **change})


def test_a_narrative_from_before_there_were_acts_opens() -> None:
    """Schema 1 of a narrative had no texts of acts."""
    document = {"schema": 1, "text": "x", "exact_place": "y"}
    assert IncidentNarrative.from_document(document) == IncidentNarrative("x", "y")
    for change in ({"schema": 2}, {"text": " x"}, {"more": ""}):
        with pytest.raises(Invalid):
            IncidentNarrative.from_document({**document, **change})


def test_contact_group() -> None:
    """The group follows the contact type."""
    assert STOP.contact_group == "ticket"
    assert replace(STOP, contact_type="unknown").contact_group == "unknown"


def test_a_short_entry_may_be_logged() -> None:
    """Contact type, date precision and police service are enough, `unknown` included."""
    validate_incident(
        IncidentFacts(
            date=VagueDate.unknown(),
            contact_type="unknown",
            police_service="unknown",
            logged_on=date(2026, 11, 16),
            logged_by=MEMBER,
        )
    )
    validate_incident(STOP)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"contact_type": "not_asked"}, {"contact_type"}),
        ({"police_service": "not_asked"}, {"police_service"}),
        ({"contact_type": "secret", "place": "secret"}, {"contact_type", "place"}),
        ({"place": ("verdun",)}, {"place"}),
        ({"date": VagueDate.parse("2026-11-17")}, {"date"}),
        ({"date": VagueDate.parse("2027")}, {"date"}),
        ({"reasons": ()}, {"reasons"}),
        ({"reasons": ["warrant"]}, {"reasons"}),
        ({"consequences": ("job_loss", "family_separation")}, {"consequences"}),
        ({"participations": (Participation(PERSON), Participation(PERSON))}, {"participations"}),
        ({"participations": (Participation(PERSON, ("secret",)),)}, {"roles"}),
        ({"patterns": (PATTERN, PATTERN)}, {"patterns"}),
    ],
)
def test_what_is_wrong_is_named_by_field(change: dict[str, Any], fields: set[str]) -> None:
    """Every wrong field is named at once, and nothing else."""
    with pytest.raises(Invalid) as refusal:
        validate_incident(replace(STOP, **change))
    assert set(refusal.value.faults) == fields


@pytest.mark.parametrize("written", ["2026", "2026-11", "2026-autumn", "2026-11-16"])
def test_a_period_that_has_begun_is_not_in_the_future(written: str) -> None:
    """What can lie before the day of logging may be logged."""
    validate_incident(replace(STOP, date=VagueDate.parse(written)))


def test_a_narrative_is_tidied_and_reads_back() -> None:
    """Line ends are made plain, and the sealed form is exactly what was kept."""
    narrative = IncidentNarrative("  L'agent a demandé\r\nses papiers. ", " coin  Wellington ")
    assert narrative.to_document() == {
        "schema": 2, "text": "L'agent a demandé\nses papiers.", "exact_place": "coin Wellington", "acts": []
    }  # fmt: skip
    assert IncidentNarrative.from_document(narrative.to_document()) == narrative


@pytest.mark.parametrize(
    "change", [{"schema": 1}, {"acts": [{}]}, {"text": None}, {"text": " secret"}, {"more": ""}]
)
def test_a_strange_narrative_is_refused(change: dict[str, Any]) -> None:
    """Nothing is read that would not be written so."""
    with pytest.raises(Invalid) as refusal:
        IncidentNarrative.from_document({**IncidentNarrative("x").to_document(), **change})
    assert set(refusal.value.faults) == {"document"}
