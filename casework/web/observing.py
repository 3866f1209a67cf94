"""Each request, in the log or in the counts, where a setting asks for it: its endpoint, and no address.

Files of pages and what machines ask are in neither.
"""

import logging
import secrets
import time

from flask import Flask, Response, g, request

from casework.config import Settings
from casework.eventlog import JSON, Event, record
from casework.metering import Meter

_NOT_TOLD = {"static", "health.alive", "health.ready"}


def init_app(app: Flask, settings: Settings) -> None:
    """Observe where it is asked for; to be called first, so that all that answers is within."""
    meter = Meter() if settings.metrics_port else None
    app.extensions["casework.meter"] = meter
    if settings.log_format != JSON and meter is None:
        return

    def begin() -> None:
        g.began_at, g.request_id = time.monotonic(), secrets.token_hex(4)

    def end(response: Response) -> Response:
        if request.endpoint in _NOT_TOLD or "began_at" not in g:
            return response
        endpoint, seconds = request.endpoint or "none", time.monotonic() - g.began_at
        if settings.log_format == JSON:
            record(
                logging.INFO,
                Event.REQUEST,
                endpoint=endpoint,
                status=response.status_code,
                milliseconds=round(seconds * 1000),
                request=g.request_id,
            )
        if meter:
            meter.observe(endpoint, response.status_code, seconds)
        return response

    app.before_request(begin)
    app.after_request(end)
