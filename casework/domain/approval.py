"""What two members answer for before it leaves: some write it, and who wrote nothing of it approves it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, Self, TypeVar
from uuid import UUID

from casework.errors import Conflict, Forbidden, Invalid

from .folding import clean_text
from .messages import N_

Draft = TypeVar("Draft")


class State(StrEnum):
    """How far it is. Only a release is withdrawn or replaced: for a story see `PublishedStory`."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


OPEN = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED})
"""What can still be changed, and was published nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Written(Generic[Draft]):
    """A release or a story. `writers` are all who wrote it, in their order: none of them approves it.

    `note` is what the reviewer asked for when it was given back.
    """

    draft: Draft
    writers: tuple[UUID, ...]
    state: State = State.DRAFT
    note: str = ""
    approver: UUID | None = None

    def edited(self, draft: Draft, writer: UUID) -> Self:
        """Write it anew; what was submitted is a draft again. Raises Conflict once it is approved."""
        self.require(*OPEN)
        writers = tuple(dict.fromkeys((*self.writers, writer)))
        return replace(self, draft=draft, writers=writers, state=State.DRAFT)

    def pulled_back(self) -> Self:
        """Make what was submitted a draft again, as it was; raises Conflict unless it waits for approval."""
        self.require(State.SUBMITTED)
        return replace(self, state=State.DRAFT)

    def returned(self, note: str, reviewer: UUID) -> Self:
        """Give it back to its writers, with a note.

        Raises Conflict, Forbidden to whoever wrote any of it, and Invalid naming `note`.
        """
        self.require_other(reviewer)
        self.require(State.SUBMITTED)
        said = clean_text(note, "note")
        if not said:
            raise Invalid(note=N_("Write what should be changed."))
        return replace(self, state=State.RETURNED, note=said)

    def require_other(self, member_id: UUID) -> None:
        """Raise Forbidden to whoever wrote any of it."""
        if member_id in self.writers:
            raise Forbidden("somebody who wrote part of it")

    def waits_for(self, member_id: UUID) -> bool:
        """Tell whether it waits for approval, and somebody who may approve wrote nothing of it."""
        return self.state is State.SUBMITTED and member_id not in self.writers

    def require(self, *states: State) -> None:
        """Raise Conflict unless it is as far as one of these."""
        if self.state not in states:
            raise Conflict(type(self).__name__.lower())
