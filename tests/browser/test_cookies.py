"""The cookie that carries a session: as strict as the connection allows."""

from collections.abc import Callable
from http.cookies import Morsel, SimpleCookie
from pathlib import Path

import pytest

from tests.browser import steps
from tests.support.application import CASEWORKER, Template, build_app, close
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

Visitors = Callable[..., Visitor]
PUBLIC = "https://casework.example.org"


@pytest.mark.browser
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_signing_in_over_plain_http_on_this_machine(
    host: str, server: LiveServer, sqlite_template: Template, visitors: Visitors
) -> None:
    """Chromium keeps the cookie under both names of this machine; no script reads it, and it ends with it."""
    visitor = visitors(server.url.replace("127.0.0.1", host))
    steps.sign_in(visitor, CASEWORKER, sqlite_template.players[CASEWORKER].passphrase)
    assert visitor.path == "/"
    assert visitor.go("/cases").ok
    cookies = visitor.context.cookies()
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie["name"].startswith("casework-")
        assert (cookie["domain"], cookie["path"], cookie["expires"]) == (host, "/", -1)
        assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, False, "Strict")
    assert visitor.page.evaluate("document.cookie") == ""


def test_cookies_behind_tls(tmp_path: Path, bytecode_folder: Path, sqlite_template: Template) -> None:
    """With PUBLIC_HTTPS each cookie is bound to this host, to TLS, this site and the running browser."""
    folder = tmp_path / "public"
    with sqlite_template.copy(folder):
        app = build_app(folder, bytecode_folder, PUBLIC_HTTPS=True, TRUSTED_HOSTS="casework.example.org")
        client = app.test_client()
        player = sqlite_template.players[CASEWORKER]
        form = {"login": player.login, "passphrase": player.passphrase}
        answers = [
            client.post("/sign-in", data=form, base_url=PUBLIC),
            client.post("/language", data={"language": "fr"}, base_url=PUBLIC),
            client.post("/sign-out", base_url=PUBLIC),
        ]
        close(app)
    found = [_read(header) for answer in answers for header in answer.headers.getlist("Set-Cookie")]
    # Signing out deletes those of something unfinished too: set-up, and shares being entered or drawn.
    assert len({cookie.key for cookie in found}) == 4
    for cookie in found:
        assert cookie.key.startswith("__Host-casework-")
        assert (cookie["path"], cookie["domain"]) == ("/", "")
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Strict")
        # What deletes a cookie has a date in the past; nothing else has one.
        assert (cookie["expires"], cookie["max-age"]) == ("", "") or not cookie.value


def _read(header: str) -> "Morsel[str]":
    jar: SimpleCookie = SimpleCookie(header)
    (cookie,) = jar.values()
    return cookie
