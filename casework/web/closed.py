"""Where no passphrase opens anything (sealed, or without host key), every page is the one that says so."""

from flask import Flask, current_app, request
from werkzeug.exceptions import SecurityError

from casework.errors import Closed
from casework.services.organization import is_demonstration
from casework.web.identity import runtime


def init_app(app: Flask) -> None:
    """Look before everything else whether it is so."""
    app.before_request(_refuse)


def _refuse() -> None:
    if request.endpoint == "static" or isinstance(request.routing_exception, SecurityError):
        return
    current_app.extensions["casework.seal"].look()
    if not runtime().is_closed or (request.endpoint == "auth.start_afresh" and is_demonstration()):
        return
    raise Closed("no host key")
