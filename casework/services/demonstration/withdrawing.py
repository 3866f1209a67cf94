"""People of the demonstration who took their consent back.

They are in no release: once somebody is gone, numbers beside a release tell less.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from casework.domain.case import OPEN
from casework.domain.counting import Counted
from casework.domain.permissions import Role
from casework.domain.person import CASEWORK, GIVEN, STATISTICS, WITHDRAWN, Consent
from casework.services.cases import CaseView, change_person, get_case
from casework.services.context import Context
from casework.services.lists import Filter, list_cases

_AFTER = 12
"""Those of the newest cases are for other stories."""
_WITHDRAWN: tuple[Mapping[str, str], ...] = (
    {STATISTICS: "by_phone_or_video"},
    {STATISTICS: "in_writing", CASEWORK: "in_writing"},
)
"""How each of them told, by purpose."""


def withdraw_consents(contexts: Mapping[Role, Context]) -> None:
    """Let some withdraw; what is there already stays."""
    coordinator = contexts[Role.COORDINATOR]
    # Those who withdrew before an interruption count no longer, and are not chosen again.
    for case, means in zip(_choose(coordinator), _WITHDRAWN[_count_withdrawn(coordinator) :], strict=False):
        _withdraw(coordinator, case, means)


def _choose(context: Context) -> Iterator[CaseView]:
    """Go through the open cases of one person who agreed to be counted and accompanied, the newest first."""
    for line in list_cases(context, Filter(mine=False, status=OPEN), whole=True).lines[_AFTER:]:
        if line.counted == Counted.YES and len(line.names) == 1 and not line.restricted:
            case = get_case(context, line.id)
            if case.people[0].facts.consent(CASEWORK).answer == GIVEN:
                yield case


def _count_withdrawn(context: Context) -> int:
    """Count those who agreed at first: nobody else of the demonstration did and took it back."""
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    known = (person.facts.countable for person in book.people.values())
    return sum(one.since is not None and one.until is not None for one in known)


def _withdraw(context: Context, case: CaseView, means: Mapping[str, str]) -> None:
    (person,) = case.people
    taken_back = {purpose: Consent(WITHDRAWN, context.runtime.today(), how) for purpose, how in means.items()}
    facts = replace(person.facts, consents={**person.facts.consents, **taken_back})
    change_person(context, case.id, person.id, person.version, facts, person.identity)
