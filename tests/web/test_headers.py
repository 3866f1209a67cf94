"""What every answer tells the browser, and what a leaked key for form tokens is worth."""

from pathlib import Path

import pytest
from flask.sessions import SecureCookieSessionInterface

from casework.app import prepare
from tests.support.application import CASEWORKER, Founded, build_app, close

ADDRESSES = ["/", "/cases", "/sign-in", "/nothing-here", "/static/casework.css"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_loads_from_elsewhere(founded: Founded, address: str) -> None:
    """Everything is refused but our own files, on errors too; nothing inline, nothing evaluated."""
    policy = founded.client(CASEWORKER).get(address).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-" not in policy
    sources = {source for directive in policy.split("; ") for source in directive.split()[1:]}
    assert sources == {"'none'", "'self'", "data:"}


@pytest.mark.parametrize("address", ADDRESSES[:-1])
def test_no_page_is_kept(founded: Founded, address: str) -> None:
    """After signing out, neither the back button nor a cache on the way brings a record back."""
    answer = founded.client(CASEWORKER).get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("https", [False, True])
def test_tls_is_demanded_where_there_is_tls(tmp_path: Path, bytecode_folder: Path, https: bool) -> None:
    """Behind a proxy that speaks TLS browsers keep to it; on loopback the header would do harm."""
    trusted = {"TRUSTED_HOSTS": ["localhost"]} if https else {}
    app = build_app(tmp_path / "instance", bytecode_folder, PUBLIC_HTTPS=https, **trusted)
    prepare(app)
    answer = app.test_client().get("/static/casework.css")
    assert ("Strict-Transport-Security" in answer.headers) is https
    assert app.config["MEMBER_COOKIE"].startswith("__Host-") is https
    close(app)


def test_whoever_has_the_secret_key_is_nobody(founded: Founded) -> None:
    """A session cookie forged with it, in every spelling that Flask-Login knows, opens no page."""
    signer = SecureCookieSessionInterface().get_signing_serializer(founded.app)
    assert signer
    member = founded.players[CASEWORKER].id
    forged = signer.dumps({"_user_id": member.hex, "_fresh": True, "user_id": member.hex, "_id": ""})
    client = founded.client()
    client.set_cookie(founded.app.config["SESSION_COOKIE_NAME"], str(forged))
    answer = client.get("/cases")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_keeps_to_itself(founded: Founded, address: str) -> None:
    """No referrer, no window or document of others beside it, no guessing of types, no camera or position."""
    headers = founded.client(CASEWORKER).get(address).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Permissions-Policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(policy)
    assert all(rule.endswith("=()") for rule in policy)


def test_signing_out_leaves_nothing_in_the_browser(founded: Founded) -> None:
    """The browser is told to empty cache and storage; our cookies go by name, the host may have others'."""
    client = founded.client(CASEWORKER)
    out = client.post("/sign-out")
    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    gone = {line.partition("=")[0] for line in out.headers.getlist("Set-Cookie") if "Max-Age=0" in line}
    names = "MEMBER_COOKIE", "CEREMONY_COOKIE", "RECOVERY_COOKIE"
    assert gone == {founded.app.config[name] for name in names}
    assert "Clear-Site-Data" not in client.get("/sign-in").headers
