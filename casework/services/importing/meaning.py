"""What the cells say that are alike in the rows of one incident: compared by what they are read as."""

from collections.abc import Sequence

from casework.domain.folding import fold
from casework.services.importing.people import split_target
from casework.services.importing.plan import PARK, Plan
from casework.services.importing.vaguedates import Order, read_serial, read_vague_date

_CACHED = 1 << 14


class Meanings:
    """Reads the cells of some columns as a plan does: "5 mars 2021" is "05/03/2021", "SQ" its whole name."""

    def __init__(self, plan: Plan, headings: Sequence[str], this_year: int) -> None:
        """Take the columns by their headings, in the order in which their cells are given."""
        self._plan, self._this_year = plan, this_year
        self._headings = headings
        self._known: list[dict[str, frozenset[str]]] = [{} for _ in headings]

    def read(self, at: int, cell: str) -> frozenset[str]:
        """Return all that a cell may mean; more than one for a date whose order nobody has said yet."""
        known = self._known[at]
        if cell not in known:
            if len(known) >= _CACHED:
                known.clear()
            known[cell] = self._read(self._headings[at], cell)
        return known[cell]

    def _read(self, heading: str, cell: str) -> frozenset[str]:
        target = split_target(self._plan.targets.get(heading, ""))[0]
        if target == "date":
            return self._read_date(cell)
        if target.startswith("date_"):
            return frozenset({cell.lstrip("0") if cell.isdecimal() else fold(cell)})
        answer = self._plan.values.get(heading, {}).get(cell, PARK)
        return frozenset({fold(cell) if answer == PARK else f"={answer}"})

    def _read_date(self, cell: str) -> frozenset[str]:
        counted = read_serial(cell) if self._plan.counted_days else None
        if counted is not None:
            return frozenset({counted.encode()})
        orders = (self._plan.order,) if self._plan.order else tuple(Order)
        read = [
            date for order in orders if (date := read_vague_date(cell, order, self._this_year)) is not None
        ]
        is_vague = self._plan.vague_day
        taken = (one.without_day() if is_vague and one.day == is_vague else one for one in read)
        return frozenset(one.encode() for one in taken) or frozenset({fold(cell)})
