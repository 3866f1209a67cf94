"""Trying the demonstration from a running casework: another application, another folder, one process."""

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask

from casework.config import Settings, load_settings
from casework.errors import Conflict
from casework.services.organization import is_founded

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Build = Callable[[Settings], Flask]


class Switchboard:
    """Stands before an application and passes requests on to its demonstration while that is open."""

    def __init__(
        self, app: Flask, settings: Settings, build: Build, prepare: Callable[[Flask], None]
    ) -> None:
        self._app = app
        self._real = app.wsgi_app
        self._settings = settings
        self._build = build
        self._prepare = prepare
        self._lock = threading.Lock()
        self._shown: Flask | None = None
        app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from the demonstration while it is open, else from the real instance."""
        shown = self._shown
        return shown.wsgi_app(environ, start_response) if shown else self._real(environ, start_response)

    @property
    def shown(self) -> Flask:
        """The application that answers now."""
        return self._shown or self._app

    def open(self, fill: Callable[[Flask], Any]) -> None:
        """Show the demonstration; `fill` makes its data where the folder is new.

        Raises Conflict once the real instance is founded, also where that happened while the data were made.
        """
        with self._lock:
            self._require_unfounded()
            demonstration = self._build(self._demonstration_settings())
            self._prepare(demonstration)
            fill(demonstration)
            demonstration.extensions["casework.leave"] = self.close
            self._require_unfounded()
            self._shown = demonstration
            try:
                self._require_unfounded()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Go back to the real instance, or stay there; the demonstration's folder stays.

        Whoever founds calls this afterwards: it closes what is open, and what opens later finds it founded.
        """
        self._shown = None

    def _require_unfounded(self) -> None:
        with self._app.app_context():
            if is_founded():
                raise Conflict("organization")

    def _demonstration_settings(self) -> Settings:
        folder = self._settings.instance_path
        return load_settings(
            overrides={
                "DEMONSTRATION": True,
                "INSTANCE_PATH": str(folder.with_name(folder.name + "-demo")),
                "HOST": self._settings.host,
                "PORT": self._settings.port,
            }
        )
