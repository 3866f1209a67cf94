"""What is due, for whom: tasks, hearings and detention reviews of every case that the member may open."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from casework.domain.clocks import DueReview
from casework.domain.followup import FollowUpFacts
from casework.domain.permissions import Permission, Role
from casework.services.access import find_readers, may_another_open, may_see
from casework.services.books import FactBook, OpenedCase
from casework.services.context import Context
from casework.services.followups.book import Due, FollowUpBook
from casework.services.followups.titles import open_own_titles
from casework.services.mine import list_mine
from casework.services.restricted.texts import add_own_texts

SOON = timedelta(hours=48)
WEEK = timedelta(days=7)
MOST = 30
"""How many lines of each group are shown before somebody asks for all; reviews always are."""


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """Something due. `review` is set for a detention's clock; `due_at` None for a task without a date.

    `names` are the person whom it is about, or all of the case; `owner` who sees to it.
    """

    id: UUID
    case_id: UUID
    reference: str
    names: tuple[str, ...]
    facts: FollowUpFacts
    version: int
    title: str
    due_at: datetime | None
    review: DueReview | None
    owner: UUID


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is due, the soonest first: late, in the next 48 hours, in the next seven days, at no date.

    `now` is when this was so; `more` how many lines were left out of groups that have more than MOST;
    `later` how many are due after these days.
    """

    now: datetime
    is_everybodys: bool
    overdue: Sequence[AgendaLine]
    soon: Sequence[AgendaLine]
    week: Sequence[AgendaLine]
    undated: Sequence[AgendaLine]
    later: int
    more: int
    damaged: int


class _Due(NamedTuple):
    """Something due, before names and titles are looked up."""

    id: UUID
    case: OpenedCase
    facts: FollowUpFacts
    version: int
    due_at: datetime | None
    review: DueReview | None


def look_ahead(context: Context, everybodys: bool = False, whole: bool = False) -> Agenda:
    """Gather what is due: the member's own, or `everybodys` in the cases that the member may open.

    Long groups are cut, unless the `whole` is asked for.
    """
    context.require(Permission.READ_CASES)
    book = context.runtime.casebook.follow_ups(context.keyring, context.runtime.now_seconds())
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    now = context.runtime.now()
    rights = _Rights(context)
    cases = None if everybodys else _find_near(context, facts, book)
    found = [due for due in _due(rights, facts, book, cases) if everybodys or rights.is_mine(due)]
    groups: dict[str, list[_Due]] = {name: [] for name in ("overdue", "soon", "week", "undated", "later")}
    for due in found:
        groups[_group(due, now)].append(due)
    later = len(groups.pop("later"))
    for group in groups.values():
        group.sort(key=lambda due: (due.due_at or now, due.review is None, due.id.int))
    kept = groups if whole else {name: _cut(group) for name, group in groups.items()}
    lines = _Lines(context, rights, facts, book, [due for group in kept.values() for due in group])
    shown = {name: [lines.line(due) for due in group] for name, group in kept.items()}
    more = len(found) - later - sum(map(len, kept.values()))
    damaged = sum(
        case_id in facts.cases and may_see(context, facts.cases[case_id]) for case_id in book.damaged.values()
    )
    return Agenda(now=now, is_everybodys=everybodys, later=later, more=more, damaged=damaged, **shown)


class _Rights:
    """Who may see a case, and who sees to what is due in it; asked once for all cases that are alike."""

    def __init__(self, context: Context) -> None:
        self.zone = context.runtime.timezone
        self._context = context
        self._seen: dict[tuple[object, ...], bool] = {}
        self._able: dict[tuple[object, ...], bool] = {}

    def may_see(self, case: OpenedCase) -> bool:
        """Return whether the member may know of this case."""
        if not (case.team_only or case.restricted):
            return True
        alike = case.team_only, case.restricted, case.team
        if alike not in self._seen:
            self._seen[alike] = may_see(self._context, case)
        return self._seen[alike]

    def is_mine(self, due: _Due) -> bool:
        """Return whether the member sees to it."""
        owner = self.owner_of(due.case, due.facts)
        if owner == self._context.member_id:
            return True
        # What nobody sees to any more is everybody's who coordinates: no clock runs unseen.
        return Role.COORDINATOR in self._context.roles and not self._may_open(owner, due.case)

    def owner_of(self, case: OpenedCase, facts: FollowUpFacts) -> UUID:
        """Return who sees to it: whom it is assigned to, if they may open the case, or who accompanies it."""
        assigned = facts.assigned_to
        return assigned if assigned and self._may_open(assigned, case) else case.facts.responsible

    def _may_open(self, member_id: UUID, case: OpenedCase) -> bool:
        alike = member_id, case.team_only, case.restricted, case.team
        if alike not in self._able:
            self._able[alike] = may_another_open(
                self._context, member_id, case.team_only, case.team, case.restricted
            )
        return self._able[alike]


def _find_near(context: Context, facts: FactBook, book: FollowUpBook) -> Set[int]:
    """Return the numbers of the cases in which something may be the member's to see to: a few of all.

    It may be where the case is their own, where something is assigned to them or to who is gone, where not
    everybody may open the case; and for who coordinates, where nobody accompanies it any more.
    """
    able = find_readers(context)
    near = set(list_mine(context, facts)).union(*facts.groups.guarded.values())
    for one in book.to_do.values():
        assigned = one.facts.assigned_to
        if assigned and (assigned == context.member_id or assigned.int not in able):
            near.add(one.case_id.int)
    if Role.COORDINATOR in context.roles:
        for standing, group in facts.groups.standing.items():
            if standing.responsible.int not in able:
                near.update(group)
    return near


def _due(
    rights: _Rights, facts: FactBook, book: FollowUpBook, cases: Set[int] | None = None
) -> Iterator[_Due]:
    """Yield what is due that the member may see, in these cases only, where they are given."""
    zone = rights.zone
    deadlines: Iterable[Due] = book.deadlines(zone).values()
    if cases is not None:  # of many a few: one by one, this generator would take three times as long
        deadlines = [due for due in deadlines if due[0] in cases]
    for _number, one, due_at in deadlines:
        case = facts.cases.get(one.case_id)
        if case and rights.may_see(case):
            yield _Due(one.id, case, one.facts, one.version, due_at, None)
    for one, review in book.reviews(zone):
        case = facts.cases.get(one.case_id)
        if case and rights.may_see(case):
            yield _Due(one.id, case, one.facts, one.version, review.due_at, review)


def _group(due: _Due, now: datetime) -> str:
    if due.due_at is None:
        return "undated"
    if due.due_at <= now:
        return "overdue"
    if due.due_at <= now + SOON:
        return "soon"
    return "week" if due.due_at <= now + WEEK else "later"


def _cut(group: Sequence[_Due]) -> list[_Due]:
    """Leave out what comes last, but never a review: no clock runs unseen."""
    room = max(0, MOST - sum(due.review is not None for due in group))
    others = {due.id for due in [due for due in group if due.review is None][:room]}
    return [due for due in group if due.review is not None or due.id in others]


class _Lines:
    """Names and titles for what is shown, those of the member's restricted cases among them."""

    def __init__(
        self,
        context: Context,
        rights: _Rights,
        facts: FactBook,
        book: FollowUpBook,
        shown: Sequence[_Due],
    ) -> None:
        texts = context.runtime.casebook.texts(context.keyring, context.runtime.now_seconds())
        cases = {due.case.id for due in shown}
        self._names = add_own_texts(context, facts, texts, cases).names
        restricted = {due.case.id for due in shown if due.case.restricted}
        self._titles, self._own = book.titles, open_own_titles(context, restricted) if restricted else {}
        self._rights, self._facts = rights, facts

    def line(self, due: _Due) -> AgendaLine:
        """Describe it."""
        people = self._facts.people_as_told(due.case.id)
        about = [person.id for person in people if due.facts.person in (None, person.id)]
        return AgendaLine(
            id=due.id,
            case_id=due.case.id,
            reference=due.case.facts.reference,
            names=tuple(filter(None, (self._names.get(person_id, "") for person_id in about))),
            facts=due.facts,
            version=due.version,
            title=self._own.get(due.id) or self._titles.get(due.id, ""),
            due_at=due.due_at,
            review=due.review,
            owner=self._rights.owner_of(due.case, due.facts),
        )
