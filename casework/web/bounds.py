"""What is refused before anything reads a form: files where none are asked for, and too many fields."""

from flask import Flask, Request, abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.messages import N_
from casework.services.importing.reading import MOST_BYTES
from casework.web.identity import find_context
from casework.web.uploading import is_upload

_LIST = "importing.take"
_AROUND_BYTES = 64 * 1024
_PIECE_BYTES = 1024 * 1024
"""Of the fields around the list, and of what is taken apart at a time."""
_LOST = N_("The screen had locked: the file was not received. Sign in, and send it again.")


def init_app(app: Flask) -> None:
    """Look at each request before everything else does."""
    app.before_request(_refuse)


def is_list(sent: Request) -> bool:
    """Return whether this is the one form that brings a file: a list to be imported, held in memory."""
    return sent.endpoint == _LIST and sent.method == "POST" and sent.mimetype == "multipart/form-data"


def _refuse() -> Response | None:
    if is_list(request):
        return _take_list()
    if is_upload():
        return None  # web/uploading.py reads it part by part
    if request.mimetype == "multipart/form-data":
        abort(415)  # no other form of ours sends files
    # Counted before it is taken apart; reading it keeps to MAX_CONTENT_LENGTH.
    most: int = request.max_form_parts or 0
    if request.content_length and request.get_data().count(b"&") >= most:
        abort(413)
    return None


def _take_list() -> Response | None:
    """Give a list more room, for members only: whoever is nobody fills no memory."""
    if find_context() is None:
        flash(gettext(_LOST), "bad")
        return redirect(url_for("importing.index"))
    request.max_content_length = MOST_BYTES + _AROUND_BYTES
    request.max_form_memory_size = _PIECE_BYTES
    return None
