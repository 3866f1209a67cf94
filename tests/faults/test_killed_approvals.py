"""Killed in the middle of an approval, worker or database: no half release, no lone entry, and it goes on."""

import random
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from casework.disclosure.solver import LinearProgram
from casework.domain.approval import State
from casework.services.releases import approving, ledger
from casework.services.releases.approving import approve_release
from casework.services.releases.drafting import get_release, list_releases
from casework.services.releases.previewing import preview_release
from casework.services.releases.reading import verify_releases
from casework.store.database import db
from casework.store.releases import LedgerEntry
from tests.services.releases.written import approve, log, submit
from tests.support.application import COORDINATOR, Founded
from tests.support.killing import work_until_killed
from tests.support.tampering import verify

KILLS = 12


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """Both databases."""
    return str(request.param)


@pytest.fixture
def waiting(founded: Founded) -> UUID:
    """A release that waits for approval."""
    log(founded, spvm=12, sq=12, spvq=11, opp=2, tps=13)
    return submit(founded)


def check_whole(founded: Founded) -> int:
    """Every release is approved with an entry, or neither; ledger and log are whole. Returns how many are."""
    context = founded.context()
    states = [view.release.state for view in list_releases(context)]
    approved = states.count(State.APPROVED)
    assert approved == db.session.query(LedgerEntry).count() == verify_releases(context)
    assert verify(context).findings == ()
    return approved


def test_a_worker_killed_at_any_moment(founded: Founded, waiting: UUID) -> None:
    """With the solver at work in it, or in the transaction: approved whole, or not at all."""
    seen = preview_release(founded.context(), waiting)

    def work(again: Founded) -> None:
        approve_release(again.context(COORDINATOR), waiting, 2, seen.mark)

    killed = 0
    for at in range(KILLS):
        killed += work_until_killed(founded, work, 0.4 * (at + random.random()) / KILLS)
        if check_whole(founded):
            break
    assert killed
    if get_release(founded.context(), waiting).release.state is State.SUBMITTED:
        assert approve(founded, waiting) == 1
    assert check_whole(founded) == 1


def test_a_solver_that_dies_leaves_nothing(
    founded: Founded, waiting: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no reason to approve, and none not to try again."""
    seen = preview_release(founded.context(), waiting)

    def die(*_given: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(LinearProgram, "minimise", die)
        with pytest.raises(MemoryError):
            approve_release(founded.context(), waiting, 2, seen.mark)
    assert check_whole(founded) == 0
    assert approve(founded, waiting) == 1


@pytest.mark.parametrize("database", ["postgres"], indirect=False)
def test_a_database_that_goes_away_in_the_transaction(
    founded: Founded, waiting: UUID, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the entry written and not yet committed."""
    seen = preview_release(founded.context(), waiting)

    def append_and_lose(*given: object) -> bytes:
        found = ledger.append(*given)  # type: ignore[arg-type]
        db.session.flush()
        with db.engine.connect() as another:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            mine = " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            another.execute(text(others + mine))
        return found

    with monkeypatch.context() as patched:
        patched.setattr(approving, "append", append_and_lose)
        with pytest.raises(OperationalError):
            approve_release(founded.context(), waiting, 2, seen.mark)
    db.session.remove()
    assert check_whole(founded) == 0
    assert approve(founded, waiting) == 1
