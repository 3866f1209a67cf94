"""Who looked at releases that are not approved: volatile, so that only so many are looked at in an hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid4

from casework.store.volatilestore import Record, list_records, writing

PREVIEW_SECONDS = 3600
"""For how long a preview counts."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Preview(Record):
    """That a member looked at a release that is not approved, at this second since 1970."""

    kind: ClassVar = "preview"

    id: UUID
    member_id: UUID
    at_seconds: int

    @property
    def key(self) -> bytes:
        """Its id."""
        return self.id.bytes

    @property
    def group(self) -> bytes:
        """Its member."""
        return self.member_id.bytes


def list_previews(member_id: UUID, since_seconds: int) -> Sequence[int]:
    """Return when a member looked, since then, oldest first."""
    seen = [row.at_seconds for row in list_records(Preview, member_id.bytes)]
    return sorted(at for at in seen if at >= since_seconds)


def add_preview(member_id: UUID, now_seconds: int) -> None:
    """Count a look, also within a transaction."""
    with writing(within_transaction=True) as batch:
        batch.put(
            Preview(
                id=uuid4(),
                member_id=member_id,
                at_seconds=now_seconds,
                # A second longer than it counts: a sweep takes none that still does.
                ends_at_seconds=now_seconds + PREVIEW_SECONDS + 1,
            )
        )
