"""People: facts, consents and identity."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.countable import Countable
from casework.domain.incident import Participation
from casework.domain.merged import Aside, FollowUpBefore, IncidentBefore, Merged
from casework.domain.person import (
    Consent,
    PersonFacts,
    PersonIdentity,
    band_of_age,
    may_count,
    validate_identity,
    validate_person,
)
from casework.domain.vocabulary import code_list
from casework.errors import Invalid

from .strategies import people

AMINA = PersonFacts(
    age_band="25_34",
    racialised_identities=("black", "west_asian"),
    languages=("fr", "so"),
    consents={
        "statistics": Consent("given", date(2026, 11, 16), "signed_form"),
        "story": Consent("refused"),
    },
    countable=Countable(datetime(2026, 11, 16, 15, 4, 5, tzinfo=UTC)),
)


ONE, OTHER, DAY = UUID(int=1), UUID(int=2), date(2026, 11, 16)
ONE_HEX = ONE.hex
MERGED = Merged(
    of=(ONE, OTHER),
    on=DAY,
    by=OTHER,
    version=3,
    incidents=(IncidentBefore(ONE, (Participation(ONE, ("driver",)),), ((OTHER, (ONE,)),)),),
    follow_ups=(FollowUpBefore(OTHER, ONE),),
)


def test_the_sealed_form_is_exactly_this() -> None:
    """The content of schema 3 never changes; another shape is another schema."""
    assert AMINA.to_document() == {
        "schema": 3,
        "age_band": "25_34",
        "gender": "not_asked",
        "immigration_status": "not_asked",
        "region_of_origin": "not_asked",
        "racialised_identities": ["black", "west_asian"],
        "languages": ["fr", "so"],
        "consents": {
            "statistics": {"answer": "given", "on": "2026-11-16", "how": "signed_form"},
            "story": {"answer": "refused", "on": None, "how": "not_asked"},
        },
        "countable": {"since": "2026-11-16T15:04:05+00:00", "until": None},
        "merged": None,
        "aside": None,
        "own_terms": {},
    }
    assert replace(AMINA, merged=MERGED, aside=Aside(DAY, ONE)).to_document() == {
        **AMINA.to_document(),
        "merged": {
            "of": [ONE.hex, OTHER.hex],
            "on": "2026-11-16",
            "by": OTHER.hex,
            "version": 3,
            "twin": None,
            "incidents": [
                {
                    "incident": ONE.hex,
                    "participations": [{"person": ONE.hex, "roles": ["driver"]}],
                    "acts": [{"act": OTHER.hex, "people": [ONE.hex]}],
                }
            ],
            "follow_ups": [{"follow_up": OTHER.hex, "person": ONE.hex}],
        },
        "aside": {"on": "2026-11-16", "into": ONE.hex},
    }


@pytest.mark.parametrize(
    "change",
    [
        {"of": ONE_HEX}, {"of": [1]}, {"on": "yesterday"}, {"by": None}, {"twin": ""}, {"more": 1},
        {"incidents": {}}, {"incidents": [{}]}, {"follow_ups": [[]]},
        {"version": 0}, {"version": True}, {"follow_ups": [{"follow_up": ONE_HEX, "person": None}]},
        {"incidents": [{"incident": ONE_HEX, "participations": [{}], "acts": []}]},
        {"incidents": [{"incident": ONE_HEX, "participations": [], "acts": [[]]}]},
    ],
)  # fmt: skip
def test_a_note_of_a_merge_is_read_strictly(change: dict[str, Any]) -> None:
    """Anything else than `to_document` gives is refused."""
    document = {**AMINA.to_document(), "merged": {**MERGED.to_document(), **change}}
    with pytest.raises(Invalid):
        PersonFacts.from_document(document)


@pytest.mark.parametrize("aside", [1, {}, {"on": "2026-11-16"}, {"on": None, "into": None}])
def test_a_note_of_lying_aside_is_read_strictly(aside: Any) -> None:
    """Here too."""
    with pytest.raises(Invalid):
        PersonFacts.from_document({**AMINA.to_document(), "aside": aside})


def first_schema(**consents: dict[str, Any]) -> dict[str, Any]:
    """Return a person as schema 1 wrote one."""
    document = PersonFacts().to_document() | {"schema": 1, "consents": consents}
    for name in ("countable", "merged", "aside", "own_terms"):
        del document[name]
    return document


def test_schema_1_still_opens() -> None:
    """How an answer was given was not asked then, nor is known when it was written down."""
    read = PersonFacts.from_document(
        first_schema(
            statistics={"answer": "given", "on": "2026-11-16"}, story={"answer": "refused", "on": None}
        )
    )
    assert read.consent("statistics") == Consent("given", date(2026, 11, 16))
    assert read.consent("story") == Consent("refused")
    assert read.countable == Countable()
    assert read.to_document()["schema"] == 3


def test_schema_2_still_opens() -> None:
    """It is schema 3 without own terms."""
    document = {**AMINA.to_document(), "schema": 2}
    del document["own_terms"]
    assert PersonFacts.from_document(document) == AMINA
    with pytest.raises(Invalid):
        PersonFacts.from_document({**document, "own_terms": {}})


def test_a_withdrawal_of_schema_1_holds_from_the_end_of_its_day() -> None:
    """Nobody noted when it was written down: a table of that very day may have counted them."""
    read = PersonFacts.from_document(first_schema(statistics={"answer": "withdrawn", "on": "2026-11-16"}))
    assert read.was_counted(datetime(2026, 11, 17, 3, tzinfo=UTC))
    assert not read.was_counted(datetime(2026, 11, 17, 12, 0, 1, tzinfo=UTC))
    undated = PersonFacts.from_document(first_schema(statistics={"answer": "withdrawn", "on": None}))
    assert undated.was_counted(datetime(2040, 1, 1, tzinfo=UTC))


@given(people)
def test_every_person_reads_back_as_written(person: PersonFacts) -> None:
    """Through JSON and back, the facts are the same."""
    read = PersonFacts.from_document(json.loads(json.dumps(person.to_document())))
    assert (read, read.countable) == (person, person.countable)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 1}, {"schema": 2}, {"schema": 4}, {"name": "secret"},
        {"age_band": "secret"}, {"age_band": None},
        {"gender": []}, {"languages": []}, {"languages": ["xx"]},
        {"languages": ["so", "fr"]}, {"languages": "fr"},
        {"consents": []}, {"consents": {"secret": {"answer": "given", "on": None}}},
        {"consents": {"statistics": {"answer": "secret", "on": None, "how": "unknown"}}},
        {"consents": {"statistics": {"answer": [], "on": None, "how": "unknown"}}},
        {"consents": {"statistics": {"answer": "given", "on": None, "how": "secret"}}},
        {"consents": {"statistics": {"answer": "given", "on": None}}},
        {"consents": {"statistics": {"answer": "given"}}}, {"consents": {"statistics": "given"}},
        {"consents": {"statistics": {"answer": "given", "on": "yesterday", "how": "unknown"}}},
        {"own_terms": []}, {"own_terms": {"place": [ONE_HEX]}}, {"own_terms": {"gender": [1]}},
        {"countable": "secret"}, {"countable": {"since": None}},
        {"countable": {"since": None, "until": None}},
        {"countable": {"since": "secret", "until": None}},
        {"countable": {"since": "2026-11-16T15:04:05", "until": None}},
        {"countable": {"since": "2026-11-16T15:04:05-05:00", "until": None}},
        {"countable": {"since": 3, "until": None}},
        {"countable": {"since": "2026-W47-1T15:04:05+00:00", "until": None}},
        {"countable": {"since": "2026-13-16T15:04:05+00:00", "until": None}},
    ],
)  # fmt: skip
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    """A document that `to_document` could not have given is refused without a word of its content."""
    with pytest.raises(Invalid) as refusal:
        PersonFacts.from_document({**AMINA.to_document(), **change})
    assert set(refusal.value.faults) == {"document"}
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("answer", code_list("consent_answer").codes)
def test_only_consent_given_counts(answer: str) -> None:
    """Refused, withdrawn and not asked are no consent."""
    person = PersonFacts(consents={"statistics": Consent(answer)})
    assert may_count(person) == (answer == "given")


def test_silence_and_other_consents_do_not_count() -> None:
    """Consent to another purpose is none to statistics."""
    assert not may_count(PersonFacts())
    others = [code for code in code_list("consent_purpose").codes if code != "statistics"]
    assert not may_count(PersonFacts(consents={purpose: Consent("given") for purpose in others}))
    assert PersonFacts().consent("story") == Consent("not_asked", None)


@pytest.mark.parametrize("answer", ["given", "refused", "withdrawn"])
def test_an_answer_stands_with_how_it_was_given(answer: str) -> None:
    """Each means goes with each answer but none."""
    for how in code_list("consent_means").codes:
        validate_person(PersonFacts(consents={"story": Consent(answer, None, how)}))


@pytest.mark.parametrize("address", ["", "ana@example.org", " a.b+c@mail.example.org ", "é@exemple.québec"])
def test_an_address_that_can_be_one_is_taken(address: str) -> None:
    """Nothing, or one address, in whichever alphabet."""
    validate_identity(PersonIdentity(email=address), date(2026, 6, 1))


@pytest.mark.parametrize("address", ["ana", "ana@", "@x.org", "ana@x", "a@x.org, b@x.org", "ana at x.org"])
def test_what_is_no_address_is_named_with_the_birth_date(address: str) -> None:
    """Both fields are named at once."""
    with pytest.raises(Invalid) as refusal:
        validate_identity(PersonIdentity(email=address, birth_date="1990-02-30"), date(2026, 6, 1))
    assert refusal.value.faults.keys() == {"email", "birth_date"}


@given(st.integers(0, 120))
def test_each_age_has_its_band(age: int) -> None:
    """The band of an age holds it, by the band's own bounds."""
    attributes = code_list("age_band").term(band_of_age(age)).attributes
    assert attributes["from_age"] <= age <= attributes["to_age"]


@pytest.mark.parametrize(
    ("age", "band"),
    [(-1, "unknown"), (0, "0_11"), (11, "0_11"), (12, "12_17"), (17, "12_17"), (18, "18_24"), (24, "18_24"),
     (64, "55_64"), (65, "65_plus"), (120, "65_plus"), (121, "unknown")],
)  # fmt: skip
def test_the_edges_of_the_bands(age: int, band: str) -> None:
    """The bands meet without gap or overlap."""
    assert band_of_age(age) == band


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"age_band": "secret", "languages": ()}, {"age_band", "languages"}),
        ({"consents": {"secret": Consent()}}, {"consents"}),
        ({"consents": {"story": Consent("perhaps")}}, {"consents"}),
        ({"consents": {"story": Consent("given", how="by owl")}}, {"consent_story_how"}),
        ({"consents": {"story": Consent(how="in_person")}}, {"consent_story_how"}),
    ],
)
def test_what_is_wrong_is_named_by_field(change: dict[str, Any], fields: set[str]) -> None:
    """Every wrong field is named at once, and nothing else."""
    with pytest.raises(Invalid) as refusal:
        validate_person(replace(AMINA, **change))
    assert set(refusal.value.faults) == fields


def test_a_purpose_that_a_form_asked_needs_its_answer() -> None:
    """A purpose left out is a fault only where it was asked about."""
    validate_person(AMINA)
    validate_person(AMINA, ["statistics"])
    with pytest.raises(Invalid):
        validate_person(AMINA, ["litigation"])


def test_an_identity_is_tidied_and_reads_back() -> None:
    """Names are one line, addresses may be several."""
    identity = PersonIdentity(name=" Amina\n Yusuf ", address="12 rue Wellington\r\nVerdun")
    assert identity.name == "Amina Yusuf"
    assert identity.address == "12 rue Wellington\nVerdun"
    assert PersonIdentity.from_document(identity.to_document()) == identity


@pytest.mark.parametrize("change", [{"schema": 2}, {"name": None}, {"name": "secret "}, {"sin": "secret"}])
def test_a_strange_identity_is_refused(change: dict[str, Any]) -> None:
    """Nothing is read that would not be written so, and the refusal repeats none of it."""
    with pytest.raises(Invalid) as refusal:
        PersonIdentity.from_document({**PersonIdentity(name="x").to_document(), **change})
    assert "secret" not in str(refusal.value)
