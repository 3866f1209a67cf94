"""Closing a case with a reason, opening it again, and what a new incident does to a closed one."""

from collections.abc import Callable
from uuid import UUID

import pytest

from casework.domain.case import CLOSED, OPEN, CaseFacts
from casework.domain.followup import FollowUpTexts
from casework.errors import Conflict, Forbidden, Invalid, NotFound
from casework.services import bin, cases, incidents, lists
from casework.services.closing import close_case, reopen_case
from casework.services.followups.reading import read_follow_ups
from casework.services.lists import Filter
from casework.store.cases import Case, find_record
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft

NOTHING = FollowUpTexts()
MOVED = FollowUpTexts("Closed", "They moved to Laval.")


def _log(founded: Founded, **draft: object) -> UUID:
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft(**draft))  # type: ignore[arg-type]
    return logged.case_id


def _facts(founded: Founded, case_id: UUID) -> CaseFacts:
    return cases.get_case(founded.context(CASEWORKER), case_id).facts


def test_a_case_is_closed_for_a_reason_and_opened_again(founded: Founded) -> None:
    """Who, when and why stand in it, the words as a note; opened again it says nothing of that."""
    case_id, context = _log(founded), founded.context(COLLEAGUE)
    close_case(context, case_id, 1, "no_contact", MOVED)
    facts = _facts(founded, case_id)
    today = context.runtime.today()
    assert (facts.status, facts.closing_reason) == (CLOSED, "no_contact")
    assert (facts.closed_on, facts.closed_by, facts.touched_on) == (today, context.member_id, today)
    assert [note.texts for note in read_follow_ups(context, case_id).past] == [MOVED]
    reopen_case(context, case_id, 2, NOTHING)
    facts = _facts(founded, case_id)
    assert (facts.status, facts.closed_on, facts.closed_by, facts.closing_reason) == (OPEN, None, None, None)
    assert len(read_follow_ups(context, case_id).past) == 1


def test_a_case_is_sealed_once_at_a_time(founded: Founded) -> None:
    """Closing, opening again, a new incident, back out of the bin: one new version of its document each."""
    case_id, context = _log(founded), founded.context(COORDINATOR)
    deeds: list[Callable[[], object]] = [
        lambda: close_case(context, case_id, 1, "done", NOTHING),
        lambda: reopen_case(context, case_id, 2, NOTHING),
        lambda: close_case(context, case_id, 3, "done", NOTHING),
        lambda: incidents.log_incident(context, incident_draft(people=()), case_id),
        lambda: bin.bin_case(context, case_id, 5),
        lambda: bin.restore_case(context, case_id),
    ]
    for version, deed in enumerate(deeds, 2):
        deed()
        row = find_record(Case, case_id)
        assert row is not None and row.coded_version == version
    assert not _facts(founded, case_id).is_closed


def test_what_cannot_be_closed(founded: Founded) -> None:
    """Not twice, not from an old page, not without a reason, not by a stranger, nor by an advocate."""
    case_id, context = _log(founded), founded.context(CASEWORKER)
    for reason, field in (("", "reason"), ("unknown", "reason"), ("boredom", "reason"), ("other", "words")):
        with pytest.raises(Invalid) as caught:
            close_case(context, case_id, 1, reason, NOTHING)
        assert set(caught.value.faults) == {field}
    with pytest.raises(Conflict):
        reopen_case(context, case_id, 1, NOTHING)
    close_case(context, case_id, 1, "done", NOTHING)
    for version in (1, 2):
        with pytest.raises(Conflict):
            close_case(context, case_id, version, "done", NOTHING)
    with pytest.raises(Forbidden):
        close_case(founded.context(ADVOCATE), case_id, 2, "done", NOTHING)
    hidden = _log(founded, team_only=True)
    with pytest.raises(NotFound):
        close_case(founded.context(COLLEAGUE), hidden, 1, "done", NOTHING)
    with pytest.raises(NotFound):
        reopen_case(founded.context(COLLEAGUE), hidden, 1, NOTHING)


def test_a_new_incident_opens_a_closed_case(founded: Founded) -> None:
    """And says so; in an open one it says nothing."""
    case_id, context = _log(founded), founded.context(CASEWORKER)
    assert not incidents.log_incident(context, incident_draft(), case_id).has_reopened
    close_case(context, case_id, 1, "done", NOTHING)
    assert incidents.log_incident(context, incident_draft(), case_id).has_reopened
    assert _facts(founded, case_id).status == OPEN
    with pytest.raises(Conflict):
        reopen_case(context, case_id, 2, NOTHING)


def test_lists_narrow_to_open_or_closed_cases(founded: Founded) -> None:
    """Without the filter both are there; a search finds a closed one."""
    closed, still_open = _log(founded), _log(founded)
    context = founded.context(CASEWORKER)
    close_case(context, closed, 1, "done", NOTHING)
    for status, expected in ((CLOSED, {closed}), (OPEN, {still_open}), ("", {closed, still_open})):
        wanted = Filter(mine=False, status=status)
        assert {line.id for line in lists.list_cases(context, wanted).lines} == expected
        assert {line.case_id for line in lists.list_incidents(context, wanted).lines} == expected
        assert {line.id for line in lists.list_cases(context, Filter(status=status)).lines} == expected
    found = lists.list_cases(context, Filter(mine=False, text="Teodor"))
    assert {line.facts.status for line in found.lines} == {OPEN, CLOSED}
