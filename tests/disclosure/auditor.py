"""An attacker on published files by other means: lists every table that fits, or asks an integer program.

Shares nothing with casework: it reads the CSV itself, and its unknowns are single combinations of codes.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import highspy
import numpy as np

Key = tuple[str, ...]
Ends = tuple[int, int]


class World:
    """The combinations of codes, and which of them each line of a file sums."""

    def __init__(self, text: str, nested: Sequence[tuple[str, str]], *, zeros_published: bool) -> None:
        table = list(csv.reader(io.StringIO(text)))
        self.columns = table[0][:-1]
        self.lines = [(tuple(line[:-1]), line[-1]) for line in table[1:]]
        coarse = {other for _fine, other in nested}
        self._roots = [at for at, name in enumerate(self.columns) if name not in coarse]
        details = [codes for codes, _count in self.lines if all(codes[at] != "Total" for at in self._roots)]
        self.details = list(dict.fromkeys(details))
        self.least = 1 if zeros_published else 0
        self.members = [
            [at for at, detail in enumerate(self.details) if self._covers(codes, detail)]
            for codes, _count in self.lines
        ]

    @property
    def hidden(self) -> list[int]:
        """The lines without a count."""
        return [at for at, (_codes, count) in enumerate(self.lines) if count == ""]

    def _covers(self, codes: Key, detail: Key) -> bool:
        return all(code in ("Total", other) for code, other in zip(codes, detail, strict=True))

    def list_fillings(self) -> Iterator[list[int]]:
        """Every table of counts that agrees with all lines, depth first."""
        shown = [(self.members[at], int(count)) for at, (_c, count) in enumerate(self.lines) if count]
        owed = [count for _members, count in shown]
        every = range(len(self.details))
        over = [[at for at, (members, _n) in enumerate(shown) if one in members] for one in every]
        last = [max(members) for members, _n in shown]
        counts: list[int] = []

        def extend() -> Iterator[list[int]]:
            one = len(counts)
            if one == len(self.details):
                if self._all_hidden_hold(counts):
                    yield list(counts)
                return
            most = min((owed[at] for at in over[one]), default=0)
            for value in range(most + 1):
                for at in over[one]:
                    owed[at] -= value
                if all(owed[at] == 0 for at in over[one] if last[at] == one):
                    counts.append(value)
                    yield from extend()
                    counts.pop()
                for at in over[one]:
                    owed[at] += value

        yield from extend()

    def _all_hidden_hold(self, counts: Sequence[int]) -> bool:
        return all(sum(counts[one] for one in self.members[at]) >= self.least for at in self.hidden)

    def list_ends(self) -> dict[int, Ends]:
        """For each hidden line the least and greatest count, by listing all tables."""
        found: dict[int, Ends] = {}
        for counts in self.list_fillings():
            for at in self.hidden:
                value = sum(counts[one] for one in self.members[at])
                low, high = found.get(at, (value, value))
                found[at] = (min(low, value), max(high, value))
        return found

    def program_ends(self, most: int) -> dict[int, Ends]:
        """The same by integer programs, none of whose columns exceeds `most`."""
        return {at: (self._end(at, most, 1), self._end(at, most, -1)) for at in self.hidden}

    def _end(self, line: int, most: int, sign: int) -> int:
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.setOptionValue("output_flag", False)
        for one in range(len(self.details)):
            cost = float(sign * (one in self.members[line]))
            highs.addCol(cost, 0.0, float(most), 0, np.array([]), np.array([]))
            highs.changeColIntegrality(one, highspy.HighsVarType.kInteger)
        for at, (_codes, count) in enumerate(self.lines):
            low, high = (float(count), float(count)) if count else (float(self.least), highspy.kHighsInf)
            inside = np.array(self.members[at], dtype=np.int32)
            highs.addRow(low, high, len(inside), inside, np.ones(len(inside)))
        highs.run()
        assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return sign * round(highs.getInfo().objective_function_value)


def write_table(columns: Sequence[str], counts: Mapping[Key, int]) -> str:
    """A file of long form from counts by combination."""
    lines = [",".join([*columns, "count"]), *(",".join([*codes, str(n)]) for codes, n in counts.items())]
    return "\n".join(lines) + "\n"


def list_combinations(*sizes: int) -> list[Key]:
    """Combinations of codes a0, a1, …; b0, b1, …"""
    axes = [[f"{chr(97 + axis)}{at}" for at in range(size)] for axis, size in enumerate(sizes)]
    return list(product(*axes))
