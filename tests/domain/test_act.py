"""Acts: the sealed form, its strictness, and what may be recorded."""

import json
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given

from casework.domain.act import Act, ActTexts, read_act, read_texts, validate_act
from casework.domain.incident import IncidentNarrative
from casework.domain.moments import Moment
from casework.errors import Invalid

from .strategies import acts_of

PERSON = UUID("0c2a4c1e-6f0b-4d0a-9a35-1d2e3f405162")
MEMBER = UUID("9d0b7f6a-1c2d-4e3f-8a4b-5c6d7e8f9012")
TODAY = date(2026, 11, 16)

CALL = Act(
    id=UUID("11f3a5c7-2b4d-4f6e-8091-a2b3c4d5e6f7"),
    kind="referral",
    code="status_check",
    when=Moment.parse("2026-11-15T14:05"),
    people=(PERSON,),
    by="police_officer",
    source="the_person",
    reliability="confirmed",
    added_on=TODAY,
    added_by=MEMBER,
)


def test_the_sealed_form_is_exactly_this() -> None:
    """The bytes of a schema never change."""
    assert json.dumps(CALL.to_document(), separators=(",", ":")) == (
        '{"id":"11f3a5c72b4d4f6e8091a2b3c4d5e6f7","kind":"referral","code":"status_check",'
        '"when":"2026-11-15T14:05","people":["0c2a4c1e6f0b4d0a9a351d2e3f405162"],"by":"police_officer",'
        '"source":"the_person","reliability":"confirmed","version":1,"added_on":"2026-11-16",'
        '"added_by":"9d0b7f6a1c2d4e3f8a4b5c6d7e8f9012","removed_on":null}'
    )


@given(acts_of())
def test_every_act_reads_back_as_written(act: Act) -> None:
    """Through JSON and back, an act is the same."""
    assert read_act(json.loads(json.dumps(act.to_document()))) == act


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "secret"}, {"kind": []}, {"code": "removed"}, {"code": None}, {"when": "2026-11-15T14:5"},
        {"when": 7}, {"when": "2026-11T14:05"}, {"people": PERSON.hex}, {"people": [str(PERSON)]},
        {"by": "secret"}, {"source": []}, {"reliability": None}, {"version": 0}, {"version": True},
        {"version": "1"}, {"added_on": None}, {"added_by": None}, {"removed_on": ""}, {"extra": 1},
    ],
)  # fmt: skip
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    """What `to_document` could not have given is refused."""
    with pytest.raises((Invalid, KeyError, TypeError, ValueError)):
        read_act({**CALL.to_document(), **change})
    document = CALL.to_document()
    del document["by"]
    with pytest.raises(Invalid):
        read_act(document)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"code": "not_asked"}, {"what"}),
        ({"kind": "secret"}, {"what"}),
        ({"code": "removed"}, {"what"}),
        ({"when": Moment.parse("2026-11-17")}, {"date"}),
        ({"when": Moment.parse("2027")}, {"date"}),
        ({"people": (MEMBER,)}, {"people"}),
        ({"people": (PERSON, PERSON)}, {"people"}),
        ({"by": "secret", "source": "secret", "reliability": "secret"}, {"by", "source", "reliability"}),
    ],
)
def test_what_is_wrong_is_named_by_field(change: dict[str, Any], fields: set[str]) -> None:
    """Every wrong field is named at once, and nothing else."""
    with pytest.raises(Invalid) as refusal:
        validate_act(replace(CALL, **change), TODAY, {PERSON})
    assert set(refusal.value.faults) == fields


@pytest.mark.parametrize("written", ["unknown", "2026", "2026-11", "2026-autumn", "2026-11-16"])
def test_little_is_enough(written: str) -> None:
    """What happened may be unknown in all but its kind, and when too."""
    when = Moment.parse(written)
    validate_act(replace(CALL, code="unknown", when=when, people=(), by="not_asked"), TODAY, ())


def test_texts_are_tidied_and_read_back() -> None:
    """They lie in the narrative document, beside the id of their act, and are in no representation."""
    texts = ActTexts(" Tall ", "4711", "", "FAX  123", " “Come.”\r\n“No.” ")
    assert (texts.officer, texts.said) == ("Tall", "“Come.”\n“No.”")
    assert "4711" not in repr(texts)
    assert read_texts(texts.to_document(CALL.id)) == (CALL.id, texts)
    narrative = IncidentNarrative("x", "", ((CALL.id, texts),))
    assert IncidentNarrative.from_document(json.loads(json.dumps(narrative.to_document()))) == narrative
    assert narrative.of_act(CALL.id) == texts
    assert narrative.of_act(PERSON) == ActTexts()
    untidy = narrative.to_document()
    untidy["acts"][0]["badge"] = " 4711"
    with pytest.raises(Invalid):
        IncidentNarrative.from_document(untidy)
