"""A member's browser, without scripts, that says how long the server let it wait."""

import time
from http.client import HTTPConnection
from typing import Any

from tests.support.visitor import Form, Page, Values, Visitor


class Unsound(Exception):
    """An answer that nobody should get, or another than the deed leads to; says which."""


class _Timed(HTTPConnection):
    began_at = ended_at = 0.0

    def request(self, *arguments: Any, **named: Any) -> None:
        self.began_at = time.perf_counter()
        super().request(*arguments, **named)

    def close(self) -> None:
        # The visitor closes once it has read all.
        self.ended_at = time.perf_counter()
        super().close()


class Browser(Visitor):
    """A visitor in a session. `take_seconds` tells what its last requests took, without what lay between."""

    def __init__(self, port: int, cookie_name: str, cookie: str) -> None:
        super().__init__(port)
        self._port = port
        self._jar[cookie_name] = cookie
        self._asked: list[_Timed] = []

    def connect(self) -> HTTPConnection:
        self._asked.append(_Timed("127.0.0.1", self._port, timeout=120))
        return self._asked[-1]

    def count(self) -> int:
        """Return how many requests `take_seconds` would speak of."""
        return len(self._asked)

    def take_seconds(self) -> float:
        """Return how long the requests took since it was asked last, redirects included."""
        asked, self._asked = self._asked, []
        return sum(one.ended_at - one.began_at for one in asked)

    def open(self, path: str) -> Page:
        """Open a page that has to be there."""
        page = self.get(path)
        if page.status != 200:
            raise Unsound(f"{path.partition('?')[0]} answered {page.status}")
        return page

    def send(self, form: Form, values: Values, to: str) -> Page:
        """Send a form that has to lead to an address which begins so."""
        page = self.submit(form, values)
        if page.status != 200 or not page.url.startswith(to):
            raise Unsound(f"a form of {to} led to {page.url.partition('?')[0]}: {page.status}")
        return page
