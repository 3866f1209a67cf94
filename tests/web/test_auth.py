"""Signing in and out, locking, languages, the demonstration's entrance."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.domain.permissions import Role
from casework.errors import Forbidden
from casework.services import patterns, visiting
from casework.services.demonstration import DEMONSTRATION_MEMBERS, fill_demonstration
from casework.services.drafts import list_drafts
from casework.services.membership.members import list_members
from casework.services.organization import is_demonstration, is_founded
from casework.services.signing_in import sessions
from casework.store.database import db
from casework.store.organization import find_organization
from casework.store.volatile import SessionRow
from casework.store.volatilestore import list_records
from casework.web.paths import is_local, local_path
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, PENDING, Founded
from tests.web.incidents import log

REFUSED = "Login name and passphrase do not go together."


def credentials(founded: Founded, login: str = COORDINATOR) -> dict[str, str]:
    """What a member types to sign in."""
    return {"login": login, "passphrase": founded.players[login].passphrase}


def test_a_member_signs_in_and_out(founded: Founded) -> None:
    """The session begins with the cookie and ends with it; afterwards no page opens."""
    client = founded.client()
    assert client.get("/account").location == "/sign-in?next=/account"
    assert client.post("/sign-in", data=credentials(founded)).location == "/"
    assert client.get("/account").status_code == 200
    out = client.post("/sign-out")
    assert out.location == "/sign-in"
    assert "You are signed out." in client.get("/sign-in").text
    assert client.get("/account").location == "/sign-in?next=/account"
    db.session.rollback()
    assert list_records(SessionRow) == []


def test_what_was_tagged_is_not_left_to_the_next_member(founded: Founded) -> None:
    """Who signs in after a lock finds nothing of the earlier member in the browser's form session."""
    context = founded.context(CASEWORKER)
    pattern, one = patterns.list_patterns(context)[0].id, log(context)
    client = founded.client(CASEWORKER)
    client.post("/language", data={"language": "fr"})
    sent = {"incident": one.incident_id.hex, "tag": pattern.hex, "deed": "add"}
    client.post("/incidents/tag", data=sent)
    client.post("/lock")
    with client.session_transaction() as session:
        assert "tagged" in session
    colleague = founded.players[COLLEAGUE]
    client.post("/sign-in", data={"login": colleague.login, "passphrase": colleague.passphrase})
    with client.session_transaction() as session:
        assert dict(session) == {"language": "fr", "member_language": "en"}


def test_the_cookie_is_for_this_browser_alone(founded: Founded) -> None:
    """It is no script's business, no other site's, and ends with the browser."""
    answer = founded.client().post("/sign-in", data=credentials(founded))
    name = founded.app.config["MEMBER_COOKIE"]
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith(name))
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Expires" not in cookie and "Max-Age" not in cookie
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_wrong_name_and_a_wrong_passphrase_get_one_answer(founded: Founded) -> None:
    """Nothing tells them apart, and what was typed as a passphrase is not on the page."""
    client = founded.client()
    pages = []
    for login, passphrase in ((COORDINATOR, "no such words"), ("nobody", "no such words")):
        answer = client.post("/sign-in", data={"login": login, "passphrase": passphrase})
        assert answer.status_code == 400
        assert REFUSED in answer.text
        assert passphrase not in answer.text
        pages.append(re.sub(r'value="[^"]*"', "", answer.text))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    "path", ["/members", "/incidents?page=2", "/cases/0b6f1f2e-8a67-4f4e-9a55-0d3a2a4b9c11", "/été"]
)
def test_signing_in_leads_on_to_a_page_of_ours(founded: Founded, path: str) -> None:
    """Who was turned away comes where they wanted to go."""
    assert is_local(path)
    answer = founded.client().post("/sign-in", data=credentials(founded) | {"next": path})
    assert answer.status_code == 302
    assert "http" not in answer.location


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "/ok page",
        "evil.example",
        "",
    ],
)
def test_signing_in_never_leads_elsewhere(founded: Founded, address: str) -> None:
    """An address on another host, however it is written, is dropped."""
    assert not is_local(address)
    assert local_path(address, "/") == "/"
    answer = founded.client().post("/sign-in", data=credentials(founded) | {"next": address})
    assert answer.location == "/"


def test_who_is_signed_in_is_not_asked_again(founded: Founded) -> None:
    """The sign-in page leads home, or where one was going."""
    client = founded.client(COORDINATOR)
    assert client.get("/sign-in").location == "/"
    assert client.get("/sign-in?next=/members").location == "/members"
    assert client.get("/sign-in?next=//evil.example").location == "/"


def test_signing_in_as_somebody_else_ends_the_session_before(founded: Founded) -> None:
    """The browser's earlier cookie opens nothing any more."""
    client = founded.client(CASEWORKER)
    before = client.get_cookie(founded.app.config["MEMBER_COOKIE"])
    assert before is not None
    client.post("/sign-in", data=credentials(founded))
    db.session.rollback()
    assert sessions.resolve(founded.runtime, before.value) is None


def test_a_locked_screen_asks_for_the_passphrase_alone(founded: Founded) -> None:
    """It knows whose it is; a wrong passphrase leaves it locked, the right one opens it and leads on."""
    client = founded.client(COORDINATOR)
    assert client.post("/lock").location == "/unlock"
    assert client.get("/members").location == "/unlock?next=/members"
    page = client.get("/unlock?next=/members")
    assert "Not you?" in page.text
    assert 'name="login"' not in page.text
    assert client.post("/unlock", data={"passphrase": "not that one"}).status_code == 400
    assert client.get("/members").status_code == 302
    right = {"passphrase": founded.players[COORDINATOR].passphrase, "next": "/members"}
    assert client.post("/unlock", data=right).location == "/members"
    assert client.get("/members").status_code == 200
    db.session.rollback()
    assert len(list_records(SessionRow)) == 1


def test_unlocking_never_leads_elsewhere(founded: Founded) -> None:
    """The same rule as for signing in."""
    client = founded.client(COORDINATOR)
    client.post("/lock")
    right = {"passphrase": founded.players[COORDINATOR].passphrase, "next": "//evil.example"}
    assert client.post("/unlock", data=right).location == "/"


def test_nothing_locked_leads_to_signing_in(founded: Founded) -> None:
    """Without a session there is nobody to unlock for, by GET or POST."""
    client = founded.client()
    assert client.get("/unlock?next=/members").location == "/sign-in?next=/members"
    assert client.post("/unlock", data={"passphrase": "x"}).location == "/sign-in"


def test_somebody_else_signs_in_at_a_locked_screen(founded: Founded) -> None:
    """The way out of a locked screen ends that session."""
    client = founded.client(COORDINATOR)
    client.post("/lock")
    client.post("/sign-out")
    assert client.get("/members").location == "/sign-in?next=/members"


def test_a_form_posted_too_late_waits_on_the_start_page(founded: Founded) -> None:
    """It is kept for its writer while the screen is locked, announced there, and offered after unlocking."""
    client = founded.client(CASEWORKER)
    client.post("/lock")
    answer = client.post("/incidents/new", data={"narrative": "Un récit"})
    assert answer.location == "/unlock?kept=1"
    assert "What you wrote is kept." in client.get(answer.location).text
    client.post("/unlock", data={"passphrase": founded.players[CASEWORKER].passphrase})
    page = client.get("/").text
    assert "A new incident" in page
    draft = list_drafts(founded.context(CASEWORKER))[0]
    assert f"/drafts/{draft.id}" in page


def test_a_form_that_could_not_be_kept_is_told(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody believes that it waits for them."""
    monkeypatch.setattr("casework.services.drafts.MOST_WITH_LATE_FORMS", 0)
    client = founded.client(CASEWORKER)
    client.post("/lock")
    answer = client.post("/incidents/new", data={"narrative": "Un récit"})
    assert answer.status_code == 401
    assert "Not saved yet" in answer.text and "Un récit" in answer.text and "is kept" not in answer.text


def test_who_waits_sees_their_fingerprint_and_nothing_else(founded: Founded) -> None:
    """Somebody who joined and is not admitted is led to one page, which can be asked for again."""
    client = founded.client(PENDING)
    for path in ("/", "/cases", "/members", "/statistics", "/account"):
        assert client.get(path).location == "/waiting"
    page = client.get("/waiting").text
    for group in founded.context(PENDING).secret.public.fingerprint().split():
        assert f"<span>{group}</span>" in page
    assert 'href="/waiting"' in page
    assert "Collectif Traverse" not in page


def test_who_is_admitted_does_not_wait(founded: Founded) -> None:
    """The waiting page leads home."""
    assert founded.client(CASEWORKER).get("/waiting").location == "/"


def test_the_language_is_switched_for_this_browser(founded: Founded) -> None:
    """The choice holds, comes back to the page it was made on, and never leads elsewhere."""
    client = founded.client()
    answer = client.post("/language", data={"language": "fr", "next": "/sign-in?next=/members"})
    assert answer.location == "/sign-in?next=/members"
    assert '<html lang="fr">' in client.get("/sign-in").text
    assert client.post("/language", data={"language": "en", "next": "//evil.example"}).location == "/"
    assert '<html lang="en">' in client.get("/sign-in").text
    client.post("/language", data={"language": "xx"})
    assert '<html lang="en">' in client.get("/sign-in").text


def test_the_members_language_counts_unless_another_was_chosen_here(founded: Founded) -> None:
    """The profile decides after signing in; a choice in this browser goes before it, and stays."""
    french = {"Accept-Language": "fr"}
    client = founded.client()
    assert '<html lang="fr">' in client.get("/sign-in", headers=french).text
    client.post("/sign-in", data=credentials(founded), headers=french)
    assert '<html lang="en">' in client.get("/account", headers=french).text
    client.post("/language", data={"language": "fr"})
    assert '<html lang="fr">' in client.get("/account").text
    client.post("/sign-out")
    assert '<html lang="fr">' in client.get("/sign-in").text


@pytest.fixture
def demonstration(empty_app: Flask) -> Iterator[Flask]:
    """An application whose database says that it is the demonstration, without its cases."""
    with empty_app.app_context():
        fill_demonstration(empty_app.extensions["casework"])
    yield empty_app


@pytest.mark.parametrize(
    ("language", "button", "banner"),
    [
        ("en", "Continue as", "Every person and every case here is invented."),
        ("fr", "Continuer comme", "Ici, chaque personne et chaque dossier est inventé."),
    ],
)
def test_the_demonstration_is_entered_by_role(
    demonstration: Flask, language: str, button: str, banner: str
) -> None:
    """One click signs in as the fictional member of each role, and every page says what this is.

    It says so in the language that the visitor reads, whatever the fictional member does.
    """
    client = demonstration.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    assert button in client.get("/sign-in").text
    assert {member.role for member in DEMONSTRATION_MEMBERS} == set(Role)
    for member in DEMONSTRATION_MEMBERS:
        assert client.post("/demonstration/continue", data={"role": member.role}).location == "/"
        page = client.get("/account").text
        assert member.display_name in page
        assert 'class="ribbon"' in page
        assert banner in page
    assert client.post("/demonstration/continue", data={"role": "owner"}).status_code == 404


def test_the_demonstration_follows_a_language_chosen_in_the_account(demonstration: Flask) -> None:
    """Whoever gave the fictional member another language finds it again; the others speak the visitor's."""
    client = demonstration.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr"
    client.post("/demonstration/continue", data={"role": "coordinator"})
    assert '<html lang="fr">' in client.get("/").text
    chosen = {"display_name": "Lucie", "language": "es"}
    assert client.post("/account", data=chosen).location == "/account"
    client.post("/sign-out")
    assert '<html lang="fr">' in client.get("/sign-in").text
    client.post("/demonstration/continue", data={"role": "coordinator"})
    assert '<html lang="es">' in client.get("/").text
    client.post("/sign-out")
    client.post("/demonstration/continue", data={"role": "caseworker"})
    assert '<html lang="fr">' in client.get("/").text


def test_the_demonstration_tells_its_passphrases(demonstration: Flask) -> None:
    """Where one is asked for, they stand below; each opens the account that it is told of."""
    client = demonstration.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    for member in DEMONSTRATION_MEMBERS:
        assert member.passphrase in client.get("/sign-in").text
        told = {"login": member.login, "passphrase": member.passphrase}
        assert client.post("/sign-in", data=told).location == "/"
        assert member.passphrase in client.get("/account/passphrase").text
        client.post("/lock")
        assert member.passphrase in client.get("/unlock").text
        client.post("/sign-out")


@pytest.mark.parametrize("path", ["/sign-in", "/account/passphrase", "/account/second-factor/new", "/unlock"])
def test_a_real_organization_tells_no_passphrase(founded: Founded, path: str) -> None:
    """Nothing of it is on a page outside the demonstration."""
    for client in (founded.client(), founded.client(COORDINATOR)):
        page = client.get(path, follow_redirects=True).text
        assert "passphrases of the demonstration" not in page
        assert not any(member.passphrase in page for member in DEMONSTRATION_MEMBERS)


def test_starting_afresh_throws_away_what_was_tried(demonstration: Flask) -> None:
    """Sessions and members of before are gone, and the fictional ones are there again."""
    client, runtime = demonstration.test_client(), demonstration.extensions["casework"]
    client.post("/demonstration/continue", data={"role": "coordinator"})
    before = client.get_cookie(demonstration.config["MEMBER_COOKIE"])
    assert before is not None
    with demonstration.app_context():
        first = find_organization()
        assert first is not None
        first_id = first.id
    answer = client.post("/demonstration/afresh", follow_redirects=True)
    assert "The demonstration is as new." in answer.text
    with demonstration.app_context():
        again = find_organization()
        assert again is not None and again.is_demonstration and again.id != first_id
        assert sessions.resolve(runtime, before.value) is None
    client.post("/demonstration/continue", data={"role": "coordinator"})
    assert client.get("/members").status_code == 200


@pytest.mark.parametrize("login", ["", COORDINATOR, ADVOCATE])
def test_a_real_organization_has_no_demonstration_entrance(founded: Founded, login: str) -> None:
    """None of its addresses does anything there: nobody enters, nothing is deleted."""
    client = founded.client(login)
    assert client.post("/demonstration/continue", data={"role": "coordinator"}).status_code == 404
    assert client.post("/demonstration/afresh").status_code == 403
    assert client.post("/demonstration/leave").status_code == 404
    assert "Continue as" not in founded.client().get("/sign-in").text
    db.session.rollback()
    assert is_founded() and not is_demonstration()
    assert len(list_members(founded.context())) == 4


def test_only_a_database_that_says_so_is_emptied(founded: Founded) -> None:
    """The service refuses by itself, whoever calls it."""
    with pytest.raises(Forbidden):
        visiting.empty_demonstration(founded.runtime)
    assert len(list_members(founded.context())) == 4


def test_the_demonstration_is_left_where_there_is_a_way_back(demonstration: Flask) -> None:
    """Leaving calls what the switchboard put there; without it the button is not shown."""
    client = demonstration.test_client()
    assert "Leave the demonstration" not in client.get("/sign-in").text
    left: list[bool] = []
    demonstration.extensions["casework.leave"] = lambda: left.append(True)
    assert "Leave the demonstration" in client.get("/sign-in").text
    assert client.post("/demonstration/leave").location == "/"
    assert left == [True]


def test_pages_without_a_session_quote_nothing(founded: Founded) -> None:
    """The sign-in page knows neither the organization's name nor any member's."""
    client: FlaskClient = founded.client()
    page = client.get("/sign-in").text
    for name in ("Collectif Traverse", "Cora", "Ines", "Ada"):
        assert name not in page
