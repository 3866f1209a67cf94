"""What machines ask: does the process answer, could it serve. The status says it, and nothing else is said.

Answered before anything else is looked at: whoever asks by an address instead of a name is answered too, and
neither the seal nor a session is asked for. So a monitor needs to know nothing.
"""

from flask import Blueprint, Flask, current_app, request
from werkzeug.wrappers import Response

from casework.services.answering import Readiness
from casework.web.access import before_founding

pages = Blueprint("health", __name__)

_BODY = "The status says it.\n"


def init_app(app: Flask) -> None:
    """Answer before whatever may refuse; to be called before all that looks at a request."""
    app.extensions["casework.readiness"] = Readiness(app.app_context)
    answers = {"/healthz": alive, "/readyz": ready}

    def answer_first() -> Response | None:
        view = answers.get(request.path) if request.method in ("GET", "HEAD") else None
        return view() if view else None

    app.before_request(answer_first)


@pages.get("/healthz")
@before_founding
def alive() -> Response:
    """Say that the process answers."""
    return _say(True)


@pages.get("/readyz")
@before_founding
def ready() -> Response:
    """Say whether both stores answer and the schema is current: 200, or 503 within seconds."""
    readiness: Readiness = current_app.extensions["casework.readiness"]
    return _say(readiness.is_ready())


def _say(is_well: bool) -> Response:
    return Response(_BODY, 200 if is_well else 503, content_type="text/plain; charset=utf-8")
