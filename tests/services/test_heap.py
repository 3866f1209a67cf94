"""A worker's heap: what is free goes back to the system, after much was opened and once all is forgotten."""

import platform
import resource
from pathlib import Path

import pytest

from casework.services import casebook as kept
from casework.services import heap, incidents
from tests.support.application import CASEWORKER, Founded
from tests.support.records import incident_draft

_MEGABYTE = 1024 * 1024


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other C library keeps what is free so")
def test_what_is_free_goes_back_also_below_what_is_used() -> None:
    """A hundred megabytes in pieces, freed while something allocated after them stays."""
    pieces = [bytes(1_000 + at % 7) for at in range(100_000)]
    stays = bytes(1_000)
    before = _resident()
    del pieces
    heap.give_back()
    assert before - _resident() > 80 * _MEGABYTE
    assert len(stays) == 1_000


def test_it_goes_back_after_records_were_opened_and_once_all_is_forgotten(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not after every save: what that opens is little."""
    incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    context = founded.context()
    casebook, now, given = context.runtime.casebook, context.runtime.now_seconds(), list[int]()
    casebook.drop_all()
    monkeypatch.setattr(kept, "give_back", lambda: given.append(1))
    casebook.both(context.keyring, now)
    assert len(given) == 2
    incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    context = founded.context()
    casebook.both(context.keyring, now)
    assert len(given) == 2
    casebook.drop_idle(now)
    assert len(given) == 2
    casebook.drop_idle(context.runtime.now_seconds() + 1)
    assert len(given) == 3
    casebook.drop_all()
    assert len(given) == 4
