"""Killing a process in the middle of its work, with the signal that nothing can catch."""

import os
import signal
import time
import traceback
from collections.abc import Callable
from typing import NoReturn

from casework.store.database import db
from tests.support.application import Founded, close


def work_until_killed(founded: Founded, work: Callable[[Founded], object], seconds: float) -> bool:
    """Let a process of its own do the work, and kill it after so long; returns whether it was not through.

    Connections are closed before the fork: none is carried over it.
    """
    db.session.remove()
    close(founded.app)
    ready, tell = os.pipe()
    process = os.fork()
    if process == 0:
        _work(founded, work, tell)
    os.read(ready, 1)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    _pid, status = os.waitpid(process, 0)
    os.close(ready)
    os.close(tell)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the work itself failed"
    return os.WIFSIGNALED(status)


def _work(founded: Founded, work: Callable[[Founded], object], tell: int) -> NoReturn:
    code = 1
    try:
        os.write(tell, b"x")
        work(founded)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
