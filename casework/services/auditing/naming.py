"""What the ids in audit entries stand for, as far as the reader may see it."""

from collections.abc import Container, Iterator, Mapping, Set
from dataclasses import dataclass, field
from uuid import UUID

from casework.domain.case import read_reference
from casework.domain.folding import fold
from casework.domain.member import MemberProfile
from casework.domain.messages import N_
from casework.domain.ownterm import OwnTerm
from casework.domain.pattern import PatternDefinition
from casework.domain.permissions import Permission
from casework.domain.policy import PolicyEvent
from casework.errors import Invalid, VaultError
from casework.services.access import list_hidden, may_see
from casework.services.books import FactBook
from casework.services.context import Context
from casework.services.erasing import list_receipts
from casework.services.ownterms import get_term_book
from casework.services.patterns import list_patterns
from casework.services.policies.reading import list_events
from casework.store import members as store
from casework.vault import documents
from casework.vault.fields import MEMBER_PROFILE


@dataclass(frozen=True, slots=True)
class Names:
    """Members by id, former ones too; references of the cases that the reader may know; patterns; own terms;
    policy events.

    `openable` are those of the cases that have a page: none in the bin, and none that was erased.
    """

    members: Mapping[UUID, str]
    cases: Mapping[UUID, str]
    patterns: Mapping[UUID, PatternDefinition]
    openable: Container[UUID] = frozenset()
    own_terms: Mapping[UUID, OwnTerm] = field(default_factory=dict)
    policies: Mapping[UUID, PolicyEvent] = field(default_factory=dict)


def look_up(context: Context) -> Names:
    """Return every name that an entry may need."""
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    hidden = list_hidden(context, facts)
    binned = (binned.case for binned in facts.binned.values() if may_see(context, binned.case))
    openable = _Openable(facts, hidden)
    return Names(
        members=dict(sorted(_members(context).items(), key=lambda item: fold(item[1]))),
        cases=_References(openable, _erased(context) | {case.id: case.facts.reference for case in binned}),
        patterns={view.id: view.definition for view in list_patterns(context)},
        openable=openable,
        own_terms=get_term_book(context).terms,
        policies={view.id: view.event for view in list_events(context)},
    )


class _Openable(Container[UUID]):
    """The cases, but those in the bin, that the member may know of: asked of each, an entry names few."""

    def __init__(self, facts: FactBook, hidden: Set[UUID]) -> None:
        self.cases = facts.cases
        self.hidden = hidden

    def __contains__(self, case_id: object) -> bool:
        return case_id in self.cases and case_id not in self.hidden


class _References(Mapping[UUID, str]):
    """The references of these cases, and of some others."""

    def __init__(self, openable: _Openable, others: Mapping[UUID, str]) -> None:
        self._openable = openable
        self._others = others

    def __getitem__(self, case_id: UUID) -> str:
        if case_id in self._openable:
            return self._openable.cases[case_id].facts.reference
        return self._others[case_id]

    def __iter__(self) -> Iterator[UUID]:
        yield from (case_id for case_id in self._openable.cases if case_id not in self._openable.hidden)
        yield from (case_id for case_id in self._others if case_id not in self._openable)

    def __len__(self) -> int:
        return sum(1 for _case_id in self)


def find_case(names: Names, typed: str) -> UUID:
    """Return the case with this reference; raises Invalid naming `case`."""
    wanted = read_reference(typed) or typed.strip()
    for case_id, reference in names.cases.items():
        if reference == wanted:
            return case_id
    raise Invalid(case=N_("No case that you may open has this reference. Look it up in the list of cases."))


def _erased(context: Context) -> dict[UUID, str]:
    """Return the references that receipts keep; receipts that do not open must not close the log."""
    if not context.may(Permission.ERASE_CASES):
        return {}
    try:
        receipts = list_receipts(context)
    except (VaultError, Invalid):
        return {}
    return {view.case_id: view.receipt.reference for view in receipts if view.receipt.reference}


def _members(context: Context) -> dict[UUID, str]:
    """Return the display names; a profile that does not open must not close the log."""
    named = {}
    for row in store.list_members():
        try:
            if row.profile_sealed is not None:
                version, sealed = row.profile_version, row.profile_sealed
                plain = context.keyring.open(MEMBER_PROFILE, row.id, version, sealed)
                named[row.id] = MemberProfile.from_document(documents.decode(plain)).display_name
        except (VaultError, Invalid):
            continue
    return named
