"""The wiring: what goes on beside the requests."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask

from casework.app import keep_swept, keep_watched
from casework.sealwatch import SealWatch
from casework.services import incidents
from casework.services.signing_in.sessions import sweep
from casework.store.volatilestore import VolatileAway, current_store
from tests.support.application import CASEWORKER, Founded
from tests.support.hosts import wait_until
from tests.support.records import incident_draft


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


def _watched(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Watch as a server does, only faster."""
    for name, seconds in (("app._WATCH_SECONDS", 0.02), ("app._ASK_SECONDS", 0.02)):
        monkeypatch.setattr(f"casework.{name}", seconds)
    monkeypatch.setattr("casework.sealwatch._CUT_OFF_SECONDS", 0.2)
    keep_watched(app, lambda: None)


def _opened(founded: Founded) -> Callable[[], int]:
    """Open some records; returns what counts those that are remembered."""
    context = founded.context(CASEWORKER)
    incidents.log_incident(context, incident_draft())
    now = founded.runtime.now_seconds()
    assert founded.runtime.casebook.facts(context.keyring, now).cases
    return lambda: len(founded.runtime.casebook._books)


def test_who_cannot_look_for_the_seal_forgets(
    founded: Founded, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Opened records go from the memory of a process whose database is away; keys of others open none."""
    remembered = _opened(founded)

    def fail(_runtime: object) -> bool:
        raise OSError("away")

    monkeypatch.setattr("casework.sealwatch.is_stale", fail)
    assert remembered()
    with caplog.at_level(logging.CRITICAL):
        _watched(founded.app, monkeypatch)
        wait_until(lambda: not remembered(), 10, "the records are still remembered")
    _rest(monkeypatch)


def test_who_can_look_forgets_nothing(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as the database answers, the records stay; a second too many without it is the control."""
    remembered, clock = _opened(founded), [0.0]
    monkeypatch.setattr("casework.sealwatch.time", SimpleNamespace(monotonic=lambda: clock[0]))
    seal = SealWatch(founded.app, lambda: founded.runtime)
    for _ in range(10):
        clock[0] += 7
        seal.look()
        seal.forget_if_cut_off()
        assert remembered()
    clock[0] += 9
    seal.forget_if_cut_off()
    assert not remembered()


def _rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the threads of a test wait for its end."""
    for name in ("_WATCH_SECONDS", "_ASK_SECONDS"):
        monkeypatch.setattr(f"casework.app.{name}", 3600)


def test_an_idle_memory_is_emptied_though_the_volatile_store_is_away(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sweeping begins with what needs nobody."""
    remembered = _opened(founded)
    later = replace(founded.runtime, now=lambda: datetime.now(UTC) + timedelta(hours=2))

    def fail() -> None:
        raise VolatileAway("away")

    monkeypatch.setattr(current_store(), "check", fail)
    with pytest.raises(VolatileAway):
        sweep(later)
    assert not remembered()
