"""What the ledger keeps, sealed, of each release: the document that left, and the exact counts behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from casework.disclosure.ledger.documents import Told, read_told
from casework.disclosure.ledger.records import Atoms, Counted, Holders
from casework.disclosure.published import as_count, as_list, as_mapping, as_text
from casework.disclosure.refusals import refusal

_KEYS: Final = frozenset({"axes", "atoms", "cases", "largest", "largest_case"})


@dataclass(frozen=True, eq=False)
class Entry:
    """`document` is public. `exact` never leaves the vault; see docs/adr/0024 for why it is kept at all."""

    document: Mapping[str, object]
    exact: Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Release:
    """An entry, read.

    `cases` are the distinct cases per cell of each table, `largest` the units that k - 1 cases can hold, k
    being the threshold of the release, and `largest_case` those of the largest one. `holders` are not kept in
    the ledger: the newest release alone has them.
    """

    told: Told
    atoms: Atoms
    cases: tuple[tuple[int, ...], ...]
    largest: int
    largest_case: int
    holders: Holders = field(default_factory=dict)


def write_exact(counted: Counted, k: int) -> dict[str, object]:
    """The exact counts as texts and whole numbers."""
    return {
        "axes": list(counted.axes),
        "atoms": [[*codes, units] for codes, units in sorted(counted.atoms.items())],
        "cases": [tally.cases.tolist() for tally in counted.tallies],
        "largest": counted.largest(k),
        "largest_case": counted.largest(2),
    }


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
    return Release(told, atoms, cases, as_count(fields["largest"]), as_count(fields["largest_case"]))
