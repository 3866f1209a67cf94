"""What happened in a case, in the order of time: incidents, its opening, and who was detained when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.domain.followup import DETENTION, OF_DETENTION
from casework.services.followups.reading import FollowUpView
from casework.web.case_page import CasePage, Told
from casework.web.followup_page import FollowUpPage


@dataclass(frozen=True)
class Entry:
    """An incident, something of a detention, or, where it is neither, the opening of the case."""

    told: Told | None = None
    custody: FollowUpView | None = None


def arrange(page: CasePage, after: FollowUpPage) -> Sequence[Entry]:
    """Return what happened, oldest first; incidents keep their order, and what has no date comes last."""
    told, opened = list(page.told), page.opened_after
    entries = [(_day(one.incident.facts.date.span()), Entry(told=one)) for one in told]
    entries.insert(opened, (page.case.facts.opened_on, Entry()))
    for view in _custody(after):
        day = _day(view.facts.when.date.span())
        place = next((i for i, (other, _entry) in enumerate(entries) if other > day), len(entries))
        entries.insert(place, (day, Entry(custody=view)))
    return [entry for _day_of_it, entry in entries]


def _custody(after: FollowUpPage) -> list[FollowUpView]:
    """Oldest first: in the list of follow-ups the newest comes first."""
    kinds = {DETENTION, *OF_DETENTION}
    return [view for view in reversed(after.found.past) if view.facts.kind in kinds]


def _day(span: tuple[date, date] | None) -> date:
    return span[0] if span else date.max
