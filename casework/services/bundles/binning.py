"""Moving many cases to the bin, those on legal hold excepted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from casework.domain.documents import Document, read_uuid
from casework.domain.permissions import Permission
from casework.services.access import get_binned_row
from casework.services.bin import lay_in_bin, take_out_of_bin
from casework.services.books import FactBook, OpenedCase
from casework.services.bundles.deeds import Item, Reverse, Stay
from casework.services.context import Context
from casework.services.transactions import Transaction
from casework.store.cases import Case

KIND = "bin"


@dataclass(frozen=True)
class Binning:
    """Move the cases to the bin."""

    kind = KIND
    event = "cases.binned"
    permission = Permission.EDIT_CASES

    @property
    def about(self) -> Mapping[str, str]:
        """Say nothing more: there is nothing to answer."""
        return {}

    def check(self, context: Context) -> None:
        """Refuse nothing: there is nothing to answer."""

    def weigh(self, facts: FactBook, case: OpenedCase) -> Iterable[tuple[Item, Stay | None]]:
        """Tell whether the case goes."""
        yield Item(case), Stay.ON_HOLD if case.facts.hold_since else None

    def write(self, context: Context, opened: Transaction, row: Case, item: Item) -> Document:
        """Move it."""
        lay_in_bin(context, opened.generation, row)
        return {"case": row.id.hex, "reference": item.case.facts.reference, "version": row.version}

    def fields(self, records: int, cases: int) -> Mapping[str, UUID | int]:
        """Return what the audit entry declares."""
        return {"count": cases}


def _put_back(context: Context, opened: Transaction, before: Document) -> Stay | None:
    row = get_binned_row(context, read_uuid(before["case"]))
    if row.version != before["version"]:
        return Stay.CHANGED
    take_out_of_bin(context, opened.generation, row)
    return None


REVERSE = Reverse(
    "cases.restored", Permission.EDIT_CASES, _put_back, lambda _about, _records, cases: {"count": cases}
)
