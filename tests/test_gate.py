"""What the server knows of a request before it is read: what the routes would say."""

from collections.abc import Iterator
from inspect import unwrap
from types import CodeType, FunctionType
from uuid import UUID

import pytest
from flask import Flask

from casework.gate import _TRANSFERS, INCOMING, LIST, OUTGOING, Gate
from casework.web.saving import save_as

CASE = "/cases/0b0e7a4e-0000-4000-8000-00000000abcd"
FILE = f"{CASE}/files/0b0e7a4e-0000-4000-8000-00000000dcba"


@pytest.mark.parametrize(
    ("method", "path", "transfer"),
    [
        ("POST", f"{CASE}/files/add", INCOMING),
        ("post", f"{CASE}/files/add", INCOMING),
        ("POST", f"{CASE}/%66iles/%61dd", INCOMING),
        ("POST", f"//{CASE.upper().replace('CASES', 'cases')}/files/add", INCOMING),
        ("POST", f"{CASE}/FILES/add", ""),
        ("POST", f"{CASE}/files/add/", ""),
        ("POST", f"{CASE}/files%2fadd", INCOMING),
        ("GET", f"{CASE}/files/add", ""),
        ("OPTIONS", f"{CASE}/files/add", ""),
        ("GET", f"{FILE}/cleaned", OUTGOING),
        ("HEAD", f"{FILE}/%63leaned", OUTGOING),
        ("GET", f"{FILE}/original", ""),
        ("POST", f"{FILE}/original", OUTGOING),
        ("POST", "/imports/file", LIST),
        ("POST", "/%69mports/file", LIST),
        ("POST", "/releases/authentic", LIST),
        ("GET", "/releases/authentic", ""),
        ("GET", f"/releases/{UUID(int=1)}/files/release-1.zip", OUTGOING),
        ("GET", f"/stories/{UUID(int=1)}/files/story-1-en.pdf", OUTGOING),
        ("POST", "/cases/sheet", OUTGOING),
        ("GET", "/cases/sheet", ""),
        ("GET", "/%ff%fe", ""),
        ("GET", "*", ""),
    ],
)
def test_what_a_request_carries(app: Flask, method: str, path: str, transfer: str) -> None:
    """The path is taken as the routes take it, and the method too."""
    assert Gate(app).find_errand(method, path).transfer == transfer


@pytest.mark.parametrize(
    ("method", "path", "is_open"),
    [
        ("POST", "/sign-in", True),
        ("POST", "/language", True),
        ("GET", "/static/casework.css", True),
        ("POST", "/nowhere", True),
        ("DELETE", "/sign-in", True),
        ("POST", "/incidents/new", False),
        ("POST", f"{CASE}/files/add", False),
    ],
)
def test_who_may_bring_more(app: Flask, method: str, path: str, is_open: bool) -> None:
    """Where anybody may ask, and where nothing is, little is read; what all may send has threads apart."""
    errand = Gate(app).find_errand(method, path)
    assert errand.is_open == is_open
    assert errand.is_entrance == (path in ("/sign-in", "/language") and method == "POST")


def test_whatever_answers_with_a_file_is_a_transfer(app: Flask) -> None:
    """A slow line that takes a file holds no thread that pages need: every view that names one is known."""
    files = {name for name, view in app.view_functions.items() if _sends_a_file(unwrap(view))}
    outgoing = {endpoint for (_method, endpoint), way in _TRANSFERS.items() if way == OUTGOING}
    assert len(files) > 10
    assert files - {"static"} == outgoing


def _sends_a_file(view: object) -> bool:
    """Return whether a view, or a function that it names, has the browser take its answer as a file."""
    known: set[object] = set()
    waiting = [view]
    while waiting:
        one = waiting.pop()
        if one is save_as:
            return True
        if not isinstance(one, FunctionType) or one in known or not one.__module__.startswith("casework.web"):
            continue
        known.add(one)
        for code in _codes(one.__code__):
            if "content-disposition" in str(code.co_consts).replace("_", "-").casefold():
                return True
            waiting += [one.__globals__.get(name) for name in code.co_names]
    return False


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
