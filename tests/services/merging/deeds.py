"""One of each deed on records of one person and accounts of one incident, for the tests that break deeds."""

from collections.abc import Callable
from uuid import UUID

from casework.domain.person import PersonFacts, PersonIdentity
from casework.services.accounts import deciding
from casework.services.context import Context
from casework.services.incidents import Logged, log_incident
from casework.services.merging import merging, purging, undoing
from tests.services.deed import Deed
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.support.records import incident_draft
from tests.support.times import later

Decide = Callable[[Context, UUID, UUID], None]


def _log(founded: Founded) -> Logged:
    return log_incident(founded.context(CASEWORKER), incident_draft())


def _merge(founded: Founded, one: Logged, other: Logged) -> UUID:
    people, name = (one.people[0], other.people[0]), PersonIdentity(name="Teodor Vulcan")
    return merging.merge(founded.context(COLLEAGUE), people, (1, 1), PersonFacts(), name)


def merge(founded: Founded) -> Deed:
    """Merge somebody of two cases."""
    one, other = _log(founded), _log(founded)
    tables = {"case", "incident", "person", "person_link", "revision"}
    return Deed(lambda: _merge(founded, one, other), COLLEAGUE, tables)


def undo(founded: Founded) -> Deed:
    """Take it back."""
    one, other = _log(founded), _log(founded)
    made, context = _merge(founded, one, other), founded.context(COLLEAGUE)
    tables = {"case", "incident", "person", "person_link", "revision"}
    return Deed(lambda: undoing.undo_merge(context, one.case_id, made), COLLEAGUE, tables)


def purge(founded: Founded) -> Deed:
    """Let it be final."""
    _merge(founded, _log(founded), _log(founded))
    context = later(founded.context(COLLEAGUE), founded.runtime.limits.bin_days + 1)
    return Deed(lambda: purging.purge_people(context), COLLEAGUE, {"fact_index", "person"})


def decide(decided: Decide, before: bool = False, is_told: bool = True) -> Callable[[Founded], Deed]:
    """Say of two incidents that they are one, or not; `before`, after they were said to be one.

    That they are two is not told in their history.
    """
    tables = {"incident", "revision"} if is_told else {"incident"}

    def prepare(founded: Founded) -> Deed:
        one, other = (_log(founded).incident_id for _ in range(2))
        context = founded.context(COLLEAGUE)
        if before:
            deciding.tell_one(context, one, other)
        return Deed(lambda: decided(context, one, other), COLLEAGUE, tables)

    return prepare
