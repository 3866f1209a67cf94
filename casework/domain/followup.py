"""A follow-up: what the collective does or learns later; a note, a task, a hearing, a detention.

A detention starts the clock of `domain/clocks.py`; its reviews and its release name it. Other clocks are
tasks with a due date and the name of their rule, since rules change.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

from casework.errors import Invalid

from .clocks import DueReview, next_review
from .documents import (
    Document,
    read_date,
    read_frequent_uuid,
    read_text,
    read_uuid,
    require_same,
    require_shape,
    unreadable,
)
from .folding import clean_line, clean_text
from .messages import N_
from .moments import Moment
from .vocabulary import NOT_ASKED, UNKNOWN, code_list, grouping

NOTE, TASK, HEARING = "note", "task", "hearing"
DETENTION, REVIEW, RELEASE = "detention", "detention_review", "release"
RELEASED, ADJOURNED = "released", "adjourned"

DATED = frozenset({TASK, HEARING})
"""The kinds that lie ahead: they have a due date and can be done."""

OF_DETENTION = frozenset({REVIEW, RELEASE})
"""The kinds that belong to a detention."""

_IDS = ("person", "incident", "detention", "assigned_to", "done_by")
_KEYS = frozenset(
    {"schema", "kind", "when", "due", "place", "outcome", "added_on", "added_by", "done_on", "deleted_on"}
    | set(_IDS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpFacts:
    """What is coded of a follow-up.

    `when` it happened, `due` by when it has to be done. `place` is where somebody is held (a detention), in
    the codes of CBSA actions; `outcome` how a review ended. `person`, `incident` and `detention` (the
    follow-up that started the clock) are ids. Without `assigned_to` it falls to who accompanies the case.
    Since `deleted_on` nobody sees it; until it goes for good it can be brought back.
    """

    kind: str
    when: Moment = Moment.unknown()  # noqa: RUF009 - a constant: nobody can change it
    due: Moment | None = None
    place: str = NOT_ASKED
    outcome: str = NOT_ASKED
    person: UUID | None = None
    incident: UUID | None = None
    detention: UUID | None = None
    assigned_to: UUID | None = None
    added_on: datetime.date
    added_by: UUID
    done_on: datetime.date | None = None
    done_by: UUID | None = None
    deleted_on: datetime.date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still has to be done."""
        return self.kind in DATED and self.done_on is None and self.deleted_on is None

    def due_at(self, zone: datetime.tzinfo) -> datetime.datetime | None:
        """Give the instant, in UTC, after which it is late: of a day without a time, the day's end."""
        return self.due.latest(zone) if self.due else None

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        document: Document = {
            "schema": 1,
            "kind": self.kind,
            "when": self.when.encode(),
            "due": self.due.encode() if self.due else None,
            "place": self.place,
            "outcome": self.outcome,
            "added_on": self.added_on.isoformat(),
            "added_by": self.added_by.hex,
            "done_on": self.done_on.isoformat() if self.done_on else None,
            "deleted_on": self.deleted_on.isoformat() if self.deleted_on else None,
        }
        ids = {name: getattr(self, name) for name in _IDS}
        return document | {name: id_.hex if id_ else None for name, id_ in ids.items()}

    @classmethod
    def from_document(cls, document: Document) -> "FollowUpFacts":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given."""
        require_shape(document, _KEYS)
        try:
            return _read(document)
        except (KeyError, TypeError, ValueError, Invalid):
            raise unreadable() from None


@dataclass(frozen=True, slots=True, repr=False)
class FollowUpTexts:
    """What a follow-up says: one line, more words, and of a task the name of the rule that sets its date."""

    title: str = ""
    words: str = ""
    rule: str = ""

    def __post_init__(self) -> None:
        """Tidy what was typed; `Invalid` when it cannot be kept."""
        object.__setattr__(self, "title", clean_line(self.title, "title"))
        object.__setattr__(self, "words", clean_text(self.words, "words"))
        object.__setattr__(self, "rule", clean_line(self.rule, "rule"))

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {"schema": 1, "title": self.title, "words": self.words, "rule": self.rule}

    @classmethod
    def from_document(cls, document: Document) -> "FollowUpTexts":
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        require_shape(document, {"schema", "title", "words", "rule"})
        texts = cls(*(read_text(document, name) for name in ("title", "words", "rule")))
        require_same(document, texts.to_document())
        return texts


@dataclass(frozen=True, slots=True)
class Detention:
    """A detention with what is recorded of it: reviews and releases, as ids and facts."""

    id: UUID
    facts: FollowUpFacts
    reviews: tuple[FollowUpFacts, ...]
    release: FollowUpFacts | None

    @property
    def is_over(self) -> bool:
        """Whether a release is recorded, by itself or as a review's outcome."""
        return self.release is not None or any(review.outcome == RELEASED for review in self.reviews)

    def next_review(self, zone: datetime.tzinfo) -> DueReview | None:
        """Tell which review is due; None once they are released. An adjourned one was not held yet."""
        if self.is_over:
            return None
        return next_review(
            self.facts.when, (one.when for one in self.reviews if one.outcome != ADJOURNED), zone
        )


def detentions_of(follow_ups: Mapping[UUID, FollowUpFacts]) -> list[Detention]:
    """Give the detentions among the follow-ups of a case, or of many, with their reviews; oldest first."""
    kinds = {DETENTION, *OF_DETENTION}
    there = {id_: one for id_, one in follow_ups.items() if one.kind in kinds and one.deleted_on is None}
    found = {id_: list[FollowUpFacts]() for id_, facts in there.items() if facts.kind == DETENTION}
    for facts in there.values():
        if facts.kind != DETENTION and facts.detention in found:
            found[facts.detention].append(facts)
    detentions = [_detention(id_, there[id_], of_it) for id_, of_it in found.items()]
    return sorted(detentions, key=lambda one: (one.facts.when.date.sort_key(), one.id))


def places_of_detention() -> tuple[str, ...]:
    """Give the codes of CBSA actions that say where somebody is held."""
    outcomes = grouping("cbsa_action", "outcome")
    return tuple(code for code in code_list("cbsa_action").codes if outcomes[code] == "detained")


def validate_follow_up(facts: FollowUpFacts, texts: FollowUpTexts, zone: datetime.tzinfo) -> None:
    """Raise `Invalid`, naming every field that is wrong, unless this may be kept."""
    faults: dict[str, str] = {}
    if facts.kind not in _kinds():
        faults["kind"] = N_("Choose what this is.")
    elif facts.kind in DATED:
        if not texts.title:
            faults["title"] = N_("Write in a few words what has to be done.")
        if facts.kind == HEARING and facts.due is None:
            faults["due_day"] = N_("Give the day of the hearing.")
    elif facts.kind in {DETENTION, *OF_DETENTION}:
        faults |= _faults_of_detention(facts, zone)
    elif not texts.title and not texts.words:
        faults["words"] = N_("Write what was said or done.")
    if faults:
        raise Invalid(**faults)


def validate_order(facts: FollowUpFacts, detained: FollowUpFacts, zone: datetime.tzinfo) -> None:
    """Raise `Invalid` naming `day` for a review or a release that was before the detention it belongs to."""
    ended, began = facts.when.latest(zone), detained.when.earliest(zone)
    if ended is not None and began is not None and ended < began:
        raise Invalid(day=N_("This is before the detention. Check both dates."))


def _faults_of_detention(facts: FollowUpFacts, zone: datetime.tzinfo) -> dict[str, str]:
    faults: dict[str, str] = {}
    earliest = facts.when.earliest(zone)
    if earliest is None:
        faults["day"] = N_("Give the day, or at least the month or the year: the clock counts from it.")
    elif facts.when.date.sort_key()[0] > facts.added_on.toordinal():
        faults["day"] = N_("Give a date that is not in the future.")
    if facts.kind == DETENTION and facts.place not in (*places_of_detention(), UNKNOWN, NOT_ASKED):
        faults["place"] = N_("Choose one of the listed answers.")
    if facts.kind == REVIEW and facts.outcome not in code_list("review_outcome"):
        faults["outcome"] = N_("Choose one of the listed answers.")
    elif facts.kind == REVIEW and facts.outcome == NOT_ASKED:
        faults["outcome"] = N_("Choose how the review ended, or “Unknown”.")
    return faults


def handed_on(facts: FollowUpFacts, member_id: UUID) -> FollowUpFacts:
    """Give an open follow-up without this member, so that it falls to who accompanies the case."""
    return replace(facts, assigned_to=None) if facts.assigned_to == member_id else facts


def _detention(id_: UUID, facts: FollowUpFacts, of_it: Iterable[FollowUpFacts]) -> Detention:
    parts = sorted(of_it, key=lambda one: one.when.date.sort_key())
    reviews = tuple(one for one in parts if one.kind == REVIEW)
    return Detention(id_, facts, reviews, next((one for one in parts if one.kind == RELEASE), None))


@cache
def _kinds() -> frozenset[str]:
    return frozenset(code_list("follow_up_kind").codes) - {UNKNOWN, NOT_ASKED}


def _read(document: Document) -> FollowUpFacts:
    kind, place, outcome = (read_text(document, name) for name in ("kind", "place", "outcome"))
    if kind not in _kinds() or place not in code_list("cbsa_action"):
        raise unreadable()
    if outcome not in code_list("review_outcome"):
        raise unreadable()
    due = document["due"]
    facts = FollowUpFacts(
        kind=kind,
        when=Moment.parse(read_text(document, "when")),
        due=None if due is None else Moment.parse(read_text(document, "due")),
        place=place,
        outcome=outcome,
        person=_read_id(document["person"]),
        incident=_read_id(document["incident"]),
        detention=_read_id(document["detention"]),
        assigned_to=_read_member(document["assigned_to"]),
        added_on=read_date(document["added_on"]),
        added_by=read_frequent_uuid(document["added_by"]),
        done_on=_read_day(document["done_on"]),
        done_by=_read_member(document["done_by"]),
        deleted_on=_read_day(document["deleted_on"]),
    )
    return facts


def _read_id(value: Any) -> UUID | None:
    return None if value is None else read_uuid(value)


def _read_member(value: Any) -> UUID | None:
    return None if value is None else read_frequent_uuid(value)


def _read_day(value: Any) -> datetime.date | None:
    return None if value is None else read_date(value)
