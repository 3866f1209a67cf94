"""Slows guessing down: every try is counted before it is made, and after some that do not fit the next waits.

Nobody is locked out: delays end by themselves and soon, whoever caused them. Where members sign in from, the
tries made elsewhere do not count (docs/adr/0016-known-networks.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from casework.domain.network import network_of
from casework.errors import TooSoon
from casework.services.runtime import Runtime
from casework.store.attempts import AttemptRow, KnownNetworkRow, find_attempts, find_network
from casework.store.volatilestore import writing

FORGOTTEN_AFTER_SECONDS = 3600
"""Longer than any delay by far: who waits for it gains nothing over who goes on."""

KNOWN_FOR_SECONDS = 14 * 24 * 3600
"""Who works every week, or comes back from two weeks off, still finds the network known."""

_LABEL_BYTES = 3
"""One stranger's network in 2²⁴ is taken for a given known one; each label fits 256 of the IPv4 addresses."""


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
# An account's tries from one known network: they stand in for the account's own count there.
PLACE = Guard("place", 5, 30)
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
    subjects = _subjects(runtime, account, address, guard)
    _count(runtime.now_seconds(), subjects)
    try:
        yield
    except failure:
        raise
    except BaseException:
        _take_back(subjects)
        raise
    _take_back(subjects)


def remember_network(runtime: Runtime, address: str) -> None:
    """Let nobody in this network wait for guesses made elsewhere: a member was let in from there."""
    network, now = network_of(address), runtime.now_seconds()
    if not network:
        return
    label, ends = _label(runtime, network), now + KNOWN_FOR_SECONDS + 1
    with writing() as batch:
        batch.put(KnownNetworkRow(label=label, signed_in_at_seconds=now, ends_at_seconds=ends))


def _subjects(runtime: Runtime, account: bytes, address: str, guard: Guard) -> list[tuple[Guard, bytes]]:
    network = network_of(address)
    # Known to be a member's, not this account's: else the delay would tell which names sign in from here.
    if guard is ACCOUNT and network and _is_known(runtime, network):
        guard, account = PLACE, account + network
    subjects = [(guard, runtime.host_key.attempt_hmac(guard.kind, account))]
    if address:
        subjects.append((ADDRESS, runtime.host_key.attempt_hmac(ADDRESS.kind, network)))
    return subjects


def _is_known(runtime: Runtime, network: bytes) -> bool:
    row = find_network(_label(runtime, network))
    return row is not None and row.signed_in_at_seconds >= runtime.now_seconds() - KNOWN_FOR_SECONDS


def _label(runtime: Runtime, network: bytes) -> bytes:
    return runtime.host_key.attempt_hmac("known", network)[:_LABEL_BYTES]


def _count(now_seconds: int, subjects: list[tuple[Guard, bytes]]) -> None:
    # Under the write lock, so that of many tries at once each sees those before it.
    with writing() as batch:
        rows = [(guard, _row(subject, now_seconds)) for guard, subject in subjects]
        wait_seconds = max(row.free_at_seconds for _guard, row in rows) - now_seconds
        if wait_seconds > 0:
            raise TooSoon(wait_seconds)
        for guard, row in rows:
            tries = row.tries + 1
            free = now_seconds + guard.delay_seconds(tries)
            ends = now_seconds + FORGOTTEN_AFTER_SECONDS + 1
            batch.put(
                replace(
                    row,
                    tries=tries,
                    tried_at_seconds=now_seconds,
                    free_at_seconds=free,
                    ends_at_seconds=ends,
                )
            )


def _row(subject: bytes, now_seconds: int) -> AttemptRow:
    found = find_attempts(subject)
    if found is not None and found.tried_at_seconds >= now_seconds - FORGOTTEN_AFTER_SECONDS:
        return found
    return AttemptRow(
        subject_hmac=subject,
        tries=0,
        free_at_seconds=now_seconds,
        tried_at_seconds=now_seconds,
        ends_at_seconds=now_seconds,
    )


def _take_back(subjects: list[tuple[Guard, bytes]]) -> None:
    """Forget the account's tries, and this one of the address's: others there may still be guessing."""
    with writing() as batch:
        for guard, subject in subjects:
            row = find_attempts(subject)
            if row is None:
                continue
            if guard is ADDRESS and row.tries > 1:
                batch.put(replace(row, tries=row.tries - 1, free_at_seconds=row.tried_at_seconds))
            else:
                batch.delete(row)
