"""Patterns: definitions in several languages, and those that an organisation starts with."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.pattern import (
    PatternDefinition,
    carry_rejected,
    reject,
    set_patterns,
    starter_patterns,
    take_back,
)
from casework.domain.rules import Condition, matches
from casework.errors import Invalid

OTHER = UUID("11f3a5c7-2b4d-4f6e-8091-a2b3c4d5e6f7")
SHELTER = PatternDefinition(
    name_en="Shelter called",
    name_fr="Refuge appelé",
    definition_en="Police called a shelter about the person.",
    rule=(Condition("raised_by", ("institution",)),),
)

STARTERS = {str(pattern.starter): pattern for pattern in starter_patterns()}


def incident(role: str = "not_asked", **facts: Any) -> IncidentFacts:
    """Make an incident that has just these answers."""
    given: dict[str, Any] = {"contact_type": "unknown", "police_service": "spvm"} | facts
    return IncidentFacts(
        date=VagueDate.unknown(), logged_on=date(2026, 11, 16), logged_by=OTHER,
        participations=(Participation(OTHER, (role,)),), **given,
    )  # fmt: skip


CHECKED = ("status_check",)

# starter: an incident that it proposes itself for, and one that just misses it
EXAMPLES = {
    "victim_or_witness_reported": (
        incident(contact_type="witness_contact", referral_types=CHECKED),
        incident(contact_type="witness_contact", referral_types=("unknown",)),
    ),
    "ticket_to_detention": (
        incident(contact_type="fare_check", cbsa_actions=("detained_provincial_jail",)),
        incident(contact_type="street_check", cbsa_actions=("detained_provincial_jail",)),
    ),
    "carding_to_cbsa": (
        incident(contact_type="street_check", referral_types=CHECKED),
        incident(contact_type="street_check"),
    ),
    "passenger_asked_for_papers": (
        incident("passenger", status_surfaced=("identity_document_demanded",)),
        incident("driver", status_surfaced=("identity_document_demanded",)),
    ),
    "status_asked_without_offence": (
        incident("stopped_without_offence", status_surfaced=("officer_asked",)),
        incident("stopped_without_offence", status_surfaced=("self_disclosed",)),
    ),
    "warrant_found_after_status_check": (
        incident(referral_types=CHECKED, reasons=("warrant",)),
        incident(referral_types=("warrant_enquiry",), reasons=("warrant",)),
    ),
    "accent_or_appearance": (
        incident(status_surfaced=("accent_or_appearance",)),
        incident(status_surfaced=("officer_asked",)),
    ),
    "domestic_violence_caller_reported": (
        incident(contact_type="domestic_violence_call", referral_types=("interpretation",)),
        incident(contact_type="victim_or_complainant_report", referral_types=("interpretation",)),
    ),
    "transit_to_cbsa": (
        incident(contact_type="fare_check", referral_types=CHECKED),
        incident(contact_type="ticket", referral_types=CHECKED),
    ),
    "held_for_cbsa_without_charge": (
        incident(cbsa_actions=("held_by_police",)),
        incident(cbsa_actions=("held_by_police",), consequences=("job_loss", "charges_or_fine")),
    ),
    "interpreter_call_to_cbsa": (
        incident(referral_types=("interpretation",)),
        incident(referral_types=CHECKED),
    ),
}


def test_every_starter_has_its_examples() -> None:
    """The eleven patterns of the domain document are there, in its order."""
    assert list(STARTERS) == list(EXAMPLES)


@pytest.mark.parametrize("starter", EXAMPLES)
def test_a_starter_proposes_itself_where_it_should(starter: str) -> None:
    """Each rule holds for its pattern's own example, and not for one that just misses it."""
    fitting, missing = EXAMPLES[starter]
    assert matches(STARTERS[starter].rule, fitting)
    assert not matches(STARTERS[starter].rule, missing)


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_starters_are_written_in_each_language(language: str) -> None:
    """Each has its own name and a definition that is one sentence."""
    names = [getattr(pattern, f"name_{language}") for pattern in STARTERS.values()]
    definitions = [getattr(pattern, f"definition_{language}") for pattern in STARTERS.values()]
    assert len(set(names)) == len(set(definitions)) == len(STARTERS)
    assert all(names)
    assert all(definition.endswith(".") and definition.count(".") == 1 for definition in definitions)


@pytest.mark.parametrize(
    "pattern", [SHELTER, replace(SHELTER, status="merged", merged_into=OTHER), *STARTERS.values()]
)
def test_every_pattern_reads_back_as_written(pattern: PatternDefinition) -> None:
    """The sealed form gives back the same definition."""
    assert PatternDefinition.from_document(pattern.to_document()) == pattern


def test_the_sealed_form_is_exactly_this() -> None:
    """The content of schema 1 never changes; another shape is another schema."""
    assert replace(SHELTER, status="merged", merged_into=OTHER).to_document() == {
        "schema": 1,
        "name_en": "Shelter called", "name_fr": "Refuge appelé", "name_es": "",
        "definition_en": "Police called a shelter about the person.",
        "definition_fr": "", "definition_es": "",
        "status": "merged", "merged_into": "11f3a5c72b4d4f6e8091a2b3c4d5e6f7", "starter": None,
        "rule": [{"field": "raised_by", "any_of": ["institution"], "none_of": []}],
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"schema": 2}, {"colour": "red"}, {"name_en": None}, {"name_en": " secret"}, {"status": "gone"},
     {"rule": {}}, {"rule": [{}]}, {"merged_into": OTHER.hex}, {"merged_into": []}, {"starter": 1},
     {"name_en": "", "name_fr": ""}],
)  # fmt: skip
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    """A document that `to_document` could not have given is refused."""
    with pytest.raises(Invalid) as refusal:
        PatternDefinition.from_document({**SHELTER.to_document(), **change})
    assert set(refusal.value.faults) == {"document"}


def test_names_fall_back_to_a_language_that_has_one() -> None:
    """A pattern named in one language is shown by that name in the others."""
    assert SHELTER.name("fr") == "Refuge appelé"
    assert SHELTER.name("es") == "Shelter called"
    assert SHELTER.definition("fr") == "Police called a shelter about the person."
    assert PatternDefinition(name_fr="Refuge").definition("fr") == ""


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name_en": " ", "name_fr": ""}, "name_en"),
        ({"name_en": "x" * 81}, "name_en"),
        ({"status": "secret"}, "status"),
        ({"status": "merged"}, "merged_into"),
        ({"merged_into": OTHER}, "merged_into"),
    ],
)
def test_what_is_wrong_is_named_by_field(change: dict[str, Any], field: str) -> None:
    """A pattern needs a name, a known status, and a target exactly when it is merged."""
    with pytest.raises(Invalid) as refusal:
        replace(SHELTER, **change)
    assert set(refusal.value.faults) == {field}


def test_a_pattern_is_set_or_rejected_and_never_both() -> None:
    """What is set is rejected no longer, what is set is not rejected, and both are taken back alike."""
    bare, one, other = incident(), UUID(int=1), UUID(int=2)
    rejected = reject(reject(bare, other), one)
    assert (rejected.patterns, rejected.rejected) == ((), (one, other))
    tagged = set_patterns(rejected, {one}, set())
    assert (tagged.patterns, tagged.rejected) == ((one,), (other,))
    assert reject(tagged, one) == tagged
    assert set_patterns(tagged, set(), {one}) == reject(bare, other)
    assert take_back(take_back(tagged, one), other) == bare


def test_a_form_keeps_what_was_rejected_but_for_what_it_sets() -> None:
    """A form of an incident asks for the patterns alone."""
    before = reject(reject(incident(), UUID(int=1)), UUID(int=2))
    posted = set_patterns(incident(), {UUID(int=2), UUID(int=3)}, set())
    kept = carry_rejected(posted, before)
    assert (kept.patterns, kept.rejected) == ((UUID(int=2), UUID(int=3)), (UUID(int=1),))
