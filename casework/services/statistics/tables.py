"""From counted units to a protected table: every way out of here passes the disclosure engine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt

from casework.disclosure import (
    Candidate,
    CountTable,
    Dimension,
    ProtectedTable,
    protect_with_coarsening,
    tabulate,
)
from casework.domain.coded import FIELDS
from casework.domain.period import write_quarter
from casework.domain.vocabulary import UNKNOWN, grouping
from casework.errors import DisclosureRefused
from casework.services.statistics.dimensions import NO_PATTERN, DimensionSpec, get_dimension, ladder
from casework.services.statistics.reading import Columns, Setting, codes_of
from casework.services.statistics.selection import Selection

AS_COMPOSED = "as_composed"
SEPARATOR = "+"
SECONDS = 20.0


def protect_columns(columns: Columns, selection: Selection, threshold: int) -> ProtectedTable:
    """Return the finest table of the selection's ladder that is safe and hides little enough.

    Raises DisclosureRefused when none is.
    """
    candidates = _candidates(columns, selection)
    return protect_with_coarsening(candidates, threshold, time_limit_seconds=SECONDS)


def ladder_of(selection: Selection) -> Iterator[tuple[str, ...]]:
    """Yield the dimensions to try, from fine to coarse: coarser answers first, then one dimension fewer.

    Time gives way before anything else: a quarter tells less than a place.
    """
    shows = ladder(selection.show)
    bys = ladder(selection.by) if selection.by else ("",)
    steps = [(show, by) for show in range(len(shows)) for by in range(len(bys))]
    time_first = selection.show in ("quarter", "year")
    for show, by in sorted(steps, key=lambda step: (sum(step), step[1] if time_first else -step[1])):
        names = tuple(name for name in (shows[show], bys[by]) if name)
        if len(set(names)) == len(names):
            yield names
    if selection.by:
        yield from ((show,) for show in shows)


def tabulate_columns(columns: Columns, names: Sequence[str], unit: str) -> CountTable:
    """Return the exact counts of the cross: for the disclosure engine, and for nothing else."""
    specs = [get_dimension(name) for name in names]
    return tabulate(
        [_dimension(spec, columns.setting) for spec in specs],
        [columns.read(spec) for spec in specs],
        columns.cases,
        unit=unit,
        impossible=_impossible(specs, columns.setting),
    )


def _candidates(columns: Columns, selection: Selection) -> list[Candidate]:
    """Every table of the ladder that the engine takes; raises DisclosureRefused where all are too large."""
    found, once = [], replace(columns, read=cache(columns.read))
    refusal = DisclosureRefused("no_candidates")
    for names in ladder_of(selection):
        label = AS_COMPOSED if names == selection.names else SEPARATOR.join(names)
        try:
            found.append(Candidate(label, tabulate_columns(once, names, selection.unit.value)))
        except DisclosureRefused as refused:
            if refused.reason != "too_large":
                raise
            refusal = refused
    if not found:
        raise refusal
    return found


def _dimension(spec: DimensionSpec, setting: Setting) -> Dimension:
    codes = codes_of(spec, setting)
    if not spec.multiple:
        return Dimension(spec.name, codes)
    exclusive = spec.codes.exclusive if spec.codes else frozenset({NO_PATTERN})
    return Dimension(spec.name, codes, multi_valued=True, exclusive=exclusive)


def _impossible(specs: Sequence[DimensionSpec], setting: Setting) -> npt.NDArray[np.bool_] | None:
    """Of two dimensions that group the same answers, the crossings that no answer leads to."""
    if len(specs) < 2 or specs[0].field != specs[1].field:
        return None
    first, second = (codes_of(spec, setting) for spec in specs)
    possible = set(_crossings(specs, setting))
    return np.array([[(one, other) not in possible for other in second] for one in first], dtype=np.bool_)


def _crossings(specs: Sequence[DimensionSpec], setting: Setting) -> Iterator[tuple[str, str]]:
    one = specs[0]
    if one.field != "date":
        codes = FIELDS[one.field].codes.codes
        yield from zip(*([_groups(spec).get(code, code) for code in codes] for spec in specs), strict=True)
        return
    years = [*map(str, setting.period.years()), UNKNOWN]
    pairs = [(write_quarter(quarter), f"{quarter[0]:04d}") for quarter in setting.period.quarters()]
    pairs += [(UNKNOWN, year) for year in years]
    yield from pairs if one.name == "quarter" else ((year, quarter) for quarter, year in pairs)


def _groups(spec: DimensionSpec) -> Mapping[str, str]:
    return grouping(FIELDS[spec.field].list_name, spec.attribute) if spec.attribute else {}
