"""Consent that is withdrawn after a release: told of, to whom it may be, and out of the next one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.domain.person import Consent
from casework.errors import Forbidden
from casework.services.cases import change_person, get_case
from casework.services.incidents import Logged
from casework.services.releases.reading import read_release
from casework.services.releases.standing import count_newly_withdrawn, find_standing, list_releases_with
from casework.services.releases.withdrawing import withdraw_release
from tests.services.releases.written import log_enough, release
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded, Template
from tests.support.stocked import Stock


def take_back(founded: Founded, logged: Logged, on: date | None = None) -> None:
    """Somebody no longer agrees, an hour later."""
    moment = founded.runtime.now() + timedelta(hours=1)
    context = replace(founded.context(CASEWORKER), runtime=replace(founded.runtime, now=lambda: moment))
    (person,) = get_case(context, logged.case_id).people
    facts = replace(person.facts, consents={"statistics": Consent("withdrawn", on)})
    change_person(context, logged.case_id, person.id, person.version, facts, person.identity)


@pytest.fixture
def template(template: Template, stocked: Stock, request: pytest.FixtureRequest) -> Template:
    """With enough to release for those who ask for `logged`."""
    return stocked(template, log_enough) if "logged" in request.fixturenames else template


@pytest.fixture
def logged(template: Template) -> list[Logged]:
    """Enough to release."""
    return list(template.made)


def test_who_withdrew_is_told_of_the_release(founded: Founded, logged: list[Logged]) -> None:
    """On the page of the case, and to coordinators; a release that was withdrawn was read all the same."""
    release_id = release(founded)
    assert find_standing(founded.context()) == {}
    take_back(founded, logged[0])
    withdraw_release(founded.context(), release_id, 3, {"en": "A mistake."})
    (found,) = find_standing(founded.context()).values()
    assert [person.case_id for person in found.people] == [logged[0].case_id]
    ((_person, left),) = list_releases_with(founded.context(CASEWORKER), logged[0].case_id).items()
    assert [one.number for one in left] == [1]
    assert list_releases_with(founded.context(CASEWORKER), logged[1].case_id) == {}
    assert count_newly_withdrawn(founded.context()) == 1
    assert count_newly_withdrawn(founded.context(CASEWORKER)) == 0
    late = founded.runtime.now() + timedelta(days=32)
    context = founded.context()
    context = replace(context, runtime=replace(founded.runtime, now=lambda: late))
    assert count_newly_withdrawn(context) == 0


def test_an_advocate_is_told_of_many_or_of_nobody(founded: Founded, logged: list[Logged]) -> None:
    release_id = release(founded)
    for one in logged[:4]:
        take_back(founded, one)
    assert find_standing(founded.context(ADVOCATE)) == {}
    take_back(founded, logged[4])
    found = find_standing(founded.context(ADVOCATE))[release_id]
    assert (found.are_many, found.people) == (True, ())


def test_the_next_release_does_not_count_them(founded: Founded, logged: list[Logged]) -> None:
    """One fewer is no number beside the earlier one: 12 that becomes 11 is hidden, or refused."""
    first = read_release(founded.context(), release(founded)).protected.told.values[0]
    for one in logged[:6]:
        take_back(founded, one)
    second = read_release(founded.context(), release(founded)).protected.told.values[0]
    assert (first[-1], second[-1]) == (24, 18)


def test_others_are_not_told(founded: Founded, logged: list[Logged]) -> None:
    with pytest.raises(Forbidden):
        find_standing(founded.context(CASEWORKER))
    with pytest.raises(Forbidden):
        list_releases_with(founded.context(ADVOCATE), logged[0].case_id)
    assert find_standing(founded.context(COORDINATOR)) == {}
