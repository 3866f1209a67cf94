"""What the ledger keeps, sealed, of each release: the document that left, and the exact counts behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from casework.disclosure.ledger.documents import Told, read_told
from casework.disclosure.ledger.records import Atoms, Counted, Holders
from casework.disclosure.published import as_count, as_list, as_mapping, as_text
from casework.disclosure.refusals import refusal

_KEYS: Final = frozenset({"axes", "atoms", "holders", "cases", "largest", "largest_case"})


@dataclass(frozen=True, eq=False)
class Entry:
    """`document` is public. `exact` never leaves the vault; see docs/adr/0024 for why it is kept at all."""

    document: Mapping[str, object]
    exact: Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Release:
    """An entry, read.

    `cases` are the distinct cases per cell of each table, `largest` the units that k - 1 cases can hold, k
    being the threshold of the release, and `largest_case` those of the largest one.
    """

    told: Told
    atoms: Atoms
    cases: tuple[tuple[int, ...], ...]
    largest: int
    largest_case: int
    holders: Holders


def write_exact(counted: Counted, k: int) -> dict[str, object]:
    """The exact counts as texts and whole numbers."""
    return {
        "axes": list(counted.axes),
        "atoms": [[*codes, units] for codes, units in sorted(counted.atoms.items())],
        "holders": write_holders(counted.holders),
        "cases": [tally.cases.tolist() for tally in counted.tallies],
        "largest": counted.largest(k),
        "largest_case": counted.largest(2),
    }


def write_holders(holders: Holders) -> list[list[list[int]]]:
    """For each combination of codes, in the order of the atoms, the number and the units of each case."""
    return [
        [[case, units] for case, units in sorted(held.items())] for _codes, held in sorted(holders.items())
    ]


def read_entry(entry: Entry) -> Release:
    """Raises DisclosureRefused("bad_document") for what `write_told` and `write_exact` did not write."""
    told = read_told(entry.document)
    fields = as_mapping(dict(entry.exact), _KEYS)
    if [as_text(name) for name in as_list(fields["axes"])] != list(told.axes):
        raise refusal("bad_document")
    atoms: dict[tuple[str, ...], int] = {}
    for line in as_list(fields["atoms"]):
        *codes, units = as_list(line)
        named = tuple(as_text(code) for code in codes)
        known = len(named) == len(told.axes) and all(
            code in listed for code, listed in zip(named, told.axes.values(), strict=True)
        )
        if not known or named in atoms or as_count(units) == 0:
            raise refusal("bad_document")
        atoms[named] = as_count(units)
    cases = tuple(tuple(as_count(count) for count in as_list(table)) for table in as_list(fields["cases"]))
    if [len(table) for table in cases] != [len(values) for values in told.values]:
        raise refusal("bad_document")
    largest, largest_case = as_count(fields["largest"]), as_count(fields["largest_case"])
    return Release(told, atoms, cases, largest, largest_case, _read_holders(fields["holders"], atoms))


def _read_holders(value: object, atoms: Atoms) -> Holders:
    lines = as_list(value)
    if len(lines) != len(atoms):
        raise refusal("bad_document")
    found: dict[tuple[str, ...], dict[int, int]] = {}
    for (codes, units), line in zip(sorted(atoms.items()), lines, strict=True):
        pairs = [as_list(pair) for pair in as_list(line)]
        if any(len(pair) != 2 for pair in pairs):
            raise refusal("bad_document")
        held = {as_count(case): as_count(count) for case, count in pairs}
        if len(held) != len(pairs) or sum(held.values()) != units or 0 in held.values():
            raise refusal("bad_document")
        found[codes] = held
    return found
