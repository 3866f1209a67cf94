"""A form that could not be saved comes back to whoever sent it, and is saved when it is sent again."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from casework.services import incidents
from casework.services.lists import Filter, list_incidents
from casework.services.membership.members import get_own_profile
from casework.web.bounds import LONGEST_FORMS
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, Founded
from tests.web.incidents import fields, parse_unsaved
from tests.web.pages import find_token, text_of

NEW = "/incidents/new"
STORY = "Deux voitures.\n<b>La deuxième</b> banalisée."
OURS = {"Sec-Fetch-Site": "same-origin"}


class Full(Exception):
    """What SQLite says when there is no room."""

    sqlite_errorname = "SQLITE_FULL"


@pytest.fixture
def strict(app: Flask) -> Iterator[None]:
    """Answer as in use: with tokens, and no error let through."""
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=True)
    yield
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)


@pytest.fixture
def posted(founded: Founded, strict: None) -> dict[str, Any]:
    """What a caseworker has written; nothing of it is saved."""
    return fields(text=STORY, passphrase="never-given-back")


def _count(founded: Founded) -> int:
    return list_incidents(founded.context(CASEWORKER), Filter(mine=False)).total


def _write(client: FlaskClient, posted: dict[str, Any]) -> dict[str, Any]:
    return posted | {"csrf_token": find_token(client.get(NEW, follow_redirects=True).text)}


def _send_again(client: FlaskClient, page: TestResponse) -> TestResponse:
    form = parse_unsaved(page.text, NEW)
    assert form["text"] == [STORY]
    return client.post(NEW, data=form, headers=OURS)


@pytest.mark.parametrize(
    ("error", "status"),
    [(OperationalError("x", {}, Full("full")), 503), (RuntimeError("broken"), 500)],
    ids=["full", "broken"],
)
def test_what_the_server_could_not_save(
    founded: Founded,
    posted: dict[str, Any],
    error: Exception,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page holds all of it, long texts to be read and copied; sent again, it is saved once."""
    client, before = founded.client(CASEWORKER), _count(founded)
    sent = _write(client, posted)

    def fail(*_given: object, **_more: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(incidents, "log_incident", fail)
        page = client.post(NEW, data=sent)
    assert page.status_code == status
    assert STORY in unescape(page.text) and "<b>La" not in page.text
    assert "never-given-back" not in page.text
    assert _send_again(client, page).status_code == 302
    assert _count(founded) == before + 1


def test_a_page_from_before_a_sign_in(founded: Founded, posted: dict[str, Any]) -> None:
    """It says who is signed in now, and takes the form when it is sent again."""
    before = _count(founded)
    earlier, now = founded.client(CASEWORKER), founded.client(COLLEAGUE)
    page = now.post(NEW, data=_write(earlier, posted), headers=OURS)
    assert page.status_code == 400
    assert get_own_profile(founded.context(COLLEAGUE)).display_name in text_of(page)
    assert _send_again(now, page).status_code == 302
    assert _count(founded) == before + 1


@pytest.mark.parametrize("site", ["cross-site", ""])
def test_no_token_is_lent_to_a_form_of_somebody_else(
    founded: Founded, posted: dict[str, Any], site: str
) -> None:
    """Nor is what it holds shown as if it were ours."""
    client = founded.client(CASEWORKER)
    headers = {"Sec-Fetch-Site": site} if site else {}
    page = client.post(NEW, data=posted, headers=headers)
    assert page.status_code == 400
    assert "Deux voitures" not in page.text
    assert (
        "csrf_token" not in page.text.replace('"/sign-out"', "").partition("<main")[2].partition("</main>")[0]
    )


def test_who_was_signed_out_meanwhile(founded: Founded, posted: dict[str, Any]) -> None:
    """What was written is on the page, and saved from there once somebody has signed in anew."""
    client, before = founded.client(CASEWORKER), _count(founded)
    sent = _write(client, posted)
    client.post("/sign-out", data={"csrf_token": sent["csrf_token"]})
    page = client.post(NEW, data=sent, headers=OURS)
    assert page.status_code == 401
    assert "never-given-back" not in page.text
    assert 'action="/language"' not in page.text  # the way there would lose it
    again = founded.client(CASEWORKER)
    asked = _send_again(again, page)
    assert asked.status_code == 400
    assert _send_again(again, asked).status_code == 302
    assert _count(founded) == before + 1


@pytest.mark.parametrize("member", [None, CASEWORKER])
def test_a_form_of_too_many_fields_does_not_come_back(
    founded: Founded, strict: None, member: str | None
) -> None:
    """It is no form of ours, and the page would be many times as long; the same where it is too long."""
    client = founded.client(member) if member else founded.app.test_client()
    longest = founded.app.config["MAX_CONTENT_LENGTH"] if member else 0
    for length in {0, longest}:
        body = f"text={'x' * length}" + "&a=%0A" * founded.app.config["MAX_FORM_PARTS"]
        page = client.post(NEW, data=body, headers=OURS, content_type="application/x-www-form-urlencoded")
        assert page.status_code == 413
        assert "<textarea" not in page.text


def test_a_form_that_is_never_kept_does_not_come_back(founded: Founded, strict: None) -> None:
    """Names, passphrases and whatever else is no draft."""
    client = founded.client(ADVOCATE)
    answer = client.post("/account/name", data={"display_name": "somebody-else"}, headers=OURS)
    assert answer.status_code in (400, 404)
    assert "somebody-else" not in answer.text


@pytest.mark.parametrize(
    ("times", "comes_back"), [(1, True), (LONGEST_FORMS - 1, True), (LONGEST_FORMS, False)]
)
def test_a_text_that_is_too_long(
    founded: Founded, posted: dict[str, Any], times: int, comes_back: bool
) -> None:
    """It comes back with all else, up to a length; beyond that the page says what can still be done."""
    client, longest = founded.client(CASEWORKER), founded.app.config["MAX_CONTENT_LENGTH"]
    sent = _write(client, posted) | {"text": STORY + "x" * longest * times, "exact_place": "Jarry"}
    page = client.post(NEW, data=sent, headers=OURS)
    assert page.status_code == 413
    if comes_back:
        form = parse_unsaved(page.text, NEW)
        assert (form["text"], form["exact_place"]) == ([sent["text"]], ["Jarry"])
        assert client.post(NEW, data=form | {"text": [STORY]}, headers=OURS).status_code == 302
    else:
        assert "this page does not have it" in text_of(page) and "button Back" in text_of(page)
        assert "<textarea" not in page.text
