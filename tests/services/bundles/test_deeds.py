"""Handing over, the bin and patterns for many cases: what stays and why, one entry for all, the way back."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from casework.domain.person import Consent
from casework.errors import Invalid
from casework.services import bin, cases, erasing, holding, incidents, patterns
from casework.services.auditing.browsing import LogFilter, browse
from casework.services.bundles import doing, foreseeing, keeping
from casework.services.bundles.binning import Binning
from casework.services.bundles.consenting import Consenting
from casework.services.bundles.deeds import Deed, Stay
from casework.services.bundles.tagging import Tagging
from casework.services.membership import leaving
from casework.services.restricted import restricting
from tests.services.bundles.steps import choose, counts, do, handing, log, outcome_of, responsible_for, undo
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.records import incident_draft

ON = date(2026, 5, 12)
YES = Consenting("statistics", Consent("given", ON))


def test_handing_over_gives_nobody_a_case_that_was_not_theirs_to_open(founded: Founded) -> None:
    """Team and restricted cases go to who may open them already, and stay with a reason otherwise."""
    heir = frozenset({founded.players[COLLEAGUE].id})
    free = log(founded)
    closed_team, open_team = log(founded, team_only=True), log(founded, team_only=True, team=heir)
    closed_named = log(founded, restricted=True, team=frozenset({founded.players[COORDINATOR].id}))
    open_named = log(founded, restricted=True, team=heir)
    theirs = log(founded, COLLEAGUE)
    context = founded.context(CASEWORKER)
    every = (free, closed_team, open_team, closed_named, open_named, theirs)
    done = do(context, choose(context, *every), handing(founded))
    assert (done.records, done.cases, done.gone) == (3, 3, 0)
    assert {stay: [line.case_id for line in lines] for stay, lines in done.stays.items()} == {
        Stay.NOT_IN_TEAM: [closed_team.case_id],
        Stay.NOT_NAMED: [closed_named.case_id],
        Stay.ALREADY: [theirs.case_id],
    }
    assert {responsible_for(founded, one) for one in (free, open_team, open_named)} == heir
    assert cases.get_case(founded.context(CASEWORKER), closed_team.case_id).team == frozenset(
        {founded.players[CASEWORKER].id}
    )


def test_coordinators_take_team_cases_and_advocates_none(founded: Founded) -> None:
    """Whoever may open no case is refused before anything is done, and the bundle waits."""
    logged, context = log(founded, team_only=True), founded.context(CASEWORKER)
    bundle_id = choose(context, logged)
    with pytest.raises(Invalid) as invalid:
        doing.do(context, bundle_id, handing(founded, ADVOCATE), 1 << 40)
    assert set(invalid.value.faults) == {"to"}
    assert do(context, bundle_id, handing(founded, COORDINATOR)).cases == 1


def test_handing_back_leaves_what_somebody_changed(founded: Founded) -> None:
    """Handed on meanwhile, opened to a team, moved to the bin: each says why, the others are as before."""
    one, on, team, gone = (log(founded) for _ in range(4))
    context = founded.context(CASEWORKER)
    bundle_id = choose(context, one, on, team, gone)
    assert do(context, bundle_id, handing(founded)).cases == 4
    cases.hand_over(founded.context(COLLEAGUE), [on.case_id], founded.players[COORDINATOR].id)
    cases.change_access(founded.context(COLLEAGUE), team.case_id, 1, True, frozenset({context.member_id}))
    bin.bin_case(founded.context(COLLEAGUE), gone.case_id, 1)
    undone = undo(founded.context(CASEWORKER), bundle_id)
    assert (undone.cases, counts(undone)) == (1, {Stay.CHANGED: 2, Stay.GONE: 1})
    assert responsible_for(founded, one) == context.member_id
    assert responsible_for(founded, on) == founded.players[COORDINATOR].id


def test_handing_back_asks_whether_they_are_still_there(founded: Founded) -> None:
    """Whoever accompanied a case before and left since is not given it back."""
    logged, coordinator = log(founded), founded.context(COORDINATOR)
    bundle_id = choose(coordinator, logged)
    do(coordinator, bundle_id, handing(founded, by=COORDINATOR))
    leaving.revoke_member(founded.context(), founded.players[CASEWORKER].id, None)
    assert counts(undo(founded.context(), bundle_id)) == {Stay.UNABLE: 1}
    assert responsible_for(founded, logged, COORDINATOR) == founded.players[COLLEAGUE].id


def test_the_bin_takes_none_on_hold_and_gives_back(founded: Founded) -> None:
    """Undo restores what still lies there as it went; what was erased or restored since is said."""
    held, back, erased, restored = (log(founded) for _ in range(4))
    holding.hold_case(founded.context(), held.case_id, 1)
    context = founded.context(CASEWORKER)
    bundle_id = choose(context, held, back, erased, restored)
    done = do(context, bundle_id, Binning())
    assert (done.cases, counts(done)) == (3, {Stay.ON_HOLD: 1})
    erasing.erase_case(founded.context(), erased.case_id)
    bin.restore_case(founded.context(COLLEAGUE), restored.case_id)
    bin.bin_case(founded.context(COLLEAGUE), restored.case_id, 3)
    undone = undo(founded.context(CASEWORKER), bundle_id)
    assert (undone.cases, counts(undone)) == (1, {Stay.GONE: 1, Stay.CHANGED: 1})
    facts = cases.get_case(founded.context(CASEWORKER), back.case_id).facts
    assert (facts.binned_on, facts.binned_by, facts.swept) == (None, None, False)
    assert [line.id for line in bin.list_bin(founded.context())] == [restored.case_id]


def test_a_pattern_on_every_incident_and_off_again(founded: Founded) -> None:
    """An incident changed since keeps it; what carried it before carries it after."""
    first, second = (view.id for view in patterns.list_patterns(founded.context())[:2])
    carrying, logged = log(founded, patterns=(first,)), log(founded)
    context = founded.context(CASEWORKER)
    more = incidents.log_incident(context, incident_draft(people=()), logged.case_id)
    bundle_id = choose(context, carrying, logged)
    done = do(context, bundle_id, Tagging(first, True))
    assert (done.records, done.cases, counts(done)) == (2, 1, {Stay.ALREADY: 1})
    patterns.tag_incidents(founded.context(COLLEAGUE), [more.incident_id], second, True)
    undone = undo(context, bundle_id)
    assert (undone.records, counts(undone)) == (1, {Stay.CHANGED: 1})
    assert [
        set(incidents.get_incident(context, one.incident_id).facts.patterns)
        for one in (carrying, logged, more)
    ] == [{first}, set(), {first, second}]


def _deeds(founded: Founded) -> list[Deed]:
    pattern = patterns.list_patterns(founded.context())[0].id
    return [handing(founded), Binning(), replace(YES, purpose="story"), Tagging(pattern, True)]


@pytest.mark.parametrize("which", range(4))
def test_what_changed_since_the_count_stays(founded: Founded, which: int) -> None:
    """A case that somebody wrote to after the member saw the count is left out; the others go."""
    touched, left, context = log(founded), log(founded), founded.context(CASEWORKER)
    deed, bundle_id = _deeds(founded)[which], choose(context, touched, left)
    seen = foreseeing.foresee(context, keeping.get_bundle(context, bundle_id), deed).generation
    incidents.log_incident(founded.context(COLLEAGUE), incident_draft(people=()), touched.case_id)
    doing.do(founded.context(CASEWORKER), bundle_id, deed, seen)
    done = outcome_of(context, bundle_id)
    assert done.cases == 1
    assert {line.case_id for line in done.stays[Stay.CHANGED]} == {touched.case_id}


@pytest.mark.parametrize("which", range(4))
def test_a_case_of_others_is_never_touched(founded: Founded, which: int) -> None:
    """Not a team's, no restricted one, none in the bin, none that is not there: they are counted, no more."""
    hidden = [log(founded, COLLEAGUE, team_only=True)]
    hidden.append(log(founded, COLLEAGUE, restricted=True, team=frozenset({founded.players[COORDINATOR].id})))
    binned = log(founded)
    bin.bin_case(founded.context(CASEWORKER), binned.case_id, 1)
    context = founded.context(CASEWORKER)
    wanted = [*(one.case_id for one in hidden), binned.case_id, uuid4()]
    bundle_id, deed = keeping.choose(context, wanted, {}), _deeds(founded)[which]
    forecast = foreseeing.foresee(context, keeping.get_bundle(context, bundle_id), deed)
    assert (forecast.changes, forecast.stays, forecast.gone) == ([], {}, 4)
    done = do(context, bundle_id, deed)
    assert (done.records, done.stays, done.gone) == (0, {}, 4)


@pytest.mark.parametrize("which", range(4))
def test_who_lost_a_case_does_not_undo_in_it(founded: Founded, which: int) -> None:
    """Undo asks for each case again whether it is the member's."""
    logged, context = log(founded, COLLEAGUE), founded.context(CASEWORKER)
    bundle_id = choose(context, logged)
    assert do(context, bundle_id, _deeds(founded)[which]).records in (0, 1)
    theirs = founded.context(COLLEAGUE)
    if which == 1:
        bin.restore_case(theirs, logged.case_id)
    version = cases.get_case(theirs, logged.case_id).version
    restricting.restrict(theirs, logged.case_id, version, frozenset({founded.players[COORDINATOR].id}))
    undone = undo(founded.context(CASEWORKER), bundle_id)
    assert undone.records == 0
    assert set(undone.stays) <= {Stay.GONE}


def test_one_entry_for_all_is_found_by_each_case(founded: Founded) -> None:
    """The log holds one entry a deed, with a count, and a look for a case finds it."""
    logged, other, context = [log(founded) for _ in range(3)], log(founded), founded.context(CASEWORKER)
    last = len(open_log(founded.context()))
    bundle_id = choose(context, *logged)
    do(context, bundle_id, handing(founded))
    undo(context, bundle_id)
    entries = open_log(founded.context())[last:]
    assert [entry["event"] for entry in entries] == ["cases.handed_over", "cases.handed_back"]
    assert entries[0]["fields"] == {"count": 3, "to": founded.players[COLLEAGUE].id.hex}
    for one, expected in ((logged[1], 2), (other, 0)):
        page = browse(founded.context(), LogFilter(case=one.case_id))
        events = [line.body.event for line in page.lines if line.body]
        assert len([event for event in events if event.startswith("cases.handed")]) == expected
