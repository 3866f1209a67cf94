"""Arrays in, protected tables out: statistical disclosure control (docs/disclosure.md).

`tabulate` counts, `protect` or `protect_with_coarsening` hide and audit, `serialise` and `parse` store,
`attack` shows what an outsider could work out. Whatever goes wrong raises `DisclosureRefused`.
"""

from casework.disclosure.attack import Interval, attack
from casework.disclosure.counts import CountTable, Tally, count_table, tabulate
from casework.disclosure.dimensions import TOTAL, UNITS, WITH, WITHOUT, Dimension
from casework.disclosure.protect import Candidate, protect, protect_with_coarsening
from casework.disclosure.refusals import REASONS
from casework.disclosure.serialise import parse, serialise
from casework.disclosure.tables import Attempt, Cell, ProtectedTable

__all__ = [
    "REASONS",
    "TOTAL",
    "UNITS",
    "WITH",
    "WITHOUT",
    "Attempt",
    "Candidate",
    "Cell",
    "CountTable",
    "Dimension",
    "Interval",
    "ProtectedTable",
    "Tally",
    "attack",
    "count_table",
    "parse",
    "protect",
    "protect_with_coarsening",
    "serialise",
    "tabulate",
]
