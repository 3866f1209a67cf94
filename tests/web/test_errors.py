"""An error of ours: a short id on the page and in the log, and nothing of what was asked or entered."""

import logging
import re

import pytest
from flask import Flask, abort

from casework.errors import CaseworkError, DisclosureRefused, NotFound, Tampered, WrongPassphrase
from casework.web.access import public
from casework.web.errors import status_of
from tests.support.application import CASEWORKER, Founded

CANARY = "canary-of-a-request"
OURS = [RuntimeError(CANARY), Tampered(CANARY), CaseworkError(CANARY)]


@pytest.fixture
def broken(founded: Founded) -> Founded:
    """The application with a page that raises what the test puts into its config."""

    @public
    def fail() -> str:
        raise founded.app.config["RAISED"]

    founded.app.add_url_rule("/broken", "broken", fail, methods=["GET", "POST"])
    founded.app.config["TESTING"] = False
    return founded


def _id(text: str) -> str:
    found: set[str] = set(re.findall(r"\b[0-9a-f]{8}\b", text))
    assert len(found) == 1, found
    return found.pop()


@pytest.mark.parametrize("error", OURS, ids=lambda error: type(error).__name__)
def test_the_page_and_the_log_share_an_id(
    broken: Founded, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """One line: the id, the kind, the place in the code; no message, address, query or field."""
    broken.app.config["RAISED"] = error
    sent = {"text": CANARY}
    with caplog.at_level(logging.DEBUG):
        answer = broken.client(CASEWORKER).post(f"/broken?q={CANARY}", data=sent)
    assert answer.status_code == 500
    (line,) = [record.getMessage() for record in caplog.records]
    kind = re.escape(type(error).__name__)
    assert re.fullmatch(rf"A request failed \({_id(answer.text)}\): {kind} in \S+test_errors\.py:\d+", line)
    for text in (answer.text, caplog.text):
        assert CANARY not in text
        assert CASEWORKER not in text
    assert answer.headers["Content-Security-Policy"]


def test_each_error_has_its_own_id(broken: Founded) -> None:
    """So that one line of the log is found again."""
    broken.app.config["RAISED"] = RuntimeError()
    client = broken.client()
    assert len({_id(client.get("/broken").text) for _ in range(5)}) == 5


@pytest.mark.parametrize("status", [500, 501, 503])
def test_so_has_what_a_library_ends_with(broken: Founded, status: int, app: Flask) -> None:
    """Whatever status it chose: for people it is a mistake of ours."""

    @public
    def stop() -> str:
        abort(status)

    app.add_url_rule("/stop", "stop", stop)
    answer = broken.client().get("/stop")
    assert answer.status_code == 500
    assert _id(answer.text)


@pytest.mark.parametrize("error", [NotFound("x"), DisclosureRefused("x"), WrongPassphrase("x")])
def test_what_is_no_fault_is_not_logged(
    broken: Founded, error: CaseworkError, caplog: pytest.LogCaptureFixture
) -> None:
    """A page that is refused says why; the log would only tell who tried what, and when."""
    broken.app.config["RAISED"] = error
    with caplog.at_level(logging.DEBUG):
        answer = broken.client(CASEWORKER).get("/broken")
    assert answer.status_code == status_of(error) < 500
    assert caplog.records == []


def test_a_page_for_other_roles_is_called_that(founded: Founded) -> None:
    """Whoever opened a page changed nothing and is not told so; whoever sent something is."""
    client = founded.client(CASEWORKER)
    opened, sent = client.get("/members"), client.post("/backups")
    assert (opened.status_code, sent.status_code) == (403, 403)
    assert "Not for your role" in opened.text and "Nothing was changed" not in opened.text
    assert "Nothing was changed" in sent.text
