"""Rules of retention at work: previewed, announced, carried out once, never too early, never on hold."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from casework.domain.retention import RetentionRules
from casework.errors import Conflict, Forbidden
from casework.services import incidents
from casework.services.bin import bin_case, list_bin, restore_case
from casework.services.context import Context
from casework.services.holding import hold_case
from casework.services.retention import (
    bin_some,
    change_rules,
    find_rules,
    list_announced,
    list_swept,
    preview,
)
from casework.services.works import do_all
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.records import incident_draft
from tests.support.times import later

SIX_MONTHS = 190


def _log(context: Context, case_id: UUID | None = None) -> UUID:
    return incidents.log_incident(context, incident_draft(), case_id).case_id


def _rule(founded: Founded, context: Context | None = None) -> None:
    context = context or founded.context(COORDINATOR)
    rules = RetentionRules(months=6, closed_only=False, grace_days=30, since=context.runtime.today())
    change_rules(context, find_rules(context).version, rules)


def _binned(founded: Founded) -> set[UUID]:
    return {line.id for line in list_bin(founded.context(COORDINATOR))}


def test_nothing_goes_without_a_rule(founded: Founded) -> None:
    """Rules are off until a coordinator makes one; nobody else may."""
    _log(founded.context(CASEWORKER))
    kept = find_rules(founded.context(COORDINATOR))
    assert (kept.rules.months, kept.version) == (None, 0)
    assert not bin_some(later(founded.context(COORDINATOR), 9000))
    with pytest.raises(Forbidden):
        _rule(founded, founded.context(CASEWORKER))
    with pytest.raises(Forbidden):
        preview(founded.context(CASEWORKER), kept.rules)


def test_a_case_goes_after_its_months_and_its_grace(founded: Founded) -> None:
    """Announced when due to who accompanies it and to coordinators; binned on its day, once, with why."""
    case_id = _log(founded.context(CASEWORKER))
    _rule(founded)
    [line] = preview(founded.context(COORDINATOR), find_rules(founded.context(COORDINATOR)).rules).lines
    assert (line.id, line.goes_on - line.due_on) == (case_id, timedelta(days=30))
    until_due = (line.due_on - founded.runtime.today()).days
    for login, told in ((CASEWORKER, 1), (COORDINATOR, 1), (COLLEAGUE, 0)):
        assert list_announced(later(founded.context(login), until_due - 1)) == []
        assert len(list_announced(later(founded.context(login), until_due))) == told
    do_all(later(founded.context(CASEWORKER), until_due))
    assert not bin_some(later(founded.context(CASEWORKER), until_due + 29))
    assert not bin_some(later(founded.context(ADVOCATE), until_due + 30))
    assert _binned(founded) == set()
    do_all(later(founded.context(CASEWORKER), until_due + 30))
    do_all(later(founded.context(CASEWORKER), until_due + 30))
    assert _binned(founded) == {case_id}
    fields = [entry["fields"] for entry in open_log(founded.context()) if entry["event"] == "case.binned"]
    assert fields == [{"case": case_id.hex, "reason": "retention"}]


def test_what_was_overdue_has_its_grace_too(founded: Founded) -> None:
    """A rule that is made long after a case was last touched takes it no sooner than 30 days later."""
    case_id = _log(founded.context(CASEWORKER))
    _rule(founded, later(founded.context(COORDINATOR), 2000))
    do_all(later(founded.context(COORDINATOR), 2000))
    assert not bin_some(later(founded.context(COORDINATOR), 2029))
    assert bin_some(later(founded.context(COORDINATOR), 2030))
    assert _binned(founded) == {case_id}


def test_nothing_goes_unannounced(founded: Founded) -> None:
    """Where nobody signed in for long, the first sign-in announces only; the grace counts from then."""
    case_id = _log(founded.context(CASEWORKER))
    _rule(founded)
    first = SIX_MONTHS + 400
    do_all(later(founded.context(COORDINATOR), first))
    assert _binned(founded) == set()
    [line] = list_announced(later(founded.context(CASEWORKER), first))
    assert (line.goes_on - line.due_on).days > 400
    do_all(later(founded.context(COORDINATOR), first + 29))
    assert _binned(founded) == set()
    do_all(later(founded.context(COORDINATOR), first + 30))
    assert _binned(founded) == {case_id}


def test_only_whom_it_concerns_sees_an_announcement(founded: Founded) -> None:
    """A colleague’s sign-in announces nothing, nor one who has still to set up their second factor."""
    case_id = _log(founded.context(CASEWORKER))
    _rule(founded)
    do_all(later(founded.context(COLLEAGUE), SIX_MONTHS))
    unenrolled = later(founded.context(COORDINATOR), SIX_MONTHS)
    limits = replace(unenrolled.runtime.limits, second_factor_required=True)
    unenrolled = replace(unenrolled, runtime=replace(unenrolled.runtime, limits=limits))
    assert unenrolled.must_enrol
    do_all(unenrolled)
    do_all(later(founded.context(COLLEAGUE), SIX_MONTHS + 900))
    assert _binned(founded) == set()
    do_all(later(founded.context(CASEWORKER), SIX_MONTHS + 900))
    do_all(later(founded.context(COLLEAGUE), SIX_MONTHS + 930))
    assert _binned(founded) == {case_id}


def test_what_a_rule_took_is_told_to_whom_it_concerns(founded: Founded) -> None:
    """Until it is restored or erased; what somebody deleted themselves is not."""
    case_id, deleted = _log(founded.context(CASEWORKER)), _log(founded.context(CASEWORKER))
    bin_case(founded.context(CASEWORKER), deleted, 1)
    _rule(founded)
    for days in (SIX_MONTHS, SIX_MONTHS + 30):
        do_all(later(founded.context(CASEWORKER), days))
    told = {
        login: list_swept(founded.context(login)) for login in (CASEWORKER, COORDINATOR, COLLEAGUE, ADVOCATE)
    }
    assert [[line.id for line in lines] for lines in told.values()] == [[case_id], [case_id], [], []]
    assert told[CASEWORKER][0].by is None
    restore_case(founded.context(CASEWORKER), case_id)
    assert list_swept(founded.context(COORDINATOR)) == []


def test_new_content_and_a_hold_keep_a_case(founded: Founded) -> None:
    """Also where they come on the last day: everything is looked at again before a case goes."""
    added, held, gone = (_log(founded.context(CASEWORKER)) for _ in range(3))
    _rule(founded)
    _log(later(founded.context(CASEWORKER), SIX_MONTHS), added)
    hold_case(later(founded.context(COORDINATOR), SIX_MONTHS), held, 1)
    do_all(later(founded.context(COORDINATOR), SIX_MONTHS))
    do_all(later(founded.context(COORDINATOR), SIX_MONTHS + 30))
    assert _binned(founded) == {gone}
    do_all(later(founded.context(COORDINATOR), 4900))
    do_all(later(founded.context(COORDINATOR), 5000))
    assert _binned(founded) == {added}


def test_what_is_restored_is_not_taken_at_once(founded: Founded) -> None:
    """Taking a case out of the bin is a decision to keep it: its months begin anew."""
    case_id = _log(founded.context(CASEWORKER))
    _rule(founded)
    days = SIX_MONTHS + 30
    do_all(later(founded.context(COORDINATOR), SIX_MONTHS))
    do_all(later(founded.context(COORDINATOR), days))
    restore_case(later(founded.context(CASEWORKER), days + 1), case_id)
    do_all(later(founded.context(COORDINATOR), days + 100))
    assert _binned(founded) == set()


def test_rules_that_changed_meanwhile_are_not_overwritten(founded: Founded) -> None:
    """Two coordinators at once: the second is told."""
    _rule(founded)
    context = founded.context(COORDINATOR)
    with pytest.raises(Conflict):
        change_rules(context, 0, RetentionRules(months=12, since=context.runtime.today()))
