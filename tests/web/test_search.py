"""Searching the lists: names however they are spelt, numbers however they are spaced, what follow-ups say."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest

from casework.domain.followup import NOTE, FollowUpTexts
from casework.domain.person import PersonIdentity
from casework.services import incidents
from casework.services.followups.reading import read_follow_ups
from casework.services.followups.writing import FollowUpDraft, add_follow_up, delete_follow_up
from casework.services.incidents import Logged, PersonDraft
from casework.services.merging.choosing import find_people
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft, person_draft
from tests.web.incidents import log, person

LISTS = ("/cases", "/incidents")


def _page(founded: Founded, text: str, path: str = "/cases", login: str = CASEWORKER) -> str:
    answer = founded.client(login).post(path, data={"who": "all", "text": text}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def _searched(founded: Founded, text: str, path: str = "/cases", login: str = CASEWORKER) -> list[str]:
    return re.findall(r'<td class="ref"><a [^>]*>([^<]+)</a>', _page(founded, text, path, login))


def _described(**identity: str) -> PersonDraft:
    return replace(person(), identity=PersonIdentity(**identity))


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "text", ["Benali Yousef", "YUSSUF", "Youssef Bennali", "Yossef", "benalli youcef", "Benáli"]
)
def test_similar_names_come_after_what_fits_exactly(founded: Founded, path: str, text: str) -> None:
    """A name is found in any order, misspelt or spelt otherwise, under a heading that says so."""
    context = founded.context(CASEWORKER)
    exact = log(context, person("Wendell"), text=f"He spoke of {text}.")
    near = log(context, person("Youssef Ben-Alo Benaly"), date="2026-05-20")
    log(context, person("Marie-Ange Toussaint"), text="Nothing.")
    assert _searched(founded, text, path) == [exact.reference, near.reference]
    page = _page(founded, text, path)
    assert page.index(exact.reference) < page.index("Similar names") < page.index(near.reference)
    assert "One of them only has a similar name" in page


@pytest.mark.parametrize("text", ["Lázaro Cienfuegos", "613 555-0118", "6135550118"])
def test_what_a_note_of_somebody_says_is_found(founded: Founded, text: str) -> None:
    """Another name or number of theirs: a merge keeps those there."""
    note = "Also: Lázaro Cienfuegos, 613-555-0118"
    logged = log(founded.context(CASEWORKER), _described(name="L. O.", phone="438 555-0100", note=note))
    log(founded.context(CASEWORKER), person("Marie-Ange Toussaint"), text="Nothing.")
    assert _searched(founded, text) == [logged.reference]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Karim Ben Saïd", "bensaid"),
        ("Bensaïd", "ben saïd"),
        ("Lucía de la Cruz", "delacruz"),
        ("Lucía Delacruz", "de la cruz"),
        ("Abdulrahman Idris", "Abdul Rahman"),
        ("Abdul Rahman Idris", "abdulrahman"),
        ("Jean-Pierre", "jeanpierre"),
        ("Jean Pierre", "jean-pierre"),
        ("Jeanpierre", "jean-pierre"),
        ("O’Brien", "obrien"),
        ("Obrien", "o'brien"),
    ],
)
def test_a_name_in_one_word_or_several(founded: Founded, name: str, text: str) -> None:
    """Blanks, hyphens and apostrophes do not matter; words that stand apart in a name are not one."""
    context, apart = founded.context(CASEWORKER), "Saïd Ben, Cruz de la, Rahman Abdul, Pierre Jean"
    logged = log(context, person(name), text="Nothing.")
    if len(text.split()) == 1:
        log(context, person(apart), text="Nothing.")
    assert _searched(founded, text) == [logged.reference]
    people = {one.told.name for one in find_people(context, text, uuid4()).people}
    assert people == {name}


def test_a_case_is_found_by_the_end_of_its_number(founded: Founded) -> None:
    """As people say it, in either list."""
    context = founded.context(CASEWORKER)
    logged, other = log(context, person("Wendell")), log(context, person("Toussaint"))
    assert logged.reference[4:] != other.reference[4:]
    for path in LISTS:
        assert _searched(founded, logged.reference[5:].lower(), path) == [logged.reference]


@pytest.mark.parametrize("text", ["Ana", "Vu", "Toussaint Lee", "Yxxxxxf", "Youssef Nothing Toussaint"])
def test_a_short_or_another_name_is_not_similar(founded: Founded, text: str) -> None:
    """Of a short name no letter may be wrong, of a long one two, and every word has to fit."""
    for name in ("Ann Ly", "Youssef", "Toussaint Vo"):
        log(founded.context(CASEWORKER), person(name), text="Nothing.")
    assert _searched(founded, text) == []


@pytest.mark.parametrize(
    "text",
    ["5550199", "514.555.0199", "(514) 555 0199", "+1 514 555-0199", "55 50 19", "1122-3344", "11 22 33 44"],
)
def test_numbers_are_found_however_they_are_spaced(founded: Founded, text: str) -> None:
    """Four digits and more of a phone number or a client number are enough."""
    context = founded.context(CASEWORKER)
    wanted = log(context, _described(name="Naïma", phone="514 555-0199", uci="1122-3344"))
    log(context, _described(name="Wendell", phone="438 555-0100", uci="0000-0001"))
    assert _searched(founded, text) == [wanted.reference]


def test_numbers_beside_each_other_stay_two_words(founded: Founded) -> None:
    """A house number and a year are found in a narrative although they look like one number."""
    wanted = log(founded.context(CASEWORKER), text="In 2025, at 4450 Saint-Denis.")
    assert _searched(founded, "4450 2025 Saint-Denis") == [wanted.reference]


def _note(founded: Founded, logged: Logged, words: str) -> None:
    draft = FollowUpDraft(kind=NOTE, texts=FollowUpTexts(words=words))
    add_follow_up(founded.context(CASEWORKER), logged.case_id, draft)


def test_what_follow_ups_say_is_searched(founded: Founded) -> None:
    """Words of a note lead to its case, for whoever may open it, until the note is deleted."""
    context = founded.context(CASEWORKER)
    team = log(context, team=frozenset())
    _note(founded, team, "The zibeline coat is with Maître Côté.")
    assert _searched(founded, "zibeline cote") == [team.reference]
    assert _searched(founded, "zibeline", login=COLLEAGUE) == []
    delete_follow_up(context, team.case_id, read_follow_ups(context, team.case_id).past[0].id)
    assert _searched(founded, "zibeline") == []


def test_a_restricted_case_is_found_by_who_is_named_alone(founded: Founded) -> None:
    """Similar names, numbers and notes of a restricted case lead there for those named, and nobody else."""
    team = frozenset({founded.players[CASEWORKER].id})
    draft = incident_draft(restricted=True, team=team, people=(person_draft("Quitterie"),))
    logged = incidents.log_incident(founded.context(CASEWORKER), draft)
    _note(founded, logged, "The zibeline coat.")
    for text in ("kiterie", "zibeline", "5550132"):
        assert _searched(founded, text) == [logged.reference]
        assert _searched(founded, text, login=COLLEAGUE) == []
        assert _searched(founded, text, login=COORDINATOR) == []
