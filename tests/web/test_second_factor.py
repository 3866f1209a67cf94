"""The pages of the second factor: setting it up, signing in with it, recovery codes, turning it off."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.errors import NotFound
from casework.services import ceremony
from casework.services.signing_in import second_factors
from casework.services.signing_in.defence import CODE
from casework.web.headers import CONTENT_SECURITY_POLICY
from tests.support.application import (
    ADVOCATE,
    CASEWORKER,
    COORDINATOR,
    Founded,
    require_second_factor,
)
from tests.support.secondfactor import SPARE, Device, equip

PAGE = "/account/second-factor"


@pytest.fixture
def device(founded: Founded) -> Device:
    """The caseworker's, who has a second factor."""
    return equip(founded.context(CASEWORKER))


def credentials(founded: Founded, login: str = CASEWORKER) -> dict[str, str]:
    """What a member types first."""
    return {"login": login, "passphrase": founded.players[login].passphrase}


def secret_of(page: str) -> Device:
    """Return a device that has taken the secret from a page."""
    found = re.search(r'id="secret"[^>]*value="([A-Z2-7 ]+)"', page)
    assert found is not None
    return Device.scan(found[1])


def codes_of(page: str) -> list[str]:
    """Return the recovery codes that a page shows."""
    return re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</li>", page)


def set_up(founded: Founded, client: FlaskClient, login: str) -> tuple[Device, list[str]]:
    """Go through the page; returns the device and the recovery codes."""
    device = secret_of(client.get(f"{PAGE}/set-up").text)
    words = founded.players[login].passphrase
    typed = {"code": device.code(founded.runtime.now_seconds()), "passphrase": words}
    answer = client.post(f"{PAGE}/set-up", data=typed)
    assert answer.status_code == 200, answer.text
    return device, codes_of(answer.text)


def test_it_is_set_up_on_one_page(founded: Founded) -> None:
    """A square code without a link or style, the secret as text; then ten codes, shown once."""
    client = founded.client(CASEWORKER)
    page = client.get(f"{PAGE}/set-up")
    assert '<svg class="qr"' in page.text and "style=" not in page.text
    assert page.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert page.headers["Cache-Control"] == "no-store"
    assert secret_of(page.text).secret == secret_of(client.get(f"{PAGE}/set-up").text).secret
    _device, codes = set_up(founded, client, CASEWORKER)
    assert len(set(codes)) == 10
    page_text = client.get(PAGE).text
    assert "10 recovery codes are left." in page_text
    assert not any(code in page_text for code in codes)
    assert "It is on" in client.get("/account").text


def test_a_wrong_code_or_passphrase_keeps_the_secret(founded: Founded) -> None:
    """The page says which, and shows the same square again."""
    client = founded.client(CASEWORKER)
    device = secret_of(client.get(f"{PAGE}/set-up").text)
    right = {
        "code": device.code(founded.runtime.now_seconds()),
        "passphrase": founded.players[CASEWORKER].passphrase,
    }
    for field, words in (("code", "Is the clock"), ("passphrase", "This is not the passphrase")):
        answer = client.post(f"{PAGE}/set-up", data=right | {field: "12345"})
        assert answer.status_code == 400
        assert words in answer.text
        assert secret_of(answer.text).secret == device.secret
    assert client.post(f"{PAGE}/set-up", data=right).status_code == 200


def test_signing_in_takes_two_pages(founded: Founded, device: Device) -> None:
    """Between them no page opens; a wrong code is told; the right one leads where one was going."""
    client = founded.client()
    answer = client.post("/sign-in", data=credentials(founded) | {"next": "/cases"})
    assert answer.location == "/sign-in/code?next=/cases"
    assert client.get("/cases").location == "/sign-in?next=/cases"
    page = client.get(answer.location).text
    assert 'autocomplete="one-time-code"' in page and "Ines" not in page
    wrong = client.post("/sign-in/code", data={"code": "000000", "next": "/cases"})
    assert wrong.status_code == 400
    assert "was used already" in wrong.text
    right = {"code": device.code(founded.runtime.now_seconds()), "next": "/cases"}
    assert client.post("/sign-in/code", data=right).location == "/cases"
    assert client.get("/cases").status_code == 200
    assert client.get("/sign-in/code").location == "/sign-in"


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example/"])
def test_the_code_never_leads_elsewhere(founded: Founded, device: Device, address: str) -> None:
    """The same rule as for the page before."""
    client = founded.client()
    client.post("/sign-in", data=credentials(founded))
    typed = {"code": device.code(founded.runtime.now_seconds()), "next": address}
    assert client.post("/sign-in/code", data=typed).location == "/"


def test_a_code_without_a_passphrase_opens_nothing(founded: Founded, device: Device) -> None:
    """In a browser where nobody typed one, the page leads back and says so."""
    client = founded.client()
    typed = {"code": device.code(founded.runtime.now_seconds())}
    assert client.post("/sign-in/code", data=typed).location == "/sign-in"
    assert "Type your passphrase again." in client.get("/sign-in").text


def test_a_recovery_code_lets_in(founded: Founded, device: Device) -> None:
    """In the field for the code; few left are told on the page of the second factor."""
    client = founded.client()
    client.post("/sign-in", data=credentials(founded))
    assert client.post("/sign-in/code", data={"code": SPARE.lower()}).location == "/"
    assert "0 recovery codes are left." in client.get(PAGE).text
    words = founded.players[CASEWORKER].passphrase
    code = device.code(founded.runtime.now_seconds())
    made = client.post(f"{PAGE}/codes", data={"passphrase": words, "held": code})
    assert len(codes_of(made.text)) == 10
    assert "10 recovery codes are left." in client.get(PAGE).text


def test_wrong_codes_make_wait(founded: Founded, device: Device) -> None:
    """As wrong passphrases do, in the same words."""
    client = founded.client()
    client.post("/sign-in", data=credentials(founded))
    answers = [client.post("/sign-in/code", data={"code": "000000"}) for _ in range(CODE.free_tries + 2)]
    assert [answer.status_code for answer in answers] == [400] * (CODE.free_tries + 1) + [429]
    assert "Wait one second" in answers[-1].text
    assert answers[-1].headers["Retry-After"] == "1"


@pytest.mark.parametrize("path", ["codes", "turn-off"])
def test_a_session_alone_changes_nothing(founded: Founded, device: Device, path: str) -> None:
    """Each page asks for the passphrase, and takes no other."""
    client = founded.client(CASEWORKER)
    assert client.get(f"{PAGE}/{path}").status_code == 200
    assert client.post(f"{PAGE}/{path}", data={"passphrase": "wrong"}).status_code == 400
    assert second_factors.count_recovery_codes(founded.context(CASEWORKER)) == 1


def test_it_is_turned_off(founded: Founded, device: Device) -> None:
    """Afterwards the passphrase alone signs in."""
    client = founded.client(CASEWORKER)
    words = {"passphrase": founded.players[CASEWORKER].passphrase}
    refused = client.post(f"{PAGE}/turn-off", data=words | {"held": "000000"})
    assert refused.status_code == 400 and "This code does not fit" in refused.text
    words["held"] = SPARE
    assert client.post(f"{PAGE}/turn-off", data=words).location == PAGE
    assert "Your second factor is off." in client.get(PAGE).text
    assert founded.client().post("/sign-in", data=credentials(founded)).location == "/"


@pytest.fixture
def strict(app: Flask) -> Iterator[Flask]:
    """The application as it runs for people."""
    require_second_factor(app)
    yield app


@pytest.mark.usefixtures("strict")
def test_a_coordinator_begins_with_it(founded: Founded) -> None:
    """Whatever they ask for, they come to the page that sets it up; then everything is open to them."""
    client = founded.client()
    client.post("/sign-in", data=credentials(founded, COORDINATOR))
    assert client.get("/cases").location == f"{PAGE}/set-up"
    page = client.get(f"{PAGE}/set-up").text
    assert "You are a coordinator." in page
    assert '<a href="/cases"' not in page and 'href="/account"' not in page
    assert 'action="/lock"' in page and 'action="/sign-out"' in page
    device, _codes = set_up(founded, client, COORDINATOR)
    assert client.get("/cases").status_code == 200
    assert "Turn the second factor off" not in client.get(PAGE).text
    assert client.post(f"{PAGE}/turn-off", data={"passphrase": "x"}).location == PAGE
    client.post("/sign-out")
    client.post("/sign-in", data=credentials(founded, COORDINATOR))
    code = device.code(founded.runtime.now_seconds(), later=1)
    assert client.post("/sign-in/code", data={"code": code}).location == "/"


@pytest.mark.usefixtures("strict")
def test_the_others_are_offered_it(founded: Founded) -> None:
    """Nothing leads them to it but their account."""
    client = founded.client(ADVOCATE)
    assert client.get("/statistics").status_code == 200
    assert f"{PAGE}/set-up" in client.get("/account").text


def test_no_secret_is_left_in_the_browser(founded: Founded) -> None:
    """Once it is set up, the cookie that proposed it opens nothing and is taken back."""
    client = founded.client(CASEWORKER)
    client.get(f"{PAGE}/set-up")
    name = founded.app.config["CEREMONY_COOKIE"]
    kept = client.get_cookie(name)
    assert kept is not None
    set_up(founded, client, CASEWORKER)
    assert client.get_cookie(name) is None
    with pytest.raises(NotFound):
        ceremony.get_ceremony(kept.value)
    _cookie, proposal = second_factors.propose(founded.context(CASEWORKER), kept.value)
    assert proposal
