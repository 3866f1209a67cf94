"""What earlier releases say of the same time, and what was registered late: by how much a period grew since.

Only from what both documents show: their readers can subtract as well. That no such difference is small was a
need of the later one when it was protected (docs/disclosure.md, Needs).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework.disclosure.ledger.documents import Told, read_told
from casework.domain.approval import State
from casework.domain.earlier import Difference, Earlier
from casework.domain.release import Release
from casework.domain.releasedraft import ReleaseDraft
from casework.domain.timelabels import AXIS, is_unplaced

_Totals = Mapping[frozenset[str], tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class Late:
    """`more` in a period than release `since` said, None where that is not shown.

    It is negative where records were corrected or withdrawn.
    """

    period: str
    since: int
    more: int | None


def list_late(told: Told, earlier: Iterable[Release]) -> tuple[Late, ...]:
    """Return for each period of a release that an earlier one counted what came since; not where nothing did.

    It is held against the newest earlier release that has the period and was not withdrawn.
    """
    before: dict[frozenset[str], tuple[int, int | None]] = {}
    for release in earlier:
        if release.frozen is None or release.state is State.WITHDRAWN:
            continue
        for codes, (_name, value) in _totals(read_told(release.frozen.document)).items():
            before[codes] = release.frozen.number, value
    found = []
    for codes, (name, now) in _totals(told).items():
        number, then = before.get(codes, (0, None))
        if number and (now is None or then is None or now != then):
            more = None if now is None or then is None else now - then
            found.append(Late(name, number, more))
    return tuple(found)


def list_earlier(told: Told, draft: ReleaseDraft, releases: Iterable[Release]) -> tuple[Earlier, ...]:
    """Return what a release says of those of its time that stand, and of the one that it replaces.

    Of the longest periods that both show and count differently, both numbers; of what one hides, nothing.
    """
    now = _totals(told)
    found = []
    for release in releases:
        frozen, period = release.frozen, release.draft.period
        is_apart = period.last < draft.period.first or draft.period.last < period.first
        is_replaced = frozen is not None and frozen.number == draft.replaces
        if frozen is None or not (is_replaced or (release.state is State.APPROVED and not is_apart)):
            continue
        differing = _differing(_totals(read_told(frozen.document)), now)
        found.append(Earlier(frozen.number, period, is_replaced, differing))
    return tuple(found)


def _differing(then: _Totals, now: _Totals) -> tuple[Difference, ...]:
    found: dict[frozenset[str], Difference] = {}
    for codes, (name, count) in now.items():
        before = then.get(codes, (name, None))[1]
        if count is not None and before is not None and count != before:
            found[codes] = Difference(name, before, count)
    return tuple(one for codes, one in found.items() if not any(codes < other for other in found))


def _totals(told: Told) -> _Totals:
    """Return for each line of time its label, and how many there are over all else; None where hidden."""
    found: dict[frozenset[str], tuple[str, int | None]] = {}
    for layout, values in zip(told.layouts, told.values, strict=True):
        dated = [at for at, scale in enumerate(layout.scales) if scale.axis == AXIS]
        if not dated:
            continue
        for place, value in zip(layout.places(), values, strict=True):
            is_all = layout.is_margin(place, told.axes)
            if all(whole for at, whole in enumerate(is_all) if at != dated[0]):
                line = layout.scales[dated[0]].categories[place[dated[0]]]
                codes = frozenset(line.codes)
                if is_unplaced(line.label):
                    continue  # lies in the period, in none of its lines: the whole tells of it
                if codes not in found or found[codes][1] is None:
                    found[codes] = line.label, value
    return found
