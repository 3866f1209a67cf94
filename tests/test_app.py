"""The wiring: what goes on beside the requests."""

import logging
import time

import pytest
from flask import Flask

from casework.app import keep_swept


def test_sweeping_goes_on_after_an_error(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Idle sessions are locked though the database failed once; the log names the kind of error alone."""
    swept: list[object] = []

    def sweep(runtime: object) -> None:
        swept.append(runtime)
        if len(swept) == 1:
            raise OSError("canary of a statement")

    monkeypatch.setattr("casework.app.sweep", sweep)
    monkeypatch.setattr("casework.app._SWEEP_SECONDS", 0.01)
    with caplog.at_level(logging.ERROR):
        keep_swept(app)
        until = time.monotonic() + 10
        while len(swept) < 3 and time.monotonic() < until:
            time.sleep(0.01)
    monkeypatch.setattr("casework.app._SWEEP_SECONDS", 3600)
    assert len(swept) >= 3
    assert [record.getMessage() for record in caplog.records] == ["Locking idle sessions failed: OSError"]
