"""What the server asks the application before it reads what a request brings: what it is that comes."""

from flask import Flask
from gunicorn.util import unquote_to_wsgi_str
from werkzeug.exceptions import HTTPException

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
        self._routes = app.url_map.bind("localhost")

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
