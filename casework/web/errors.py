"""Which status an error becomes, and the page that says what to do.

No page quotes the request, but for a form that could not be saved (`web/unsaved.py`).

Where the fault is ours, the page shows a short id, which stands in the log beside the kind of the error and
its place in the code: what was asked and entered is in neither.
"""

import logging
import secrets

from flask import Flask, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError, Unauthorized
from werkzeug.wrappers import Response

from casework.errors import (
    CaseworkError,
    Closed,
    CodeNeeded,
    Conflict,
    DisclosureRefused,
    Forbidden,
    Invalid,
    NotFound,
    TooSoon,
    UnknownKey,
    VaultError,
    WrongCode,
    WrongPassphrase,
)
from casework.eventlog import Event, place_of, record
from casework.services.organization import is_demonstration
from casework.services.storage import name_trouble
from casework.web.access import OPEN_BYTES
from casework.web.bin import say_where_it_went
from casework.web.identity import find_context, runtime
from casework.web.patience import ask_for_patience
from casework.web.stranded import answer_lost
from casework.web.unsaved import find_unsaved, find_unsaved_for_session, is_of_draft

# The first class that fits counts.
STATUSES: tuple[tuple[type[CaseworkError], int], ...] = (
    (Closed, 503),
    (NotFound, 404),
    (Forbidden, 403),
    (TooSoon, 429),
    (Invalid, 400),
    (Conflict, 409),
    (DisclosureRefused, 400),
    (UnknownKey, 403),
    (WrongPassphrase, 403),
    (WrongCode, 403),
    (CodeNeeded, 403),
    (VaultError, 500),
    (CaseworkError, 500),
)
_PAGES = {400, 403, 404, 405, 409, 413}

Answer = tuple[str, int]


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(CaseworkError, _answer_casework)
    app.register_error_handler(CSRFError, _answer_stale)
    app.register_error_handler(Unauthorized, _answer_signed_out)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unexpected)
    # Where even the error page fails, Flask would log the traceback with the request's address.
    app.log_exception = lambda exc_info: _log(exc_info[1], new_error_id())  # type: ignore[method-assign]


def status_of(error: CaseworkError) -> int:
    """Return the HTTP status of an error."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def new_error_id() -> str:
    """Return eight characters that can be read out on the phone: those of the request, where it has them."""
    return str(g.get("request_id") or secrets.token_hex(4))


def _answer_casework(error: CaseworkError) -> Answer | Response:
    if isinstance(error, Closed):
        return _closed_page(), 503
    if isinstance(error, TooSoon):
        return render_template("errors/429.html", patience=ask_for_patience(error)), 429
    if isinstance(error, NotFound) and (lost := answer_lost(error)) is not None:
        return lost
    status = status_of(error)
    if status == 404 and (binned := say_where_it_went()):
        return binned, 404
    return _answer_fault(error) if status >= 500 else _page(status)


def _answer_stale(_error: CSRFError) -> Answer:
    # The form is of an earlier session: somebody has signed out, or in anew, since.
    if find_context() is None and (unsaved := find_unsaved()):
        return render_template("errors/401.html", unsaved=unsaved), 401
    return render_template("errors/400.html", unsaved=find_unsaved_for_session()), 400


def _answer_signed_out(_error: Unauthorized) -> Answer:
    is_read = (request.content_length or 0) <= OPEN_BYTES
    return render_template("errors/401.html", unsaved=find_unsaved() if is_read else None), 401


def _answer_http(error: HTTPException) -> Answer:
    if isinstance(error, SecurityError):
        return _bare_page("host"), 400  # no address can be made for a host that is not ours
    status = error.code or 500
    return _answer_fault(error) if status >= 500 else _page(status)


def _answer_unexpected(error: Exception) -> Answer:
    trouble = name_trouble(error)
    if trouble is not None:
        error_id = new_error_id()
        _log(error, error_id)
        page = _bare_page("storage", error_id=error_id, trouble=trouble, unsaved=find_unsaved())
        return page, 503
    if current_app.debug or current_app.testing:
        raise error
    return _answer_fault(error)


def _answer_fault(error: Exception) -> Answer:
    error_id = new_error_id()
    _log(error, error_id)
    return _bare_page("500", error_id=error_id, unsaved=find_unsaved()), 500


def _log(error: BaseException | None, error_id: str) -> None:
    # The message may quote what was entered; the kind and the place are enough to find the fault.
    record(
        logging.ERROR,
        Event.REQUEST_FAILED,
        request=error_id,
        error=type(error).__name__,
        place=place_of(error.__traceback__ if error else None),
    )


def _bare_page(name: str, **shown: object) -> str:
    """Return a page that stands alone: nothing that fills other pages is asked."""
    return current_app.jinja_env.get_template(f"errors/{name}.html").render(**shown)


def _closed_page() -> str:
    # Where this runtime is not closed, the seal was put on while the request went on.
    is_sealed = runtime().is_sealed or not runtime().is_closed
    return _bare_page("503", is_sealed=is_sealed, may_start_afresh=is_sealed and is_demonstration())


def _page(status: int) -> Answer:
    shown = {"unsaved": find_unsaved(), "is_lost": is_of_draft()} if status == 413 else {"unsaved": None}
    return render_template(f"errors/{status if status in _PAGES else 400}.html", **shown), status
