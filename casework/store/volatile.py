"""Volatile records: session seeds and what a browser has begun. In memory, and in no backup."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from casework.store.volatilestore import Batch, Record, find, list_records, writing

_MARGIN_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SessionRow(Record):
    """A session: the member's seed, sealed under the secret that only the member's cookie holds.

    `seed_sealed` is emptied when the screen locks; the record stays so that a form posted late can be sealed
    to its writer, as a roster names them that fits `pin_sealed`. `device_sealed` is under the member's own
    key: whoever has a session sees their others. `confirmed_at_seconds` is when its member last showed once
    more who they are. Times are whole seconds since 1970, in UTC.
    """

    kind: ClassVar = "session"

    id_hash: bytes
    row_id: UUID
    member_id: UUID
    started_at_seconds: int
    seen_at_seconds: int
    confirmed_at_seconds: int | None
    seed_sealed: bytes | None
    pin_sealed: bytes
    device_sealed: bytes

    @property
    def key(self) -> bytes:
        """The hash of the cookie's secret."""
        return self.id_hash

    @property
    def group(self) -> bytes:
        """Its member."""
        return self.member_id.bytes

    @property
    def longest_seconds(self) -> int:
        """As long as it lasts: no seed waits for somebody to sweep."""
        return max(1, self.ends_at_seconds - self.seen_at_seconds) + _MARGIN_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CeremonyRow(Record):
    """A set-up on its way, sealed under a secret that only the browser's cookie holds."""

    kind: ClassVar = "ceremony"

    id_hash: bytes
    row_id: UUID
    version: int
    state_sealed: bytes

    @property
    def key(self) -> bytes:
        """The hash of the cookie's secret."""
        return self.id_hash


def find_session(id_hash: bytes) -> SessionRow | None:
    """Return the session with this id."""
    return find(SessionRow, id_hash)


def has_open_session() -> bool:
    """Return whether any session still has its seed."""
    return any(row.seed_sealed is not None for row in list_records(SessionRow))


def list_sessions(member_id: UUID) -> Sequence[SessionRow]:
    """Return a member's sessions, the one used last first."""
    own = list_records(SessionRow, member_id.bytes)
    return sorted(own, key=lambda row: row.seen_at_seconds, reverse=True)


def count_open_sessions(seen_at_seconds: int, started_at_seconds: int) -> Mapping[UUID, int]:
    """Return how many sessions of each member hold their seed, last seen and begun no earlier than this."""
    return Counter(
        row.member_id
        for row in list_records(SessionRow)
        if row.seed_sealed is not None
        and row.seen_at_seconds >= seen_at_seconds
        and row.started_at_seconds >= started_at_seconds
    )


def delete_session(member_id: UUID, row_id: UUID) -> int:
    """End one session of a member, also within a transaction; returns how many there were: one or none."""
    with writing(within_transaction=True) as batch:
        its = [row for row in list_sessions(member_id) if row.row_id == row_id]
        batch.delete(*its)
    return len(its)


def delete_other_sessions(member_id: UUID, id_hash: bytes) -> int:
    """End every session of a member but this one, also within a transaction; returns how many there were."""
    with writing(within_transaction=True) as batch:
        others = [row for row in list_sessions(member_id) if row.id_hash != id_hash]
        batch.delete(*others)
    return len(others)


def find_ceremony(id_hash: bytes) -> CeremonyRow | None:
    """Return the ceremony with this id."""
    return find(CeremonyRow, id_hash)


def lock_sessions_before(batch: Batch, seen_at_seconds: int, started_at_seconds: int) -> None:
    """Destroy the seeds of sessions idle or open for too long."""
    for row in list_records(SessionRow):
        is_stale = row.seen_at_seconds < seen_at_seconds or row.started_at_seconds < started_at_seconds
        if is_stale and row.seed_sealed is not None:
            batch.put(replace(row, seed_sealed=None))
