"""A crowd that signs in, each try a second of work: the pages of who is in come meanwhile."""

import threading
import time
from contextlib import suppress
from pathlib import Path

from tests.support.application import CASEWORKER, Template
from tests.support.live_server import serve
from tests.support.visitor import Visitor

CROWD = 20  # as many tries as are free for a network


def _knock(port: int, number: int, ready: threading.Barrier) -> None:
    visitor = Visitor(port)
    visitor.get("/sign-in")
    ready.wait(60)
    with suppress(OSError):  # the server may stop before it is their turn
        visitor.fill({"login": f"nobody-{number}", "passphrase": "not theirs at all"})


def test_a_crowd_at_the_entrance_holds_no_page_up(sqlite_template: Template, tmp_path: Path) -> None:
    """Their derivations wait for each other in threads of their own."""
    folder = tmp_path / "instance"
    with sqlite_template.copy(folder):
        with serve(folder, CASEWORK_THREADS="4") as server:
            visitor = Visitor(server.port)
            visitor.get("/sign-in")
            visitor.fill({"login": CASEWORKER, "passphrase": sqlite_template.players[CASEWORKER].passphrase})
            assert visitor.get("/cases").status == 200
            ready = threading.Barrier(CROWD + 1)
            crowd = [
                threading.Thread(target=_knock, args=(server.port, number, ready)) for number in range(CROWD)
            ]
            for one in crowd:
                one.start()
            ready.wait(60)
            time.sleep(0.3)
            assert visitor.get("/cases").status == 200
            waiting = sum(one.is_alive() for one in crowd)
            for one in crowd:
                one.join(60)
    assert waiting > CROWD // 2, "the page came once the crowd was through"
