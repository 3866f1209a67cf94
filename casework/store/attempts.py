"""How often somebody has tried to sign in, and from where members do: volatile, shared by all workers."""

from dataclasses import dataclass
from typing import ClassVar

from casework.store.volatilestore import Record, find


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AttemptRow(Record):
    """The tries for one account or from one network, whose name is an HMAC under the host key.

    `tries` counts those that did not fit, and those on their way. No other is looked at before
    `free_at_seconds`. Times are whole seconds since 1970, in UTC.
    """

    kind: ClassVar = "attempt"

    subject_hmac: bytes
    tries: int
    free_at_seconds: int
    tried_at_seconds: int

    @property
    def key(self) -> bytes:
        """Its subject."""
        return self.subject_hmac


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class KnownNetworkRow(Record):
    """A network that some member has signed in from: not which, nor who.

    `label` is the beginning of an HMAC under the host key, too short to tell one network from others.
    """

    kind: ClassVar = "known_network"

    label: bytes
    signed_in_at_seconds: int

    @property
    def key(self) -> bytes:
        """Its label."""
        return self.label


def find_attempts(subject_hmac: bytes) -> AttemptRow | None:
    """Return the tries that are counted for a subject."""
    return find(AttemptRow, subject_hmac)


def find_network(label: bytes) -> KnownNetworkRow | None:
    """Return what is known of a network."""
    return find(KnownNetworkRow, label)
