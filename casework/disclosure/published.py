"""A table as an outsider has it: read strictly from its serialised form, with no claim that it is safe."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from casework.disclosure.dimensions import UNITS, Dimension, axes_of, check_dimensions, shape_of
from casework.disclosure.refusals import refusal
from casework.errors import DisclosureRefused

FORMAT: Final = 1
HIDDEN: Final = "hidden"
IMPOSSIBLE: Final = "impossible"

_COUNTED: Final = ("hidden_cells", "nonzero_cells")
_KEYS: Final = frozenset(
    {"format", "engine", "unit", "k", "dimensions", "cells", "remedy", "refused", *_COUNTED}
)
_DIMENSION_KEYS: Final = frozenset({"name", "codes", "kind", "exclusive"})


@dataclass(frozen=True)
class Published:
    """What is known of a table from outside; `values` are row by row, None where hidden."""

    dimensions: tuple[Dimension, ...]
    unit: str
    k: int
    values: tuple[int | None, ...]
    impossible: tuple[bool, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the full cross with margins."""
        return shape_of(self.dimensions)

    @property
    def axes(self) -> tuple[tuple[str, ...], ...]:
        """The codes along each axis."""
        return axes_of(self.dimensions)


def read(document: Mapping[str, object]) -> Published:
    """The table of a serialised document; raises DisclosureRefused("bad_document") for any other."""
    if set(document) != _KEYS or document["format"] != FORMAT or document["unit"] not in UNITS:
        raise refusal("bad_document")
    dimensions = tuple(_read_dimension(entry) for entry in as_list(document["dimensions"]))
    try:
        check_dimensions(dimensions)
    except DisclosureRefused as fault:
        raise refusal("bad_document") from fault
    k, cells = as_count(document["k"]), as_list(document["cells"])
    values = tuple(_read_value(entry) for entry in cells)
    size = 1
    for length in shape_of(dimensions):
        size *= length
    counts = (sum(value is None for value in values), sum(value != 0 for value in values))
    if len(values) != size or tuple(document[key] for key in _COUNTED) != counts:
        raise refusal("bad_document")
    impossible = tuple(entry == IMPOSSIBLE for entry in cells)
    return Published(dimensions, as_text(document["unit"]), k, values, impossible)


def as_list(value: object) -> list[object]:
    """The list, or a refusal."""
    if not isinstance(value, list):
        raise refusal("bad_document")
    return value


def as_text(value: object) -> str:
    """The text, or a refusal."""
    if not isinstance(value, str) or not value:
        raise refusal("bad_document")
    return value


def as_count(value: object) -> int:
    """The whole number, or a refusal."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise refusal("bad_document")
    return value


def as_mapping(value: object, keys: frozenset[str] | None = None) -> Mapping[str, object]:
    """The mapping with text keys (exactly those, if given), or a refusal."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise refusal("bad_document")
    if keys is not None and set(value) != keys:
        raise refusal("bad_document")
    return value


def _read_dimension(entry: object) -> Dimension:
    fields = as_mapping(entry, _DIMENSION_KEYS)
    if fields["kind"] not in ("single", "tags"):
        raise refusal("bad_document")
    codes = tuple(as_text(code) for code in as_list(fields["codes"]))
    exclusive = [as_text(code) for code in as_list(fields["exclusive"])]
    if sorted(set(exclusive)) != exclusive:
        raise refusal("bad_document")
    try:
        return Dimension(as_text(fields["name"]), codes, fields["kind"] == "tags", frozenset(exclusive))
    except DisclosureRefused as fault:
        raise refusal("bad_document") from fault


def _read_value(entry: object) -> int | None:
    if entry == HIDDEN:
        return None
    return 0 if entry == IMPOSSIBLE else as_count(entry)
