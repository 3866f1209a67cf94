"""Cases that a member chose together, sealed to them; volatile: no disk and no backup ever holds one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from casework.store.volatilestore import Record, find, list_records


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Bundle(Record):
    """What a member chose, and the way back from what they did with it.

    `busy_since_seconds` is set while something is done. Times are whole seconds since 1970, in UTC.
    """

    kind: ClassVar = "bundle"

    id: UUID
    member_id: UUID
    version: int
    busy_since_seconds: int | None = None
    state_sealed: bytes = b""

    @property
    def key(self) -> bytes:
        """Its id."""
        return self.id.bytes

    @property
    def group(self) -> bytes:
        """Its member."""
        return self.member_id.bytes


def find_bundle(bundle_id: UUID) -> Bundle | None:
    """Return the bundle with this id, whoever's it is."""
    return find(Bundle, bundle_id.bytes)


def list_bundles(member_id: UUID) -> Sequence[Bundle]:
    """Return a member's bundles, the one that ends last first."""
    own = list_records(Bundle, member_id.bytes)
    return sorted(own, key=lambda row: (-row.ends_at_seconds, row.id))
