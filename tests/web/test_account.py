"""One's own account."""

import pytest
from flask.testing import FlaskClient

from casework.errors import WrongPassphrase
from casework.services.context import Context
from casework.services.membership.members import get_own_profile
from casework.services.signing_in import authentication, sessions
from casework.store.database import db
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, PENDING, Founded
from tests.web.pages import words_of

OWN = "seven copper lanterns below the granary"


def signs_in(founded: Founded, login: str, passphrase: str) -> bool:
    """Whether somebody gets in with it."""
    db.session.rollback()
    try:
        return bool(authentication.sign_in(founded.runtime, login, passphrase))
    except WrongPassphrase:
        return False


@pytest.mark.parametrize("login", [COORDINATOR, CASEWORKER, ADVOCATE])
def test_everybody_sees_their_account(founded: Founded, login: str) -> None:
    """Name, roles in words and the fingerprint that others see."""
    page = founded.client(login).get("/account").text
    assert f'value="{login.title()}"' in page
    role = {COORDINATOR: "Coordinator", CASEWORKER: "Caseworker", ADVOCATE: "Advocate"}[login]
    assert f"<strong>{role}</strong>" in page
    for group in founded.context(login).secret.public.fingerprint().split():
        assert group in page


def test_name_and_language_are_changed_for_good(founded: Founded) -> None:
    """The next page has both, whatever was chosen in this browser before."""
    client = founded.client(CASEWORKER)
    client.post("/language", data={"language": "en"})
    assert (
        client.post("/account", data={"display_name": " Inès  M. ", "language": "fr"}).location == "/account"
    )
    page = client.get("/account").text
    assert '<html lang="fr">' in page
    assert "Inès M." in page
    profile = get_own_profile(founded.context(CASEWORKER))
    assert (profile.display_name, profile.language) == ("Inès M.", "fr")


@pytest.mark.parametrize(
    "data", [{"display_name": " ", "language": "fr"}, {"display_name": "Inès", "language": "xx"}, {}]
)
def test_an_account_without_name_or_language_is_not_saved(founded: Founded, data: dict[str, str]) -> None:
    """The fault stands at the field, and the profile stays."""
    answer = founded.client(CASEWORKER).post("/account", data=data)
    assert answer.status_code == 400
    assert 'class="fault"' in answer.text
    assert get_own_profile(founded.context(CASEWORKER)).display_name == CASEWORKER.title()


def test_the_passphrase_is_changed_to_the_proposed_one(founded: Founded) -> None:
    """The old one opens nothing any more, this session goes on, the others have ended."""
    here, elsewhere = founded.client(CASEWORKER), founded.client(CASEWORKER)
    old = founded.players[CASEWORKER].passphrase
    words = " ".join(words_of(here.get("/account/passphrase")))
    answer = here.post("/account/passphrase", data={"current": old, "passphrase": words})
    assert answer.location == "/account"
    assert "Your passphrase is changed." in here.get("/account").text
    assert elsewhere.get("/account").location == "/sign-in?next=/account"
    assert not signs_in(founded, CASEWORKER, old)
    assert signs_in(founded, CASEWORKER, words.upper())
    assert here.get_cookie(founded.app.config["CEREMONY_COOKIE"]) is None


def test_the_passphrase_is_changed_to_ones_own(founded: Founded) -> None:
    """Typed twice and strong enough, it counts from then on."""
    client = founded.client(ADVOCATE)
    data = {"current": founded.players[ADVOCATE].passphrase, "passphrase": OWN, "repeated": OWN}
    assert client.post("/account/passphrase?own=1", data=data).location == "/account"
    assert signs_in(founded, ADVOCATE, OWN)


@pytest.mark.parametrize(
    ("query", "data", "fault"),
    [
        (
            "?own=1",
            {"current": "not it", "passphrase": OWN, "repeated": OWN},
            "not the passphrase that you sign",
        ),
        ("?own=1", {"passphrase": OWN, "repeated": OWN + "s"}, "The two passphrases differ."),
        ("?own=1", {"passphrase": "short", "repeated": "short"}, "Use at least 15 characters."),
        ("?own=1", {"passphrase": "ines collectif traverse"}, "Type the passphrase a second time."),
        (
            "?own=1",
            {"passphrase": "ines collectif traverse", "repeated": "ines collectif traverse"},
            "too easy to guess",
        ),
        ("", {"passphrase": OWN}, "These are not the five words above."),
        ("", {}, "Type the five words that you see above."),
    ],
)
def test_a_passphrase_that_cannot_be_taken_changes_nothing(
    founded: Founded, query: str, data: dict[str, str], fault: str
) -> None:
    """Each fault is told, nothing that was typed as a secret comes back, and the old one stays."""
    client = founded.client(CASEWORKER)
    client.get("/account/passphrase")
    current = founded.players[CASEWORKER].passphrase
    answer = client.post(f"/account/passphrase{query}", data={"current": current} | data)
    assert answer.status_code == 400
    assert fault in answer.text
    assert f'value="{current}"' not in answer.text
    assert signs_in(founded, CASEWORKER, current)


def test_another_passphrase_is_proposed_on_request(founded: Founded) -> None:
    """The same words come again until the button is pressed; another browser gets its own."""
    client, other = founded.client(CASEWORKER), founded.client(CASEWORKER)
    first = words_of(client.get("/account/passphrase"))
    assert len(first) == 5
    assert words_of(client.get("/account/passphrase")) == first
    assert words_of(other.get("/account/passphrase")) != first
    client.post("/account/passphrase/another")
    assert words_of(client.get("/account/passphrase")) != first


@pytest.mark.parametrize(("login", "where"), [("", "/sign-in?next=/account"), (PENDING, "/waiting")])
def test_an_account_needs_a_member(founded: Founded, login: str, where: str) -> None:
    """Who is not signed in, or not admitted, has none."""
    client: FlaskClient = founded.client(login)
    assert client.get("/account").location == where
    assert client.post("/account/passphrase", data={}).status_code == 302


def test_the_session_survives_its_own_change(founded: Founded) -> None:
    """The cookie of this browser still resolves to the member after the change."""
    client = founded.client(CASEWORKER)
    data = {"current": founded.players[CASEWORKER].passphrase, "passphrase": OWN, "repeated": OWN}
    client.post("/account/passphrase?own=1", data=data)
    cookie = client.get_cookie(founded.app.config["MEMBER_COOKIE"])
    assert cookie is not None
    db.session.rollback()
    assert isinstance(sessions.resolve(founded.runtime, cookie.value), Context)
