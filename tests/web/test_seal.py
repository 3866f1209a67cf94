"""The page of the emergency seal, and the one page that there is afterwards."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.store.database import db
from casework.store.organization import find_organization, is_sealed
from tests.support.application import CASEWORKER, COORDINATOR, ORGANIZATION, Founded, require_second_factor
from tests.support.drilling import date_drill, hold_drill

BUTTON = "Seal the organisation now"


@pytest.fixture
def drilled(founded: Founded) -> Founded:
    """An organization whose shares were tried long ago."""
    hold_drill(founded)
    date_drill(founded, date(2020, 1, 1))
    return founded


def _post(client: FlaskClient, **typed: str) -> TestResponse:
    return client.post("/seal", data=typed)


def _seal(founded: Founded) -> FlaskClient:
    client = founded.client(COORDINATOR)
    typed = {"organization_name": ORGANIZATION, "passphrase": founded.players[COORDINATOR].passphrase}
    answer = _post(client, **typed)
    assert (answer.status_code, answer.location) == (302, "/")
    return client


def test_it_says_what_happens_before_it_asks(drilled: Founded) -> None:
    """That it is for good, that it may be an offence, and when the shares were tried."""
    page = drilled.client(COORDINATOR).get("/seal").text
    for words in ("cannot be undone", "may be an offence", "January 1, 2020", "more than six months", BUTTON):
        assert words in page


def test_without_a_drill_it_leads_there(founded: Founded) -> None:
    """There is no button, and a form that is sent all the same seals nothing."""
    client = founded.client(COORDINATOR)
    page = client.get("/seal").text
    assert "never tried" in page and BUTTON not in page
    words = founded.players[COORDINATOR].passphrase
    assert _post(client, organization_name=ORGANIZATION, passphrase=words).status_code == 409
    assert not is_sealed()


@pytest.mark.parametrize(
    ("name", "words", "fault"),
    [
        ("", "", "Type your passphrase."),
        ("Else", None, "as it stands at the top"),
        (ORGANIZATION, "x", "not the passphrase"),
    ],
)
def test_a_slip_is_told_and_seals_nothing(drilled: Founded, name: str, words: str | None, fault: str) -> None:
    """What was typed as the name stays, the passphrase does not."""
    words = drilled.players[COORDINATOR].passphrase if words is None else words
    answer = _post(drilled.client(COORDINATOR), organization_name=name, passphrase=words)
    assert answer.status_code == 400
    assert fault in answer.text
    assert not words or f'value="{words}"' not in answer.text
    assert not is_sealed()


def test_afterwards_every_page_says_that_it_is_sealed(drilled: Founded) -> None:
    """To everybody, at every address, whatever they send; only our own style sheets still come."""
    other = drilled.client(CASEWORKER)
    client = _seal(drilled)
    for asked in (client, other, drilled.client()):
        for answer in (asked.get("/"), asked.get("/cases"), asked.get("/nowhere"), asked.post("/sign-in")):
            assert answer.status_code == 503
            assert "This organisation is sealed" in answer.text and "Cet organisme est scellé" in answer.text
            assert ORGANIZATION not in answer.text
            assert "csrf_token" not in answer.text
        assert asked.get("/static/casework.css").status_code == 200


def test_it_leaves_nothing_in_the_browser(drilled: Founded) -> None:
    """As signing out does."""
    client = drilled.client(COORDINATOR)
    typed = {"organization_name": ORGANIZATION, "passphrase": drilled.players[COORDINATOR].passphrase}
    answer = _post(client, **typed)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get_cookie(drilled.app.config["MEMBER_COOKIE"]) is None


def test_a_sealed_demonstration_starts_afresh(drilled: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """With another half of the host key, under which its members sign in."""
    monkeypatch.setattr("casework.services.demonstration.filling.INCIDENTS", 0)
    monkeypatch.setattr("casework.services.demonstration.filling.write_cases", lambda *_: None)
    organization = find_organization()
    assert organization
    organization.is_demonstration = True
    db.session.commit()
    client = _seal(drilled)
    part = drilled.runtime.host_key_files[1]
    assert not part.exists()
    assert "Start the demonstration afresh" in client.get("/").text
    assert client.post("/demonstration/afresh").status_code == 302
    assert part.exists() and not drilled.runtime.is_sealed
    assert client.get("/sign-in").status_code == 200
    assert client.post("/demonstration/continue", data={"role": "coordinator"}).location == "/"
    require_second_factor(drilled.app, False)
    assert client.get("/seal").status_code == 200


def test_a_real_organization_is_not_started_afresh(drilled: Founded) -> None:
    """Sealed or not."""
    client = _seal(drilled)
    assert client.post("/demonstration/afresh").status_code == 503
    assert is_sealed()


def test_only_coordinators_find_it_in_their_menu(drilled: Founded) -> None:
    """Where one's account is."""
    assert 'href="/seal"' in drilled.client(COORDINATOR).get("/account").text
    assert 'href="/seal"' not in drilled.client(CASEWORKER).get("/account").text
