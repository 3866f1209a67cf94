"""What is kept beside the audit log: how far a coordinator has seen it, where it begins, who holds it."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from uuid import UUID

from .documents import Document, read_date, read_text, read_uuid, require_shape, unreadable

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class LogAnchor:
    """An entry that a coordinator has seen, and the day; `fault` says what did not fit since, else nothing.

    While there is a fault, entry and day stay those of the last look that found none.
    """

    sequence: int
    hash: bytes
    seen_on: date
    fault: str = ""

    def broken(self, fault: str) -> Self:
        """Return the anchor after a look at which the log did not fit it; the first fault stays."""
        return replace(self, fault=self.fault or fault)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {
            "schema": 1,
            "sequence": self.sequence,
            "hash": self.hash.hex(),
            "seen_on": self.seen_on.isoformat(),
            "fault": self.fault,
        }

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        require_shape(document, {"schema", "sequence", "hash", "seen_on", "fault"})
        sequence, hash_ = _read_place(document["sequence"], document["hash"])
        return cls(sequence, hash_, read_date(document["seen_on"]), read_text(document, "fault"))


@dataclass(frozen=True, slots=True)
class LogHold:
    """That the log is held: nothing in it expires until the day `until`, or at all where that is None."""

    by: UUID
    since: date
    until: date | None

    def is_in_force(self, today: date) -> bool:
        """Whether it still holds; the last day is in it."""
        return self.until is None or today <= self.until


@dataclass(frozen=True, slots=True)
class LogRecord:
    """Where the log begins, after the last entry that has expired (0: none has), and its hold."""

    expired_through: int = 0
    expired_hash: bytes = bytes(32)
    hold: LogHold | None = None

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        hold = self.hold
        return {
            "schema": 1,
            "expired_through": self.expired_through,
            "expired_hash": self.expired_hash.hex(),
            "held_by": hold.by.hex if hold else None,
            "held_since": hold.since.isoformat() if hold else None,
            "held_until": hold.until.isoformat() if hold and hold.until else None,
        }

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        keys = {"schema", "expired_through", "expired_hash", "held_by", "held_since", "held_until"}
        require_shape(document, keys)
        through, hash_ = _read_place(document["expired_through"], document["expired_hash"])
        by, since, until = document["held_by"], document["held_since"], document["held_until"]
        if by is None and (since is not None or until is not None):
            raise unreadable()
        if by is None:
            return cls(through, hash_)
        return cls(
            through,
            hash_,
            LogHold(read_uuid(by), read_date(since), None if until is None else read_date(until)),
        )


def _read_place(sequence: Any, hash_: Any) -> tuple[int, bytes]:
    if type(sequence) is not int or sequence < 0 or type(hash_) is not str or not _HASH.fullmatch(hash_):
        raise unreadable()
    return sequence, bytes.fromhex(hash_)
