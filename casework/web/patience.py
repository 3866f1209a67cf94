"""Answers a try that comes too soon: how long to wait, in words and in the header that programs read."""

from flask import Flask, Response, g
from flask_babel import ngettext

from casework.errors import TooSoon


def init_app(app: Flask) -> None:
    """Mark the answers that ask for patience, whichever page they are."""
    app.after_request(_mark)


def ask_for_patience(error: TooSoon) -> str:
    """Return what the page says; its answer becomes 429, with the seconds to wait."""
    g.wait_seconds = error.seconds
    return str(
        ngettext(
            "Too many tries did not fit. Wait one second, then try again: nobody is locked out.",
            "Too many tries did not fit. Wait %(num)d seconds, then try again: nobody is locked out.",
            error.seconds,
        )
    )


def _mark(response: Response) -> Response:
    if "wait_seconds" in g:
        response.status_code = 429
        response.headers["Retry-After"] = str(g.wait_seconds)
    return response
