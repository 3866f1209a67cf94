"""What is refused before anything reads a form: files where none are asked for, and too much.

The server reads no more than `OPEN_BYTES` for anybody whose session is not known (`casework/server.py`).
"""

from flask import Flask, Request, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.messages import N_
from casework.services.importing.reading import MOST_BYTES
from casework.web.access import OPEN_BYTES, check, find_mark, is_open
from casework.web.identity import find_context, find_locked
from casework.web.uploading import is_upload

LONGEST_FORMS = 16
"""So many times `MAX_FORM_BYTES` is read of a form that is kept as a draft: to be given back only.

A chat of years is that long. The server holds one of a member's at a time, as it does a list to be imported.
"""
_LISTS = {
    "importing.take": "importing.index",
    "officiallists.take": "officiallists.ask",
    "publications.check": "publications.ask",
}
"""And where each is asked for."""
_AROUND_BYTES = 64 * 1024
_PIECE_BYTES = 1024 * 1024
"""Of the fields around the list, and of what is taken apart at a time."""
_LOST = N_("The screen had locked: the file was not received. Sign in, and send it again.")


def init_app(app: Flask) -> None:
    """Look at each request before everything else does."""
    app.before_request(_refuse)


def is_list(sent: Request) -> bool:
    """Return whether this form brings a file held in memory: a list to be imported, or one to be checked."""
    return sent.endpoint in _LISTS and sent.method == "POST" and sent.mimetype == "multipart/form-data"


def _refuse() -> Response | None:
    if is_list(request):
        return _take_list()
    if is_upload():
        return None  # web/uploading.py reads it part by part
    if request.mimetype == "multipart/form-data":
        abort(415)  # no other form of ours sends files
    if (request.content_length or 0) > OPEN_BYTES and (elsewhere := _refuse_long()) is not None:
        return elsewhere
    _refuse_overlong()
    # Counted before it is taken apart; reading it keeps to MAX_CONTENT_LENGTH.
    most: int = request.max_form_parts or 0
    if request.content_length and request.get_data().count(b"&") >= most:
        abort(413)
    return None


def _refuse_long() -> Response | None:
    """Refuse a long form that nobody may send, or only members; nothing of it has been read."""
    if is_open(find_mark(current_app, request.endpoint or "")):
        abort(413)
    return check() if find_context() is None and find_locked() is None else None


def _refuse_overlong() -> None:
    """Refuse what is longer than may be saved; the page that says so has it still, up to a length."""
    longest, length = current_app.config["MAX_CONTENT_LENGTH"], request.content_length or 0
    if length <= longest:
        return
    mark = find_mark(current_app, request.endpoint or "")
    if mark is not None and mark.keeps and length <= LONGEST_FORMS * longest:
        request.max_content_length = request.max_form_memory_size = length
    abort(413)


def _take_list() -> Response | None:
    """Give a list more room, for members only: whoever is nobody fills no memory."""
    if find_context() is None:
        flash(gettext(_LOST), "bad")
        return redirect(url_for(_LISTS[request.endpoint or ""]))
    request.max_content_length = MOST_BYTES + _AROUND_BYTES
    request.max_form_memory_size = _PIECE_BYTES
    return None
