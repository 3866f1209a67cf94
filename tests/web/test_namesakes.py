"""Somebody new who is probably here already: asked before anything is saved, and nothing entered is lost."""

from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from casework.domain.person import PersonIdentity
from casework.services.duplicates.reviewing import list_elsewhere, review
from casework.services.incidents import Logged
from casework.services.lists import Filter, list_cases
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.web.incidents import fields, log, person, person_fields

NAIMA = {"name": "Naïma Benali", "birth_date": "1988-03-14", "uci": "1122-3344"}


def _known(founded: Founded, **options: Any) -> Logged:
    return log(founded.context(CASEWORKER), replace(person(), identity=PersonIdentity(**NAIMA)), **options)


def _posted(**more: Any) -> dict[str, Any]:
    told = {"name": "BENALI Naima", "birth_date": "14/03/1988", "uci": "11223344"}
    return fields(text="Two cars, one of them unmarked.", **person_fields(0, **told)) | more


def _count(founded: Founded) -> int:
    return list_cases(founded.context(CASEWORKER), Filter(mine=False)).total


def test_it_is_asked_first_and_what_was_entered_stays(founded: Founded) -> None:
    """Name and case are shown, nothing is saved, and the form comes back as it was."""
    known = _known(founded)
    page = unescape(founded.client(COLLEAGUE).post("/incidents/new", data=_posted()).text)
    assert f"The same person: Naïma Benali, case {known.reference}" in page
    assert "Two cars, one of them unmarked." in page
    assert 'value="BENALI Naima"' in page
    assert _count(founded) == 1


@pytest.mark.parametrize("is_same", [True, False])
def test_the_answer_saves_and_is_remembered(founded: Founded, is_same: bool) -> None:
    """The same person is linked, another one is told apart; neither is asked about again."""
    known = _known(founded)
    data = _posted(settle="1", told="unsure", **{"likely-0": known.people[0].hex if is_same else "another"})
    assert founded.client(COLLEAGUE).post("/incidents/new", data=data).status_code == 302
    assert _count(founded) == 2
    assert bool(list_elsewhere(founded.context(CASEWORKER), known.case_id)) == is_same
    assert review(founded.context(CASEWORKER)).pairs == []


@pytest.mark.parametrize("likely", ["", "0", "7 00", "x y", "0" * 32])
def test_an_answer_that_is_none_is_asked_for(founded: Founded, likely: str) -> None:
    """Nothing is saved, nobody linked, and what was entered stays; the question says what is missing."""
    _known(founded)
    data = _posted(settle="1", **{"likely-0": likely})
    page = founded.client(COLLEAGUE).post("/incidents/new", data=data).text
    assert 'id="likely-0-fault"' in page and "Two cars, one of them unmarked." in page
    assert _count(founded) == 1


def test_who_is_not_sure_saves_and_is_asked_later(founded: Founded) -> None:
    """The pair stands in the list."""
    _known(founded)
    data = _posted(settle="1", told="unsure", **{"likely-0": "unsure"})
    assert founded.client(COLLEAGUE).post("/incidents/new", data=data).status_code == 302
    assert len(review(founded.context(CASEWORKER)).pairs) == 1


def test_a_case_that_is_not_theirs_is_not_given_away(founded: Founded) -> None:
    """Whoever may not know of the other case is asked nothing, and cannot link with it."""
    known = _known(founded, team=frozenset())
    data = _posted(settle="1", **{"likely-0": known.people[0].hex})
    assert founded.client(COLLEAGUE).post("/incidents/new", data=data).status_code == 302
    assert list_elsewhere(founded.context(CASEWORKER), known.case_id) == {}
    again = founded.client(CASEWORKER).post(f"/cases/{known.case_id}/incidents/new", data=_posted())
    asked = again.text.partition('id="likely-0"')[2].partition("</section>")[0]
    assert "The same person: BENALI Naima" in asked and known.reference not in asked


@pytest.mark.parametrize(
    ("known", "new", "elsewhen", "is_asked"),
    [
        ("Ottoline Beaugrand", "BEAUGRAND Ottoline", True, True),
        ("Ottoline Beaugrand", "Ottoline Beaugrande", True, False),
        ("Ottoline Beaugrand", "Ottoline Beaugrande", False, True),
        ("Ottoline Beaugrand", "Wendell Toussaint", False, False),
        ("Ottoline", "Ottoline", True, False),
        ("Jean-Robert Fils-Aimé", "fils aime jean robert", True, True),
    ],
)
def test_a_name_alone_asks_on_entry(
    founded: Founded, known: str, new: str, elsewhen: bool, is_asked: bool
) -> None:
    """The same in two words or more; or alike, on one day, with one service and opening; not the list."""
    date = "2025-01-02" if elsewhen else "2026-05-12"
    log(founded.context(CASEWORKER), person(known), date=date)
    page = founded.client(COLLEAGUE).post("/incidents/new", data=fields(**person_fields(0, name=new))).text
    assert ('id="likely-0"' in page) == is_asked
    assert review(founded.context(CASEWORKER)).pairs == []


@pytest.mark.parametrize(
    ("phone", "is_asked"),
    [
        ("(514) 555-0187", True),
        ("555-0187", True),
        ("438 555-0187", False),
        ("514 555-0188", False),
        ("187", False),
    ],
)
def test_the_same_telephone_alone_asks_on_entry(founded: Founded, phone: str, is_asked: bool) -> None:
    """However it is written, and whatever they are called."""
    known = replace(person(), identity=PersonIdentity(name="Zénobie Quispe", phone="+1 514-555-0187"))
    log(founded.context(CASEWORKER), known, date="2025-01-02")
    sent = fields(**person_fields(0, name="Z.", phone=phone))
    page = founded.client(COLLEAGUE).post("/incidents/new", data=sent).text
    assert ('id="likely-0"' in page) == is_asked


def test_at_most_three_are_asked_about_the_surest_first(founded: Founded) -> None:
    """Who was there on the same day comes before who is only called the same."""
    for date in (*["2025-01-02"] * 4, "2026-05-12"):
        same = log(founded.context(CASEWORKER), person("Ottoline Beaugrand"), date=date)
    data = fields(**person_fields(0, name="Ottoline Beaugrand"))
    page = unescape(founded.client(COLLEAGUE).post("/incidents/new", data=data).text)
    asked = page.partition('id="likely-0"')[2].partition("</fieldset>")[0]
    assert asked.count("The same person:") == 3
    assert f"case {same.reference}" in asked.partition("The same person:")[2].partition("The same person:")[0]
