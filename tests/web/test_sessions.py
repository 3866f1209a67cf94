"""The page of one's own sessions, and the members page that ends others'."""

import re
from dataclasses import replace
from datetime import timedelta

from casework.services.drafts import list_drafts
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded

ANDROID = {"User-Agent": "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0"}


def _signed_in(founded: Founded, login: str, headers: dict[str, str]) -> object:
    client = founded.client()
    typed = {"login": login, "passphrase": founded.players[login].passphrase}
    assert client.post("/sign-in", data=typed, headers=headers).status_code == 302
    return client


def test_each_session_is_shown_with_its_browser(founded: Founded) -> None:
    """In words, and in the reader's language; this one is marked and has no button of its own."""
    _signed_in(founded, CASEWORKER, ANDROID)
    client = founded.client(CASEWORKER)
    page = client.get("/account/sessions").text
    assert "Firefox on Android" in page
    assert "A browser that does not say which" in page
    assert page.count("this browser") == 1
    assert len(re.findall(r"/account/sessions/[0-9a-f-]{36}/end", page)) == 1
    client.post("/language", data={"language": "fr"})
    assert "Firefox sur Android" in client.get("/account/sessions").text
    assert "/account/sessions" in client.get("/account").text


def test_a_session_is_ended_from_another_browser(founded: Founded) -> None:
    """The other browser has to sign in again."""
    phone, client = founded.client(CASEWORKER), founded.client(CASEWORKER)
    page = client.get("/account/sessions").text
    path = re.findall(r"/account/sessions/[0-9a-f-]{36}/end", page)[0]
    assert client.post(path).location == "/account/sessions"
    assert "The session has ended." in client.get("/account/sessions").text
    assert phone.get("/account").location == "/sign-in?next=/account"
    assert client.post(path).status_code == 404


def test_all_others_are_ended(founded: Founded) -> None:
    """With how many there were; without others there is nothing to press."""
    phone, client = founded.client(CASEWORKER), founded.client(CASEWORKER)
    assert client.post("/account/sessions/end-others").location == "/account/sessions"
    page = client.get("/account/sessions").text
    assert "One session has ended." in page
    assert "End all others" not in page
    assert phone.get("/account").location == "/sign-in?next=/account"


def test_a_coordinator_sees_and_ends_a_members_sessions(founded: Founded) -> None:
    """On the members page, for each who has any; one's own are ended elsewhere."""
    advocate, client = founded.client(ADVOCATE), founded.client(COORDINATOR)
    page = client.get("/members").text
    path = f"/members/{founded.players[ADVOCATE].id}/sessions/end"
    assert path in page
    assert f"/members/{founded.players[COORDINATOR].id}/sessions/end" not in page
    assert client.post(path).location == "/members"
    page = client.get("/members").text
    assert "Their sessions have ended." in page
    assert path not in page
    assert advocate.get("/statistics").location == "/sign-in?next=/statistics"


def test_after_its_longest_a_session_is_begun_anew(founded: Founded) -> None:
    """The locked screen leads to signing in, says why, and keeps what was posted too late."""
    client, runtime = founded.client(CASEWORKER), founded.runtime
    now = runtime.now() + timedelta(hours=10, seconds=1)
    founded.app.extensions["casework"] = replace(runtime, now=lambda: now)
    answer = client.post("/incidents/new", data={"narrative": "Un récit"})
    assert answer.location == "/unlock?kept=1"
    assert client.get(answer.location).location == "/sign-in"
    page = client.get("/sign-in").text
    assert "Your session is over" in page
    assert "What you wrote is kept." in page
    typed = {"passphrase": founded.players[CASEWORKER].passphrase}
    assert client.post("/unlock", data=typed).location == "/sign-in"
    client.post("/sign-in", data=typed | {"login": CASEWORKER})
    assert len(list_drafts(founded.context(CASEWORKER))) == 1
    assert "A new incident" in client.get("/").text
