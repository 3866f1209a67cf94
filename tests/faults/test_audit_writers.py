"""Four writers with five hundred entries each, on both databases: the log has no gap, and verifies."""

import threading
from itertools import pairwise

import pytest

from casework.services.auditing.verifying import check_log
from casework.services.transactions import transaction
from casework.store.database import db
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import links, open_log

EACH = 500
WRITERS = (COORDINATOR, CASEWORKER, COLLEAGUE, ADVOCATE)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """Both."""
    return str(request.param)


def test_four_writers_leave_no_gap(founded: Founded) -> None:
    """Each entry follows the one before it, none is lost, and everybody's are there in their own order."""
    before, failed = len(links()), list[BaseException]()
    start = threading.Barrier(len(WRITERS))

    def write(login: str) -> None:
        with founded.app.app_context():
            try:
                context = founded.context(login)
                start.wait(30)
                for _ in range(EACH):
                    with transaction(context, "member.signed_in"):
                        pass
            except BaseException as error:
                failed.append(error)

    threads = [threading.Thread(target=write, args=(login,), daemon=True) for login in WRITERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    assert not failed and not any(thread.is_alive() for thread in threads)
    db.session.remove()  # as a new request begins
    log = links()
    assert [link.sequence for link in log] == list(range(1, before + len(WRITERS) * EACH + 1))
    report = check_log(founded.context(), [(log[-1].sequence, log[-1].hash)])
    assert report.findings == () and report.vouched == report.last == report.anchored == log[-1].sequence
    entries = open_log(founded.context())[before:]
    written = [entry["member"] for entry in entries]
    assert all(written.count(founded.players[login].id.hex) == EACH for login in WRITERS)
    assert any(first != second for first, second in pairwise(written)), "they never met"
