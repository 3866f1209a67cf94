"""Which patterns the rules propose for which incidents, as long as nobody has decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from casework.domain.pattern import ACTIVE
from casework.domain.permissions import Permission
from casework.services.access import list_hidden
from casework.services.arranging import age
from casework.services.books import FactBook, OpenedIncident
from casework.services.chunked import Chunked
from casework.services.context import Context
from casework.services.patterns import PatternView

Rules = tuple[PatternView, ...]
Place = tuple[tuple[object, ...], int]
"""Where a proposal stands: the older its incident, the smaller; of one incident the first pattern is last."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pattern that is proposed for an incident; every account of an incident has its own."""

    incident: OpenedIncident
    pattern: PatternView
    place: Place


def list_waiting(context: Context, views: Sequence[PatternView], of: UUID | None = None) -> list[Waiting]:
    """Return what waits in the cases that the member may know of, newest incident first.

    `views` are all patterns, in any order; `of` keeps one. Raises Forbidden.
    """
    context.require(Permission.READ_CASES)
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    hidden, rules = list_hidden(context, book), list_rules(views)
    places = {view.id: at for at, view in enumerate(rules)}
    waiting = []
    for incident_id, proposed in book.carry(_carry).under(rules).items():
        incident = book.incidents[incident_id]
        if incident.case_id in hidden or incident.case_id not in book.cases:
            continue
        for view in proposed:
            if of in (None, view.id):
                waiting.append(Waiting(incident, view, (age(incident), -places[view.id])))
    return sorted(waiting, key=lambda one: one.place, reverse=True)


def find_place(context: Context, views: Sequence[PatternView], incident_id: UUID, pattern_id: UUID) -> Place:
    """Return where a proposal stands, or stood; before all others where nobody knows of it any more."""
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    places = {view.id: at for at, view in enumerate(list_rules(views))}
    incident = book.incidents.get(incident_id)
    if incident is None or incident.case_id in list_hidden(context, book):
        return (True, (1 << 31, 1 << 31), context.runtime.today(), 1 << 128), 0
    return age(incident), -places.get(pattern_id, -1)


def list_rules(views: Iterable[PatternView]) -> Rules:
    """Return the patterns that may propose themselves, in an order that stays."""
    able = (view for view in views if view.definition.rule and view.definition.status == ACTIVE)
    return tuple(sorted(able, key=lambda view: view.id.int))


class Proposed:
    """What rules hold of in one snapshot; the last few sets of rules are kept."""

    def __init__(self, book: FactBook, known: Mapping[Rules, Mapping[UUID, Rules]]) -> None:
        self._incidents = book.incidents
        self._known = dict(known)

    def under(self, rules: Rules) -> Mapping[UUID, Rules]:
        """Return by incident what is proposed; incidents of nothing are left out."""
        if rules not in self._known:
            self._known = {rules: propose(rules, self._incidents.values())}
        return self._known[rules]

    def carried_to(self, book: FactBook, changed: Iterable[UUID]) -> "Proposed":
        """Return the same for a later snapshot, in which only these incidents differ."""
        gone, known = frozenset(changed), {}
        standing = [book.incidents[one] for one in gone if one in book.incidents]
        for rules, proposed in self._known.items():
            kept = {one: views for one, views in proposed.items() if one not in gone}
            known[rules] = kept | propose(rules, standing)
        return Proposed(book, known)


def propose(rules: Rules, incidents: Iterable[OpenedIncident]) -> dict[UUID, Rules]:
    """Return by incident what the rules propose for it, where they propose anything."""
    found = (
        (one.id, tuple([view for view in rules if view.is_proposed_for(one.facts)])) for one in incidents
    )
    return {incident_id: views for incident_id, views in found if views}


def _carry(book: FactBook, earlier: FactBook | None, before: Proposed | None) -> Proposed:
    if earlier is None or before is None:
        return Proposed(book, {})
    changed = Chunked.of(book.incidents).differing(Chunked.of(earlier.incidents))
    return before.carried_to(book, changed)
