"""Policy events of police services and cities: the organization's own, sealed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class PolicyEvent(Model):
    """A policy event. Those that ship are no rows, until somebody changes one."""

    __tablename__ = "policy_event"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    event_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    event_version: Mapped[int]


def find_policy_event(event_id: UUID) -> PolicyEvent | None:
    """Return the event with this id."""
    return db.session.get(PolicyEvent, event_id)


def list_policy_events() -> Sequence[PolicyEvent]:
    """Return every event, retired ones too."""
    return db.session.scalars(select(PolicyEvent)).all()
