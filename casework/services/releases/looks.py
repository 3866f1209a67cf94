"""Looks at numbers that were not approved: on their way or answered, in the memory of this process alone.

An answer is on no disk and in no table: it goes with the session that asked, after an hour, when another look
takes its place, and with the process. Whoever looked then looks again; nothing was begun that needs an end.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from casework.disclosure.ledger.release import ProtectedRelease
from casework.domain.earlier import Earlier
from casework.domain.official import OfficialCount
from casework.domain.period import Period
from casework.domain.question import Question
from casework.domain.releasedraft import Names, ReleaseDraft
from casework.errors import CaseworkError, DisclosureRefused
from casework.services.releases.late import Late

KEPT_SECONDS = 3600
_ASKED_EVERY_SECONDS = 1.0


class Stopped(CaseworkError):
    """Nobody waits for the answer any more."""


class Stage(StrEnum):
    """What is done at the moment."""

    COUNTING = "counting"
    PROTECTING = "protecting"
    PROPOSING = "proposing"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A coarser form that passes, of these `tables`.

    Where one table of the draft changes, that is `names`, with `instead` in its place; empty, it is left out.
    `period` is another one than was asked for, and `is_unreleased` where nothing is published of it while
    something else is. `left_out` are tables of the draft that are in none of these,
    not even coarser. `percent_shown` is of the table that shows least.
    """

    tables: tuple[Names, ...]
    percent_shown: int
    names: Names = ()
    instead: Names = ()
    period: Period | None = None
    left_out: tuple[Names, ...] = ()
    is_unreleased: bool = False


@dataclass(frozen=True, slots=True)
class Released:
    """The newest release of the same time; `value` is the number asked for, None where that is not told.

    `at` is the place of the table that tells it, else of the first.
    """

    id: UUID
    number: int
    value: int | None = None
    at: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """The answer. Of `release` and `refusal` one is there; `mark` names these very numbers, for approving.

    `alternatives` come with a refusal, and where the one number of a question is hidden; where time
    `ran_out`, more than these may pass. `late` is what was registered late into periods that earlier
    releases have, `released` what one of them says to a question; `official` is what others counted,
    `earlier` what it would say of earlier releases.
    """

    release: ProtectedRelease | None = None
    mark: str = ""
    refusal: DisclosureRefused | None = None
    alternatives: Sequence[Alternative] = ()
    ran_out: bool = False
    late: Sequence[Late] = ()
    released: Released | None = None
    official: Sequence[OfficialCount] = ()
    earlier: Sequence[Earlier] = ()


@dataclass(eq=False, repr=False, kw_only=True)
class Look:
    """One look, or an approval, which looks once more. `draft` is what was asked, `began_at_seconds` UTC.

    It is at a release, or at the answer to a `question`, of which nothing is stored: then there is no
    `release_id`.

    `beside` counts the releases that it is checked against, `trying` is what is tried in its place.

    Once it is finished, `seen` is there, or the `number` that an approved release was given, or the `fault`;
    none of them where something broke.
    """

    member_id: UUID
    draft: ReleaseDraft
    began_at_seconds: int
    is_open: Callable[[], bool]
    release_id: UUID | None = None
    question: Question | None = None
    approves: bool = False
    trying: ReleaseDraft | None = None
    beside: int = 0
    stage: Stage = Stage.COUNTING
    seen: Preview | None = None
    number: int = 0
    fault: CaseworkError | None = None
    is_finished: bool = False
    is_stopped: bool = False
    _is_writing: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _began: float = field(default_factory=time.monotonic)
    _asked: float = field(default_factory=time.monotonic)

    @property
    def lasts_seconds(self) -> int:
        """For how long it has been going on."""
        return int(time.monotonic() - self._began)

    def keep_going(self) -> None:
        """Raise Stopped once somebody stopped it, or the session that asked has ended."""
        now = time.monotonic()
        if now - self._asked > _ASKED_EVERY_SECONDS:
            self._asked = now
            self.is_stopped = self.is_stopped or not self.is_open()
        if self.is_stopped:
            raise Stopped

    def begin_writing(self) -> None:
        """From here on nothing stops it any more; raises Stopped where somebody did."""
        with self._lock:
            if self.is_stopped:
                raise Stopped
            self._is_writing = True

    def stop(self) -> bool:
        """Let it end as soon as it asks; returns whether that is so: an approval may be too far."""
        with self._lock:
            self.is_stopped = self.is_stopped or not self._is_writing
            return self.is_stopped


class LookBook:
    """The newest look of each member."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looks: dict[UUID, Look] = {}

    def put(self, look: Look) -> None:
        """Keep it in the place of the member's last one, which is stopped where it still goes on."""
        with self._lock:
            before = self._looks.get(look.member_id)
            self._looks[look.member_id] = look
        if before:
            before.stop()

    def find(self, member_id: UUID, release_id: UUID | None, now_seconds: int) -> Look | None:
        """Return the member's look at this release, or without one at the answer to a question.

        None once it is over, or its session has ended.
        """
        look = self._looks.get(member_id)
        if look is None or look.release_id != release_id or look.is_stopped:
            return None
        if look.began_at_seconds + KEPT_SECONDS < now_seconds or not look.is_open():
            self.drop(look)
            return None
        return look

    def drop(self, look: Look) -> bool:
        """Stop and forget it, unless another one took its place; returns whether it has stopped."""
        is_stopped = look.stop()
        with self._lock:
            if self._looks.get(look.member_id) is look and (is_stopped or look.is_finished):
                del self._looks[look.member_id]
        return is_stopped

    def drop_over(self, now_seconds: int) -> None:
        """Forget those whose time is over, or whose session has ended."""
        for look in list(self._looks.values()):
            self.find(look.member_id, look.release_id, now_seconds)

    def drop_all(self) -> None:
        """Stop and forget every one."""
        for look in list(self._looks.values()):
            self.drop(look)
