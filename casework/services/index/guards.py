"""Whom the cases of the index open to: as their rows in the database say, which are in no column.

A case whose team or holders changed since the blocks were made is a fresh one, so that of the rows that hold
what was read once stays true.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from casework.analysis.columns.block import Mask
from casework.domain.permissions import Permission
from casework.services.access import may_open
from casework.services.books import Guard
from casework.services.context import Context
from casework.services.index.counted import where
from casework.services.index.facts import Blocks
from casework.services.index.rows import BINNED, RESTRICTED
from casework.store.factindex import list_teams_of
from casework.store.restricted import list_all_holders


class Guarded(NamedTuple):
    """The rows of the cases, by number, that open to the same members alone."""

    guard: Guard
    rows: npt.NDArray[np.int64]


def list_guarded(blocks: Blocks) -> Sequence[Guarded]:
    """Return the cases of the blocks that are not every caseworker's, those that open alike together."""
    return blocks.once(list_guarded, lambda: _list_guarded(blocks))


def list_closed(context: Context, guarded: Sequence[Guarded]) -> tuple[int, ...]:
    """Return the places of those that are closed to a member: who has the same ones sees the same."""
    return tuple(
        at
        for at, (guard, _rows) in enumerate(guarded)
        if not may_open(context, guard.team_only, guard.team, guard.restricted)
    )


def find_open(context: Context, blocks: Blocks) -> tuple[tuple[int, ...], Mask]:
    """Return which incidents hold, are not in the bin, and are of cases that the member may open.

    With them what names this view: it is the same for all who see the same. Raises Forbidden.
    """
    context.require(Permission.READ_CASES)
    closed = list_closed(context, list_guarded(blocks))
    return closed, blocks.share((find_open, closed), lambda: _find_open(blocks, closed))


def _find_open(blocks: Blocks, closed: Sequence[int]) -> Mask:
    standing = blocks.column("cases", "standing")
    cases = blocks.holding("cases") & where(standing, lambda answer: answer != BINNED)
    guarded = list_guarded(blocks)
    for at in closed:
        cases[guarded[at].rows] = False
    opens: Mask = cases[blocks.numbers("incidents", "case")]
    return opens


def _list_guarded(blocks: Blocks) -> Sequence[Guarded]:
    guards = blocks.column("cases", "guard")
    is_guarded = np.array([value != "" for value in guards.values], dtype=np.bool_)
    rows = np.flatnonzero(is_guarded[guards.codes])
    if not len(rows):
        return ()
    ids = [UUID(bytes=one.tobytes()) for one in blocks.ids("cases")[rows]]
    teams, holders = _by_case(list_teams_of(ids)), _by_case(list_all_holders())
    alike: dict[Guard, list[int]] = {}
    for id_, row in zip(ids, rows.tolist(), strict=True):
        restricted = guards.values[guards.codes[row]] == RESTRICTED
        team = frozenset((holders if restricted else teams).get(id_, ()))
        alike.setdefault(Guard(not restricted, restricted, team), []).append(row)
    return tuple(Guarded(guard, np.array(members, dtype=np.int64)) for guard, members in alike.items())


def _by_case(pairs: Sequence[tuple[UUID, UUID]]) -> dict[UUID, set[UUID]]:
    members: dict[UUID, set[UUID]] = {}
    for case_id, member_id in pairs:
        members.setdefault(case_id, set()).add(member_id)
    return members
