"""What the server asks the application before it reads what a request brings: what comes, and from whom."""

from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from gunicorn.util import unquote_to_wsgi_str
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.http import parse_cookie

from casework.errors import CaseworkError
from casework.services.context import Context
from casework.services.signing_in.sessions import Locked, resolve
from casework.store.database import db
from casework.store.volatilestore import current_store
from casework.web.access import find_mark, is_open

INCOMING, OUTGOING, LIST = "in", "out", "list"

_TRANSFERS = {
    ("POST", "attachments.add"): INCOMING,
    ("POST", "importing.take"): LIST,
    ("POST", "officiallists.take"): LIST,
    ("POST", "publications.check"): LIST,
    ("POST", "portability.export"): OUTGOING,
    ("POST", "attachments.original"): OUTGOING,
    ("GET", "attachments.cleaned"): OUTGOING,
    ("GET", "attachments.preview"): OUTGOING,
    ("POST", "backups.download"): OUTGOING,
    ("POST", "casefile.export"): OUTGOING,
    ("GET", "importing.refused"): OUTGOING,
    ("GET", "publications.download"): OUTGOING,
    ("POST", "explore.sheet"): OUTGOING,
    ("POST", "sheets.cases"): OUTGOING,
    ("POST", "sheets.incidents"): OUTGOING,
    ("GET", "storybook.download"): OUTGOING,
}


@dataclass(frozen=True, slots=True)
class Errand:
    """What a request is about: its endpoint, and INCOMING, OUTGOING or LIST where it carries a file.

    `is_open` where anybody may ask, or where there is nothing: it brings little. `is_entrance` where anybody
    may also send a form: opening a passphrase takes about a second, one after the other. `is_kept` where a
    form is kept as a draft: one that is too long comes all the same, to be given back.
    """

    endpoint: str = ""
    transfer: str = ""
    is_open: bool = True
    is_entrance: bool = False
    is_kept: bool = False


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
                db.engine.dispose()
                current_store().close()

    def find_errand(self, method: str, raw_path: str) -> Errand:
        """Return what a request is about. The path is as it came, with its percent signs."""
        path = unquote_to_wsgi_str(raw_path).encode("latin-1").decode("utf-8", "replace")
        method = method.upper()
        try:
            matched, _values = self._routes.match(path, method)
        except HTTPException:  # not found, elsewhere, or no such method
            return Errand()
        endpoint = str(matched)
        transfer = _TRANSFERS.get(("GET" if method == "HEAD" else method, endpoint), "")
        mark = find_mark(self._app, endpoint)
        is_for_all, is_kept = is_open(mark), mark is not None and bool(mark.keeps)
        return Errand(endpoint, transfer, is_for_all, is_for_all and method == "POST", is_kept)

    def find_member(self, errand: Errand, cookies: str) -> UUID | None:
        """Return whose session these cookies stand for, None for who may not send or take what is carried.

        A file takes an open session; a long form may come after it has locked, and is kept as a draft then.
        """
        app = self._app.extensions["casework.switchboard"].shown
        cookie = parse_cookie(cookies).get(app.config["MEMBER_COOKIE"])
        if not cookie:
            return None
        with app.app_context():
            try:
                found = resolve(app.extensions["casework"], cookie)
            except CaseworkError:
                return None  # the page that answers says what is wrong
        if not errand.transfer:
            return found.member_id if isinstance(found, Context | Locked) else None
        mark = find_mark(app, errand.endpoint)
        permission = mark.permission if mark else None
        if not isinstance(found, Context) or found.is_pending or found.must_enrol:
            return None
        return found.member_id if permission is not None and found.may(permission) else None
