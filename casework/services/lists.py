"""Lists of cases and incidents, filtered and searched in memory over what the member may see."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import chain, islice
from operator import attrgetter
from typing import Generic, TypeVar
from uuid import UUID

from casework.domain.case import CaseFacts
from casework.domain.counting import Counted, how_counted
from casework.domain.incident import IncidentFacts
from casework.domain.pathway import steps_reached
from casework.domain.permissions import Permission
from casework.domain.vocabulary import PSEUDO_CODES
from casework.services.access import list_hidden
from casework.services.accounts.doubts import list_doubts
from casework.services.arranging import leave_out
from casework.services.books import FactBook, OpenedIncident, TextBook
from casework.services.context import Context
from casework.services.followups.titles import listen
from casework.services.matching import Matches, Shown, match
from casework.services.mine import list_mine
from casework.services.restricted.texts import add_own_texts

Line = TypeVar("Line")

PAGE_SIZE = 50
_RECENT = 500
_FEW_HIDDEN = 100
"""The incidents of so few cases are taken out one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list shows; an empty field does not narrow it. `mine` keeps the cases that are the member's.

    `status` keeps those that are open, or closed.
    """

    mine: bool = True
    first_day: date | None = None
    last_day: date | None = None
    police_service: str = ""
    contact_group: str = ""
    pattern: UUID | None = None
    text: str = ""
    status: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page(Generic[Line]):
    """One page of a list; `number` counts from 1, `damaged` the records that could not be opened for it.

    Those that fit a search only by a similar name come last: `exact` is how many of all `total` come before.
    """

    lines: Sequence[Line]
    number: int
    page_count: int
    total: int
    damaged: int
    exact: int

    @property
    def exact_here(self) -> int:
        """How many lines of this page come before those of similar names."""
        return min(max(0, self.exact - (self.number - 1) * PAGE_SIZE), len(self.lines))


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident in a list."""

    id: UUID
    case_id: UUID
    reference: str
    names: tuple[str, ...]
    facts: IncidentFacts
    steps: tuple[bool, ...]
    counted: Counted | None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list, with its newest incident, if it has one.

    `counted` is how much of it may be counted in statistics, None where there is no incident.
    """

    id: UUID
    facts: CaseFacts
    names: tuple[str, ...]
    latest: IncidentFacts | None
    steps: tuple[bool, ...]
    team_only: bool
    restricted: bool
    counted: Counted | None


def list_incidents(context: Context, wanted: Filter, whole: bool = False) -> Page[IncidentLine]:
    """Return a page of the incidents that fit, newest first; `whole` makes all of them one page."""
    context.require(Permission.READ_CASES)
    facts, texts = _books(context, wanted)
    fitting = _fitting(context, wanted, facts, texts)
    found = fitting.exact + fitting.similar
    shown = _show(context, facts, texts, found, 0 if whole else wanted.page)
    return replace(shown, exact=len(fitting.exact))


def show_incidents(context: Context, found: Sequence[OpenedIncident], page: int) -> Page[IncidentLine]:
    """Return a page of incidents that are open to the member, in this order; page 0 has all of them."""
    facts, texts = context.runtime.casebook.both(context.keyring, context.runtime.now_seconds())
    # They may have been found in an earlier book than this one.
    standing = [one for one in found if one.case_id in facts.cases]
    return _show(context, facts, texts, standing, page)


def _show(
    context: Context, facts: FactBook, texts: TextBook, found: Sequence[OpenedIncident], page: int
) -> Page[IncidentLine]:
    """Return a page of incidents that all stand in this book."""
    lines, number, pages = _cut(found, page) if page else (found, 1, 1)
    texts = add_own_texts(context, facts, texts, {incident.case_id for incident in lines})
    shown = [_incident_line(facts, texts, one) for one in lines if one.id not in texts.damaged]
    return Page(shown, number, pages, len(found), len(facts.damaged | texts.damaged), len(found))


def list_cases(context: Context, wanted: Filter, whole: bool = False) -> Page[CaseLine]:
    """Return a page of the cases with an incident that fits, the one with the newest first.

    Without a filter on incidents the cases that have none come too, last. `whole` makes all of them one page.
    """
    context.require(Permission.READ_CASES)
    facts, texts = _books(context, wanted)
    found, exact = _find_cases(context, wanted, facts, texts)
    lines, number, pages = (found, 1, 1) if whole else _cut(found, wanted.page)
    texts = add_own_texts(context, facts, texts, lines)
    shown = [_case_line(facts, texts, case_id) for case_id in lines]
    return Page(shown, number, pages, len(found), len(facts.damaged | texts.damaged), exact)


def list_exact_cases(context: Context, wanted: Filter) -> Sequence[UUID]:
    """Return every case that `list_cases` would show, on all pages, without those of similar names."""
    context.require(Permission.READ_CASES)
    found, exact = _find_cases(context, wanted, *_books(context, wanted))
    return found[:exact]


def list_frequent(context: Context, field: str, count: int) -> tuple[str, ...]:
    """Return the codes that the newest incidents answer a single-valued field with, the commonest first."""
    context.require(Permission.READ_CASES)
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    hidden = list_hidden(context, facts)
    newest = (incident.facts for incident in facts.incidents_by_date if incident.case_id not in hidden)
    given = Counter(getattr(incident, field) for incident in islice(newest, _RECENT))
    return tuple(code for code, _times in given.most_common() if code not in PSEUDO_CODES)[:count]


def _find_cases(context: Context, wanted: Filter, facts: FactBook, texts: TextBook) -> tuple[list[UUID], int]:
    """Return the cases that fit, and how many of them come before those of similar names."""
    if not _narrows(wanted):
        found = _Only(context, wanted, facts).keep(facts.cases_by_date)
        return found, len(found)
    fitting = _fitting(context, wanted, facts, texts)
    sure = dict.fromkeys(one.case_id for one in fitting.exact)
    return list(sure | dict.fromkeys(one.case_id for one in fitting.similar)), len(sure)


def _books(context: Context, wanted: Filter) -> tuple[FactBook, TextBook]:
    """Return the books; with the texts of all that the member is named in only where a search needs them."""
    facts, texts = context.runtime.casebook.both(context.keyring, context.runtime.now_seconds())
    return facts, add_own_texts(context, facts, texts) if wanted.text else texts


def _narrows(wanted: Filter) -> bool:
    return any(
        (
            wanted.first_day,
            wanted.last_day,
            wanted.police_service,
            wanted.contact_group,
            wanted.pattern,
            wanted.text,
        )
    )


def _fitting(context: Context, wanted: Filter, facts: FactBook, texts: TextBook) -> Matches:
    only = _Only(context, wanted, facts)
    narrows = _narrows(replace(wanted, text=""))

    def list_all() -> list[OpenedIncident]:
        found = only.list_incidents(facts)
        if texts.damaged:
            found = [incident for incident in found if incident.id not in texts.damaged]
        return [incident for incident in found if _fits(incident.facts, wanted)] if narrows else found

    def has(incident: OpenedIncident) -> bool:
        is_shown = only.has(incident.case_id.int) and incident.id not in texts.damaged
        return is_shown and _fits(incident.facts, wanted)

    if not wanted.text:
        return Matches(list_all(), [])
    return match(wanted.text, Shown(cache(list_all), has), facts, texts, listen(context, facts))


class _Only:
    """The cases that the member may know of, and wants to, by number."""

    def __init__(self, context: Context, wanted: Filter, facts: FactBook) -> None:
        self._hidden = {case_id.int for case_id in list_hidden(context, facts)}
        self._mine = list_mine(context, facts) - self._hidden if wanted.mine else None
        groups = facts.groups.standing.items()
        standing = (group for alike, group in groups if alike.status == wanted.status)
        self._standing = set[int]().union(*standing) if wanted.status else None

    def has(self, case: int) -> bool:
        """Return whether a case is one of them."""
        is_mine = self._mine is None or case in self._mine
        return is_mine and case not in self._hidden and (self._standing is None or case in self._standing)

    def list_incidents(self, facts: FactBook) -> list[OpenedIncident]:
        """Return the incidents of these cases, newest first."""
        if self._mine is not None or self._standing is not None or len(self._hidden) > _FEW_HIDDEN:
            return self.keep(facts.incidents_by_date, "case_id")
        told = facts.incidents_by_case
        hidden = chain.from_iterable(told.get(UUID(int=case), ()) for case in self._hidden)
        return leave_out(facts.orders.incidents, hidden)[::-1]

    def keep(self, order: Iterable[Line], case_of: str = "") -> list[Line]:
        """Return those in order whose case is one of them.

        `case_of` names where the case's id stands in one of them; empty where they are such ids. All are told
        apart by number: to look up the ids themselves takes several times as long.
        """
        number = attrgetter(f"{case_of}.int" if case_of else "int")
        if self._standing is not None:
            standing = self._standing
            order = (one for one in order if number(one) in standing)
        if self._mine is not None:
            mine = self._mine
            return [one for one in order if number(one) in mine]
        hidden = self._hidden
        return [one for one in order if number(one) not in hidden] if hidden else list(order)


def _fits(facts: IncidentFacts, wanted: Filter) -> bool:
    if wanted.police_service and facts.police_service != wanted.police_service:
        return False
    if wanted.contact_group and facts.contact_group != wanted.contact_group:
        return False
    if wanted.pattern and wanted.pattern not in facts.patterns:
        return False
    if wanted.first_day or wanted.last_day:
        span = facts.date.span()
        if span is None:
            return False
        # A vague date fits when it may lie in the period.
        if wanted.first_day and span[1] < wanted.first_day:
            return False
        if wanted.last_day and span[0] > wanted.last_day:
            return False
    return True


def _cut(found: Sequence[Line], page: int) -> tuple[Sequence[Line], int, int]:
    pages = max(1, -(-len(found) // PAGE_SIZE))
    number = min(max(1, page), pages)
    return found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, pages


def _incident_line(facts: FactBook, texts: TextBook, incident: OpenedIncident) -> IncidentLine:
    names = tuple(texts.names.get(p.person_id, "") for p in incident.facts.participations)
    case = facts.cases[incident.case_id]
    steps, counted = steps_reached(incident.facts), _how_counted(facts, case.id, [incident])
    return IncidentLine(incident.id, case.id, case.facts.reference, names, incident.facts, steps, counted)


def _case_line(facts: FactBook, texts: TextBook, case_id: UUID) -> CaseLine:
    case, incidents = facts.cases[case_id], facts.incidents_by_case.get(case_id, ())
    names = tuple(texts.names.get(person.id, "") for person in facts.people_as_told(case_id))
    reached = [steps_reached(incident.facts) for incident in incidents]
    steps = tuple(any(step) for step in zip(*reached, strict=True)) if reached else ()
    latest = incidents[-1].facts if incidents else None
    counted = _how_counted(facts, case_id, incidents)
    return CaseLine(case_id, case.facts, names, latest, steps, case.team_only, case.restricted, counted)


def _how_counted(facts: FactBook, case_id: UUID, incidents: Iterable[OpenedIncident]) -> Counted | None:
    people = {
        person.id: person.facts
        for person in facts.people_by_case.get(case_id, ())
        if person.id not in list_doubts(facts)
    }
    return how_counted((incident.facts for incident in incidents), people)
