"""An anonymised story of a case: from a draft under the case's keys to what is published, apart from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from uuid import UUID

from casework.errors import Conflict, Invalid, Undecided

from .approval import OPEN, State, Written
from .dates import Precision, VagueDate
from .documents import Document, read_list, read_text, read_uuid, require_same, require_shape, unreadable
from .folding import clean_text
from .messages import N_
from .releasedraft import read_number
from .storychecks import (
    DECISIONS,
    ITEMS,
    REASONS,
    Kept,
    key_of,
    list_undecided,
    list_untold,
    require_looked,
)
from .storydraft import StoryDraft

PURPOSE = "story"
"""The purpose of consent, in `consent_purpose`."""

_KEYS_1 = frozenset({"schema", "state", "writers", "draft", "checks", "note", "approver", "number"})
_KEYS = _KEYS_1 | {"stays"}
_PUBLISHED_KEYS = frozenset({"schema", "number", "approved_in", "organization", "draft"}) | {
    "withdrawn_in",
    "reason",
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Story(Written[StoryDraft]):
    """A story in its case.

    `checks` are the writers' decisions about what could identify (`domain/storychecks.py`), `stays` the words
    that a program asked about and that they let stay, by `key_of`; `number` that of the published story, 0 of
    none.
    """

    checks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    stays: Mapping[str, Kept] = field(default_factory=lambda: MappingProxyType({}))
    number: int = 0

    def decided(self, checks: Mapping[str, str], stays: Mapping[str, Kept], member_id: UUID) -> "Story":
        """Keep what a member decided so far, who is one of its writers from then on; raises Conflict.

        A decision that is none is left out.
        """
        self.require(State.DRAFT, State.RETURNED)
        known = {item: checks[item] for item in ITEMS if checks.get(item) in DECISIONS}
        kept = {key: one for key, one in sorted(stays.items()) if one.reason in REASONS}
        writers = tuple(dict.fromkeys((*self.writers, member_id)))
        return replace(self, writers=writers, checks=MappingProxyType(known), stays=MappingProxyType(kept))

    def submitted(
        self,
        checks: Mapping[str, str],
        asked: Collection[str] = (),
        stays: Mapping[str, Kept] = MappingProxyType({}),
    ) -> "Story":
        """Ask for approval; raises Conflict, Invalid for what is missing, Undecided for what is not decided.

        `asked` are the keys of words that a program asks about, `stays` those that the writer lets stay.
        """
        self.require(State.DRAFT, State.RETURNED)
        self.draft.require_whole()
        if faults := list_untold(asked, stays) | list_undecided(checks):
            raise Undecided(**faults)
        kept = MappingProxyType({key: stays[key] for key in sorted(set(asked))})
        return replace(
            self, state=State.SUBMITTED, checks=MappingProxyType(dict(checks)), stays=kept, note=""
        )

    def approved(
        self, number: int, approver: UUID, looked: Collection[str], asked: Collection[str] = ()
    ) -> "Story":
        """Approve it under this number; `asked` are the keys of words that a program asks about now.

        Raises Conflict unless it waits for that, Forbidden to whoever wrote any of it, and Invalid naming
        `looked`, also where a writer said nothing of a word.
        """
        self.require_other(approver)
        self.require(State.SUBMITTED)
        require_looked(looked, asked, self.stays)
        return replace(self, state=State.APPROVED, number=number, approver=approver)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 3."""
        return {
            "schema": 3,
            "state": self.state.value,
            "writers": [writer.hex for writer in self.writers],
            "draft": self.draft.to_document(),
            "checks": dict(self.checks),
            "stays": {key: kept.to_document() for key, kept in self.stays.items()},
            "note": self.note,
            "approver": self.approver.hex if self.approver else None,
            "number": self.number,
        }

    @classmethod
    def from_document(cls, document: Document) -> "Story":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given.

        Schema 1 knew of no words that stay, schema 2 of no reasons.
        """
        document = _upgrade(document)
        require_shape(document, _KEYS, schema=3)
        approver, checks, stays = document["approver"], document["checks"], document["stays"]
        if type(checks) is not dict or any(type(decision) is not str for decision in checks.values()):
            raise unreadable()
        if type(stays) is not dict or any(type(key) is not str for key in stays):
            raise unreadable()
        try:
            story = cls(
                draft=StoryDraft.from_document(document["draft"]),
                writers=tuple(map(read_uuid, read_list(document["writers"]))),
                state=State(read_text(document, "state")),
                checks=MappingProxyType(dict(checks)),
                stays=MappingProxyType({key: Kept.from_document(kept) for key, kept in stays.items()}),
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


def _upgrade(document: Document) -> Document:
    if type(document) is dict and document.get("schema") == 1:
        require_shape(document, _KEYS_1)
        document = {**document, "schema": 2, "stays": []}
    if type(document) is dict and document.get("schema") == 2:
        require_shape(document, _KEYS, schema=2)
        kept = [read_text({"word": one}, "word").partition(" ") for one in read_list(document["stays"])]
        stays = {key_of(kind, words): Kept(words, kind, "", None).to_document() for kind, _, words in kept}
        document = {**document, "schema": 3, "stays": stays}
    return document


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
