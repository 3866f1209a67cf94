"""What the server asks the application before it reads what a request brings: what comes, and from whom."""

from uuid import UUID

from flask import Flask
from gunicorn.util import unquote_to_wsgi_str
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.http import parse_cookie

from casework.errors import CaseworkError
from casework.services.context import Context
from casework.services.signing_in.sessions import resolve
from casework.store.database import db
from casework.web.access import find_mark

INCOMING, OUTGOING, LIST = "in", "out", "list"

_TRANSFERS = {
    ("POST", "attachments.add"): INCOMING,
    ("POST", "importing.take"): LIST,
    ("POST", "portability.export"): OUTGOING,
    ("POST", "attachments.original"): OUTGOING,
    ("GET", "attachments.cleaned"): OUTGOING,
    ("GET", "attachments.preview"): OUTGOING,
}


class Gate:
    """Asks the routes themselves: a pattern of our own would see another path than they do."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._routes = app.url_map.bind("localhost")

    @property
    def is_sealed(self) -> bool:
        """Whether this process held keys that the emergency seal, or a quorum after it, has ended."""
        happened: bool = self._app.extensions["casework.seal"].has_happened
        return happened

    def close(self) -> None:
        """Close the databases: nothing is asked any more."""
        for app in {self._app, self._app.extensions["casework.switchboard"].shown}:
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()

    def find_transfer(self, method: str, raw_path: str) -> str:
        """Return INCOMING, OUTGOING or LIST for a request that carries a file, empty for every other.

        The path is as it came, with its percent signs.
        """
        path = unquote_to_wsgi_str(raw_path).encode("latin-1").decode("utf-8", "replace")
        method = method.upper()
        try:
            endpoint, _values = self._routes.match(path, method)
        except HTTPException:  # not found, elsewhere, or no such method
            return ""
        return _TRANSFERS.get(("GET" if method == "HEAD" else method, str(endpoint)), "")

    def find_member(self, transfer: str, cookies: str) -> UUID | None:
        """Return whose open session these cookies stand for, None for who may not send what comes."""
        app = self._app.extensions["casework.switchboard"].shown
        cookie = parse_cookie(cookies).get(app.config["MEMBER_COOKIE"])
        if not cookie:
            return None
        with app.app_context():
            try:
                found = resolve(app.extensions["casework"], cookie)
            except CaseworkError:
                return None  # the page that answers says what is wrong
        permission = next(
            mark.permission
            for (_method, endpoint), kind in _TRANSFERS.items()
            if kind == transfer and (mark := find_mark(app, endpoint))
        )
        if not isinstance(found, Context) or found.is_pending or found.must_enrol:
            return None
        return found.member_id if permission is not None and found.may(permission) else None
