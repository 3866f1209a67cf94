"""What a form refuses: the field is named, in our words, and nothing is saved."""

import re
from datetime import timedelta

import pytest

from casework.services import holding
from casework.services.lists import Filter, list_incidents
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.web.incidents import fields, log, person_fields

NEW = "/incidents/new"


def _count(founded: Founded) -> int:
    return list_incidents(founded.context(CASEWORKER), Filter()).total


@pytest.mark.parametrize("access", ["root", "", "ALL"])
def test_a_forged_answer_to_who_may_open_it_opens_nothing(founded: Founded, access: str) -> None:
    """It is no answer, rather than the widest one."""
    answer = founded.client(CASEWORKER).post(NEW, data=fields(access=access))
    assert answer.status_code == 422
    assert 'href="#access"' in answer.text and "Choose one of the listed answers." in answer.text
    assert _count(founded) == 0


def test_a_consent_of_a_day_to_come_is_refused(founded: Founded) -> None:
    """Today’s is taken, tomorrow’s is not; the fault stands at that day."""
    today = founded.runtime.today()
    for days, status in ((1, 422), (0, 302)):
        given = {"consent_story": "given", "consent_story_on": (today + timedelta(days=days)).isoformat()}
        answer = founded.client(CASEWORKER).post(NEW, data=fields() | person_fields(0, name="Naïma", **given))
        assert answer.status_code == status
        if days:
            assert 'href="#people-0-consent_story_on"' in answer.text
            assert "This day has not come yet." in answer.text
    assert _count(founded) == 1


@pytest.mark.parametrize(
    ("birth_date", "fault"),
    [("2990-99-99", "There is no such day."), ("2990-05-12", "This day has not come yet."),
     ("1990-02-30", "There is no such day."), ("2990-13", ""), ("1990-05-12", ""), ("spring of 1990", "")],
)  # fmt: skip
def test_a_birth_date_that_is_none(founded: Founded, birth_date: str, fault: str) -> None:
    """Text stays free; what is written as a whole date has to be one that came."""
    form = fields() | person_fields(0, name="Naïma", birth_date=birth_date)
    answer = founded.client(CASEWORKER).post(NEW, data=form)
    assert answer.status_code == (422 if fault else 302)
    assert fault in answer.text
    assert _count(founded) == (not fault)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_sentence_of_the_forms_library_is_shown(founded: Founded, language: str) -> None:
    """An answer that is none, and a text that is too long, are told in our words and language."""
    client = founded.client(COORDINATOR)
    client.post("/language", data={"language": language})
    invited = client.post(
        "/members/invite", data={"display_name": "x" * 81, "roles": "root", "language": "tlh"}
    )
    assert invited.status_code == 400
    ours = {
        "en": ("there is room for 80 characters", "Choose one of the listed answers."),
        "fr": ("80 caractères", "Choisissez une des réponses de la liste."),
    }[language]
    assert all(words in invited.text for words in ours)
    for theirs in ("valid choice", "Field ", "root&#39;", "choix valide"):
        assert theirs not in invited.text


def test_a_text_that_is_too_long_is_told_how_long_it_may_be(founded: Founded) -> None:
    """The number stands in the fault."""
    answer = founded.client(CASEWORKER).post(NEW, data=fields(exact_place="x" * 201))
    assert "there is room for 200 characters" in answer.text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "This case is on legal hold"), ("fr", "Ce dossier est en conservation légale")],
)
def test_a_button_without_a_form_says_why_it_did_nothing(founded: Founded, language: str, said: str) -> None:
    """On the page that comes next, in the language that is read, as something that went wrong."""
    logged = log(founded.context(CASEWORKER))
    holding.hold_case(founded.context(COORDINATOR), logged.case_id, 1)
    client = founded.client(CASEWORKER)
    client.post("/language", data={"language": language})
    page = client.post(f"/cases/{logged.case_id}/bin", data={"version": "2"}, follow_redirects=True).text
    assert re.search(rf'<div class="flash bad" role="alert"><p><strong>{said}', page)
