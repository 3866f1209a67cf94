"""The verified roster, kept in the process and extended as entries arrive."""

import threading

from casework.store import members as store
from casework.store.database import db
from casework.vault import roster as vault_roster
from casework.vault.fields import MEMBER_PIN
from casework.vault.identity import MemberSecret
from casework.vault.pin import Pin
from casework.vault.rosterentry import Entry
from casework.vault.rosterstate import RosterState


def _entries(after: int = 0) -> list[Entry]:
    return [Entry(row.number, row.body, row.signature) for row in store.list_roster_rows(after)]


def read_whole_roster() -> RosterState:
    """Return the roster as the database has it, each entry checked and the whole held against no pin.

    For those who have none and bring a key of their own instead: recovery. Nothing secret may be sealed on
    its word. Raises Tampered where an entry, a link or a signature does not fit.
    """
    return vault_roster.verify(_entries())


class RosterBook:
    """Verifying every signature on every request would be waste: the state is kept and only extended.

    What is kept counts only while the row it ends in still stands in the database with the same hash.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: RosterState | None = None

    def current(self, *pins: Pin) -> RosterState:
        """Return the roster as it stands, checked against what somebody has seen of it: one pin or several.

        Raises Tampered where an entry, a link, a signature or a pin does not fit.
        """
        if not pins:
            raise ValueError("a roster that nobody has seen proves nothing")
        with self._lock:
            state = self._extended()
            if state is None or not all(self._fits(state, pin) for pin in pins):
                state = [vault_roster.verify(_entries(), pin) for pin in pins][-1]
            self._state = state
            return state

    def drop(self) -> None:
        """Forget it: the seal is on."""
        with self._lock:
            self._state = None

    def _extended(self) -> RosterState | None:
        state = self._state
        if state is None:
            return None
        rows = _entries(after=state.number - 1)
        if not rows or rows[0].number != state.number or rows[0].hash != state.hash:
            return None
        for entry in rows[1:]:
            state = vault_roster.extend(state, entry)
        return state

    @staticmethod
    def _fits(state: RosterState, pin: Pin) -> bool:
        return state.hashes.get(pin.number) == pin.hash


def move_pin(member: store.Member, secret: MemberSecret, pin: Pin) -> None:
    """Let a member remember the roster up to here; the caller's transaction commits it."""
    member.version += 1
    member.pin_version += 1
    member.pin_sealed = secret.seal_own(MEMBER_PIN, member.id, member.pin_version, pin.encode())


def store_entry(entry: Entry) -> None:
    """Append a signed entry; the caller's transaction commits it."""
    db.session.add(store.RosterRow(number=entry.number, body=entry.body, signature=entry.signature))
