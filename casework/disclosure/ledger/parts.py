"""A ledger in parts that tell each other nothing but totals: each axis of tags by itself, and all the rest.

A table of tags stands alone, and its total is always shown. Then whatever the tags can be, given their own
tables and these totals, goes together with whatever all else can be (docs/disclosure.md, Parts): each part is
protected and attacked by itself, and the sets of tags are never crossed with other axes.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from casework.disclosure.ledger.documents import Told, Values, read_told, write_told
from casework.disclosure.ledger.entries import Entry, read_entry, write_exact, write_holders
from casework.disclosure.ledger.layouts import Axes, Layout, Place
from casework.disclosure.ledger.protecting import parse_release, protect_release
from casework.disclosure.ledger.records import Holders, Records, count_release
from casework.disclosure.ledger.release import _PROTECTED, ProtectedRelease, Protection, Report, TableReport
from casework.disclosure.ledger.rules import Rules
from casework.disclosure.ledger.tags import has_tags
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import go_on

Codes = Mapping[str, frozenset[str]]
"""Of whom a table of tags is: along each axis but the tags, the codes that it counts."""

REST = ""
"""The name of the part of all that is no table of tags; the others are named after their axis."""


def protect_in_parts(
    records: Records,
    layouts: Sequence[Layout],
    ledger: Sequence[Entry],
    rules: Rules,
    *,
    time_limit_seconds: float,
    keep_going: Callable[[], None] = go_on,
) -> Protection:
    """As `protect_release`, part by part; raises the same.

    Besides unknown_option, for tags beside another question, or in a period that overlaps with an earlier one
    of the same tags without being it.
    """
    begun = time.monotonic()
    _check(records.axes, layouts, [read_told(entry.document) for entry in ledger])
    made: dict[str, Protection] = {}
    for part in _list_parts(records.axes, layouts):
        kept = _keep(part, records.axes, layouts)
        axes = _axes_of(part, records.axes, kept)
        left = time_limit_seconds - (time.monotonic() - begun)
        if left <= 0:
            raise refusal("time_limit", seconds=int(time_limit_seconds))
        made[part] = protect_release(
            Records(records.unit, axes, {name: records.columns[name] for name in axes}, records.case_ids),
            kept,
            [found for entry in ledger if (found := part_of_entry(part, entry)) is not None],
            replace(rules, identifying=rules.identifying & set(axes), outcomes=rules.outcomes & set(axes)),
            time_limit_seconds=left,
            keep_going=keep_going,
        )
    return _join(records, layouts, rules, made)


def parse_in_parts(
    document: Mapping[str, object],
    earlier: Sequence[Mapping[str, object]],
    *,
    time_limit_seconds: float,
    for_release: bool = True,
) -> ProtectedRelease:
    """As `parse_release`, part by part; raises the same."""
    told, before = read_told(document), [read_told(one) for one in earlier]
    _check(told.axes, told.layouts, before)
    begun = time.monotonic()
    for part in _list_parts(told.axes, told.layouts):
        mine, theirs = part_of_told(part, told), [part_of_told(part, one) for one in before]
        if mine is None:
            raise refusal("bad_document")
        parse_release(
            write_told(mine),
            [write_told(one) for one in theirs if one is not None],
            time_limit_seconds=max(time_limit_seconds - (time.monotonic() - begun), 1e-3),
            for_release=for_release,
        )
    return ProtectedRelease(told, _PROTECTED)


def part_of_told(part: str, told: Told) -> Told | None:
    """What a release tells of a part; None where it has no table of it.

    Raises DisclosureRefused("bad_document") where the total of a table of tags is hidden.
    """
    layouts = _keep(part, told.axes, told.layouts)
    if not layouts:
        return None
    values = tuple(_values(part, told, told.values))
    return replace(told, axes=_axes_of(part, told.axes, layouts), layouts=layouts, values=values)


def part_of_entry(part: str, entry: Entry) -> Entry | None:
    """What the ledger holds of a part; None where the release has no table of it."""
    release = read_entry(entry)
    told = part_of_told(part, release.told)
    if told is None:
        return None
    holders = _sum_holders(release.holders, release.told.axes, told)
    cases = list(_values(part, release.told, release.cases))
    exact = {
        "axes": list(told.axes),
        "atoms": [[*codes, sum(held.values())] for codes, held in sorted(holders.items())],
        "holders": write_holders(holders),
        "cases": [list(counts) for counts in cases],
        "largest": release.largest,
        "largest_case": release.largest_case,
    }
    return Entry(write_told(told), exact)


def _list_parts(axes: Axes, layouts: Sequence[Layout]) -> list[str]:
    """The parts that a release has tables of. The rest has the totals of all tags: so it is always there."""
    tags = dict.fromkeys(axis for layout in layouts if (axis := _tags_of(axes, layout)))
    return [*tags, REST]


def _tags_of(axes: Axes, layout: Layout) -> str:
    """The axis of tags of a table; empty where it has none."""
    return next((scale.axis for scale in layout.scales if has_tags(axes[scale.axis])), "")


@dataclass(frozen=True)
class _Total:
    """The cell of everybody in a table of tags: its place, and its number in the table."""

    place: Place
    at: int


def _total_of(axes: Axes, layout: Layout) -> _Total:
    tags = _tags_of(axes, layout)
    for at, place in enumerate(layout.places()):
        labels = zip(layout.scales, place, strict=True)
        (codes,) = (scale.categories[where].codes for scale, where in labels if scale.axis == tags)
        if set(codes) == set(axes[tags]):
            return _Total(place, at)
    raise refusal("unknown_option")


def _keep(part: str, axes: Axes, layouts: Sequence[Layout]) -> tuple[Layout, ...]:
    """The tables of a part, of which the totals of tags are never hidden; in the rest these totals alone."""
    found = []
    for layout in layouts:
        tags = _tags_of(axes, layout)
        if tags and tags == part:
            found.append(replace(layout, kept=frozenset({_total_of(axes, layout).place})))
        elif part == REST and tags:
            scales = tuple(scale for scale in layout.scales if scale.axis != tags)
            total = Layout(layout.name, scales)
            found.append(replace(total, kept=frozenset(total.places())))
        elif part == REST:
            found.append(layout)
    return tuple(found)


def _axes_of(part: str, axes: Axes, layouts: Sequence[Layout]) -> dict[str, tuple[str, ...]]:
    """The axes of a part: those of its tables; of the rest all but tags."""
    used = {scale.axis for layout in layouts for scale in layout.scales}
    return {
        name: codes for name, codes in axes.items() if (name in used if part != REST else not has_tags(codes))
    }


def _values(part: str, told: Told, tables: Sequence[Values]) -> Iterator[Values]:
    """Of each table of a part its numbers: of tags in the rest that of everybody alone."""
    for layout, shown, values in zip(told.layouts, told.values, tables, strict=True):
        tags = _tags_of(told.axes, layout)
        total = _total_of(told.axes, layout).at if tags else 0
        if tags and shown[total] is None:
            raise refusal("bad_document")
        if tags == part:
            yield tuple(values)
        elif part == REST:
            yield (values[total],)


def _sum_holders(holders: Holders, axes: Axes, told: Told) -> Holders:
    """Whose is each combination of the codes of a part that one of its tables counts."""
    order = [list(axes).index(name) for name in told.axes]
    found: dict[tuple[str, ...], Counter[int]] = {}
    for codes, held in holders.items():
        named = tuple(codes[at] for at in order)
        if any(_counts(layout, dict(zip(told.axes, named, strict=True))) for layout in told.layouts):
            found.setdefault(named, Counter()).update(held)
    return found


def _counts(layout: Layout, codes: Mapping[str, str]) -> bool:
    return all(
        any(codes[scale.axis] in category.codes for category in scale.categories) for scale in layout.scales
    )


def _check(axes: Axes, layouts: Sequence[Layout], earlier: Sequence[Told]) -> None:
    """Raises DisclosureRefused("unknown_option") where parts would tell more of each other than totals."""
    before: dict[str, list[Codes]] = {}
    told = [*((one.axes, one.layouts) for one in earlier), (axes, tuple(layouts))]
    for known, tables in told:
        for layout in tables:
            tags = _tags_of(known, layout)
            if not tags:
                continue
            others = [scale for scale in layout.scales if scale.axis != tags]
            if any(len(scale.categories) > 1 or has_tags(known[scale.axis]) for scale in others):
                raise refusal("unknown_option")
            whom = {scale.axis: frozenset(scale.categories[0].codes) for scale in others}
            if any(whom != other and not _are_apart(whom, other) for other in before.setdefault(tags, [])):
                raise refusal("unknown_option")
            before[tags].append(whom)


def _are_apart(one: Codes, other: Codes) -> bool:
    """Whether no unit is of both tables of the same tags."""
    return any(not one[axis] & other[axis] for axis in one.keys() & other.keys())


def _join(
    records: Records, layouts: Sequence[Layout], rules: Rules, made: Mapping[str, Protection]
) -> Protection:
    """Put the parts together again, in the order of the tables."""
    told = {part: iter(one.release.told.values) for part, one in made.items()}
    reports = {part: iter(one.report.tables) for part, one in made.items()}
    values, tables = [], []
    for layout in layouts:
        # The rest has each total of tags too: read, and left there.
        for part in dict.fromkeys((REST, _tags_of(records.axes, layout))):
            cells, table = next(told[part]), next(reports[part])
        values.append(cells)
        tables.append(table)
    unit, axes = records.unit, dict(records.axes)
    release = Told(unit, rules.k, rules.zeros_published, axes, tuple(layouts), tuple(values))
    exact = write_exact(count_release(records, layouts), rules.k)
    report = _sum_reports([one.report for one in made.values()], tables)
    return Protection(ProtectedRelease(release, _PROTECTED), Entry(write_told(release), exact), report)


def _sum_reports(reports: Sequence[Report], tables: Sequence[TableReport]) -> Report:
    steps = dict.fromkeys(step for report in reports for step in report.seconds)
    return Report(
        tuple(tables),
        sum(report.objective for report in reports),
        None,
        all(report.grows for report in reports),
        max(report.rounds for report in reports),
        {step: sum(report.seconds.get(step, 0.0) for report in reports) for step in steps},
    )
