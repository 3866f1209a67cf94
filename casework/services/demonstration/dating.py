"""When the steps of an invented incident's pathway were, for those of which somebody was told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts
from casework.domain.moments import Moment
from casework.domain.pathway import ANSWERED_IN
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN, grouping
from casework.services.demonstration.chance import Chance
from casework.services.demonstration.sources import dates

SETTLED_DAYS = 120
"""The steps of incidents after which fewer days passed are told one by one, and not here."""

_NO_STEP = (UNKNOWN, NOT_ASKED, "did_not_come_up", "no_action", "other")
_OUTCOME = grouping("cbsa_action", "outcome")


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """An act before it has an id; `Act` says what each part means."""

    kind: str
    code: str
    when: Moment
    by: str
    source: str
    reliability: str

    @property
    def day(self) -> date:
        """The first day that it can have been."""
        span = self.when.date.span()
        return span[0] if span else date.min


def date_steps(chance: Chance, facts: IncidentFacts, day: date, today: date) -> tuple[PlannedStep, ...]:
    """Plan the steps of an incident of that day, none after today; of many incidents no step is dated.

    A step without a date has no act: what the incident answers is all that is known of it.
    """
    settled = (today - day).days >= SETTLED_DAYS
    if not settled or not chance.happens(dates()["share"]):
        return ()
    return tuple(step for step, on in _go(chance, facts, day) if step and on <= today)


def answered(facts: IncidentFacts) -> Iterator[tuple[str, str]]:
    """Give the answers that say that something was done, in the order of the pathway."""
    for kind, field in ANSWERED_IN.items():
        for code in getattr(facts, field):
            if code not in _NO_STEP:
                yield kind, code


def _go(chance: Chance, facts: IncidentFacts, day: date) -> Iterator[tuple[PlannedStep | None, date]]:
    """Go from step to step, and give its day; a kind of steps begins when the kind before it had begun.

    A step whose date nobody told lets time pass too.
    """
    told = dates()
    for kind, listed in groupby(answered(facts), key=itemgetter(0)):
        on, begun = day, None
        for _kind, code in listed:
            lag = told["lags"][_OUTCOME[code] if kind == "cbsa_action" else kind]
            if not chance.happens(lag["same_day"]):
                on += timedelta(days=1 + chance.days(lag["days"]))
            begun = begun or on
            known = [chance.pick(told[name][kind]) for name in ("by", "source", "reliability")]
            precision = chance.pick(told["precision"])
            when = VagueDate.on(on) if precision == "day" else VagueDate.parse(f"{on:%Y-%m}")
            yield None if precision == "none" else PlannedStep(kind, code, Moment(when), *known), on
        day = begun or day
