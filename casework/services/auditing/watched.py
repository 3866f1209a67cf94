"""Verifying the log from a page: with the keys of one session, for as long as it is open."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from casework.domain.permissions import Permission
from casework.services.auditing.findings import WORDS, Fault, Finding
from casework.services.auditing.verifying import Report, verify_log
from casework.services.context import Context
from casework.services.watching import SessionEnded, Watched

_NAME = "verify-audit"
_SHOWN = 20


@dataclass(slots=True)
class LogCheck:
    """How far a check is, or how it ended.

    `findings` are the first ones, each a fault with what stands in the gaps of its words; `wrong` is how many
    there are. Entries up to `last` were checked, and a member's key vouches for those up to `vouched`.
    """

    total: int = 0
    done: int = 0
    first: int = 0
    last: int = 0
    vouched: int = 0
    rows: int = 0
    uncovered: int = 0
    wrong: int = 0
    findings: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    is_finished: bool = False
    is_running: bool = False

    @property
    def sentences(self) -> list[tuple[str, dict[str, str]]]:
        """Return each finding as a sentence to translate, with what stands in its gaps."""
        return [(WORDS[Fault(fault)], dict(values)) for fault, values in self.findings]


def find_log_check(context: Context) -> LogCheck | None:
    """Return the check that is under way, or else the last one; None where there was none."""
    context.require(Permission.READ_AUDIT)
    watched = Watched(context.runtime.data_folder, _NAME)
    known = watched.load()
    if known is None:
        return None
    try:
        check = LogCheck(**known)
    except TypeError:
        return None
    check.is_running = not check.is_finished and watched.is_running()
    return check


def run_log_check(context: Context, is_open: Callable[[], bool]) -> None:
    """Verify the log, unless somebody is at it; stop when the member's session ends."""
    context.require(Permission.READ_AUDIT)
    watched = Watched(context.runtime.data_folder, _NAME)
    with watched.alone() as is_alone:
        if not is_alone:
            return
        check = LogCheck()
        watched.save(asdict(check))

        def advance(done: int, total: int) -> None:
            check.done, check.total = done, total
            if watched.is_due():
                if not is_open():
                    raise SessionEnded
                watched.save(asdict(check))

        watched.save(asdict(_finished(check, verify_log(context, (), advance))))


def keep_report(context: Context, report: Report) -> None:
    """Keep what a check at the terminal found as the last one, unless one goes on in a browser."""
    watched = Watched(context.runtime.data_folder, _NAME)
    with watched.alone() as is_alone:
        if is_alone:
            watched.save(asdict(_finished(LogCheck(), report)))


def _finished(check: LogCheck, report: Report) -> LogCheck:
    check.first, check.last, check.vouched = report.first, report.last, report.vouched
    check.rows, check.uncovered = report.rows, report.older_rows
    check.wrong = len(report.findings)
    check.findings = [_describe(finding) for finding in report.findings[:_SHOWN]]
    check.is_finished = True
    return check


def _describe(finding: Finding) -> tuple[str, dict[str, str]]:
    return finding.fault.value, finding.values
