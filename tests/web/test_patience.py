"""What somebody sees who tries too often, and whose address is believed."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.services.signing_in.defence import ACCOUNT, ADDRESS, remember_network
from casework.vault import passphrase as vault
from tests.support.application import CASEWORKER, COORDINATOR, Founded, Template, build_app, close
from tests.support.live_server import serve
from tests.support.visitor import Visitor

WRONG = "no such words at all"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    """Derivations that cost nothing, and a clock that stands: no test here waits."""
    monkeypatch.setattr(vault, "_argon2id", lambda *_given: bytes(32))
    runtime = app.extensions["casework"]
    now = runtime.now()
    app.extensions["casework"] = replace(runtime, now=lambda: now)


def guess(client: FlaskClient, login: str = CASEWORKER, **headers: str) -> TestResponse:
    """Post a wrong passphrase."""
    return client.post("/sign-in", data={"login": login, "passphrase": WRONG}, headers=headers)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("login", [CASEWORKER, "nobody"])
def test_the_page_says_how_long_to_wait(founded: Founded, login: str, language: str) -> None:
    """429, with the seconds in words and for programs; the name stays in its field."""
    client = founded.client()
    client.post("/language", data={"language": language})
    answers = [guess(client, login) for _ in range(ACCOUNT.free_tries + 2)]
    assert [answer.status_code for answer in answers] == [400] * (ACCOUNT.free_tries + 1) + [429]
    last = answers[-1]
    assert last.headers["Retry-After"] == "1"
    assert ("Wait one second" if language == "en" else "Attendez une seconde") in last.text
    assert f'value="{login}"' in last.text
    assert WRONG not in last.text


def test_a_known_and_an_unknown_name_get_one_page(founded: Founded) -> None:
    """Also while they have to wait."""
    pages = []
    for login in (CASEWORKER, "nobody"):
        client = founded.client()
        for _ in range(ACCOUNT.free_tries + 1):
            guess(client, login)
        pages.append(re.sub(r'value="[^"]*"', "", guess(client, login).text))
    assert pages[0] == pages[1]


def test_unlocking_and_changing_the_passphrase_wait_too(founded: Founded) -> None:
    """Both tell it in their own form."""
    client = founded.client(COORDINATOR)
    changed = {"current": WRONG, "passphrase": WRONG, "repeated": WRONG}
    for _ in range(ACCOUNT.free_tries + 1):
        assert client.post("/account/passphrase?own=1", data=changed).status_code == 400
    assert client.post("/account/passphrase?own=1", data=changed).status_code == 429
    client.post("/lock")
    answer = client.post("/unlock", data={"passphrase": WRONG, "next": "/members"})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert 'value="/members"' in answer.text


def test_a_header_is_not_believed_on_this_machine(founded: Founded) -> None:
    """Without a proxy in front, whoever asks is where the connection comes from."""
    client = founded.client()
    answers = [
        guess(client, f"name {number}", **{"X-Forwarded-For": f"192.0.2.{number}"}).status_code
        for number in range(ADDRESS.free_tries + 2)
    ]
    assert answers[-1] == 429


@pytest.fixture
def proxied(template: Template, tmp_path: Path, bytecode_folder: Path) -> Iterator[Flask]:
    """The application as it runs behind a proxy that speaks TLS."""
    folder = tmp_path / "proxied"
    with template.copy(folder) as settings:
        app = build_app(folder, bytecode_folder, PUBLIC_HTTPS=True, TRUSTED_HOSTS=["localhost"], **settings)
        runtime = app.extensions["casework"]
        now = runtime.now()
        app.extensions["casework"] = replace(runtime, now=lambda: now)
        yield app
        close(app)


def test_behind_the_proxy_only_what_it_appended_counts(proxied: Flask) -> None:
    """A client that writes addresses into the header itself gains nothing; another client need not wait."""
    client = proxied.test_client()

    def ask(number: int, appended: str) -> int:
        sent = f"203.0.113.{number}, {appended}"
        return guess(client, f"name {number} {appended}", **{"X-Forwarded-For": sent}).status_code

    answers = [ask(number, "192.0.2.7") for number in range(ADDRESS.free_tries + 2)]
    assert answers == [400] * (ADDRESS.free_tries + 1) + [429]
    assert ask(1, "198.51.100.9") == 400


def test_behind_the_proxy_a_known_network_does_not_wait_for_others(proxied: Flask) -> None:
    """It goes by the address that the proxy appended, never by what a client claims to come from."""
    client = proxied.test_client()
    with proxied.app_context():
        remember_network(proxied.extensions["casework"], "192.0.2.7")

    def ask(sent: str) -> int:
        return guess(client, **{"X-Forwarded-For": sent}).status_code

    answers = [ask(f"192.0.2.7, 203.0.113.{number}") for number in range(ACCOUNT.free_tries + 2)]
    assert answers == [400] * (ACCOUNT.free_tries + 1) + [429]
    assert ask("203.0.113.1, 192.0.2.7") == 400


def test_the_server_passes_on_what_the_proxy_appended(sqlite_template: Template, tmp_path: Path) -> None:
    """Through the real server too: it neither drops the header nor takes the client's own word."""
    folder = tmp_path / "served"
    settings = {"CASEWORK_PUBLIC_HTTPS": "1", "CASEWORK_TRUSTED_HOSTS": "127.0.0.1"}
    with sqlite_template.copy(folder), serve(folder, **settings) as server:
        port = int(server.url.rpartition(":")[2])

        def ask(number: int, appended: str) -> int:
            visitor.headers = {
                "X-Forwarded-For": f"203.0.113.{number}, {appended}",
                "Sec-Fetch-Site": "same-origin",
            }
            return visitor.fill({"login": f"name {number} {appended}", "passphrase": WRONG}).status

        visitor = Visitor(port)
        visitor.get("/sign-in")
        answers = [ask(number, "192.0.2.7") for number in range(ADDRESS.free_tries + 4)]
        assert answers[: ADDRESS.free_tries + 1] == [400] * (ADDRESS.free_tries + 1)
        assert 429 in answers
        assert ask(1, "198.51.100.9") == 400
