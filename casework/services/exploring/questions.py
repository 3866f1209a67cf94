"""What somebody asks of the explorer: what to count, by what, of which incidents. Codes alone, no record."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from casework.domain.messages import N_
from casework.domain.vocabulary import UNKNOWN
from casework.errors import Invalid
from casework.services.exploring.facets import FACETS, Unit, listed_codes

_MOST_CODES = 400
_TIMES = {"year": re.compile(r"[0-9]{4}"), "quarter": re.compile(r"[0-9]{4}-Q[1-4]")}
_NO_FILTERS: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_NO_CELL: Mapping[str, str] = MappingProxyType({})


class Share(StrEnum):
    """What a per cent is of: nothing is shown, the row, the column, or all."""

    NONE = "none"
    ROW = "row"
    COLUMN = "column"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; raises Invalid naming `show`, `by`, `panels` or `last` for what cannot be tabulated.

    `filters` are the codes that a facet may have, any of them; of several facets each has to fit. `cell` are
    codes that each has besides: a cell of a table that is filtered already. `agreed` keeps what statistics
    may count. What is dated too vaguely to lie between the days for certain is out.
    """

    unit: Unit = Unit.INCIDENTS
    show: str = "contact_group"
    by: str = ""
    panels: str = ""
    share: Share = Share.NONE
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_FILTERS)
    first: date | None = None
    last: date | None = None
    agreed: bool = False
    cell: Mapping[str, str] = field(default_factory=lambda: _NO_CELL)

    def __post_init__(self) -> None:
        """Refuse what is no facet, or the same one twice, or a period that ends before it begins."""
        if self.panels and not self.by:
            raise Invalid(panels=N_("Choose first what to show it by."))
        taken: set[str] = set()
        for name, facet in (("show", self.show), ("by", self.by), ("panels", self.panels)):
            if facet not in FACETS and (facet or name == "show"):
                raise Invalid(**{name: N_("Choose one of the listed answers.")})
            if facet and facet in taken:
                raise Invalid(**{name: N_("Choose something else than what is shown already.")})
            taken.add(facet)
        if self.first and self.last and self.last < self.first:
            raise Invalid(last=N_("Choose an end that does not come before the beginning."))

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets of the table, as asked."""
        return tuple(name for name in (self.show, self.by, self.panels) if name)

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows it."""
        return bool(self.filters or self.first or self.last or self.agreed or self.cell)

    def to_document(self) -> dict[str, Any]:
        """Give the plain form that is kept with a view."""
        return {
            "unit": self.unit.value,
            "show": self.show,
            "by": self.by,
            "panels": self.panels,
            "share": self.share.value,
            "filters": {name: list(codes) for name, codes in self.filters.items()},
            "first": self.first.isoformat() if self.first else "",
            "last": self.last.isoformat() if self.last else "",
            "agreed": self.agreed,
            "cell": dict(self.cell),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Question":
        """Read what `to_document` gave; raises KeyError, TypeError, ValueError or Invalid for all else."""
        first, last = document["first"], document["last"]
        return cls(
            Unit(document["unit"]),
            document["show"],
            document["by"],
            document["panels"],
            Share(document["share"]),
            read_filters(document["filters"]),
            date.fromisoformat(first) if first else None,
            date.fromisoformat(last) if last else None,
            bool(document["agreed"]),
            read_cell(document["cell"]),
        )


def read_filters(given: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    """Return the filters among these: what is no facet, or none of its codes, narrows nothing.

    A pattern is any id: which ones there are is not asked here.
    """
    found = {}
    for name in FACETS:
        known = tuple(dict.fromkeys(code for code in given.get(name, ()) if _is_code(name, code)))
        if known:
            found[name] = known[:_MOST_CODES]
    return MappingProxyType(found)


def read_cell(given: Mapping[str, str]) -> Mapping[str, str]:
    """Return the codes of a cell among these, as `read_filters` does."""
    known = read_filters({name: (code,) for name, code in given.items()})
    return MappingProxyType({name: codes[0] for name, codes in known.items()})


def _is_code(name: str, code: str) -> bool:
    if name in _TIMES:
        return code == UNKNOWN or _TIMES[name].fullmatch(code) is not None
    if code in listed_codes(FACETS[name]):
        return True
    if name != "patterns":
        return False
    try:
        return UUID(hex=code).hex == code
    except ValueError:
        return False
