"""A release as a document of texts and whole numbers, and back; reading makes no claim that it is safe."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from casework.disclosure.dimensions import UNITS
from casework.disclosure.ledger.layouts import Axes, Category, Layout, Scale, check_layouts
from casework.disclosure.published import HIDDEN, IMPOSSIBLE, as_count, as_list, as_mapping, as_text
from casework.disclosure.refusals import refusal
from casework.disclosure.threshold import LOWEST
from casework.errors import DisclosureRefused

FORMAT: Final = 1
ENGINE: Final = "casework-ledger 1"
ZEROS: Final = {"published": True, "suppressible": False}

_KEYS: Final = frozenset({"format", "engine", "unit", "k", "zeros", "axes", "tables"})
_TABLE_KEYS: Final = frozenset({"name", "scales", "cells"})

Values = tuple[int | None, ...]


@dataclass(frozen=True)
class Told:
    """What a release says: per table the values of its cells, row by row, None where hidden."""

    unit: str
    k: int
    zeros_published: bool
    axes: Axes
    layouts: tuple[Layout, ...]
    values: tuple[Values, ...]
    engine: str = ENGINE


def write_told(told: Told) -> dict[str, object]:
    """The canonical document: equal releases give equal documents, and nothing hidden is in it."""
    return {
        "format": FORMAT,
        "engine": told.engine,
        "unit": told.unit,
        "k": told.k,
        "zeros": next(name for name, published in ZEROS.items() if published is told.zeros_published),
        "axes": [{"name": name, "codes": list(codes)} for name, codes in told.axes.items()],
        "tables": [
            _write_table(layout, values) for layout, values in zip(told.layouts, told.values, strict=True)
        ],
    }


def read_told(document: Mapping[str, object]) -> Told:
    """The release of a document; raises DisclosureRefused("bad_document") for anything else."""
    if set(document) != _KEYS or document["format"] != FORMAT or document["unit"] not in UNITS:
        raise refusal("bad_document")
    zeros = document["zeros"]
    if not isinstance(zeros, str) or zeros not in ZEROS:
        raise refusal("bad_document")
    entries = [as_mapping(entry, frozenset({"name", "codes"})) for entry in as_list(document["axes"])]
    axes = {as_text(entry["name"]): _texts(entry["codes"]) for entry in entries}
    tables = [_read_table(entry) for entry in as_list(document["tables"])]
    layouts = tuple(layout for layout, _values in tables)
    try:
        check_layouts(layouts, axes)
    except DisclosureRefused as fault:
        raise refusal("bad_document") from fault
    if len(axes) < len(entries) or as_count(document["k"]) < LOWEST:
        raise refusal("bad_document")
    return Told(
        as_text(document["unit"]),
        as_count(document["k"]),
        ZEROS[zeros],
        axes,
        layouts,
        tuple(values for _layout, values in tables),
        as_text(document["engine"]),
    )


def _write_table(layout: Layout, values: Values) -> dict[str, object]:
    places = zip(layout.places(), values, strict=True)
    return {
        "name": layout.name,
        "scales": [
            {
                "axis": scale.axis,
                "categories": [
                    {"label": category.label, "codes": list(category.codes)} for category in scale.categories
                ],
            }
            for scale in layout.scales
        ],
        "cells": [
            IMPOSSIBLE if place in layout.impossible else HIDDEN if value is None else value
            for place, value in places
        ],
    }


def _read_table(entry: object) -> tuple[Layout, Values]:
    fields = as_mapping(entry, _TABLE_KEYS)
    scales = tuple(_read_scale(scale) for scale in as_list(fields["scales"]))
    cells = as_list(fields["cells"])
    layout = Layout(as_text(fields["name"]), scales)
    places = list(layout.places())
    if len(places) != len(cells):
        raise refusal("bad_document")
    impossible = frozenset(place for place, cell in zip(places, cells, strict=True) if cell == IMPOSSIBLE)
    values = tuple(None if cell == HIDDEN else 0 if cell == IMPOSSIBLE else as_count(cell) for cell in cells)
    return Layout(layout.name, scales, impossible), values


def _read_scale(entry: object) -> Scale:
    fields = as_mapping(entry, frozenset({"axis", "categories"}))
    listed = [as_mapping(each, frozenset({"label", "codes"})) for each in as_list(fields["categories"])]
    return Scale(
        as_text(fields["axis"]),
        tuple(Category(as_text(each["label"]), _texts(each["codes"])) for each in listed),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(as_text(each) for each in as_list(value))
