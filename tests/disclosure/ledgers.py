"""Releases for the tests: records from counts, and a ledger filled one by one."""

from collections.abc import Mapping, Sequence

import numpy as np

from casework.disclosure.ledger.entries import Entry
from casework.disclosure.ledger.layouts import Layout, scale_of
from casework.disclosure.ledger.protecting import protect_release
from casework.disclosure.ledger.records import Records
from casework.disclosure.ledger.release import Protection
from casework.disclosure.ledger.rules import Rules
from casework.errors import DisclosureRefused

OPEN = Rules(most_hidden_percent=100)


def records(axes: Mapping[str, Sequence[str]], counts: Sequence[int] | np.ndarray) -> Records:
    """Each unit a case, of counts for all combinations of codes in order."""
    shape = [len(codes) for codes in axes.values()]
    flat = np.repeat(np.arange(int(np.prod(shape))), np.ravel(counts))
    columns = np.unravel_index(flat, shape)
    named = {axis: column.astype(np.int64) for axis, column in zip(axes, columns, strict=True)}
    return Records("cases", {axis: tuple(codes) for axis, codes in axes.items()}, named, np.arange(len(flat)))


def crossed(name: str, axes: Mapping[str, Sequence[str]]) -> Layout:
    """A table of all axes with all margins."""
    return Layout(name, tuple(scale_of(axis, codes) for axis, codes in axes.items()))


def release(
    counted: Records, layouts: Sequence[Layout], ledger: Sequence[Entry] = (), rules: Rules = OPEN
) -> Protection:
    """One release after a ledger, with time enough."""
    return protect_release(counted, layouts, ledger, rules, time_limit_seconds=60)


def publish(
    axes: Mapping[str, Sequence[str]],
    history: Sequence[Sequence[int] | np.ndarray],
    rules: Rules = OPEN,
    layouts: Sequence[Layout] | None = None,
) -> list[Protection]:
    """One release after the other."""
    made: list[Protection] = []
    for counts in history:
        ledger = [each.entry for each in made]
        made.append(release(records(axes, counts), layouts or [crossed("t", axes)], ledger, rules))
    return made


def publish_chosen(
    axes: Mapping[str, Sequence[str]],
    history: Sequence[Sequence[int]],
    layouts: Sequence[Sequence[Layout]],
    rules: Rules,
) -> list[Protection]:
    """One release after the other, each of tables of its own, up to the first that cannot be protected."""
    made: list[Protection] = []
    for counts, chosen in zip(history, layouts, strict=True):
        try:
            made.append(release(records(axes, counts), chosen, [each.entry for each in made], rules))
        except DisclosureRefused as refused:
            assert refused.reason in {"cannot_protect", "too_few_cases", "empty"}
            break
    return made


def shown(made: Protection, table: int = 0) -> dict[tuple[str, ...], int | None]:
    """The cells of a table by their labels."""
    told = made.release.told
    layout = told.layouts[table]
    return {
        tuple(label for _axis, label in layout.labels(place)): value
        for place, value in zip(layout.places(), told.values[table], strict=True)
    }
