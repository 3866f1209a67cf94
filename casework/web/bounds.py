"""What is refused before anything reads a form: files where none are asked for, and too many fields."""

from flask import Flask, abort, request

from casework.web.uploading import is_upload


def init_app(app: Flask) -> None:
    """Look at each request before everything else does."""
    app.before_request(_refuse)


def _refuse() -> None:
    if is_upload():
        return  # web/uploading.py reads it part by part
    if request.mimetype == "multipart/form-data":
        abort(415)  # no other form of ours sends files
    # Counted before it is taken apart; reading it keeps to MAX_CONTENT_LENGTH.
    most: int = request.max_form_parts or 0
    if request.content_length and request.get_data().count(b"&") >= most:
        abort(413)
