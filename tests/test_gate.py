"""What the server knows of a request before it is read: what the routes would say."""

from uuid import UUID

import pytest
from flask import Flask

from casework.gate import INCOMING, LIST, OUTGOING, Gate

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
