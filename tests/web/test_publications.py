"""Files of releases on their page, and the page that says whether one is authentic."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug import formparser
from werkzeug.test import TestResponse

from casework.services.releases.withdrawing import withdraw_release
from tests.services.releases.written import log, release
from tests.support.application import ADVOCATE, COORDINATOR, Founded
from tests.web.test_importing import post_file


def send(client: FlaskClient, content: bytes, name: str) -> TestResponse:
    """Ask whether a file is authentic."""
    return post_file(client, content, name, "/releases/authentic")


def test_each_file_of_the_page_is_downloaded_under_its_name(founded: Founded) -> None:
    """By language, and one that holds all; of the withdrawn release too."""
    log(founded, spvm=12, sq=12)
    release_id = release(founded)
    client = founded.client(ADVOCATE)
    page = unescape(client.get(f"/releases/{release_id}").text)
    links = re.findall(r'href="(/releases/[^"]+/files/([^"]+))"', page)
    assert {name for _link, name in links} >= {"release-1.zip", "release-1-fr.xlsx", "release-1.json"}
    withdraw_release(founded.context(), release_id, 3, {"en": "A city was wrong."})
    for link, name in links:
        answer = client.get(link)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert answer.data
    assert client.get(f"/releases/{release_id}/files/other.csv").status_code == 404
    assert "downloaded a file of release 1" in founded.client(COORDINATOR).get("/audit").text


def test_the_page_says_whether_a_file_is_authentic(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """In memory: no temporary file is made, and nothing is kept."""
    monkeypatch.setattr(formparser, "SpooledTemporaryFile", lambda **_: pytest.fail("a temporary file"))
    log(founded, spvm=12, sq=12)
    release_id = release(founded)
    client = founded.client(ADVOCATE)
    data = client.get(f"/releases/{release_id}/files/release-1.json").data
    assert "Authentic." in send(client, data, "release-1.json").text
    assert "Changed." in send(client, data.replace(b"Who calls", b"Who shouts"), "release-1.json").text
    assert "Not ours." in send(client, b"x" * 1_000_000, "notes.txt").text
    withdraw_release(founded.context(), release_id, 3, {"en": "A city was wrong."})
    told = send(client, data, "release-1.json").text
    assert "Authentic." in told
    assert "A city was wrong." in told


def test_a_file_is_asked_for(founded: Founded) -> None:
    answer = send(founded.client(ADVOCATE), b"", "")
    assert answer.status_code == 422
    assert "Choose a file first." in answer.text
    assert send(founded.client(ADVOCATE), b"x" * 22_000_000, "x.pdf").status_code == 413
    assert send(founded.client(), b"x", "x.pdf").status_code == 302
