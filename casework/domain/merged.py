"""What a person's coded document says of a merge: of which records one was made, and which lie aside."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from .coded import read_answers
from .documents import Document, read_date, read_list, read_uuid, unreadable
from .incident import Participation

_MERGED_KEYS = frozenset({"of", "on", "by", "version", "twin", "incidents", "follow_ups"})
_INCIDENT_KEYS = frozenset({"incident", "participations", "acts"})
_PARTICIPATION_KEYS = frozenset({"person", "roles"})
_ACT_KEYS = frozenset({"act", "people"})
_FOLLOW_UP_KEYS = frozenset({"follow_up", "person"})
_ASIDE_KEYS = frozenset({"on", "into"})


@dataclass(frozen=True, slots=True)
class IncidentBefore:
    """Whom an incident named before a merge, and whom those of its acts that the merge changed."""

    incident_id: UUID
    participations: tuple[Participation, ...]
    acts: tuple[tuple[UUID, tuple[UUID, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUpBefore:
    """Whom a follow-up named before a merge."""

    follow_up_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The merge that a record came from: `of` which records of its case, when, by whom.

    `version` is the row's for as long as nobody has changed the record. `twin` is the record that the same
    merge made in another case. The rest is what undoing puts back.
    """

    of: tuple[UUID, ...]
    on: date
    by: UUID
    version: int
    twin: UUID | None = None
    incidents: tuple[IncidentBefore, ...] = ()
    follow_ups: tuple[FollowUpBefore, ...] = ()

    def to_document(self) -> Document:
        """Give the plain form."""
        return {
            "of": [person.hex for person in self.of],
            "on": self.on.isoformat(),
            "by": self.by.hex,
            "version": self.version,
            "twin": self.twin.hex if self.twin else None,
            "incidents": [_write_incident(before) for before in self.incidents],
            "follow_ups": [
                {"follow_up": one.follow_up_id.hex, "person": one.person_id.hex} for one in self.follow_ups
            ],
        }


@dataclass(frozen=True, slots=True)
class Aside:
    """Since when a record lies aside; `into` is the one that stands for it, None where a merge was undone."""

    on: date
    into: UUID | None

    def to_document(self) -> Document:
        """Give the plain form."""
        return {"on": self.on.isoformat(), "into": self.into.hex if self.into else None}


def read_merged(entry: Any) -> Merged | None:
    """Read what `Merged.to_document` gave, or None; raises as `PersonFacts.from_document` catches."""
    if entry is None:
        return None
    _require(entry, _MERGED_KEYS)
    return Merged(
        of=tuple([read_uuid(one) for one in read_list(entry["of"])]),
        on=read_date(entry["on"]),
        by=read_uuid(entry["by"]),
        version=_version(entry),
        twin=None if entry["twin"] is None else read_uuid(entry["twin"]),
        incidents=tuple([_read_incident(one) for one in read_list(entry["incidents"])]),
        follow_ups=tuple([_read_follow_up(one) for one in read_list(entry["follow_ups"])]),
    )


def read_aside(entry: Any) -> Aside | None:
    """Read what `Aside.to_document` gave, or None; raises as `read_merged`."""
    if entry is None:
        return None
    _require(entry, _ASIDE_KEYS)
    return Aside(read_date(entry["on"]), None if entry["into"] is None else read_uuid(entry["into"]))


def _write_incident(before: IncidentBefore) -> Document:
    return {
        "incident": before.incident_id.hex,
        "participations": [
            {"person": one.person_id.hex, "roles": list(one.roles)} for one in before.participations
        ],
        "acts": [
            {"act": act_id.hex, "people": [person.hex for person in people]} for act_id, people in before.acts
        ],
    }


def _read_incident(entry: Any) -> IncidentBefore:
    _require(entry, _INCIDENT_KEYS)
    participations, acts = [], []
    for part in read_list(entry["participations"]):
        _require(part, _PARTICIPATION_KEYS)
        roles = read_answers("roles", *read_list(part["roles"]))
        participations.append(Participation(read_uuid(part["person"]), roles))
    for act in read_list(entry["acts"]):
        _require(act, _ACT_KEYS)
        people = tuple([read_uuid(person) for person in read_list(act["people"])])
        acts.append((read_uuid(act["act"]), people))
    return IncidentBefore(read_uuid(entry["incident"]), tuple(participations), tuple(acts))


def _read_follow_up(entry: Any) -> FollowUpBefore:
    _require(entry, _FOLLOW_UP_KEYS)
    return FollowUpBefore(read_uuid(entry["follow_up"]), read_uuid(entry["person"]))


def _version(entry: Any) -> int:
    version = entry["version"]
    if type(version) is not int or version < 1:
        raise unreadable()
    return version


def _require(entry: Any, keys: frozenset[str]) -> None:
    if type(entry) is not dict or entry.keys() != keys:
        raise unreadable()
