"""Units as columns of numbers: the index of each one's answer among the codes of a dimension."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from casework.domain.period import Period, write_quarter
from casework.domain.vocabulary import UNKNOWN
from casework.services.statistics.dimensions import NO_PATTERN, CountedUnit, DimensionSpec, Reader, reader

Column = npt.NDArray[np.bool_ | np.integer[Any]]
"""Of each unit the index of its code; or, where it may have several, a row of yes or no to each code."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What codes depend on beside their list: the period, and the patterns there are, as hex ids."""

    period: Period
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """Units as arrays: the number of each one's case, and their answers, read when they are asked for."""

    setting: Setting
    cases: npt.NDArray[np.int64]
    read: Callable[[DimensionSpec], Column]


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


def lay_out_units(units: Sequence[CountedUnit], setting: Setting) -> Columns:
    """Return units as columns."""
    cases: dict[int, int] = {}
    numbers = [cases.setdefault(counted.case_id.int, len(cases)) for counted in units]

    def read(spec: DimensionSpec) -> Column:
        return read_column(units, codes_of(spec, setting), reader(spec), spec.multiple)

    return Columns(setting, np.array(numbers, dtype=np.int64), read)


def read_column(
    units: Iterable[CountedUnit], codes: Sequence[str], read: Reader, is_multiple: bool
) -> Column:
    """Read the answers of these units, each of which is one of the codes; raises KeyError else."""
    index = {code: at for at, code in enumerate(codes)}
    if not is_multiple:
        return np.array([index[read(unit)[0]] for unit in units], dtype=np.int64)
    answers = [[index[code] for code in read(unit)] for unit in units]
    members = np.zeros((len(answers), len(codes)), dtype=np.bool_)
    for row, given in enumerate(answers):
        members[row, given] = True
    return members
