"""Slows guessing down: every try is counted before it is made, and after some that do not fit the next waits.

Nobody is locked out: delays end by themselves and soon, whoever caused them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from casework.domain.network import network_of
from casework.errors import TooSoon
from casework.services.runtime import Runtime
from casework.store import volatile
from casework.store.attempts import AttemptRow, find_attempts
from casework.store.database import db

FORGOTTEN_AFTER_SECONDS = 3600
"""Longer than any delay by far: who waits for it gains nothing over who goes on."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What tries are counted for: some cost no time, then the delay doubles up to the longest."""

    kind: str
    free_tries: int
    longest_seconds: int

    def delay_seconds(self, tries: int) -> int:
        """Return how long after this many tries the next has to wait."""
        beyond = tries - self.free_tries
        # Beyond 2¹⁶ s every delay is the longest; the number itself may grow for hours.
        return min(self.longest_seconds, 2 ** min(beyond - 1, 16)) if beyond > 0 else 0


# An account's delay hits its owner too, whoever guesses: it must stay bearable.
ACCOUNT = Guard("account", 5, 30)
ADDRESS = Guard("address", 20, 60)
# For who has a session, open or locked: whoever guesses at the sign-in must not keep its owner from a deed.
CONFIRM = Guard("confirm", 5, 30)
# Only who has typed the right passphrase is asked for a code: nobody else can make its owner wait.
CODE = Guard("code", 5, 300)


@contextmanager
def counted(
    runtime: Runtime,
    account: bytes,
    address: str = "",
    guard: Guard = ACCOUNT,
    failure: type[BaseException] = BaseException,
) -> Iterator[None]:
    """Count a try for an account and an address while it is made; one that raises `failure` stays counted.

    Raises TooSoon, with nothing counted and no delay made longer, while an earlier delay lasts. `address` is
    empty at a terminal. Nothing unsaved may be in the database session: it begins anew.
    """
    subjects = [(guard, runtime.host_key.attempt_hmac(guard.kind, account))]
    if address:
        subjects.append((ADDRESS, runtime.host_key.attempt_hmac(ADDRESS.kind, network_of(address))))
    _count(runtime.now_seconds(), subjects)
    try:
        yield
    except failure:
        raise
    except BaseException:
        _take_back(subjects)
        raise
    _take_back(subjects)


def _count(now_seconds: int, subjects: list[tuple[Guard, bytes]]) -> None:
    # Under the write lock, so that of many tries at once each sees those before it.
    volatile.begin_writing()
    rows = [(guard, _row(subject, now_seconds)) for guard, subject in subjects]
    wait_seconds = max(row.free_at_seconds for _guard, row in rows) - now_seconds
    if wait_seconds > 0:
        db.session.rollback()
        raise TooSoon(wait_seconds)
    for guard, row in rows:
        row.tries += 1
        row.tried_at_seconds = now_seconds
        row.free_at_seconds = now_seconds + guard.delay_seconds(row.tries)
        db.session.add(row)
    db.session.commit()


def _row(subject: bytes, now_seconds: int) -> AttemptRow:
    found = find_attempts(subject)
    if found is None:
        return AttemptRow(
            subject_hmac=subject, tries=0, free_at_seconds=now_seconds, tried_at_seconds=now_seconds
        )
    if found.tried_at_seconds < now_seconds - FORGOTTEN_AFTER_SECONDS:
        found.tries, found.free_at_seconds = 0, now_seconds
    return found


def _take_back(subjects: list[tuple[Guard, bytes]]) -> None:
    """Forget the account's tries, and this one of the address's: others there may still be guessing."""
    volatile.begin_writing()
    for guard, subject in subjects:
        row = find_attempts(subject)
        if row is None:
            continue
        if guard is ADDRESS and row.tries > 1:
            row.tries -= 1
            row.free_at_seconds = row.tried_at_seconds
        else:
            db.session.delete(row)
    db.session.commit()
