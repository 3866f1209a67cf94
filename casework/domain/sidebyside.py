"""Which published figures are accounts of one thing: they stand side by side, as their sources say them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .official import OfficialCount


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Figures of one service and family whose periods largely fall together, in order of time."""

    service: str
    counts: tuple[OfficialCount, ...]

    @property
    def agree(self) -> bool:
        """Tell whether all say the same number of the same days in the same unit."""
        return len({(one.first, one.last, one.unit, one.amount) for one in self.counts}) == 1


def side_by_side(counts: Iterable[OfficialCount]) -> Iterator[SideBySide]:
    """Find figures that are told of one thing more than once, by several sources or in several ways.

    Two belong together where they share at least half the days of the shorter period; so a year and a period
    that begins in its last weeks do not. Figures of a source that follow one another never do.
    """
    groups: dict[tuple[str, str], list[OfficialCount]] = {}
    for count in counts:
        groups.setdefault((count.who, count.family), []).append(count)
    for (service, _family), told in sorted(groups.items()):
        for cluster in _clusters(sorted(told, key=lambda one: (one.first, one.last))):
            if len(cluster) > 1:
                yield SideBySide(service, tuple(cluster))


def falls_together(one: OfficialCount, other: OfficialCount) -> bool:
    """Tell whether two share at least half the days of the shorter period."""
    shared = (min(one.last, other.last) - max(one.first, other.first)).days + 1
    return 2 * shared >= min(one.days, other.days)


def _clusters(told: list[OfficialCount]) -> list[list[OfficialCount]]:
    """Join what falls together, and what falls together with that."""
    clusters: list[list[OfficialCount]] = []
    for count in told:
        joined = [cluster for cluster in clusters if any(falls_together(count, one) for one in cluster)]
        clusters = [cluster for cluster in clusters if cluster not in joined]
        clusters.append([*(one for cluster in joined for one in cluster), count])
    return clusters
