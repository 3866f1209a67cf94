"""Forms that bring files, read part by part: fields first, then each file as it comes, and never collected.

The form's token stands before its first file, or in a header, and is checked before a file is read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Never

from flask import Flask, abort, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData, Preamble
from wtforms import ValidationError

from casework.web.identity import runtime

FIELD_BYTES = 64 * 1024
"""For all that stands before the first file, and for what may stand around the files in all."""
_PARTS = 100
_PART_HEAD_BYTES = 16 * 1024
"""For the lines above one part, and for what stands before the first or behind the last."""
# RFC 2046 allows 70 characters; some clients write a few more.
_BOUNDARY = re.compile(r"[!-~ ]{1,100}")
# A read waits for all that it asks for: little while there are fields, so that a refusal need not wait.
_FIELD_READ_BYTES, _FILE_READ_BYTES = 1024, 256 * 1024
_ENDPOINT = "attachments.add"
RECEIVES = "casework.receives"
"""In the WSGI environment, where the server is ours: whether this thread may wait for a file."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of the form: what the browser calls it, and its content, which is read once, in order."""

    name: str
    content: Iterator[bytes] = field(repr=False)


def is_upload() -> bool:
    """Return whether this request brings files to where they are asked for."""
    return bool(request) and request.endpoint == _ENDPOINT


def is_too_large() -> bool:
    """Return whether the request says itself that it brings more than one file may have."""
    return (request.content_length or 0) > most_bytes()


def most_bytes() -> int:
    """Return how large a request with files may be: what one file may have, and its form's fields."""
    return runtime().limits.file_bytes + FIELD_BYTES


def init_app(app: Flask, csrf: CSRFProtect, view: Callable[..., Any]) -> None:
    """Check the tokens of these forms here: Flask-WTF would have the whole form read.

    Comes after the access check: of who may not add files nothing is read.
    """
    csrf.exempt(view)
    app.before_request(_read_fields)


def sent_fields() -> dict[str, str]:
    """Return the fields that stand before the first file."""
    fields: dict[str, str] = g.sent_fields
    return fields


def sent_files() -> Iterator[SentFile]:
    """Yield the files one after the other; what is left of one is skipped where the next is asked for.

    A form that breaks off ends in 400, one that is larger than it said in 413.
    """
    form: _Form | None = g.sent_form
    return iter(()) if form is None else form.files()


def _read_fields() -> None:
    if not is_upload() or request.method != "POST":
        return
    if not request.environ.get(RECEIVES, True):
        abort(400)  # a thread for pages never waits for a file
    request.max_content_length = max(most_bytes(), request.content_length or 0)
    boundary = request.mimetype_params.get("boundary", "")
    if boundary and not _BOUNDARY.fullmatch(boundary):
        abort(400)
    g.sent_fields, g.sent_form = {}, None
    if request.mimetype == "multipart/form-data" and boundary:
        _take_fields(_Form(request.stream, boundary.encode("ascii")))
    if current_app.config["WTF_CSRF_ENABLED"]:
        _check_token(g.sent_fields.get("csrf_token") or request.headers.get("X-CSRFToken", ""))


def _take_fields(form: "_Form") -> None:
    """Take what stands before the first file; of a form that says it is too large nothing more is read."""
    try:
        g.sent_fields = form.read_fields()
    except HTTPException:
        if not is_too_large():
            raise
    if not is_too_large():
        g.sent_form = form


def _check_token(token: str) -> None:
    if is_too_large() and not token:
        return  # the answer is that it is too large, and nothing is read or done
    try:
        validate_csrf(token)
    except ValidationError as error:
        raise CSRFError(error.args[0]) from None


class _Form:
    """A multipart body on its way."""

    def __init__(self, stream: Any, boundary: bytes) -> None:
        self._stream: BinaryIO = stream
        most = _FILE_READ_BYTES + _PART_HEAD_BYTES
        self._decoder = MultipartDecoder(boundary, max_form_memory_size=most, max_parts=_PARTS)
        self._file: File | None = None
        self._read_bytes = _FIELD_READ_BYTES
        self._most_reads: int | None = FIELD_BYTES // _FIELD_READ_BYTES

    def read_fields(self) -> dict[str, str]:
        """Return the fields before the first file."""
        fields: dict[str, str] = {}
        while isinstance(event := self._next(), Field):
            fields[event.name] = b"".join(self._content()).decode("utf-8", "replace")
        self._file = event if isinstance(event, File) else None
        self._read_bytes, self._most_reads = _FILE_READ_BYTES, None
        return fields

    def files(self) -> Iterator[SentFile]:
        """Yield the files; fields between them are skipped."""
        event: Event | None = self._file
        while event is not None and not isinstance(event, Epilogue):
            content = self._content()
            if isinstance(event, File) and event.filename:
                yield SentFile(event.filename, content)
            for _left in content:
                pass
            event = self._next()

    def _content(self) -> Iterator[bytes]:
        more = True
        while more:
            event = self._next()
            if not isinstance(event, Data):
                self._break()
            if event.data:
                yield bytes(event.data)
            more = event.more_data

    def _next(self) -> Event:
        try:
            while isinstance(event := self._decoder.next_event(), NeedData | Preamble):
                if isinstance(event, NeedData):
                    self._read()
        except ValueError:
            self._break()
        return event

    def _read(self) -> None:
        if self._most_reads is not None:
            self._most_reads -= 1
        # While a file comes the decoder keeps next to nothing of it: what lies there is no content.
        if self._most_reads == -1 or len(self._decoder.buffer) > _PART_HEAD_BYTES:
            abort(413)
        self._decoder.receive_data(self._stream.read(self._read_bytes) or None)

    def _break(self) -> Never:
        abort(400)
