"""How long a case is kept: the rules of retention, and the days in the bin.

No day here is ever too early: a month that lacks the day ends with the first of the next one.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from casework.errors import Invalid

from .case import CLOSED, CaseFacts
from .documents import Document, read_date, require_same, require_shape, unreadable
from .messages import N_

FEWEST_MONTHS, MOST_MONTHS = 6, 240
FEWEST_GRACE_DAYS, MOST_GRACE_DAYS = 7, 365

_KEYS = frozenset({"schema", "months", "closed_only", "grace_days", "since"})


def last_day_in_bin(binned_on: date, days: int) -> date:
    """Give the last day on which a case can be taken out of the bin again; the day after, it is erased."""
    return binned_on + timedelta(days=days)


@lru_cache(maxsize=1 << 14)
def add_months(day: date, months: int) -> date:
    """Give the same day so many months later; a month after 31 January is 1 March."""
    year, month = divmod(day.month - 1 + months, 12)
    try:
        return day.replace(year=day.year + year, month=month + 1)
    except ValueError:
        year, month = divmod(day.month + months, 12)
        return date(day.year + year, month + 1, 1)


def _was_seen(case: CaseFacts, due_on: date) -> bool:
    """Tell whether the case was announced since it is due: what was announced before holds no more."""
    return case.announced_on is not None and case.announced_on >= due_on


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRules:
    """After how many `months` without new content a case goes; None: never. `since` is when this was decided.

    A case that is due is announced for `grace_days` before it goes to the bin, and the days count from when
    somebody could see it: also for one that was overdue when the rules were made, or while nobody signed in.
    """

    months: int | None = None
    closed_only: bool = True
    grace_days: int = 30
    since: date

    def __post_init__(self) -> None:
        """Refuse what would take cases too soon, or is no rule; `Invalid` names the field."""
        if self.months is not None and not FEWEST_MONTHS <= self.months <= MOST_MONTHS:
            raise Invalid(months=N_("Write a whole number from 6 to 240, or nothing for no rule."))
        if not FEWEST_GRACE_DAYS <= self.grace_days <= MOST_GRACE_DAYS:
            raise Invalid(grace_days=N_("Write a whole number from 7 to 365."))

    def due_on(self, case: CaseFacts) -> date | None:
        """Give the day from which the case is announced; None where it is kept."""
        if self.months is None or case.hold_since is not None:
            return None
        if self.closed_only and case.status != CLOSED:
            return None
        return max(add_months(case.touched_on, self.months), self.since)

    def is_announced(self, case: CaseFacts) -> bool:
        """Tell whether somebody could see since it is due that the case is to go."""
        due_on = self.due_on(case)
        return due_on is not None and _was_seen(case, due_on)

    def goes_on(self, case: CaseFacts) -> date | None:
        """Give the first day on which the case goes to the bin; None where it is kept, or not announced."""
        due_on = self.due_on(case)
        return self.goes_after(case, due_on, due_on) if due_on and _was_seen(case, due_on) else None

    def goes_after(self, case: CaseFacts, due_on: date, today: date) -> date:
        """Give the first day on which a case may go that is due on this one, if it is announced at once."""
        seen_on = case.announced_on if case.announced_on and _was_seen(case, due_on) else max(due_on, today)
        return seen_on + timedelta(days=self.grace_days)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {
            "schema": 1,
            "months": self.months,
            "closed_only": int(self.closed_only),
            "grace_days": self.grace_days,
            "since": self.since.isoformat(),
        }

    @classmethod
    def from_document(cls, document: Document) -> "RetentionRules":
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        require_shape(document, _KEYS)
        months, grace_days = document["months"], document["grace_days"]
        if type(grace_days) is not int or type(months) not in (int, type(None)):
            raise unreadable()
        try:
            rules = cls(
                months=months,
                closed_only=document["closed_only"] == 1,
                grace_days=grace_days,
                since=read_date(document["since"]),
            )
        except Invalid:
            raise unreadable() from None
        require_same(document, rules.to_document())
        return rules
