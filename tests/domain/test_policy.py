"""Policy events: what one holds, whom it concerns, and what contradicts it."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts
from casework.domain.policy import PolicyEvent, list_shipped, shipped_id
from casework.errors import Invalid
from tests.support.records import policy_event


def facts(written: str = "2025-01-05", **answers: Any) -> IncidentFacts:
    """Make an incident in which the SPVM asked a witness."""
    given = {
        "contact_type": "witness_contact",
        "police_service": "spvm",
        "status_surfaced": ("officer_asked",),
    }
    return IncidentFacts(
        date=VagueDate.parse(written),
        logged_on=date(2026, 1, 1),
        logged_by=UUID(int=1),
        **(given | answers),
    )


def test_what_ships_has_the_dates_that_were_published_and_no_other() -> None:
    """Toronto and Montréal to the month; of Hamilton and London nobody gave one. The ids are permanent."""
    dates = {event.starter: event.date.encode() for event in list_shipped().values()}
    assert dates == {
        "toronto_sanctuary_city": "2013-02",
        "montreal_sanctuary_city": "2017-02",
        "hamilton_sanctuary_city": "unknown",
        "london_sanctuary_city": "unknown",
    }
    assert shipped_id("montreal_sanctuary_city") == UUID("c746ff16-516f-5bf3-aa59-f53b8f8bdfde")
    assert all(event.source and event.rule and event.services for event in list_shipped().values())


def test_it_is_read_as_it_was_written() -> None:
    """The shipped ones and one of each kind of answer."""
    own = policy_event(city="montreal", url="https://example.org/12", starter="montreal_sanctuary_city")
    for event in (*list_shipped().values(), own, replace(own, services=(), rule=(), status="retired")):
        assert PolicyEvent.from_document(event.to_document()) == event


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2}, {"extra": ""}, {"name_en": 1}, {"services": "spvm"}, {"services": ["nobody"]},
        {"services": ["tps", "spvm"]}, {"services": [1]}, {"city": "atlantis"}, {"date": "soon"},
        {"rule": {}}, {"rule": [{"field": "reasons"}]}, {"status": "gone"}, {"starter": 3}, {"source": ""},
        {"name_en": " x "}, {"services": [["spvm"]]}, {"date": None}, {"url": "javascript:alert(1)"},
    ],
)  # fmt: skip
def test_a_document_of_another_form_is_refused(change: dict[str, Any]) -> None:
    """Nothing is guessed."""
    with pytest.raises(Invalid) as refused:
        PolicyEvent.from_document(policy_event().to_document() | change)
    assert list(refused.value.faults) == ["document"]


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"name_en": ""}, "name_en"),
        ({"services": ()}, "services"),
        ({"services": ("unknown",)}, "services"),
        ({"city": "other"}, "city"),
        ({"source": " "}, "source"),
        ({"url": "ftp://example.org"}, "url"),
        ({"text_fr": "a" * 2001}, "text_fr"),
    ],
)
def test_what_is_wrong_names_its_field(answers: dict[str, Any], field: str) -> None:
    """A name, whose policy, a source: each is needed."""
    with pytest.raises(Invalid) as refused:
        replace(policy_event(), **answers)
    assert list(refused.value.faults) == [field]


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("2024-06-01", True), ("2024-05-31", None), ("2024-05", None), ("2024-04-30", False), ("2024", None),
        ("2025", True), ("2024-summer", True), ("2024-spring", None), ("2023", False), ("unknown", None),
    ],
)  # fmt: skip
def test_a_vague_date_is_after_only_where_it_is_for_certain(written: str, after: bool | None) -> None:
    """The change was some day in May 2024: what may be the same month is neither."""
    assert policy_event().is_after(VagueDate.parse(written)) is after


def test_without_a_date_nothing_is_after() -> None:
    """Nor before."""
    event = policy_event(date=VagueDate.unknown())
    assert event.is_after(VagueDate.parse("2025-01-05")) is None


def test_it_concerns_its_services_or_else_its_city() -> None:
    """With services named, the city is only where it was decided."""
    services, city = policy_event(city="toronto"), policy_event(services=(), city="montreal")
    assert services.concerns(facts())
    assert not services.concerns(facts(police_service="tps", place="toronto"))
    assert city.concerns(facts(police_service="sq", place="lachine"))
    assert not city.concerns(facts(place="not_asked"))


def test_what_contradicts_it_fulfils_every_condition() -> None:
    """A witness who was asked; not one who was not, nor a driver; and nothing where there is no rule."""
    event = policy_event()
    assert event.contradicts(facts())
    assert not event.contradicts(facts(status_surfaced=("self_disclosed",)))
    assert not event.contradicts(facts(contact_type="traffic_stop"))
    assert not event.contradicts(facts(police_service="tps"))
    assert not replace(event, rule=()).contradicts(facts())


def test_it_is_told_in_the_reader_s_language_where_it_is_written_in_it() -> None:
    """Else in the first that there is."""
    event = policy_event(name_fr="Personne")
    assert (event.name("fr"), event.name("es"), event.text("fr")) == (
        "Personne",
        "Nobody asked",
        "Nobody is asked.",
    )
