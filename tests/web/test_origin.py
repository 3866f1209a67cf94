"""Forms come from our own pages: what the browser says of their origin is looked at before their token."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.application import CASEWORKER, Founded, Template, build_app, close
from tests.web.pages import find_token

OWN, PUBLIC = "http://localhost", "https://casework.example.org"
TAKEN = [
    {},  # no browser
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},  # a browser today: our pages send no referrer
    {"Sec-Fetch-Site": "same-origin", "Origin": OWN},
    {"Sec-Fetch-Site": "none"},  # loaded again by a person
    {"Origin": "null"},  # a browser from before 2023: the token decides
    {"Origin": OWN},
]
REFUSED = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:8001"},  # another service on this machine
    {"Sec-Fetch-Site": "cross-site", "Origin": OWN},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "https://localhost"},
    {"Origin": ""},
]


def _language(client: FlaskClient) -> object:
    with client.session_transaction() as session:
        return session.get("language")


@pytest.mark.parametrize("headers", TAKEN, ids=str)
def test_forms_of_our_own_are_taken(founded: Founded, headers: dict[str, str]) -> None:
    """Also where the browser hides their origin, because our pages send no referrer."""
    client = founded.client(CASEWORKER)
    assert client.post("/language", data={"language": "fr"}, headers=headers).status_code == 302
    assert _language(client) == "fr"


@pytest.mark.parametrize("headers", REFUSED, ids=str)
def test_forms_of_others_are_refused(founded: Founded, headers: dict[str, str]) -> None:
    """Whatever else they carry; nothing is changed."""
    client = founded.client(CASEWORKER)
    assert client.post("/language", data={"language": "fr"}, headers=headers).status_code == 400
    assert _language(client) is None


@pytest.mark.parametrize("headers", REFUSED, ids=str)
def test_links_from_elsewhere_still_lead_here(founded: Founded, headers: dict[str, str]) -> None:
    """Who follows a link from a mail or another site sees the page."""
    assert founded.client(CASEWORKER).get("/sign-in", headers=headers).status_code < 400


@pytest.mark.parametrize(
    ("host", "taken"),
    [(f"{'a' * 56}.onion", True), ("casework.example.org", False), ("onion.example.org", False)],
)
def test_an_onion_address_is_ours_without_tls(
    tmp_path: Path, bytecode_folder: Path, sqlite_template: Template, host: str, taken: bool
) -> None:
    """It encrypts and proves itself; where TLS is promised, http:// of any other name is somebody else's."""
    folder = tmp_path / "public"
    with sqlite_template.copy(folder):
        app = build_app(folder, bytecode_folder, PUBLIC_HTTPS=True, TRUSTED_HOSTS=host)
        answer = app.test_client().post(
            "/language",
            base_url=f"http://{host}",
            data={"language": "fr"},
            headers={"Origin": f"http://{host}"},
        )
        assert answer.status_code == (302 if taken else 400)
        cookies = answer.headers.getlist("Set-Cookie")
        assert all(name.startswith("__Host-") and "Secure" in name for name in cookies)
        close(app)


def test_behind_tls_a_form_needs_no_referrer(
    tmp_path: Path, bytecode_folder: Path, sqlite_template: Template
) -> None:
    """The token is asked for all the same."""
    folder = tmp_path / "public"
    with sqlite_template.copy(folder):
        app = build_app(folder, bytecode_folder, PUBLIC_HTTPS=True, TRUSTED_HOSTS="casework.example.org")
        app.config["WTF_CSRF_ENABLED"] = True
        client = app.test_client()
        fields = {"language": "fr", "csrf_token": find_token(client.get("/sign-in", base_url=PUBLIC).text)}
        for headers in ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": PUBLIC}, {}):
            sent = client.post("/language", data=fields, base_url=PUBLIC, headers=headers)
            assert sent.status_code == 302
            without = client.post("/language", data={"language": "fr"}, base_url=PUBLIC, headers=headers)
            assert without.status_code == 400
        close(app)
