"""The policy events that there are: those that ship, and the organization's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from casework.domain.permissions import Permission
from casework.domain.policy import PolicyEvent, list_shipped, shipped_id
from casework.errors import NotFound
from casework.services.context import Context
from casework.store import policies as store
from casework.vault import documents
from casework.vault.fields import POLICY_EVENT


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A policy event, opened. One that ships has version 0, until somebody changes it."""

    id: UUID
    version: int
    event: PolicyEvent

    @property
    def is_as_shipped(self) -> bool:
        """Whether it is as casework ships it: its rule is then casework's reading, nobody's own."""
        return not self.version


def list_events(context: Context) -> list[PolicyView]:
    """Return every event, the earliest first and undated ones last, retired ones too."""
    context.require(Permission.USE_ACCOUNT)
    own = [_open(context, row) for row in store.list_policy_events()]
    replaced = {view.event.starter for view in own}
    shipped = [
        PolicyView(event_id, 0, event)
        for event_id, event in list_shipped().items()
        if event.starter not in replaced
    ]
    return sorted([*own, *shipped], key=lambda view: (view.event.date.sort_key(), view.id.int))


def get_event(context: Context, event_id: UUID) -> PolicyView:
    """Return an event; an address of one that ships leads to what stands in its place. Raises NotFound."""
    context.require(Permission.USE_ACCOUNT)
    row = store.find_policy_event(event_id)
    if row is not None:
        return _open(context, row)
    return _get_shipped(list_events(context), event_id)


def _get_shipped(views: Sequence[PolicyView], event_id: UUID) -> PolicyView:
    for view in views:
        if view.event.starter is not None and shipped_id(view.event.starter) == event_id:
            return view
    raise NotFound("policy_event")


def _open(context: Context, row: store.PolicyEvent) -> PolicyView:
    plain = context.keyring.open(POLICY_EVENT, row.id, row.event_version, row.event_sealed)
    return PolicyView(row.id, row.version, PolicyEvent.from_document(documents.decode(plain)))
