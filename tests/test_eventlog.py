"""The log as JSON: enumerated fields, and nothing that came with a request; the canary dies here."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from casework.eventlog import FIELDS, Event, JsonLines, record
from casework.services.incidents import log_incident
from casework.web.access import find_mark
from tests.support.application import CASEWORKER, Founded, Template, build_app, close
from tests.support.forked import ROOT
from tests.support.records import incident_draft

CANARY = "canary"
KEYS = {"time", "level", "event", *FIELDS}


class Kept(logging.Handler):
    """Keeps every line as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        self.lines.append(self.format(record))


@pytest.fixture
def kept() -> Iterator[Kept]:
    """The lines that are logged, by casework and by whatever it uses."""
    handler, root, ours = Kept(), logging.getLogger(), logging.getLogger("casework")
    levels = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    ours.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


@pytest.fixture
def talking(tmp_path: Path, template: Template, bytecode_folder: Path) -> Iterator[Founded]:
    """An organization that logs as JSON."""
    with template.copy(tmp_path / "talking") as settings:
        app = build_app(tmp_path / "talking", bytecode_folder, LOG_FORMAT="json", **settings)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        with app.app_context():
            yield Founded(app, template.players)
        close(app)


def requests_of(kept: Kept) -> list[dict[str, object]]:
    """Return what was logged of requests."""
    lines = [json.loads(line) for line in kept.lines]
    return [line for line in lines if line["event"] == "request"]


def test_a_request_is_one_line(talking: Founded, kept: Kept) -> None:
    """Which page answered, how, how fast: no address, no ids in it."""
    logged = log_incident(talking.context(CASEWORKER), incident_draft())
    answer = talking.client(CASEWORKER).get(f"/cases/{logged.case_id}?canary=1")
    (line,) = requests_of(kept)
    assert answer.status_code == 200
    assert (line["endpoint"], line["status"], line["level"]) == ("cases.show", 200, "info")
    assert set(line) == {"time", "level", "event", "endpoint", "status", "milliseconds", "request"}
    assert str(logged.case_id) not in "".join(kept.lines)


def test_nothing_of_a_record_or_an_address_is_logged(talking: Founded, kept: Kept) -> None:
    """Typed into forms, addresses, headers and cookies, in pages that work, refuse and fail."""
    client = talking.client(CASEWORKER)
    logged = log_incident(talking.context(CASEWORKER), incident_draft(f"The {CANARY} was stopped."))
    headers = {"User-Agent": CANARY, "X-Forwarded-For": "203.0.113.99", "Referer": f"http://{CANARY}"}
    client.set_cookie(CANARY, CANARY)
    for path in (f"/cases/{logged.case_id}", "/cases", f"/{CANARY}/x", f"/cases?q={CANARY}", "/sign-in"):
        client.get(path, headers=headers)
        client.post(path, headers=headers, data={"narrative": CANARY, "login": CANARY, "passphrase": CANARY})

    def fail() -> str:
        raise ValueError(f"{CANARY} of {CASEWORKER}")

    talking.app.testing = False
    talking.app.view_functions["home.today"] = fail
    fail.access = find_mark(talking.app, "cases.index")  # type: ignore[attr-defined]
    failed = client.get("/", headers=headers)
    assert failed.status_code == 500
    logging.getLogger("a.library").warning("A person called %s", CANARY, extra={"fields": {"error": CANARY}})
    said = "\n".join(kept.lines)
    assert len(requests_of(kept)) == 11
    for secret in (
        CANARY,
        CASEWORKER.title(),
        str(logged.case_id),
        "203.0.113",
        "/cases",
        str(talking.runtime.data_folder),
    ):
        assert secret not in said
    assert all(set(json.loads(line)) <= KEYS for line in kept.lines)


def test_what_failed_is_found_by_its_number(talking: Founded, kept: Kept) -> None:
    """The number on the page is that of the request; the kind and the place are told, the words are not."""

    def fail() -> str:
        raise ValueError(CANARY)

    talking.app.testing = False
    talking.app.view_functions["auth.sign_in"] = fail
    fail.access = find_mark(talking.app, "auth.choose_language")  # type: ignore[attr-defined]
    page = talking.app.test_client().get("/sign-in").text
    failed = next(line for line in map(json.loads, kept.lines) if line["event"] == "request_failed")
    assert failed["error"] == "ValueError" and failed["request"] in page
    assert failed["place"].startswith("tests/test_eventlog.py:") or "/test_eventlog.py:" in failed["place"]
    assert failed["request"] == requests_of(kept)[0]["request"]


def test_machines_and_files_of_pages_are_not_told(talking: Founded, kept: Kept) -> None:
    """They say nothing."""
    for path in ("/healthz", "/readyz", "/static/casework.css"):
        talking.app.test_client().get(path)
    assert requests_of(kept) == []


def test_as_text_requests_are_not_logged(app: Flask, kept: Kept) -> None:
    """The default: errors alone."""
    app.test_client().get("/sign-in")
    assert requests_of(kept) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoint", "cases.show/1f"),
        ("endpoint", "Cases"),
        ("status", "2000"),
        ("milliseconds", "-1"),
        ("request", "canary00"),
        ("error", "Value Error"),
        ("task", "fold 1"),
        ("place", "a:b"),
        ("logger", "a b"),
        ("other", "1"),
    ],
)
def test_what_does_not_fit_its_field_is_left_out(kept: Kept, name: str, value: str) -> None:
    """Whoever passes something else by mistake tells nothing by it."""
    fields = {"request": "0123abcd", "error": "E", "place": "x.py:1", name: value}
    record(logging.ERROR, Event.REQUEST_FAILED, **fields)
    line = json.loads(kept.lines[-1])
    assert name not in line and line["event"] == "request_failed"


def test_a_crash_of_a_thread_and_warnings_are_lines_too() -> None:
    """Python's own would write the message of the error."""
    script = """
import threading, warnings
from casework.eventlog import configure
configure("json")
def fail(): raise ValueError("canary")
thread = threading.Thread(target=fail); thread.start(); thread.join()
warnings.warn("canary")
raise KeyError("canary")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["event"], line.get("error")) for line in lines] == [
        ("crashed", "ValueError"),
        ("other", None),
        ("crashed", "KeyError"),
    ]
    assert CANARY not in done.stderr and done.returncode == 1
