"""Many deeds at the same moment, in one application or in several over the same data."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import Flask

PATIENCE_SECONDS = 60
Result = TypeVar("Result")


def all_at_once(deeds: Sequence[tuple[Flask, Callable[[], Result]]]) -> list[Result | Exception]:
    """Do all of this at the same moment, each in a thread with an app context of its own."""
    start, results = threading.Barrier(len(deeds)), dict[int, Result | Exception]()

    def run(number: int) -> None:
        app, deed = deeds[number]
        with app.app_context():
            start.wait(PATIENCE_SECONDS)
            try:
                results[number] = deed()
            except Exception as error:
                results[number] = error

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    until = time.monotonic() + PATIENCE_SECONDS
    for thread in threads:
        thread.join(max(0, until - time.monotonic()))
    assert len(results) == len(deeds), "they wait for each other"
    return [results[number] for number in range(len(deeds))]
