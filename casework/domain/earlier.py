"""What a release says of earlier ones of the same time: where what they show differs, and nothing else."""

from dataclasses import dataclass
from typing import Any

from .documents import Document, read_list, read_text, unreadable
from .period import Period, read_quarter, write_quarter
from .releasedraft import read_number, require_keys

_KEYS = frozenset({"number", "first", "last", "replaced", "differing"})


@dataclass(frozen=True, slots=True)
class Difference:
    """How many a period had in the earlier release, `then`, and has `now`: both are shown there.

    `period` is the label of its line, as `timelabels` writes it.
    """

    period: str
    then: int
    now: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier release that has a day in common; `replaced` where the later one comes in its place."""

    number: int
    period: Period
    replaced: bool = False
    differing: tuple[Difference, ...] = ()

    def to_document(self) -> Document:
        """Give the plain form."""
        return {
            "number": self.number,
            "first": write_quarter(self.period.first),
            "last": write_quarter(self.period.last),
            "replaced": self.replaced,
            "differing": [{"period": one.period, "then": one.then, "now": one.now} for one in self.differing],
        }

    @classmethod
    def from_document(cls, document: Any) -> "Earlier":
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        require_keys(document, _KEYS)
        if type(document["replaced"]) is not bool:
            raise unreadable()
        return cls(
            read_number(document["number"]),
            Period(read_quarter(read_text(document, "first")), read_quarter(read_text(document, "last"))),
            document["replaced"],
            tuple(map(_read_difference, read_list(document["differing"]))),
        )


def _read_difference(document: Any) -> Difference:
    require_keys(document, frozenset({"period", "then", "now"}))
    then, now = read_number(document["then"]), read_number(document["now"])
    return Difference(read_text(document, "period"), then, now)
