"""A protected table as a document of texts and whole numbers, and back. Reading it attacks it again."""

from collections.abc import Mapping

from casework.disclosure.attack import DEFAULT_SECONDS
from casework.disclosure.audit import check_from_outside
from casework.disclosure.dimensions import Dimension
from casework.disclosure.published import (
    FORMAT,
    HIDDEN,
    IMPOSSIBLE,
    as_count,
    as_list,
    as_mapping,
    as_text,
    read,
)
from casework.disclosure.refusals import REASONS, refusal
from casework.disclosure.solver import Deadline
from casework.disclosure.tables import _PROTECTED, Attempt, Cell, ProtectedTable
from casework.disclosure.threshold import check_threshold

_ATTEMPT_KEYS = frozenset({"label", "reason", "numbers"})


def serialise(table: ProtectedTable) -> dict[str, object]:
    """The canonical document: equal tables give equal documents, and nothing hidden is in it."""
    return {
        "format": FORMAT,
        "engine": table.engine,
        "unit": table.unit,
        "k": table.k,
        "dimensions": [_write_dimension(dimension) for dimension in table.dimensions],
        "cells": [_write_cell(cell) for cell in table.cells],
        "hidden_cells": table.hidden_cells,
        "nonzero_cells": table.nonzero_cells,
        "remedy": table.remedy,
        "refused": [
            {"label": attempt.label, "reason": attempt.reason, "numbers": dict(sorted(attempt.numbers))}
            for attempt in table.refused
        ],
    }


def parse(
    document: Mapping[str, object], *, time_limit_seconds: float = DEFAULT_SECONDS, for_release: bool = True
) -> ProtectedTable:
    """The table that `serialise` wrote, after an attack on it from outside.

    Raises DisclosureRefused: bad_document, threshold_too_low, audit_failed, inconsistent, time_limit, solver.
    """
    published = read(document)
    check_threshold(published.k, for_release=for_release)
    check_from_outside(published, Deadline(time_limit_seconds))
    return ProtectedTable(
        dimensions=published.dimensions,
        unit=published.unit,
        k=published.k,
        cells=tuple(map(Cell, published.values, published.impossible)),
        remedy=as_text(document["remedy"]),
        refused=tuple(_read_attempt(entry) for entry in as_list(document["refused"])),
        engine=as_text(document["engine"]),
        seal=_PROTECTED,
    )


def _write_dimension(dimension: Dimension) -> dict[str, object]:
    return {
        "name": dimension.name,
        "codes": list(dimension.codes),
        "kind": "tags" if dimension.multi_valued else "single",
        "exclusive": sorted(dimension.exclusive),
    }


def _write_cell(cell: Cell) -> int | str:
    if cell.value is None:
        return HIDDEN
    return IMPOSSIBLE if cell.impossible else cell.value


def _read_attempt(entry: object) -> Attempt:
    fields = as_mapping(entry, _ATTEMPT_KEYS)
    reason = as_text(fields["reason"])
    if reason not in REASONS:
        raise refusal("bad_document")
    numbers = as_mapping(fields["numbers"])
    return Attempt(
        as_text(fields["label"]),
        reason,
        tuple((name, as_count(number)) for name, number in sorted(numbers.items())),
    )
