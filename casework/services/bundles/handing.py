"""Handing many cases over to one member: only where that gives nobody a case which was not theirs to open."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from casework.domain.documents import Document, read_uuid
from casework.domain.permissions import Permission, Role, may
from casework.services import records
from casework.services.access import get_case_row, team_of
from casework.services.books import FactBook, OpenedCase
from casework.services.bundles.deeds import Item, Reverse, Stay
from casework.services.cases import give_case, require_accompanier
from casework.services.context import Context
from casework.services.transactions import Transaction
from casework.store.cases import Case
from casework.vault.rosterentry import ACTIVE, RosterMember
from casework.vault.rosterstate import RosterState

KIND = "hand_over"


@dataclass(frozen=True)
class Handing:
    """Let one member accompany the cases.

    A team's case does not take them into its team on the way, as handing over a single one does: what many
    cases together give away nobody looks at one by one. Nor does a closed case open.
    """

    to: UUID
    roster: RosterState
    kind = KIND
    event = "cases.handed_over"
    permission = Permission.EDIT_CASES

    @property
    def about(self) -> Mapping[str, str]:
        """Who was to accompany them."""
        return {"to": self.to.hex}

    @cached_property
    def _member(self) -> RosterMember | None:
        return self.roster.members.get(self.to)

    def check(self, context: Context) -> None:
        """Raise Invalid naming `to` for somebody who may open no case."""
        require_accompanier(context, self.to)

    def weigh(self, facts: FactBook, case: OpenedCase) -> Iterable[tuple[Item, Stay | None]]:
        """Tell whether the case goes over."""
        if case.facts.responsible == self.to:
            yield Item(case), Stay.ALREADY
        else:
            yield Item(case), _find_bar(self._member, self.to, case.team_only, case.restricted, case.team)

    def write(self, context: Context, opened: Transaction, row: Case, item: Item) -> Document:
        """Hand it over."""
        give_case(context, opened.generation, row, self.to)
        return {
            "case": row.id.hex,
            "reference": item.case.facts.reference,
            "version": row.version,
            "was": item.case.facts.responsible.hex,
            "to": self.to.hex,
        }

    def fields(self, records: int, cases: int) -> Mapping[str, UUID | int]:
        """Return what the audit entry declares."""
        return {"count": cases, "to": self.to}


def _put_back(context: Context, opened: Transaction, before: Document) -> Stay | None:
    row = get_case_row(context, read_uuid(before["case"]))
    facts, was = records.open_case(context, row), read_uuid(before["was"])
    if row.version != before["version"] or facts.responsible.hex != before["to"]:
        return Stay.CHANGED
    member = context.roster.members.get(was)
    if _find_bar(member, was, row.team_only, row.restricted, team_of(row)):
        return Stay.UNABLE
    records.change_case(context, opened.generation, row, replace(facts, responsible=was))
    return None


def _find_bar(
    member: RosterMember | None, member_id: UUID, team_only: bool, restricted: bool, team: Collection[UUID]
) -> Stay | None:
    """Return why somebody cannot accompany a case as it is open now, None where they can."""
    if member is None or member.status != ACTIVE or not may(map(Role, member.roles), Permission.READ_CASES):
        return Stay.UNABLE
    if restricted:
        return None if member_id in team else Stay.NOT_NAMED
    if team_only and member_id not in team and Role.COORDINATOR not in member.roles:
        return Stay.NOT_IN_TEAM
    return None


REVERSE = Reverse(
    "cases.handed_back",
    Permission.EDIT_CASES,
    _put_back,
    lambda _about, _records, cases: {"count": cases},
)
