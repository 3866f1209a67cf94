"""The bin: what lies in it is nowhere else, comes back whole, and on hold nothing gets there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from casework.errors import Conflict, Forbidden, Invalid, NotFound
from casework.services import bin, cases, incidents, lists, patterns
from casework.services.bin import bin_case, list_bin, restore_case
from casework.services.context import Context
from casework.services.holding import hold_case
from casework.services.incidents import Logged
from casework.services.lists import Filter
from casework.services.statistics.counting import keep_counting
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft
from tests.support.times import later

ALL = Filter(mine=False)


def _log(founded: Founded, **draft: object) -> Logged:
    return incidents.log_incident(founded.context(CASEWORKER), incident_draft(**draft))  # type: ignore[arg-type]


def _seen(founded: Founded, logged: Logged) -> set[str]:
    """Say where the case is still to be found."""
    context, seen = founded.context(COORDINATOR), set()
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    places: dict[str, Callable[[], object]] = {
        "cases": lambda: lists.list_cases(context, ALL).total,
        "incidents": lambda: lists.list_incidents(context, ALL).total,
        "search": lambda: lists.list_incidents(context, Filter(mine=False, text="Teodor")).total,
        "patterns": lambda: sum(patterns.count_incidents(context).values()),
        "statistics": lambda: len(keep_counting(facts)),
        "frequent": lambda: len(lists.list_frequent(context, "contact_type", 3)),
        "page": lambda: cases.get_case(context, logged.case_id),
        "incident": lambda: incidents.get_incident(context, logged.incident_id),
        "tagging": lambda: _tag(founded.context(), logged),
        "logging": lambda: incidents.log_incident(founded.context(), incident_draft(), logged.case_id),
    }
    for name, look in places.items():
        try:
            seen |= {name} if look() else set()
        except NotFound:
            continue
    return seen


def _tag(context: Context, logged: Logged) -> bool:
    patterns.tag_incidents(context, [logged.incident_id], patterns.list_patterns(context)[1].id, True)
    return True


def test_what_is_binned_is_nowhere_and_comes_back_whole(founded: Founded) -> None:
    """Lists, search, statistics, tagging and pages know it before and after, and not meanwhile."""
    pattern = patterns.list_patterns(founded.context())[0].id
    logged = _log(founded, patterns=(pattern,))
    before = _seen(founded, logged)
    assert len(before) == 10
    whole = cases.get_case(founded.context(), logged.case_id)
    bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    assert _seen(founded, logged) == set()
    [line] = list_bin(founded.context(COLLEAGUE))
    assert (line.reference, line.names, line.incident_count) == (
        logged.reference,
        ("Teodor Vulcan", "Teodor Vulcan"),
        len(whole.incidents),
    )
    restore_case(founded.context(COLLEAGUE), logged.case_id)
    assert list_bin(founded.context()) == []
    again = cases.get_case(founded.context(), logged.case_id)
    assert replace(again, version=whole.version) == whole
    assert _seen(founded, logged) == before


def test_others_are_untouched_and_a_new_worker_sees_the_same(founded: Founded) -> None:
    """A book that was read in steps and one that is read at once agree about what lies in the bin."""
    logged, other = _log(founded), _log(founded)
    assert lists.list_cases(founded.context(CASEWORKER), ALL).total == 2
    bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    _log(founded)
    for fresh in (False, True):
        if fresh:
            founded.runtime.casebook.drop_all()
        found = lists.list_cases(founded.context(CASEWORKER), ALL)
        assert (found.total, logged.case_id in {line.id for line in found.lines}) == (2, False)
        assert other.case_id in {line.id for line in found.lines}
        assert [line.id for line in list_bin(founded.context())] == [logged.case_id]


def test_a_teams_case_stays_the_teams_in_the_bin(founded: Founded) -> None:
    """Whoever may not open it does not see it in the bin, and cannot restore it; coordinators can."""
    logged = _log(founded, team_only=True)
    with pytest.raises(NotFound):
        bin_case(founded.context(COLLEAGUE), logged.case_id, 1)
    bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    assert list_bin(founded.context(COLLEAGUE)) == []
    with pytest.raises(NotFound):
        restore_case(founded.context(COLLEAGUE), logged.case_id)
    restore_case(founded.context(COORDINATOR), logged.case_id)


def test_a_case_that_changed_meanwhile_is_not_binned(founded: Founded) -> None:
    """Nor one that is in the bin already, nor by an advocate."""
    logged = _log(founded)
    cases.change_access(founded.context(CASEWORKER), logged.case_id, 1, True, frozenset())
    with pytest.raises(Conflict):
        bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    bin_case(founded.context(CASEWORKER), logged.case_id, 2)
    with pytest.raises(NotFound):
        bin_case(founded.context(CASEWORKER), logged.case_id, 3)


@pytest.mark.parametrize("login", [CASEWORKER, COORDINATOR])
def test_a_case_on_hold_is_binned_by_nobody(founded: Founded, login: str) -> None:
    """A coordinator has to lift the hold first; the case stays where it is."""
    logged = _log(founded)
    hold_case(founded.context(COORDINATOR), logged.case_id, 1)
    with pytest.raises(Invalid) as refused:
        bin_case(founded.context(login), logged.case_id, 2)
    assert refused.value.faults == {"case": bin.ON_HOLD}
    assert cases.get_case(founded.context(), logged.case_id).version == 2


def test_the_days_are_counted_where_the_organization_is(founded: Founded) -> None:
    """On the day of its binning a case has all its days; restoring makes it new content."""
    logged = _log(founded)
    bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    today = founded.runtime.today()
    for days, left in ((0, 30), (12, 18), (30, 0), (31, 0)):
        [line] = list_bin(later(founded.context(), days))
        assert (line.binned_on, line.last_day, line.days_left) == (today, today + timedelta(days=30), left)
    restore_case(later(founded.context(), 20), logged.case_id)
    facts = cases.get_case(founded.context(), logged.case_id).facts
    assert facts.touched_on == today + timedelta(days=20)


def test_a_merge_reaches_into_the_bin(founded: Founded) -> None:
    """A case that is restored later carries the pattern that the others carry, not the merged one."""
    first, second = patterns.list_patterns(founded.context())[:2]
    logged = _log(founded, patterns=(first.id,))
    bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    assert patterns.merge_pattern(founded.context(), first.id, first.version, second.id) == 1
    assert list_bin(founded.context())[0].incident_count == 1
    restore_case(founded.context(), logged.case_id)
    assert incidents.get_incident(founded.context(), logged.incident_id).facts.patterns == (second.id,)
    assert dict(patterns.count_incidents(founded.context())) == {second.id: 1}


def test_advocates_have_no_bin(founded: Founded) -> None:
    """They open no cases."""
    with pytest.raises(Forbidden):
        list_bin(founded.context(ADVOCATE))
