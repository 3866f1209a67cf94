"""Adding, changing and retiring policy events."""

from dataclasses import replace
from uuid import UUID, uuid4

from casework.domain.permissions import Permission
from casework.domain.policy import ACTIVE, RETIRED, PolicyEvent
from casework.errors import Conflict
from casework.services.context import Context
from casework.services.policies.reading import PolicyView, get_event
from casework.services.transactions import Transaction, transaction
from casework.store import policies as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import POLICY_EVENT


def add_event(context: Context, event: PolicyEvent, event_id: UUID | None = None) -> UUID:
    """Add an event of the organization's own; `event_id` is the one that its form brought, if any.

    The same form sent twice adds it once. Raises Forbidden.
    """
    context.require(Permission.MANAGE_POLICIES)
    with transaction(context, "policy.added") as opened:
        if event_id is not None and store.find_policy_event(event_id) is not None:
            raise Conflict("policy_event")
        return _put(context, opened, None, replace(event, starter=None), event_id)


def change_event(context: Context, event_id: UUID, version: int, event: PolicyEvent) -> UUID:
    """Change an event; of one that ships the change stands in its place. Returns its id from now on.

    Raises Conflict where somebody changed it since, NotFound.
    """
    context.require(Permission.MANAGE_POLICIES)
    with transaction(context, "policy.changed") as opened:
        before = _get_as_read(context, event_id, version)
        kept = replace(event, starter=before.event.starter, status=before.event.status)
        return _put(context, opened, before, kept)


def retire_event(context: Context, event_id: UUID, version: int, retired: bool) -> UUID:
    """Retire an event, so that nothing is held against it any more, or bring it back.

    Returns its id from now on; raises Conflict where somebody changed it since, NotFound.
    """
    context.require(Permission.MANAGE_POLICIES)
    with transaction(context, "policy.retired" if retired else "policy.restored") as opened:
        before = _get_as_read(context, event_id, version)
        kept = replace(before.event, status=RETIRED if retired else ACTIVE)
        return _put(context, opened, before, kept)


def _get_as_read(context: Context, event_id: UUID, version: int) -> PolicyView:
    """Return the event as it stands, in the transaction that writes it: two change what ships only once."""
    view = get_event(context, event_id)
    if view.version != version:
        raise Conflict("policy_event")
    return view


def _put(
    context: Context,
    opened: Transaction,
    before: PolicyView | None,
    event: PolicyEvent,
    event_id: UUID | None = None,
) -> UUID:
    row = store.find_policy_event(before.id) if before and before.version else None
    if row is None:
        row = store.PolicyEvent(id=event_id or uuid4(), version=0, event_version=0)
        db.session.add(row)
    row.version += 1
    row.event_version += 1
    row.event_sealed = context.keyring.seal(
        POLICY_EVENT, row.id, row.event_version, documents.encode(event.to_document())
    )
    opened.note(policy=row.id)
    return row.id
