"""Deeds that take longer than a request."""

import threading
from collections.abc import Callable

from flask import current_app

from casework.errors import CaseworkError

# Most are over by then, and the next page can say so.
_PATIENCE_SECONDS = 0.5


def run_in_background(deed: Callable[[], object]) -> None:
    """Begin the deed in a thread that has the application's context, and wait for it only a moment.

    What it raises is logged by its kind; whoever wants to know how it went asks the deed's own service.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def run() -> None:
        with app.app_context():
            try:
                deed()
            except CaseworkError as error:
                app.logger.warning("Work in the background has failed: %s", type(error).__name__)
            except Exception as error:
                app.logger.error("Work in the background has broken: %s", type(error).__name__)

    thread = threading.Thread(target=run, name="background", daemon=True)
    thread.start()
    thread.join(_PATIENCE_SECONDS)
