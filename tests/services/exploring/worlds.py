"""Made-up organizations: cases open and closed to a member, people and incidents with several records."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import numpy as np
from hypothesis import strategies as st

from casework.domain.act import Act
from casework.domain.case import CaseFacts
from casework.domain.coded import FIELDS, INCIDENT_FIELDS, PERSON_FIELDS, CodedField, normalise_multi
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.moments import Moment
from casework.domain.pathway import with_acts
from casework.domain.permissions import Permission, Role, may
from casework.domain.person import Consent, PersonFacts
from casework.errors import Forbidden, IndexUnusable
from casework.services.arranging import arrange
from casework.services.books import BinnedCase, FactBook, Guard, OpenedCase, OpenedIncident, OpenedPerson
from casework.services.context import Context
from casework.services.index.guards import Guarded, list_guarded
from casework.services.index.indexed import Indexed
from casework.services.index.rows import lay_out_block
from tests.services.index.indexing import close, everything, index_of

MEMBER, OTHER = UUID(int=9001), UUID(int=9002)
PATTERNS = (UUID(int=501), UUID(int=502))
LOGGED_ON = (date(2026, 10, 1), date(2026, 10, 2))
BINNED_AT = datetime(2026, 11, 1, tzinfo=UTC)

FEW: dict[str, tuple[str, ...]] = {
    "contact_type": ("traffic_stop", "ticket", "witness_contact", "unknown"),
    "police_service": ("spvm", "sq", "unknown", "not_asked"),
    "place": ("montreal_ville_marie", "laval", "unknown", "not_asked"),
    "cbsa_actions": ("no_action", "detained_holding_centre", "removed", "attended", "unknown"),
    "referral_types": ("status_check", "photo_request", "unknown"),
}
"""Few answers, so that many incidents share them; of all other fields the first two, and "unknown"."""


def few(field: CodedField) -> tuple[str, ...]:
    """Return the answers that are drawn of a field."""
    chosen = FEW.get(field.name)
    listed = field.codes.codes
    return tuple(code for code in chosen or (*listed[:2], "unknown") if code in listed) or listed[:2]


def _answers(field: CodedField) -> st.SearchStrategy[Any]:
    codes = few(field)
    if not field.multiple:
        return st.sampled_from(codes)
    free = [code for code in codes if code not in field.codes.exclusive]
    alone = [(code,) for code in codes if code in field.codes.exclusive] or [("not_asked",)]
    joined = st.sets(st.sampled_from(free), max_size=3).map(lambda one: normalise_multi(field.name, one))
    return st.one_of(joined, st.sampled_from(alone)) if free else st.sampled_from(alone)


dates = st.sampled_from(
    "2025-05-02 2025-05-20 2025-07-01 2026-01-15 2025-06 2025-summer 2026-winter 2025 unknown".split()
).map(VagueDate.parse)


@st.composite
def _acts(draw: st.DrawFn) -> tuple[Act, ...]:
    codes = {
        "status_surfaced": ("officer_asked", "did_not_come_up", "unknown"),
        "referral": ("status_check", "photo_request", "unknown"),
        "cbsa_action": ("detained_holding_centre", "attended", "removed", "no_action", "unknown"),
        "contact": ("ticket",),
    }
    made = []
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(sorted(codes)))
        removed_on = draw(st.sampled_from((None, None, None, date(2026, 10, 3))))
        when = Moment(draw(dates))
        code = draw(st.sampled_from(codes[kind]))
        made.append(
            Act(
                id=UUID(int=7000 + number), kind=kind, code=code, when=when, removed_on=removed_on,
                added_on=LOGGED_ON[0], added_by=OTHER,
            )
        )  # fmt: skip
    return tuple(made)


@dataclass(frozen=True)
class World:
    """A snapshot, and who looks at it."""

    book: FactBook
    roles: frozenset[Role]
    indexed: Indexed | None = None

    def over_index(self, changed: Collection[UUID]) -> "World":
        """Return the same organization with a coded index, of which these cases changed since."""
        fresh = close(self.book, changed)
        indexed = index_of(self.book, fresh)
        indexed.beside[list_guarded] = _guarded(self.book)
        return replace(self, indexed=indexed)

    def _ask_index(self, *_asked: object) -> Indexed:
        if self.indexed is None:
            raise IndexUnusable("none")
        return self.indexed

    @property
    def context(self) -> Context:
        """As services get it, without keys: the snapshot is opened already."""
        return self._look(lambda _keyring, _now: self.book)

    @property
    def context_of_index(self) -> Context:
        """The same where only the index is there: whoever asks for the records breaks the test."""
        return self._look(None)

    def _look(self, facts: Callable[[object, int], FactBook] | None) -> Context:
        def require(permission: Permission) -> None:
            if not may(self.roles, permission):
                raise Forbidden(permission.value)

        runtime = SimpleNamespace(
            now_seconds=lambda: 0,
            today=lambda: LOGGED_ON[1],
            casebook=SimpleNamespace(
                facts=facts, indexed=self._ask_index, knows_of_damage=lambda _keyring: False
            ),
        )
        stand_in = SimpleNamespace(
            member_id=MEMBER, roles=self.roles, runtime=runtime, keyring=None, require=require,
            may=lambda permission: may(self.roles, permission),
        )  # fmt: skip
        return cast(Context, stand_in)


def _guarded(book: FactBook) -> list[Guarded]:
    """What their rows in the database say of whom cases open to, in the order of the index."""
    ids = lay_out_block(book)["cases"].arrays["id"]
    cases = {case.id: case for case in everything(book)[0]}
    listed = [cases[UUID(bytes=one.tobytes())] for one in ids]
    return [
        Guarded(Guard(case.team_only, case.restricted, case.team), np.array([at]))
        for at, case in enumerate(listed)
        if case.team_only or case.restricted
    ]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw an organization of a few cases; in one in two each case stands for itself."""
    tied = draw(st.booleans())
    count = draw(st.integers(1, 5))
    cases = [draw(_cases(UUID(int=number))) for number in range(1, count + 1)]
    people = [
        draw(_people(UUID(int=100 + number), UUID(int=draw(st.integers(1, count)))))
        for number in range(draw(st.integers(0, 6)))
    ]
    incidents = [
        draw(_incidents(UUID(int=300 + number), UUID(int=draw(st.integers(1, count))), people, number, tied))
        for number in range(draw(st.integers(0, 8)))
    ]
    pairs = st.tuples(st.sampled_from(people), st.sampled_from(people)) if people else st.nothing()
    links = draw(st.lists(pairs, max_size=3)) if people and tied else []
    same = frozenset((one.id, other.id) for one, other in links if one.id != other.id)
    roles = frozenset({draw(st.sampled_from((Role.CASEWORKER, Role.COORDINATOR)))})
    return World(make_book(cases, people, incidents, same), roles)


def make_book(
    cases: Sequence[OpenedCase],
    people: Sequence[OpenedPerson],
    incidents: Sequence[OpenedIncident],
    same: frozenset[tuple[UUID, UUID]] = frozenset(),
) -> FactBook:
    """Return a snapshot of these records, what is binned apart."""
    binned = {
        case.id: BinnedCase(
            case,
            tuple(one for one in people if one.case_id == case.id),
            tuple(one for one in incidents if one.case_id == case.id),
        )
        for case in cases
        if case.binned_at
    }
    book = FactBook(
        generation=1,
        cases={case.id: case for case in cases if case.id not in binned},
        people={one.id: one for one in people if one.case_id not in binned},
        incidents={one.id: one for one in incidents if one.case_id not in binned},
        binned=binned,
        same_people=same,
    )
    return replace(book, orders=arrange(book))


@st.composite
def _cases(draw: st.DrawFn, case_id: UUID) -> OpenedCase:
    guard = draw(st.sampled_from(("all", "all", "mine", "others", "named", "restricted")))
    facts = CaseFacts.opened("2026-K7QX", LOGGED_ON[0], OTHER)
    if draw(st.booleans()):
        facts = facts.closed(LOGGED_ON[1], OTHER, "other")
    binned_at = draw(st.sampled_from((None, None, None, BINNED_AT)))
    team = frozenset({MEMBER} if guard in ("mine", "named") else {OTHER})
    restricted = guard in ("named", "restricted")
    return OpenedCase(case_id, 1, guard in ("mine", "others"), team, facts, binned_at, restricted)


@st.composite
def _people(draw: st.DrawFn, person_id: UUID, case_id: UUID) -> OpenedPerson:
    answer = draw(st.sampled_from(("given", "given", "refused", "withdrawn", "not_asked")))
    answers = {field.name: draw(_answers(field)) for field in PERSON_FIELDS}
    facts = PersonFacts(consents={"statistics": Consent(answer)}, **answers)
    return OpenedPerson(person_id, case_id, 1, facts)


@st.composite
def _incidents(
    draw: st.DrawFn,
    incident_id: UUID,
    case_id: UUID,
    people: Sequence[OpenedPerson],
    earlier: int,
    tied: bool,
) -> OpenedIncident:
    people = people if tied else [one for one in people if one.case_id == case_id]
    named = draw(st.lists(st.sampled_from(people), max_size=3, unique_by=lambda one: one.id) if people else
                 st.just([]))  # fmt: skip
    patterns = st.lists(st.sampled_from(PATTERNS), unique=True, max_size=2).map(tuple)
    # Another account leads to an earlier incident, or to one that is gone.
    account_of = draw(
        st.sampled_from((None, None, UUID(int=300 + draw(st.integers(0, max(earlier - 1, 0))))))
    )
    facts = IncidentFacts(
        date=draw(dates),
        participations=tuple(Participation(one.id, draw(_answers(FIELDS["roles"]))) for one in named),
        patterns=draw(patterns),
        rejected=draw(patterns),
        account_of=account_of if tied and account_of != incident_id else None,
        logged_on=draw(st.sampled_from(LOGGED_ON)),
        logged_by=OTHER,
        **{field.name: draw(_answers(field)) for field in INCIDENT_FIELDS},
    )
    return OpenedIncident(incident_id, case_id, 1, with_acts(facts, draw(_acts())))
