"""A revision: what a change made of a record, by whom and when; its fields' old and new values.

It is written once. What finds a person stands apart from the rest, as in the record itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from .documents import Document, read_frequent_uuid, read_text, read_uuid, require_shape, unreadable
from .worddiff import KINDS, LEFT_OUT, Piece, compare_texts


class Change(NamedTuple):
    """One field's value before and after, as its document has it; None where there was none."""

    old: Any
    new: Any


class Rewriting(NamedTuple):
    """What became of a longer text: its stretches, without those that are far from any change."""

    pieces: tuple[Piece, ...]


Changes = Mapping[str, Change | Rewriting]
"""By the field's name."""

CASE, PERSON, INCIDENT = "case", "person", "incident"
FOLLOW_UP, ATTACHMENT = "follow_up", "attachment"
ADDED, CHANGED = "added", "changed"

LONG_CHARACTERS = 400
"""A text that is longer, before or after, is kept as what differs: so a word in ten pages costs a word."""

_RECORDS = frozenset({CASE, PERSON, INCIDENT, FOLLOW_UP, ATTACHMENT})
_DEEDS = frozenset({ADDED, CHANGED})
# Acts are told one by one, of each its part of the incident.
_ACTS = frozenset({"acts", "besides"})
# What a merge notes in the records that it makes and lays aside; its own entry tells of it.
MERGED, ASIDE = "merged", "aside"
OWN_TERMS = "own_terms"
# What says only who changed something and when, which a revision says anyway, or counts for retention. Keys
# of sealed files are told to nobody.
_BOOKKEEPING = frozenset(
    {"schema", "touched_on", "announced_on", "binned_by", "closed_on", "closed_by", "done_by", "countable"}
    | {"told_apart", MERGED, ASIDE}
    | {"id", "act", "version", "added_on", "added_at", "added_by", "copies", "uncleaned"}
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Revision:
    """What is told of one change: `record` is the kind of what changed, `changes` all but who somebody is.

    `part` is the act that it is of, where it is of one. Of what was added there is nothing before, and what
    it said then follows from what it says now and its changes since.
    """

    record: str
    record_id: UUID
    part: UUID | None = None
    deed: str = CHANGED
    by: UUID
    at: datetime
    changes: Changes

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1; the moment in UTC, to the second."""
        return {
            "schema": 1,
            "record": self.record,
            "record_id": self.record_id.hex,
            "part": self.part.hex if self.part else None,
            "deed": self.deed,
            "by": self.by.hex,
            "at": self.at.astimezone(UTC).isoformat(timespec="seconds"),
            "changes": _write(self.changes),
        }

    @classmethod
    def from_document(cls, document: Document) -> "Revision":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given."""
        require_shape(document, {"schema", "record", "record_id", "part", "deed", "by", "at", "changes"})
        record, deed, part = read_text(document, "record"), read_text(document, "deed"), document["part"]
        if record not in _RECORDS or deed not in _DEEDS or (part is not None and record != INCIDENT):
            raise unreadable()
        return cls(
            record=record,
            record_id=read_uuid(document["record_id"]),
            part=None if part is None else read_uuid(part),
            deed=deed,
            by=read_frequent_uuid(document["by"]),
            at=_read_moment(read_text(document, "at")),
            changes=_read(document["changes"]),
        )


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a case: `everybody` who opens cases, a `team` and coordinators, or the `named` alone."""

    to: str
    members: frozenset[UUID] = frozenset()

    def to_document(self) -> Document:
        """Give the plain form, as a part of what is told of a case."""
        return {"access": {"to": self.to, "members": sorted(member.hex for member in self.members)}}


def changes_between(before: Iterable[Document], after: Iterable[Document]) -> Changes:
    """Give what differs between a record's documents then and now."""
    old, new = _joined(before), _joined(after)
    _lay_beside(old, new)
    names = [*old, *(name for name in new if name not in old)]
    return {
        name: _compare(old.get(name), new.get(name))
        for name in names
        if name not in _BOOKKEEPING | _ACTS and (name == OWN_TERMS or old.get(name) != new.get(name))
    }


def identity_to_document(changes: Changes) -> Document:
    """Give the plain form of what changed of who somebody is, schema 1."""
    return {"schema": 1, "changes": _write(changes)}


def identity_from_document(document: Document) -> Changes:
    """Read what `identity_to_document` gave; `Invalid(document=…)` for anything else."""
    require_shape(document, {"schema", "changes"})
    return _read(document["changes"])


def _lay_beside(old: Document, new: Document) -> None:
    """Leave of own terms those of fields that changed: a code or its own terms; of both times, to be told."""
    terms = [document.pop(OWN_TERMS, None) or {} for document in (old, new)]
    fields = [
        field
        for field in dict.fromkeys([*terms[0], *terms[1]])
        if terms[0].get(field) != terms[1].get(field) or old.get(field) != new.get(field)
    ]
    if fields and old and new:
        old[OWN_TERMS], new[OWN_TERMS] = ({f: each[f] for f in fields if f in each} for each in terms)


def _joined(documents: Iterable[Document]) -> Document:
    return {name: value for document in documents for name, value in document.items()}


def _compare(old: Any, new: Any) -> Change | Rewriting:
    if not isinstance(old, str) or not isinstance(new, str) or max(len(old), len(new)) <= LONG_CHARACTERS:
        return Change(old, new)
    pieces = compare_texts(old, new)
    return Rewriting(tuple(Piece(LEFT_OUT, "") if piece.kind == LEFT_OUT else piece for piece in pieces))


def _write(changes: Changes) -> Document:
    return {
        name: {"pieces": [list(piece) for piece in change.pieces]}
        if isinstance(change, Rewriting)
        else {"old": change.old, "new": change.new}
        for name, change in changes.items()
    }


def _read(changes: Any) -> Changes:
    if type(changes) is not dict:
        raise unreadable()
    return {name: _read_change(change) for name, change in changes.items()}


def _read_change(change: Any) -> Change | Rewriting:
    if type(change) is dict and change.keys() == {"old", "new"}:
        return Change(change["old"], change["new"])
    if type(change) is not dict or change.keys() != {"pieces"} or type(change["pieces"]) is not list:
        raise unreadable()
    return Rewriting(tuple(_read_piece(piece) for piece in change["pieces"]))


def _read_piece(piece: Any) -> Piece:
    match piece:
        case [str(kind), str(text)] if kind in KINDS and bool(text) == (kind != LEFT_OUT):
            return Piece(kind, text)
    raise unreadable()


def _read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise unreadable() from None
    if moment.tzinfo is None or moment.astimezone(UTC).isoformat(timespec="seconds") != text:
        raise unreadable()
    return moment
