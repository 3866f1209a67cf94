"""What follows in some of the demonstration's cases: clocks that run today, tasks that are due, notes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from casework.domain.case import OPEN
from casework.domain.followup import DETENTION, RELEASE, REVIEW, FollowUpTexts, places_of_detention
from casework.domain.moments import Moment
from casework.domain.permissions import Role
from casework.services.books import FactBook, OpenedCase
from casework.services.context import Context
from casework.services.demonstration.sources import follow_ups
from casework.services.followups.writing import FollowUpDraft, add_follow_up, tick_off
from casework.store.followups import count_follow_ups, list_follow_ups

Block = Mapping[str, Any]
"""What follows in one case, as data/follow_ups.toml has it."""


def follow_cases(contexts: Mapping[Role, Context]) -> None:
    """Add what is not there yet, each as the member who accompanies the case.

    A case in which something follows already stays as it is.
    """
    for role, blocks in follow_ups().items():
        context = contexts[Role(role)]
        for case, block in _match(context, blocks):
            if not list_follow_ups(case.id):
                _Follower(context, case.id).follow(block)


def is_followed() -> bool:
    """Return whether as much follows in the cases as the demonstration has."""
    blocks = [block for of_role in follow_ups().values() for block in of_role]
    wanted = sum("detained" in block for block in blocks) + sum("released_hours" in block for block in blocks)
    wanted += sum(len(block.get(name, ())) for block in blocks for name in ("notes", "reviews", "tasks"))
    return count_follow_ups() >= wanted


def _match(context: Context, blocks: Sequence[Block]) -> Iterator[tuple[OpenedCase, Block]]:
    """Give each block a case, the newest first; a detention one whose incident tells of it, if it can be."""
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    mine = [case for case in _newest(facts) if case.facts.responsible == context.member_id]
    told = [case for case in mine if _tells_of_detention(facts, case.id)]
    others = [case for case in mine if case not in told]
    for block in blocks:
        began = context.runtime.today() + _began(block)
        fitting = [*told, *others] if "detained" in block else others
        case = next((case for case in fitting if _newest_day(facts, case.id) <= began), None)
        if case:
            (told if case in told else others).remove(case)
            yield case, block


def _began(block: Block) -> timedelta:
    """Tell how long ago the detention began, negative."""
    return timedelta(hours=block.get("detained_hours", 24 * block.get("detained_day", 0)))


def _newest_day(facts: FactBook, case_id: UUID) -> date:
    span = facts.incidents_by_case[case_id][-1].facts.date.span()
    return span[0] if span else date.min


def _newest(facts: FactBook) -> Iterator[OpenedCase]:
    cases = dict.fromkeys(incident.case_id for incident in facts.incidents_by_date)
    for case in (facts.cases[case_id] for case_id in cases):
        if case.facts.status == OPEN and not case.team_only:
            yield case


def _tells_of_detention(facts: FactBook, case_id: UUID) -> bool:
    newest = facts.incidents_by_case[case_id][-1].facts
    return bool(set(newest.cbsa_actions) & set(places_of_detention()))


class _Follower:
    def __init__(self, context: Context, case_id: UUID) -> None:
        self._context, self._case_id = context, case_id
        book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
        people = book.people_by_case.get(case_id, ())
        self._person = min((person.id for person in people), default=None)

    def follow(self, block: Block) -> None:
        """Add all of a block."""
        detention = self._detain(block) if "detained" in block else None
        for review in block.get("reviews", ()):
            self._add(REVIEW, review, when=self._at(review), outcome=review["outcome"], detention=detention)
        if "released_hours" in block:
            self._add(RELEASE, {}, when=self._hours(block["released_hours"]), detention=detention)
        for note in block.get("notes", ()):
            self._add(note["kind"], note, when=self._at(note))
        for task in block.get("tasks", ()):
            added = self._add(task["kind"], task, due=self._due(task))
            if task.get("done"):
                tick_off(self._context, self._case_id, added)

    def _detain(self, block: Block) -> UUID:
        day = block.get("detained_day")
        when = self._hours(block["detained_hours"]) if day is None else self._day(day)
        return self._add(DETENTION, {}, when=when, place=block["detained"], person=self._person)

    def _add(self, kind: str, texts: Block, **facts: Any) -> UUID:
        said = FollowUpTexts(*(texts.get(name, "") for name in ("title", "words", "rule")))
        return add_follow_up(self._context, self._case_id, FollowUpDraft(kind=kind, texts=said, **facts))

    def _due(self, task: Block) -> Moment | None:
        if "due_hours" in task:
            return self._hours(task["due_hours"])
        return self._day(task["due_day"]) if "due_day" in task else None

    def _at(self, entry: Block) -> Moment:
        return self._hours(entry["hours"])

    def _hours(self, hours: float) -> Moment:
        """Give the moment so many hours from now, to five minutes, as a clock there shows it."""
        runtime = self._context.runtime
        local = (runtime.now() + timedelta(hours=hours)).astimezone(runtime.timezone)
        return Moment.on(local.date(), time(local.hour, local.minute // 5 * 5))

    def _day(self, days: int) -> Moment:
        return Moment.on(self._context.runtime.today() + timedelta(days=days))
