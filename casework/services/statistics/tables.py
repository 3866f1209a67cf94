"""From counted units to a protected table: every way out of here passes the disclosure engine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

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
from casework.domain.period import Period, write_quarter
from casework.domain.vocabulary import UNKNOWN, grouping
from casework.errors import DisclosureRefused
from casework.services.statistics.dimensions import (
    NO_PATTERN,
    CountedUnit,
    DimensionSpec,
    get_dimension,
    ladder,
    reader,
)
from casework.services.statistics.selection import Selection

AS_COMPOSED = "as_composed"
SEPARATOR = "+"
SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Setting:
    """What codes depend on beside their list: the period, and the patterns there are, as hex ids."""

    period: Period
    patterns: tuple[str, ...] = ()


def protect_units(
    units: Sequence[CountedUnit], selection: Selection, patterns: Sequence[str], threshold: int
) -> ProtectedTable:
    """Return the finest table of the selection's ladder that is safe and hides little enough.

    Raises DisclosureRefused when none is.
    """
    setting = Setting(selection.period, tuple(patterns))
    candidates = _candidates(units, selection, setting)
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


def codes_of(spec: DimensionSpec, setting: Setting) -> tuple[str, ...]:
    """Return every code that the dimension can have, whether or not anything carries it."""
    if spec.name == "year":
        return (*(f"{year:04d}" for year in setting.period.years()), UNKNOWN)
    if spec.name == "quarter":
        return (*map(write_quarter, setting.period.quarters()), UNKNOWN)
    if spec.name == "patterns":
        return (*setting.patterns, NO_PATTERN)
    listed = spec.codes
    return listed.codes if listed else ()


class Columns:
    """The units as arrays, each dimension read once for all tables of a ladder."""

    def __init__(self, units: Sequence[CountedUnit], setting: Setting) -> None:
        self._units = units
        self._setting = setting
        cases: dict[int, int] = {}
        numbers = [cases.setdefault(counted.case_id.int, len(cases)) for counted in units]
        self._cases = np.array(numbers, dtype=np.int64)
        self._read: dict[str, npt.NDArray[np.generic]] = {}

    def tabulate(self, names: Sequence[str], unit: str) -> CountTable:
        """Return the exact counts of the cross: for the disclosure engine, and for nothing else."""
        specs = [get_dimension(name) for name in names]
        for spec in specs:
            if spec.name not in self._read:
                self._read[spec.name] = _column(spec, self._setting, self._units)
        return tabulate(
            [_dimension(spec, self._setting) for spec in specs],
            [self._read[spec.name] for spec in specs],
            self._cases,
            unit=unit,
            impossible=_impossible(specs, self._setting),
        )


def _candidates(units: Sequence[CountedUnit], selection: Selection, setting: Setting) -> list[Candidate]:
    """Every table of the ladder that the engine takes; raises DisclosureRefused where all are too large."""
    found, columns = [], Columns(units, setting)
    refusal = DisclosureRefused("no_candidates")
    for names in ladder_of(selection):
        label = AS_COMPOSED if names == selection.names else SEPARATOR.join(names)
        try:
            found.append(Candidate(label, columns.tabulate(names, selection.unit.value)))
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


def _column(spec: DimensionSpec, setting: Setting, units: Sequence[CountedUnit]) -> npt.NDArray[np.generic]:
    codes = codes_of(spec, setting)
    index, read = {code: at for at, code in enumerate(codes)}, reader(spec)
    if not spec.multiple:
        return np.array([index[read(unit)[0]] for unit in units], dtype=np.int64)
    members = np.zeros((len(units), len(codes)), dtype=np.bool_)
    for row, unit in enumerate(units):
        members[row, [index[code] for code in read(unit)]] = True
    return members


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
