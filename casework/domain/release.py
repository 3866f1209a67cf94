"""A release: tables and the words around them, from a draft to what stands for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from casework.errors import Conflict, Invalid

from .approval import OPEN, State, Written
from .documents import Document, read_list, read_text, read_uuid, require_same, require_shape, unreadable
from .earlier import Earlier
from .folding import clean_text
from .languages import WRITTEN_IN
from .messages import N_
from .official import OfficialCount
from .period import Period
from .releasedraft import NO_TEXTS, Names, ReleaseDraft, read_number, require_keys

_FROZEN_KEYS = frozenset({"number", "made_on", "left_at", "organization", "document"})
_LATER_KEYS = ("official", "earlier")
_KEYS_1 = frozenset(
    {"schema", "state", "writers", "draft", "note", "approver", "frozen", "reason", "replaced_by"}
    | {"withdrawn_on", "withdrawn_by"}
)
_KEYS = (_KEYS_1 - {"reason"}) | {"reasons", "needs_rereading"}

_CHANGED = N_("What is asked changed since you looked. Look at the numbers again, then submit.")
_REREAD = N_(
    "Read the words again, and tick that they fit: they were written for other tables or another period."
)


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was approved, and never changes: `document` is the one that the disclosure engine made.

    `made_on` is the day of the organization, `left_at` the moment in UTC, both in ISO 8601. `official` is
    what others counted of its time, `earlier` what it says of earlier releases of its time; None in what was
    approved before it was kept.
    """

    number: int
    made_on: str
    left_at: str
    organization: str
    document: Mapping[str, Any]
    official: tuple[OfficialCount, ...] | None = None
    earlier: tuple[Earlier, ...] | None = None

    def to_document(self) -> Document:
        """Give the plain form."""
        kept: Document = {
            "number": self.number,
            "made_on": self.made_on,
            "left_at": self.left_at,
            "organization": self.organization,
            "document": dict(self.document),
        }
        if self.official is not None:
            kept["official"] = [one.to_document() for one in self.official]
        if self.earlier is not None:
            kept["earlier"] = [one.to_document() for one in self.earlier]
        return kept

    @classmethod
    def from_document(cls, document: Document) -> "Frozen":
        """Read what `to_document` gave."""
        kept = dict(document) if type(document) is dict else document
        official, earlier = (kept.pop(key, None) if type(kept) is dict else None for key in _LATER_KEYS)
        require_keys(kept, _FROZEN_KEYS)
        if type(kept["document"]) is not dict:
            raise unreadable()
        made_on, left_at, name = (read_text(kept, key) for key in ("made_on", "left_at", "organization"))
        counts = None if official is None else tuple(map(OfficialCount.from_document, read_list(official)))
        before = None if earlier is None else tuple(map(Earlier.from_document, read_list(earlier)))
        return cls(read_number(kept["number"]), made_on, left_at, name, kept["document"], counts, before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Written[ReleaseDraft]):
    """A release in any state; what was approved once stays in the ledger.

    `reasons` are the public ones of a withdrawal, by language, "" where nobody said which; `withdrawn_on` is
    its day, the organization's, and `withdrawn_by` the member. `replaced_by` is the number of the release in
    its place, 0 of none. It `needs_rereading` where other tables or another period came in the place of those
    that its words were written for.
    """

    frozen: Frozen | None = None
    reasons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    replaced_by: int = 0
    withdrawn_on: date | None = None
    withdrawn_by: UUID | None = None
    needs_rereading: bool = False

    def edited(self, draft: ReleaseDraft, writer: UUID) -> "Release":
        """Write it anew, words and all: see `Written.edited`."""
        return replace(Written.edited(self, draft, writer), needs_rereading=False)

    def retabled(self, tables: Sequence[Names], period: Period, writer: UUID) -> "Release":
        """Put other tables or another period in, and leave the words; raises as `edited`.

        Of quite another time it comes in no place of an earlier release.
        """
        replaces = self.draft.replaces if self.draft.period.overlaps(period) else 0
        draft = replace(self.draft, tables=tuple(tables), period=period, replaces=replaces)
        is_worded = any(texts != NO_TEXTS for texts in draft.texts.values())
        is_other = draft.question != self.draft.question
        needs_rereading = self.needs_rereading or (is_worded and is_other)
        return replace(self.edited(draft, writer), needs_rereading=needs_rereading)

    def edited_draft(self) -> ReleaseDraft:
        """Give what can still be changed; raises Conflict once it is approved."""
        self.require(*OPEN)
        return self.draft

    def submitted(self, seen: ReleaseDraft | None, *, was_reread: bool = False) -> "Release":
        """Ask for approval of numbers that were seen: of what `seen` asks.

        Raises Conflict, and Invalid where something is missing, these numbers were not seen, or the words
        were written for others and not reread.
        """
        self.require(State.DRAFT, State.RETURNED)
        self.draft.require_whole()
        if seen is None:
            raise Invalid(numbers=N_("Look at the numbers first. Then you can submit them."))
        if seen.question != self.draft.question:
            raise Invalid(numbers=_CHANGED)
        if self.needs_rereading and not was_reread:
            raise Invalid(reread=_REREAD)
        return replace(self, state=State.SUBMITTED, note="", needs_rereading=False)

    def approved(self, frozen: Frozen, approver: UUID) -> "Release":
        """Freeze it; raises Conflict unless it waits for that, Forbidden to whoever wrote any of it."""
        self.require_other(approver)
        self.require(State.SUBMITTED)
        return replace(self, state=State.APPROVED, frozen=frozen, approver=approver)

    def withdrawn(self, reasons: Mapping[str, str], on: date, by: UUID) -> "Release":
        """Take it back, in public, with a reason in one language or more.

        Raises Conflict, and Invalid naming a reason and its language, `reason_fr`.
        """
        self.require(State.APPROVED, State.REPLACED)
        texts = {code: clean_text(reasons.get(code, ""), f"reason_{code}") for code in WRITTEN_IN}
        said = {code: text for code, text in texts.items() if text}
        if not said:
            why = N_("Write why. Everybody who has the release may read it.")
            raise Invalid(**{f"reason_{self.draft.languages[0]}": why})
        return replace(self, state=State.WITHDRAWN, reasons=said, withdrawn_on=on, withdrawn_by=by)

    @property
    def may_be_replaced(self) -> bool:
        """Whether it left, and no release came in its place yet."""
        return self.frozen is not None and not self.replaced_by

    def replaced(self, number: int) -> "Release":
        """Let the release of this number come in its place; one that was withdrawn stays so.

        Raises Conflict where another one did already, or it has not left.
        """
        if not self.may_be_replaced:
            raise Conflict("release")
        state = State.REPLACED if self.state is State.APPROVED else self.state
        return replace(self, state=state, replaced_by=number)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 2."""
        return {
            "schema": 2,
            "state": self.state.value,
            "writers": [writer.hex for writer in self.writers],
            "draft": self.draft.to_document(),
            "note": self.note,
            "approver": self.approver.hex if self.approver else None,
            "frozen": self.frozen.to_document() if self.frozen else None,
            "reasons": dict(self.reasons),
            "replaced_by": self.replaced_by,
            "withdrawn_on": self.withdrawn_on.isoformat() if self.withdrawn_on else None,
            "withdrawn_by": self.withdrawn_by.hex if self.withdrawn_by else None,
            "needs_rereading": self.needs_rereading,
        }

    @classmethod
    def from_document(cls, document: Document) -> "Release":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given.

        Schema 1 had one reason, in no language that is known, and did not know which words were written for
        other tables.
        """
        document = _upgrade_1(document) if _is_of_1(document) else document
        require_shape(document, _KEYS, schema=2)
        if type(document["needs_rereading"]) is not bool:
            raise unreadable()
        approver, frozen, by = (document[key] for key in ("approver", "frozen", "withdrawn_by"))
        try:
            release = cls(
                draft=ReleaseDraft.from_document(document["draft"]),
                writers=tuple(map(read_uuid, read_list(document["writers"]))),
                state=State(read_text(document, "state")),
                note=read_text(document, "note"),
                approver=None if approver is None else read_uuid(approver),
                frozen=None if frozen is None else Frozen.from_document(frozen),
                reasons=_read_reasons(document["reasons"]),
                replaced_by=read_number(document["replaced_by"]),
                withdrawn_on=_read_day(document["withdrawn_on"]),
                withdrawn_by=None if by is None else read_uuid(by),
                needs_rereading=document["needs_rereading"],
            )
        except (Invalid, ValueError):
            raise unreadable() from None
        require_same(document, release.to_document())
        return release


def find_reason(reasons: Mapping[str, str], language: str) -> tuple[str, str]:
    """Give the reason in `language`, else in the first that has one, with the language that it is in.

    Both are empty where there is none; the language is where nobody said which.
    """
    codes = sorted((*WRITTEN_IN, ""), key=lambda code: code != language)
    return next(((reasons[code], code) for code in codes if code in reasons), ("", ""))


def follow(release: Release, numbered: Mapping[int, Release]) -> tuple[Release, ...]:
    """Give the releases that came in a release's place one after the other, of all that there are."""
    found: list[Release] = []
    while (after := numbered.get(release.replaced_by)) and after not in found:
        found.append(after)
        release = after
    return tuple(found)


def _is_of_1(document: Any) -> bool:
    return type(document) is dict and document.get("schema") == 1


def _upgrade_1(document: Document) -> Document:
    require_shape(document, _KEYS_1)
    reason = read_text(document, "reason")
    kept = {key: value for key, value in document.items() if key != "reason"}
    reasons = {"": reason} if reason else {}
    return {**kept, "schema": 2, "reasons": reasons, "needs_rereading": False}


def _read_reasons(document: Any) -> Mapping[str, str]:
    if type(document) is not dict or not document.keys() <= {*WRITTEN_IN, ""}:
        raise unreadable()
    reasons = {code: read_text(document, code) for code in document}
    if not all(reasons.values()):
        raise unreadable()
    return MappingProxyType(reasons)


def _read_day(value: Any) -> date | None:
    if value is None:
        return None
    if type(value) is not str:
        raise unreadable()
    return date.fromisoformat(value)
