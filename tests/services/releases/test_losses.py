"""Records that a release counts and that are gone or corrected: told of, to whom it may be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentNarrative
from casework.errors import Forbidden
from casework.services.bin import bin_case, restore_case
from casework.services.cases import get_case
from casework.services.context import Context
from casework.services.erasing import erase_case
from casework.services.incidents import (
    IncidentDraft,
    Logged,
    PersonDraft,
    change_incident,
    get_incident,
    log_incident,
)
from casework.services.releases.losses import Losses, find_losses
from casework.services.releases.recounting import count_lost_cases
from casework.services.releases.withdrawing import withdraw_release
from tests.services.releases.test_standing import take_back
from tests.services.releases.written import draft, log, log_enough, release
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded, Template
from tests.support.counted import log_many
from tests.support.stocked import Stock


@pytest.fixture
def template(template: Template, stocked: Stock, request: pytest.FixtureRequest) -> Template:
    """With enough to release for those who ask for `logged`."""
    return stocked(template, log_enough) if "logged" in request.fixturenames else template


@pytest.fixture
def logged(template: Template) -> list[Logged]:
    """Enough to release."""
    return list(template.made)


def put_in_bin(founded: Founded, logged: Logged) -> None:
    """Move its case to the bin."""
    context = founded.context(CASEWORKER)
    bin_case(context, logged.case_id, get_case(context, logged.case_id).version)


def later(founded: Founded, login: str = CASEWORKER) -> Context:
    """Return the context of a day later."""
    moment = founded.runtime.now() + timedelta(days=1)
    return replace(founded.context(login), runtime=replace(founded.runtime, now=lambda: moment))


def told(founded: Founded, login: str = COORDINATOR) -> list[Losses]:
    """Return what somebody is told."""
    return [*find_losses(founded.context(login)).values()]


def test_what_goes_to_the_bin_is_told_until_it_is_back(founded: Founded, logged: list[Logged]) -> None:
    release_id = release(founded)
    assert find_losses(founded.context()) == {}
    for one in logged[:3]:
        put_in_bin(founded, one)
    assert find_losses(founded.context()) == {release_id: Losses(cases=3)}
    restore_case(founded.context(), logged[0].case_id)
    assert told(founded) == [Losses(cases=2)]
    for one in logged[1:3]:
        restore_case(founded.context(), one.case_id)
    assert told(founded) == []


def test_what_is_erased_is_told_for_good(founded: Founded, logged: list[Logged]) -> None:
    release(founded)
    put_in_bin(founded, logged[0])
    erase_case(founded.context(), logged[0].case_id)
    assert told(founded) == [Losses(cases=1)]


def correct(
    founded: Founded,
    logged: Logged,
    service: str = "spvm",
    written: str = "2025-05",
    contact: str = "traffic_stop",
) -> None:
    """Write an incident anew."""
    context = founded.context(CASEWORKER)
    view = get_incident(context, logged.incident_id)
    (person,) = view.people
    answers = {"contact_type": contact, "police_service": service}
    people = (PersonDraft(person_id=person.id, roles=("driver",)),)
    when = VagueDate.parse(written)
    asked = IncidentDraft(date=when, answers=answers, narrative=view.narrative, people=people)
    change_incident(context, view.id, view.version, asked)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"service": "sq"}, id="another-cell"),
        pytest.param({"written": "2024-05"}, id="another-year"),
    ],
)
def test_a_correction_is_told(founded: Founded, logged: list[Logged], changes: dict[str, str]) -> None:
    release(founded)
    correct(founded, logged[0], **changes)
    assert told(founded) == [Losses(cases=1)]


def test_what_the_release_does_not_ask_is_no_correction_of_it(founded: Founded, logged: list[Logged]) -> None:
    release(founded)
    """Another quarter of the year, and another contact: no table tells it."""
    correct(founded, logged[0], written="2025-11")
    correct(founded, logged[1], contact="other")
    assert told(founded) == []


def test_what_is_logged_later_hides_no_loss(founded: Founded, logged: list[Logged]) -> None:
    release(founded)
    put_in_bin(founded, logged[0])
    log_many(later(founded), ["spvm"] * 3)
    assert told(founded) == [Losses(cases=1)]


def test_what_happens_later_to_who_was_counted_hides_no_loss(founded: Founded, logged: list[Logged]) -> None:
    """They agreed before; what is logged the next day was not counted all the same."""
    release(founded)
    put_in_bin(founded, logged[0])
    people = (PersonDraft(person_id=logged[1].people[0], roles=("driver",)),)
    answers = {"contact_type": "traffic_stop", "police_service": "spvm"}
    narrative, when = IncidentNarrative("", ""), VagueDate.parse("2025-06")
    more = IncidentDraft(date=when, answers=answers, narrative=narrative, people=people)
    log_incident(later(founded), more, logged[1].case_id)
    assert told(founded) == [Losses(cases=1)]


def test_a_consent_that_went_is_told_elsewhere(founded: Founded, logged: list[Logged]) -> None:
    release(founded)
    take_back(founded, logged[0])
    assert told(founded) == []
    put_in_bin(founded, logged[1])
    assert told(founded) == [Losses(cases=1)]


def test_an_advocate_is_told_of_many_or_of_none(founded: Founded, logged: list[Logged]) -> None:
    """And of nothing where fewer than the threshold would be left."""
    release(founded)
    for one in logged[:4]:
        put_in_bin(founded, one)
    assert told(founded, ADVOCATE) == []
    put_in_bin(founded, logged[4])
    assert told(founded, ADVOCATE) == [Losses(are_many=True)]
    assert told(founded) == [Losses(cases=5)]
    for one in logged[5:20]:
        put_in_bin(founded, one)
    assert told(founded, ADVOCATE) == []


def test_people_are_counted_once_more_too(founded: Founded, logged: list[Logged]) -> None:
    release(founded, draft([("citizenship",)], unit="people"))
    assert told(founded) == []
    put_in_bin(founded, logged[0])
    assert told(founded) == [Losses(cases=1)]


def test_only_what_stands_is_told_of_and_only_to_whom_it_concerns(
    founded: Founded, logged: list[Logged]
) -> None:
    release_id = release(founded)
    put_in_bin(founded, logged[0])
    with pytest.raises(Forbidden):
        find_losses(founded.context(CASEWORKER))
    withdraw_release(founded.context(), release_id, 3, {"en": "A mistake."})
    assert told(founded) == []


def test_several_tables_are_held_against_the_same_records(founded: Founded) -> None:
    log(founded, spvm=12, sq=12)
    log(founded, "2024-05", spvm=12, sq=12)
    release(founded, draft([("police_service", "year"), ("contact_group",)], first=2024))
    assert told(founded) == []


def test_the_fewest_cases_that_could_have_lost_it_are_told() -> None:
    """A family of three incidents may be all that went."""
    then, holders = {("a",): 5, ("b",): 2}, {("a",): {1: 3, 2: 1, 3: 1}, ("b",): {4: 1, 1: 1}}
    assert count_lost_cases(then, holders, {("a",): 2, ("b",): 2}) == 1
    assert count_lost_cases(then, holders, {("a",): 1, ("b",): 1}) == 2
    assert count_lost_cases(then, holders, {("a",): 9, ("b",): 2}) == 0
    assert count_lost_cases(then, holders, {}) == 4
