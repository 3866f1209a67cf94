"""The one type of release that may be shown, and what its makers are told of how it came about."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from typing import Final

from casework.disclosure.ledger.documents import Told, write_told
from casework.disclosure.ledger.entries import Entry

WITHOUT: Final = "without "
"""Before the name of a tag: the line of those who do not carry it."""

_PROTECTED: Final = object()


@dataclass(frozen=True)
class ProtectedRelease:
    """A release that passed the audit: all that a renderer accepts.

    `protect_release` and `parse_release` make it, nothing else can: the seal is private to this package.
    """

    told: Told
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        """Raises TypeError unless an audit vouches for it."""
        if seal is not _PROTECTED:
            raise TypeError("a ProtectedRelease is made by protect_release() alone")

    def document(self) -> dict[str, object]:
        """The canonical document."""
        return write_told(self.told)


@dataclass(frozen=True)
class TableReport:
    """How much of a table is shown. `lost` are the units in its hidden cells that are not margins."""

    name: str
    cells: int
    hidden: int
    share_shown: float
    lost: int


@dataclass(frozen=True)
class Report:
    """What the search did; not for publication.

    `objective` is the price of what is hidden to shield others: units, those of margins fourfold, those of a
    whole table sixteenfold. No `bound` is proven. `grows` tells whether no count has shrunk since it was
    released; `rounds`, how often something was hidden and audited.
    """

    tables: tuple[TableReport, ...]
    objective: int
    bound: int | None
    grows: bool
    rounds: int
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Protection:
    """The release, what the ledger is to keep of it once it is approved, and a report for its makers."""

    release: ProtectedRelease
    entry: Entry
    report: Report
