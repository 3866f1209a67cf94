"""One transaction, one audit event: the frame of every service that writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from casework.errors import Closed, Conflict, NotFound
from casework.services.audit import check_fields, write_entry
from casework.services.context import Context
from casework.services.index.dropping import leave_index
from casework.services.runtime import Runtime
from casework.store.database import db
from casework.store.factindex import take_dropped
from casework.store.head import Head, lock_head
from casework.store.members import list_roster_rows
from casework.store.organization import is_sealed
from casework.store.written import forget_written, take_written
from casework.vault.keyring import Keyring
from casework.vault.rosterstate import RosterState

# These write no case, person or incident, and come often: a new generation would empty every cache.
_RECORDLESS = {
    "access_request.added",
    "access_request.changed",
    "account.other_sessions_ended",
    "account.recovery_codes_made",
    "account.second_factor_removed",
    "account.second_factor_set",
    "account.session_ended",
    "attachment.erased",
    "attachment.original_taken",
    "attachment.taken",
    "attachment.viewed",
    "audit.accepted",
    "audit.expired",
    "audit.held",
    "audit.read",
    "audit.released",
    "audit.verified",
    "backup.downloaded",
    "backup.written",
    "case.exported",
    "case.read",
    "cases.exported",
    "database.verified",
    "draft.discarded",
    "draft.kept",
    "erasures.overwritten",
    "member.sessions_ended",
    "import.begun",
    "import.mapping_forgotten",
    "import.mapping_kept",
    "import.undoing",
    "incidents.exported",
    "keys.rewrapped",
    "member.signed_in",
    "official_count.added",
    "official_count.changed",
    "official_count.restored",
    "official_count.retired",
    "official_counts.imported",
    "official_counts.undone",
    "retention.changed",
    "records.exported",
    "recovery.drilled",
    "recovery.sealed",
    "release.approved",
    "release.changed",
    "release.discarded",
    "release.downloaded",
    "release.drafted",
    "release.ledger_accepted",
    "release.previewed",
    "release.pulled_back",
    "release.returned",
    "release.submitted",
    "release.withdrawn",
    "story.discarded",
    "story.downloaded",
    "story.withdrawn",
    "view.kept",
    "view.removed",
    "view.restored",
}
# After these the memory of this process names somebody no more; that of others goes with their sweep.
_FORGETTING = {
    "case.erased",
    "case.restricted",
    "follow_ups.purged",
    "import.undoing",
    "import.undone",
    "people.purged",
    "person.merged",
    "person.unmerged",
}
# What goes on while the emergency seal is on: it is how it comes off.
_OPENING = {"organization.recovered"}
# And what needs nobody's keys and opens nothing.
_KEYLESS_WHILE_SEALED = {"backup.written"}


class Transaction:
    """A write on its way."""

    def __init__(self, event: str, head: Head) -> None:
        self.event = event
        self.head = head
        self.fields: dict[str, str | int] = {}

    @property
    def generation(self) -> int:
        """What goes into every case, person and incident that it writes; ValueError where it writes none."""
        if self.event in _RECORDLESS:
            raise ValueError(f"{self.event} draws no generation")
        return self.head.generation

    def note(self, **fields: UUID | str | int) -> None:
        """Fill the fields that the audit event declares; never with record content."""
        self.fields.update({k: v.hex if isinstance(v, UUID) else v for k, v in fields.items()})


@contextmanager
def transaction(context: Context, event: str) -> Iterator[Transaction]:
    """Lock, let the caller write, write the audit event, commit; on any error nothing is written.

    Rows read before are expired: read inside what you decide on. Raises Conflict when the roster, and with it
    perhaps the write epochs, changed since the context was built; Closed once the emergency seal is on.
    """
    with _frame(context.runtime, event, context.roster, context.keyring, context.member_id) as opened:
        if is_sealed() and event not in _OPENING:
            raise Closed(event)
        if list_roster_rows(after=context.roster.number):
            raise Conflict("roster")
        yield opened
    if event in _FORGETTING:
        context.runtime.casebook.catch_up(context.keyring)


@contextmanager
def keyless_transaction(runtime: Runtime, event: str, roster: RosterState) -> Iterator[Transaction]:
    """The same for what happens before a member holds keys, such as accepting an invitation."""
    with _frame(runtime, event, roster, None, None) as opened:
        if is_sealed() and event not in _KEYLESS_WHILE_SEALED:
            raise Closed(event)
        yield opened


@contextmanager
def _frame(
    runtime: Runtime, event: str, roster: RosterState, keyring: Keyring | None, member_id: UUID | None
) -> Iterator[Transaction]:
    db.session.rollback()
    forget_written()
    take_dropped()
    try:
        head = lock_head(draw=event not in _RECORDLESS)
        if head is None:
            raise NotFound("organization")
        opened = Transaction(event, head)
        yield opened
        check_fields(event, opened.fields)
        written = take_written()
        leave_index(keyring)
        write_entry(head, roster.audit_key, keyring, written, event, member_id, runtime.now(), opened.fields)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
