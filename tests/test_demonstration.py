"""The switchboard: a demonstration in a folder of its own, shown and left in one process."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from casework.demonstration import Switchboard
from casework.errors import Conflict
from tests.support.application import close


@pytest.fixture
def shown(empty_app: Flask) -> Iterator[list[Flask]]:
    """The demonstrations that were opened; closed afterwards, with what they left in memory."""
    opened: list[Flask] = []
    yield opened
    for app in opened:
        close(app)
        store = app.extensions["casework.volatile"]
        shutil.rmtree(Path(store.engine.url.database).parent)


def test_the_demonstration_is_shown_until_it_is_left(
    empty_app: Flask, shown: list[Flask], tmp_path: Path
) -> None:
    """Requests go to it while it is open and to the real instance afterwards; the folders never meet."""
    switchboard: Switchboard = empty_app.extensions["casework.switchboard"]
    client = empty_app.test_client()
    switchboard.open(shown.append)
    (demonstration,) = shown
    demonstration.add_url_rule("/only-there", view_func=lambda: "there")
    assert client.get("/only-there").status_code == 403  # an endpoint without a mark, yet one
    folder = Path(urlsplit(demonstration.config["SQLALCHEMY_DATABASE_URI"]).path[1:]).parent
    assert folder == tmp_path / "empty-demo"
    assert (folder / "host.key").read_bytes() != (tmp_path / "empty" / "host.key").read_bytes()
    assert demonstration.config["MEMBER_COOKIE"] != empty_app.config["MEMBER_COOKIE"]
    demonstration.extensions["casework.leave"]()
    assert client.get("/only-there").status_code == 404


def test_founding_meanwhile_keeps_the_demonstration_closed(
    empty_app: Flask, shown: list[Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asked for it before the real instance was founded does not put it in that one's place."""
    switchboard: Switchboard = empty_app.extensions["casework.switchboard"]

    def fill(demonstration: Flask) -> None:
        shown.append(demonstration)
        monkeypatch.setattr("casework.demonstration.is_founded", lambda: True)

    with pytest.raises(Conflict):
        switchboard.open(fill)
    assert len(shown) == 1
    with pytest.raises(Conflict):
        switchboard.open(fill)
    assert len(shown) == 1
    shown[0].add_url_rule("/only-there", view_func=lambda: "there")
    assert empty_app.test_client().get("/only-there").status_code == 404
