"""Rows that are in already, beside what their cases say: other rows under known numbers show here.

Nothing of a row is kept to compare with, only what it became: a case that was corrected since differs too.
"""

from collections.abc import Iterable

from casework.domain.dates import Precision
from casework.domain.incident import IncidentFacts
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN
from casework.services.access import may_see
from casework.services.context import Context
from casework.services.importing.keys import KnownRow
from casework.store.imports import list_incidents_by_key

_COMPARED = ("contact_type", "police_service")


def count_differing(context: Context, known: Iterable[KnownRow]) -> int:
    """Count the rows that say another date, contact type or police service than their case.

    Of cases that the member may see; what a row does not say differs from nothing.
    """
    rows = list(known)
    found = list_incidents_by_key([key for one in rows for key in one.keys])
    if not found:  # nothing to compare with: what is opened in memory stays closed for that
        return 0
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    differing = 0
    for one in rows:
        incidents = [facts.incidents.get(found[key]) for key in one.keys if key in found]
        seen = [
            incident.facts
            for incident in incidents
            if incident is not None
            and (case := facts.cases.get(incident.case_id)) is not None
            and may_see(context, case)
        ]
        if seen and not any(_agrees(one.row.incident, there) for there in seen):
            differing += one.row.rows
    return differing


def _agrees(row: IncidentFacts, there: IncidentFacts) -> bool:
    is_dated = row.date.precision is not Precision.UNKNOWN
    if is_dated and row.date != there.date:
        return False
    said = ((getattr(row, name), getattr(there, name)) for name in _COMPARED)
    return all(own in (NOT_ASKED, UNKNOWN) or own == other for own, other in said)
