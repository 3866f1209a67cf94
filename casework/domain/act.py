"""An act: one step of the pathway that an incident set off, with who did it, when, and how it is known."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, fields
from functools import cache
from typing import Any
from uuid import UUID

from casework.errors import Invalid

from .documents import Document, read_date, read_frequent_uuid, read_list, read_text, read_uuid, unreadable
from .folding import clean_line, clean_text
from .messages import N_
from .moments import Moment
from .vocabulary import NOT_ASKED, code_list

LIST_OF = {
    "contact": "contact_type",
    "status_surfaced": "status_surfaced",
    "referral": "referral_type",
    "cbsa_action": "cbsa_action",
    "consequence": "consequence",
}
"""The kinds of acts in the order of the pathway, each with the code list that says which one it was."""

KINDS = tuple(LIST_OF)

MOST_ACTS = 100
"""How many acts an incident may have."""

CODED = {"by": "actor", "source": "source_kind", "reliability": "source_reliability"}
"""What else is coded of an act, each with its code list."""

_KEYS = frozenset(
    {"id", "kind", "code", "when", "people", *CODED, "version", "added_on", "added_by", "removed_on"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One step. `people` are whom it concerned, `by` who did it, `source` who or what tells of it.

    `version` counts its changes, from 1. A removed one stays for a while, so that it can be brought back.
    """

    id: UUID
    kind: str
    code: str
    when: Moment
    people: tuple[UUID, ...] = ()
    by: str = NOT_ASKED
    source: str = NOT_ASKED
    reliability: str = NOT_ASKED
    version: int = 1
    added_on: dt.date
    added_by: UUID
    removed_on: dt.date | None = None

    @property
    def list_name(self) -> str:
        """The code list of its code."""
        return LIST_OF[self.kind]

    def to_document(self) -> Document:
        """Give its part of the incident's coded document."""
        return {
            "id": self.id.hex,
            "kind": self.kind,
            "code": self.code,
            "when": self.when.encode(),
            "people": [person.hex for person in self.people],
            "by": self.by,
            "source": self.source,
            "reliability": self.reliability,
            "version": self.version,
            "added_on": self.added_on.isoformat(),
            "added_by": self.added_by.hex,
            "removed_on": self.removed_on.isoformat() if self.removed_on else None,
        }


@dataclass(frozen=True, slots=True, repr=False)
class ActTexts:
    """What is known of an act in words: the officer's name, badge, unit and plate; what was done and said."""

    officer: str = ""
    badge: str = ""
    unit: str = ""
    plate: str = ""
    said: str = ""

    def __post_init__(self) -> None:
        """Tidy what was typed; `Invalid` when it cannot be kept."""
        for name in ("officer", "badge", "unit", "plate"):
            object.__setattr__(self, name, clean_line(getattr(self, name), name))
        object.__setattr__(self, "said", clean_text(self.said, "said"))

    @property
    def words(self) -> tuple[str, ...]:
        """All that is told, in the order of the fields."""
        return self.officer, self.badge, self.unit, self.plate, self.said

    def to_document(self, act_id: UUID) -> Document:
        """Give its part of the incident's narrative document."""
        return {"act": act_id.hex, **{text.name: getattr(self, text.name) for text in fields(self)}}


NO_TEXTS = ActTexts()


def validate_act(act: Act, today: dt.date, people: Collection[UUID]) -> None:
    """Raise `Invalid`, naming every field that is wrong, unless `act` may be recorded.

    What it was has to be said, `unknown` included; it lies no later than `today`; `people` are those of the
    case. The fault of a kind or code is named `what`.
    """
    faults: dict[str, str] = {}
    if act.kind not in LIST_OF or act.code not in code_list(act.list_name) or act.code == NOT_ASKED:
        faults["what"] = N_("Choose what happened, or “Unknown” in its group.")
    span = act.when.date.span()
    if span is not None and span[0] > today:
        faults["date"] = N_("Give a date that is not in the future.")
    if len(set(act.people)) < len(act.people) or not set(act.people) <= set(people):
        faults["people"] = N_("Choose among the people of this case.")
    for name, list_name in CODED.items():
        if getattr(act, name) not in code_list(list_name):
            faults[name] = N_("Choose one of the listed answers.")
    if faults:
        raise Invalid(**faults)


def read_act(entry: Any) -> Act:
    """Read what `Act.to_document` gave; raises `Invalid`, `KeyError`, `TypeError` or `ValueError`."""
    if type(entry) is not dict or entry.keys() != _KEYS:
        raise unreadable()
    kind, version, removed = entry["kind"], entry["version"], entry["removed_on"]
    if type(version) is not int or version < 1:
        raise unreadable()
    people = tuple([read_uuid(person) for person in read_list(entry["people"])])
    return Act(
        id=read_uuid(entry["id"]),
        kind=kind,
        code=_shared(LIST_OF[kind])[entry["code"]],
        when=_read_moment(entry["when"]),
        people=people,
        version=version,
        added_on=read_date(entry["added_on"]),
        added_by=read_frequent_uuid(entry["added_by"]),
        removed_on=None if removed is None else read_date(removed),
        **{name: _shared(list_name)[entry[name]] for name, list_name in CODED.items()},
    )


def read_texts(entry: Any) -> tuple[UUID, ActTexts]:
    """Read what `ActTexts.to_document` gave; raises as `read_act`. The caller checks that it was tidy."""
    names = [text.name for text in fields(ActTexts)]
    if type(entry) is not dict or entry.keys() != {"act", *names}:
        raise unreadable()
    return read_uuid(entry["act"]), ActTexts(*(read_text(entry, name) for name in names))


def _read_moment(text: Any) -> Moment:
    if type(text) is not str:
        raise unreadable()
    moment = Moment.parse(text)
    if moment.encode() != text:
        raise unreadable()
    return moment


@cache
def _shared(list_name: str) -> dict[str, str]:
    """Give the table by which a document's code becomes the one shared string for it."""
    return {code: code for code in code_list(list_name).codes}
