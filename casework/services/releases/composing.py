"""From what a draft asks to the disclosure engine's records and tables: of whom statistics count."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from casework.disclosure.counts import IntArray
from casework.disclosure.dimensions import TOTAL
from casework.disclosure.ledger.layouts import Axes, Category, Layout, Scale, scale_of
from casework.disclosure.ledger.records import Records
from casework.disclosure.ledger.rules import Rules
from casework.domain.coded import FIELDS
from casework.domain.messages import N_
from casework.domain.period import Period
from casework.domain.release import Release
from casework.domain.releasedraft import Names, ReleaseDraft, table_field
from casework.domain.timelabels import AXIS
from casework.domain.vocabulary import code_list, grouping
from casework.errors import DisclosureRefused, Invalid
from casework.services.books import FactBook, OpenedIncident
from casework.services.releases import timescale
from casework.services.releases.tagging import TagAxis, read_tags
from casework.services.statistics.counting import keep_counting
from casework.services.statistics.dimensions import (
    CountedUnit,
    DimensionSpec,
    Unit,
    get_dimension,
    reader,
)
from casework.services.statistics.reading import read_column
from casework.services.statistics.selection import Selection, count_units, ladder_of

IDENTIFYING = frozenset({"place", "age_band", "gender", "region_of_origin"})
"""By what somebody may know who is meant."""
OUTCOMES = frozenset({"raised_by", "immigration_status", "cbsa_outcome", "consequences", "detention_grounds"})
"""What would be told of each, were it true of the whole group."""
REFUSED = {
    "cbsa_actions": N_(
        "There are too many of these answers to be protected. Choose “CBSA outcome” in their place."
    ),
    "patterns": N_(
        "Your patterns change, and releases need answers that stay the same: patterns cannot be released."
    ),
    "languages": N_(
        "A language can tell who is meant, and there are too many to be protected: they cannot be released."
    ),
    "racialised_identities": N_(
        "Several identities together can tell who is meant: they cannot be released."
    ),
}
"""Of several answers at once, what is in no release, and why."""

_PEOPLE_OVERLAP = N_(
    "An earlier release counts people over a period that overlaps with this one."
    " Choose the same one, or one that does not overlap."
)
_TAGS_OVERLAP = N_(
    "An earlier release has a question with several answers, as this one, over a period that overlaps."
    " Choose the same period, or one that does not overlap."
)
_SAME_QUESTION = N_("A table is made of two different questions, not of one in two ways.")
_COUNT_INCIDENTS = N_("Your first release counts incidents, so all of them do. Choose incidents.")
_COUNT_PEOPLE = N_("Your first release counts people, so all of them do. Choose people.")

SEPARATOR = "+"
_MOST_STEPS = 6


@dataclass(frozen=True, eq=False)
class Composed:
    """What the engine is asked. `records` are exact, and go nowhere else. `scales` are those of tags."""

    records: Records
    tables: tuple[Names, ...]
    period: Period
    scales: Mapping[str, Scale]
    rules: Rules

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The tables of the draft."""
        return tuple(map(self.lay_out, self.tables))

    def lay_out(self, names: Names) -> Layout:
        """Return a table of these dimensions."""
        return lay_out(names, self.period, self.scales)


def why_closed(book: FactBook, threshold: int) -> DisclosureRefused | None:
    """Return why nothing may be answered at all, None where it may.

    A sum without a damaged record tells of that record.

    Below the threshold the years offered, and which period is empty, would tell the date of the only case.
    """
    if book.damaged:
        return DisclosureRefused("damaged")
    dated: set[UUID] = set()
    for incident in keep_counting(book).values():
        if incident.facts.date.span() is not None:
            dated.add(incident.case_id)
        if len(dated) >= threshold:
            return None
    return DisclosureRefused("not_enough", threshold=threshold)


def select(draft: ReleaseDraft) -> tuple[Selection, ...]:
    """Return the questions of a draft; raises Invalid naming `unit`, or the table as `table_field`."""
    try:
        unit = Unit(draft.unit)
    except ValueError:
        raise Invalid(unit=N_("Choose one of the listed answers.")) from None
    return tuple(_select(unit, at, names, draft.period) for at, names in enumerate(draft.tables))


def check_tables(draft: ReleaseDraft) -> None:
    """Raise Invalid naming `unit`, or a table as `table_field`, for what cannot be released."""
    for at, asked in enumerate(select(draft)):
        specs = [get_dimension(name) for name in asked.names]
        refused = [REFUSED[spec.name] for spec in specs if spec.name in REFUSED]
        if refused:
            raise Invalid(**{table_field(at): refused[0]})
        if len({spec.field for spec in specs}) < len(specs):
            raise Invalid(**{table_field(at): _SAME_QUESTION})


def check_unit(draft: ReleaseDraft, fixed: str) -> None:
    """Raise Invalid naming `unit` where earlier releases count something else; `fixed` is empty without any.

    Incidents and people of the same small group tell of each other: the disclosure engine models one of them.
    """
    if fixed and draft.unit != fixed:
        raise Invalid(unit=_COUNT_PEOPLE if fixed == Unit.PEOPLE.value else _COUNT_INCIDENTS)


def check_periods(draft: ReleaseDraft, earlier: Sequence[Release]) -> None:
    """Raise Invalid naming `period` where the same was counted over another one that overlaps.

    A person counts once in a period: two that overlap would tell how many stand in both, which the disclosure
    engine does not model. Nor does it what two tables of the same tags tell of what they share.
    """
    for other in (one.draft for one in earlier):
        apart = other.period.last < draft.period.first or draft.period.last < other.period.first
        if other.period == draft.period or apart:
            continue
        if draft.unit == other.unit == Unit.PEOPLE.value:
            raise Invalid(period=_PEOPLE_OVERLAP)
        if any(get_dimension(names[0]).multiple for names in set(draft.tables) & set(other.tables)):
            raise Invalid(period=_TAGS_OVERLAP)


def compose(book: FactBook, draft: ReleaseDraft, earlier: Sequence[Axes] = ()) -> Composed:
    """Return the records that count for a draft, and its tables.

    `earlier` are the axes of all releases before, in their order. Raises DisclosureRefused: damaged,
    not_enough; Invalid as `check_tables`.
    """
    closed = why_closed(book, draft.k)
    if closed is not None:
        raise closed
    check_tables(draft)
    return compose_of(book, keep_counting(book).values(), draft, earlier)


def compose_of(
    book: FactBook, counting: Collection[OpenedIncident], draft: ReleaseDraft, earlier: Sequence[Axes]
) -> Composed:
    """Return what a draft counts of these incidents; raises DisclosureRefused where it asks nothing."""
    asked = select(draft)
    if not asked:
        raise DisclosureRefused("no_candidates")
    specs = [get_dimension(name) for one in asked for name in one.names]
    units = count_units(book, counting, asked[0])
    tags = {spec.name: read_tags(spec, units, earlier) for spec in specs if spec.multiple}
    fields = dict.fromkeys(spec.field for spec in specs if not spec.multiple)
    records = _record(units, draft, tuple(fields), tags)
    scales = {name: axis.scale for name, (axis, _column) in tags.items()}
    return Composed(records, draft.tables, draft.period, scales, _rule(draft, fields, tags))


def _rule(draft: ReleaseDraft, fields: Collection[str], tags: Collection[str]) -> Rules:
    """Zeros have to be hideable where they would tell something of each of a group."""
    identifying, outcomes = IDENTIFYING & set(fields), OUTCOMES & {*fields, *tags}
    shows_zeros = not (identifying and outcomes) and not outcomes & set(tags)
    return Rules(draft.k, shows_zeros, identifying, outcomes)


def lay_out(names: Names, period: Period, tags: Mapping[str, Scale] | None = None) -> Layout:
    """Return the table of these dimensions; one that does not tell times apart is of the whole period.

    `tags` are the scales of those that can have several answers.
    """
    scales = [(tags or {}).get(name) or _scale(get_dimension(name), period) for name in names]
    if all(scale.axis != AXIS for scale in scales):
        scales.append(timescale.whole_scale(period))
    return Layout(SEPARATOR.join(names), tuple(scales))


def coarser(draft: ReleaseDraft) -> Mapping[tuple[Names, Names], tuple[Names, ...]]:
    """Give the next coarser forms: by the table that changes and what it becomes, all tables of that form.

    It becomes nothing where it is left out.
    """
    found = {}
    for at, names in enumerate(draft.tables):
        for step in (*steps_of(draft, at), ()):
            tables = (*draft.tables[:at], *([step] if step else []), *draft.tables[at + 1 :])
            if tables and len({frozenset(each) for each in tables}) == len(tables):
                found[names, step] = tables
    return found


def steps_of(draft: ReleaseDraft, at: int) -> Sequence[Names]:
    """List the coarser forms of one table of a draft, from fine to coarse, the first few.

    None by year within a single one: that is the table without it.
    """
    is_told = len(draft.period.years()) > 1
    steps = (
        names for names in _steps(select(draft)[at]) if is_told or len(names) == 1 or "year" not in names
    )
    return list(steps)[:_MOST_STEPS]


def _steps(asked: Selection) -> Iterator[Names]:
    for names in ladder_of(asked):
        fields = {get_dimension(name).field for name in names}
        if names != asked.names and len(fields) == len(names):
            yield names
    if asked.by:
        yield (asked.by,)


def _select(unit: Unit, at: int, names: Names, period: Period) -> Selection:
    if not 1 <= len(names) <= 2:
        raise Invalid(**{table_field(at): N_("A table shows one or two questions.")})
    if len(set(names)) < len(names):
        raise Invalid(**{table_field(at): _SAME_QUESTION})
    try:
        return Selection(unit, names[0], names[1] if len(names) > 1 else "", period)
    except Invalid as fault:
        raise Invalid(**{table_field(at): next(iter(fault.faults.values()))}) from None


def _record(
    units: Sequence[CountedUnit],
    draft: ReleaseDraft,
    fields: Sequence[str],
    tags: Mapping[str, tuple[TagAxis, IntArray]],
) -> Records:
    """Of each unit its finest answer to every question that some table asks, and when."""
    axes = {AXIS: timescale.list_codes(draft.period)}
    axes |= {field: FIELDS[field].codes.codes for field in fields if field != AXIS}
    columns = {}
    for axis, codes in axes.items():
        read = _read_date if axis == AXIS else reader(DimensionSpec(axis, axis, frozenset(Unit)))
        columns[axis] = read_column(units, codes, read, is_multiple=False).astype(np.int64)
    axes |= {name: axis.codes for name, (axis, _column) in tags.items()}
    columns |= {name: column for name, (_axis, column) in tags.items()}
    numbers: dict[int, int] = {}
    cases = [numbers.setdefault(unit.case_id.int, len(numbers)) for unit in units]
    return Records(draft.unit, axes, columns, np.array(cases, dtype=np.int64))


def _read_date(unit: CountedUnit) -> tuple[str, ...]:
    return (timescale.code_of(unit.incident.date),)


def _scale(spec: DimensionSpec, period: Period) -> Scale:
    if spec.field == AXIS:
        return timescale.time_scale(spec.name, period)
    codes = FIELDS[spec.field].codes.codes
    if not spec.attribute:
        return scale_of(spec.field, codes)
    listed = FIELDS[spec.field]
    groups, group_of = (
        code_list(listed.codes.groupings[spec.attribute]).codes,
        grouping(listed.list_name, spec.attribute),
    )
    lines = [(group, tuple(code for code in codes if group_of[code] == group)) for group in groups]
    found = [Category(group, inside) for group, inside in lines if inside]
    return Scale(spec.field, (*found, Category(TOTAL, codes)))
