"""An anonymised story of a case: from a draft under the case's keys to what is published, apart from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from uuid import UUID

from casework.errors import Conflict, Invalid

from .approval import OPEN, State, Written
from .dates import Precision, VagueDate
from .documents import Document, read_list, read_text, read_uuid, require_same, require_shape, unreadable
from .folding import clean_text
from .messages import N_
from .releasedraft import read_number
from .storychecks import require_decided, require_looked
from .storydraft import StoryDraft

PURPOSE = "story"
"""The purpose of consent, in `consent_purpose`."""

_KEYS = frozenset({"schema", "state", "writers", "draft", "checks", "note", "approver", "number"})
_PUBLISHED_KEYS = frozenset({"schema", "number", "approved_in", "organization", "draft"}) | {
    "withdrawn_in",
    "reason",
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Story(Written[StoryDraft]):
    """A story in its case.

    `checks` are the writers' decisions about what could identify (`domain/storychecks.py`), `number` that of
    the published story, 0 of none.
    """

    checks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    number: int = 0

    def submitted(self, checks: Mapping[str, str]) -> "Story":
        """Ask for approval; raises Conflict, and Invalid for what is missing or was not decided."""
        self.require(State.DRAFT, State.RETURNED)
        self.draft.require_whole()
        require_decided(checks)
        return replace(self, state=State.SUBMITTED, checks=MappingProxyType(dict(checks)), note="")

    def approved(self, number: int, approver: UUID, looked: Collection[str]) -> "Story":
        """Approve it under this number.

        Raises Conflict unless it waits for that, Forbidden to whoever wrote any of it, and Invalid naming
        `looked`.
        """
        self.require_other(approver)
        self.require(State.SUBMITTED)
        require_looked(looked)
        return replace(self, state=State.APPROVED, number=number, approver=approver)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {
            "schema": 1,
            "state": self.state.value,
            "writers": [writer.hex for writer in self.writers],
            "draft": self.draft.to_document(),
            "checks": dict(self.checks),
            "note": self.note,
            "approver": self.approver.hex if self.approver else None,
            "number": self.number,
        }

    @classmethod
    def from_document(cls, document: Document) -> "Story":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given."""
        require_shape(document, _KEYS)
        approver, checks = document["approver"], document["checks"]
        if type(checks) is not dict or any(type(decision) is not str for decision in checks.values()):
            raise unreadable()
        try:
            story = cls(
                draft=StoryDraft.from_document(document["draft"]),
                writers=tuple(map(read_uuid, read_list(document["writers"]))),
                state=State(read_text(document, "state")),
                checks=MappingProxyType(dict(checks)),
                note=read_text(document, "note"),
                approver=None if approver is None else read_uuid(approver),
                number=read_number(document["number"]),
            )
        except ValueError:
            raise unreadable() from None
        if story.state not in OPEN | {State.APPROVED}:
            raise unreadable()
        require_same(document, story.to_document())
        return story


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PublishedStory:
    """What was approved, and names neither case nor member. Once withdrawn it has no words any more.

    `approved_in` and `withdrawn_in` are months, 2026-11, "" while it stands; `reason` is for everybody.
    """

    number: int
    approved_in: str
    organization: str
    draft: StoryDraft
    withdrawn_in: str = ""
    reason: str = ""

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back."""
        return bool(self.withdrawn_in)

    def withdrawn(self, reason: str, month: str) -> "PublishedStory":
        """Take it back, and forget its words; raises Conflict, and Invalid naming `reason`."""
        if self.is_withdrawn:
            raise Conflict("story")
        said = clean_text(reason, "reason")
        if not said:
            raise Invalid(reason=N_("Write why. Everybody who has the story may read it."))
        return replace(self, draft=StoryDraft(texts={}), withdrawn_in=month, reason=said)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {
            "schema": 1,
            "number": self.number,
            "approved_in": self.approved_in,
            "organization": self.organization,
            "draft": self.draft.to_document(),
            "withdrawn_in": self.withdrawn_in,
            "reason": self.reason,
        }

    @classmethod
    def from_document(cls, document: Document) -> "PublishedStory":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given."""
        require_shape(document, _PUBLISHED_KEYS)
        approved_in, withdrawn_in = (read_text(document, key) for key in ("approved_in", "withdrawn_in"))
        for month in filter(None, (approved_in, withdrawn_in)):
            if VagueDate.parse(month).precision is not Precision.MONTH:
                raise unreadable()
        story = cls(
            number=read_number(document["number"]),
            approved_in=approved_in,
            organization=read_text(document, "organization"),
            draft=StoryDraft.from_document(document["draft"]),
            withdrawn_in=withdrawn_in,
            reason=read_text(document, "reason"),
        )
        require_same(document, story.to_document())
        return story
