"""Verifying from a page: with the keys of one session, and whoever looks sees how far it is."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from casework.domain.permissions import Permission
from casework.services.context import Context
from casework.services.verifying.checking import Failure, Result
from casework.services.verifying.live import verify_live
from casework.services.watching import SessionEnded, Watched

_NAME = "verify"
_SHOWN = 20


@dataclass(slots=True)
class Check:
    """How far a check is, or how it ended; `failures` are the first ones, `hurt` is how many there are."""

    started_at_seconds: int
    total: int = 0
    done: int = 0
    opened: int = 0
    hurt: int = 0
    failures: list[str] = field(default_factory=list)
    is_finished: bool = False
    is_running: bool = False


def find_check(context: Context) -> Check | None:
    """Return the check that is under way, or else the last one; None where there was none."""
    context.require(Permission.MAKE_BACKUPS)
    watched = Watched(context.runtime.data_folder, _NAME)
    try:
        check = Check(**(watched.load() or {}))
    except TypeError:
        return None
    check.is_running = not check.is_finished and watched.is_running()
    return check


def run_check(context: Context, is_open: Callable[[], bool]) -> None:
    """Check everything that the member can open, unless somebody is at it; stop when their session ends."""
    context.require(Permission.MAKE_BACKUPS)
    watched = Watched(context.runtime.data_folder, _NAME)
    with watched.alone() as is_alone:
        if is_alone:
            _run(context, watched, is_open)


def keep_result(context: Context, result: Result, failures: Sequence[Failure]) -> None:
    """Keep what a check at the terminal found as the last one, unless one goes on in a browser."""
    watched, shown = Watched(context.runtime.data_folder, _NAME), list(map(str, failures[:_SHOWN]))
    check = Check(context.runtime.now_seconds(), opened=result.opened, hurt=result.failures, failures=shown)
    check.is_finished = True
    with watched.alone() as is_alone:
        if is_alone:
            watched.save(asdict(check))


def _run(context: Context, watched: Watched, is_open: Callable[[], bool]) -> None:
    check = Check(context.runtime.now_seconds())
    watched.save(asdict(check))

    def begin(total: int) -> None:
        check.total = total

    def report(failure: Failure) -> None:
        check.hurt += 1
        if len(check.failures) < _SHOWN:
            check.failures.append(str(failure))

    def advance(count: int) -> None:
        check.done += count
        if watched.is_due():
            if not is_open():
                raise SessionEnded
            watched.save(asdict(check))

    check.opened = verify_live(context, begin, report, advance).opened
    check.is_finished = True
    watched.save(asdict(check))
