"""What is logged: events with a name and named fields, and nothing that came with a request.

As text, one sentence an event, errors alone; or with LOG_FORMAT=json one JSON object a line, requests too.
What a library logs becomes an event without its words: they may quote anything.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType

TEXT, JSON = "text", "json"
FORMATS = (TEXT, JSON)


class Event(StrEnum):
    """Everything that is logged."""

    REQUEST = "request"
    REQUEST_FAILED = "request_failed"
    SESSION_REFUSED = "session_refused"
    TASK_FAILED = "task_failed"
    WORK_FAILED = "work_failed"
    CRASHED = "crashed"
    OTHER = "other"


_TEXTS: Mapping[Event, str] = {
    Event.REQUEST: "%(endpoint)s %(status)s",
    Event.REQUEST_FAILED: "A request failed (%(request)s): %(error)s in %(place)s",
    Event.SESSION_REFUSED: "A session was refused: the vault does not open for it.",
    Event.TASK_FAILED: "%(task)s failed: %(error)s",
    Event.WORK_FAILED: "Work in the background failed: %(error)s in %(task)s",
    Event.CRASHED: "%(error)s in %(place)s",
}

FIELDS: Mapping[str, re.Pattern[str]] = {
    "endpoint": re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)?"),
    "status": re.compile(r"[1-5][0-9][0-9]"),
    "milliseconds": re.compile(r"[0-9]{1,9}"),
    "request": re.compile(r"[0-9a-f]{8}"),
    "error": re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,80}"),
    "place": re.compile(r"[A-Za-z0-9_.+<>-]{1,80}(/[A-Za-z0-9_.+<>-]{1,80}){0,2}:[0-9]{1,6}"),
    "task": re.compile(r"[A-Za-z_][A-Za-z_ ]{0,60}"),
    "logger": re.compile(r"[A-Za-z0-9_.]{1,80}"),
}
"""Every field there is, and what it may hold: anything else is left out."""

_NUMBERS = {"status", "milliseconds"}
_LOGGER = "casework"


def record(level: int, event: Event, **fields: object) -> None:
    """Log an event; `fields` are of FIELDS."""
    extra = {"event": event, "fields": fields}
    logging.getLogger(_LOGGER).log(level, _TEXTS[event] % fields, extra=extra)


def place_of(trace: TracebackType | None) -> str:
    """Return the place in the code where an error arose."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"


def configure(log_format: str) -> None:
    """Log in this process, and those forked off it, as LOG_FORMAT says."""
    if log_format != JSON:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root, ours = logging.getLogger(), logging.getLogger(_LOGGER)
    root.handlers, ours.handlers = [handler], []
    ours.setLevel(logging.INFO)
    logging.captureWarnings(True)
    # Python's own would print the message of the error.
    sys.excepthook = lambda kind, _error, trace: _crashed(kind, trace)
    threading.excepthook = lambda crash: _crashed(crash.exc_type, crash.exc_traceback)


def _crashed(kind: type[BaseException], trace: TracebackType | None) -> None:
    record(logging.ERROR, Event.CRASHED, error=kind.__name__, place=place_of(trace))


class JsonLines(logging.Formatter):
    """One JSON object a line: time in UTC, level, event, and of FIELDS what the event brought."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record; of one that is no event of ours neither its words nor what it carries."""
        event, fields = getattr(record, "event", None), getattr(record, "fields", None)
        if not isinstance(event, Event) or not isinstance(fields, dict):
            event, fields = Event.OTHER, _describe(record)
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": event.value,
        }
        return json.dumps(line | _clean(fields))


def _describe(record: logging.LogRecord) -> dict[str, object]:
    kind = record.exc_info[0] if record.exc_info else None
    fields: dict[str, object] = {"logger": record.name, "place": f"{record.pathname}:{record.lineno}"}
    return fields | ({"error": kind.__name__} if kind else {})


def _clean(fields: Mapping[str, object]) -> dict[str, object]:
    """Keep what fits its field; of a path the last three parts: those before name folders of people."""
    kept: dict[str, object] = {}
    for name, pattern in FIELDS.items():
        text = str(fields.get(name, ""))
        text = "/".join(text.split("/")[-3:]) if name == "place" else text
        if pattern.fullmatch(text):
            kept[name] = int(text) if name in _NUMBERS else text
    return kept
