"""Setting a pattern on every incident of many cases, or taking it off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from casework.domain.documents import Document, read_uuid
from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services.access import get_incident_row
from casework.services.books import FactBook, OpenedCase
from casework.services.bundles.deeds import Item, Reverse, Stay
from casework.services.context import Context
from casework.services.patterns import require_settable, retag
from casework.services.transactions import Transaction
from casework.store.cases import Case, Incident, find_record

KIND = "tag"


@dataclass(frozen=True)
class Tagging:
    """Set a pattern on the incidents of the cases; not `present`: take it off."""

    pattern_id: UUID
    present: bool
    kind = KIND
    event = "incidents.tagged"
    permission = Permission.TAG_INCIDENTS

    @property
    def about(self) -> Mapping[str, str]:
        """Which pattern, and whether it was set."""
        return {"pattern": self.pattern_id.hex, "deed": "add" if self.present else "remove"}

    def check(self, context: Context) -> None:
        """Raise NotFound for what is no pattern, Invalid naming `pattern` for one that is not in use."""
        require_settable(context, self.pattern_id, self.present)

    def weigh(self, facts: FactBook, case: OpenedCase) -> Iterable[tuple[Item, Stay | None]]:
        """Go through the incidents of the case."""
        incidents = facts.incidents_by_case.get(case.id, ())
        if not incidents:
            yield Item(case), Stay.NO_INCIDENT
        for incident in incidents:
            carries = self.pattern_id in incident.facts.patterns
            yield Item(case, incident=incident), Stay.ALREADY if carries is self.present else None

    def write(self, context: Context, opened: Transaction, row: Case, item: Item) -> Document:
        """Set it, or take it off."""
        assert item.incident is not None  # noqa: S101 - what it would change is an incident
        incident = find_record(Incident, item.incident.id)
        if incident is None:
            raise NotFound("incident")
        _retag(context, opened, incident, self.pattern_id, self.present)
        return {
            "case": row.id.hex,
            "reference": item.case.facts.reference,
            "incident": incident.id.hex,
            "version": incident.version,
            "pattern": self.pattern_id.hex,
            "was": int(not self.present),
        }

    def fields(self, records: int, cases: int) -> Mapping[str, UUID | int]:
        """Return what the audit entry declares."""
        return {"pattern": self.pattern_id, "incidents": records}


def _put_back(context: Context, opened: Transaction, before: Document) -> Stay | None:
    row = get_incident_row(context, read_uuid(before["incident"]))
    if row.version != before["version"]:
        return Stay.CHANGED
    _retag(context, opened, row, read_uuid(before["pattern"]), before["was"] == 1)
    return None


def _retag(context: Context, opened: Transaction, row: Incident, pattern_id: UUID, present: bool) -> None:
    add, remove = ({pattern_id}, set[UUID]()) if present else (set[UUID](), {pattern_id})
    retag(context, opened, row, add, remove)


REVERSE = Reverse(
    "incidents.tagged",
    Permission.TAG_INCIDENTS,
    _put_back,
    lambda about, records, _cases: {"pattern": read_uuid(about["pattern"]), "incidents": records},
)
