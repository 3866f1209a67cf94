"""Policy events: added, changed, retired; rates before and after them; what contradicts them."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from casework.domain.dates import VagueDate
from casework.domain.policy import RETIRED, PolicyEvent, list_shipped, shipped_id
from casework.errors import Conflict, Forbidden, NotFound
from casework.services.accounts.deciding import tell_one
from casework.services.cases import change_access
from casework.services.incidents import log_incident
from casework.services.patterns import count_matches
from casework.services.policies.comparing import Policies
from casework.services.policies.reading import PolicyView, get_event, list_events
from casework.services.policies.writing import add_event, change_event, retire_event
from casework.store.cases import Case
from casework.store.database import db
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft, policy_event

MONTREAL = shipped_id("montreal_sanctuary_city")
ASKED = {
    "contact_type": "witness_contact",
    "police_service": "spvm",
    "status_surfaced": ("officer_asked",),
}


def log(
    founded: Founded, *written: str, login: str = CASEWORKER, team_only: bool = False, **answers: object
) -> None:
    """Log incidents on these dates, of which each contradicts the event of `policy_event`."""
    for one in written:
        draft = incident_draft(people=(), team_only=team_only)
        draft = replace(draft, date=VagueDate.parse(one), answers={**ASKED, **answers})  # type: ignore[dict-item]
        log_incident(founded.context(login), draft)


def seen_by(founded: Founded, event: PolicyEvent, login: str = COORDINATOR) -> list[str]:
    """Return the dates of what contradicts an event, as a member sees it."""
    found = Policies(founded.context(login)).find_breaches(PolicyView(UUID(int=1), 1, event))
    return [one.facts.date.encode() for one in found.incidents]


def test_those_that_ship_are_there_without_a_row(founded: Founded) -> None:
    """Every member reads them, in the order of time, those without a date last."""
    views = list_events(founded.context(ADVOCATE))
    assert [view.event.date.encode() for view in views] == ["2013-02", "2017-02", "unknown", "unknown"]
    assert all(view.is_as_shipped for view in views)
    assert get_event(founded.context(CASEWORKER), MONTREAL).event == list_shipped()[MONTREAL]


def test_an_own_event_is_added_once_however_often_its_form_is_sent(founded: Founded) -> None:
    """Only coordinators do; everybody reads it."""
    for login in (CASEWORKER, ADVOCATE):
        with pytest.raises(Forbidden):
            add_event(founded.context(login), policy_event())
    once = UUID(int=77)
    event_id = add_event(founded.context(), policy_event(), once)
    with pytest.raises(Conflict):
        add_event(founded.context(), policy_event(), once)
    assert get_event(founded.context(ADVOCATE), event_id).event == policy_event()
    assert len(list_events(founded.context())) == 5


def test_a_change_of_what_ships_stands_in_its_place(founded: Founded) -> None:
    """Its address leads there; who had read the shipped one meanwhile is told; its key stays."""
    before = get_event(founded.context(), MONTREAL)
    event_id = change_event(
        founded.context(), MONTREAL, 0, replace(before.event, name_en="Ours", starter=None)
    )
    after = get_event(founded.context(), MONTREAL)
    assert (after.id, after.version, after.event.name_en) == (event_id, 1, "Ours")
    assert (after.event.starter, after.is_as_shipped) == ("montreal_sanctuary_city", False)
    assert len(list_events(founded.context())) == 4
    with pytest.raises(Conflict):
        change_event(founded.context(), MONTREAL, 0, before.event)
    with pytest.raises(Conflict):
        retire_event(founded.context(), MONTREAL, 0, True)
    retire_event(founded.context(), MONTREAL, 1, True)
    assert get_event(founded.context(), event_id).event.status == RETIRED
    with pytest.raises(NotFound):
        get_event(founded.context(), UUID(int=5))


def test_what_contradicts_it_was_after_it_for_certain(founded: Founded) -> None:
    """The change was in May 2024: June counts, May is undecided, April does not, nor another service."""
    log(founded, "2024-06-01", "2025", "2024-05-20", "2024-04-30", "unknown")
    log(founded, "2025-02-02", police_service="sq")
    log(founded, "2025-02-03", contact_type="traffic_stop")
    found = Policies(founded.context()).find_breaches(PolicyView(UUID(int=1), 1, policy_event()))
    assert [one.facts.date.encode() for one in found.incidents] == ["2025", "2024-06-01"]
    assert found.undecided == 2
    assert set(found.references) == {one.case_id for one in found.incidents}


def test_nothing_is_held_against_what_has_no_date_or_no_rule(founded: Founded) -> None:
    """However clear the incident."""
    log(founded, "2025-02-02")
    assert seen_by(founded, policy_event()) == ["2025-02-02"]
    assert seen_by(founded, policy_event(date=VagueDate.unknown())) == []
    assert seen_by(founded, policy_event(rule=())) == []


def test_only_what_the_member_may_open_is_counted_or_listed(founded: Founded) -> None:
    """A team's case is its team's and the coordinators'."""
    log(founded, "2025-02-02", team_only=True)
    log(founded, "2024-01-02")
    assert seen_by(founded, policy_event(), CASEWORKER) == ["2025-02-02"]
    assert seen_by(founded, policy_event(), COORDINATOR) == ["2025-02-02"]
    assert seen_by(founded, policy_event(), COLLEAGUE) == []
    counts = [
        Policies(founded.context(login)).compare(policy_event(), None).rates
        for login in (CASEWORKER, COLLEAGUE)
    ]
    assert [(one.before, one.after) for one in counts if one] == [(1, 1), (1, 0)]
    with pytest.raises(Forbidden):
        Policies(founded.context(ADVOCATE))


def test_a_closed_account_does_not_hide_an_open_one(founded: Founded) -> None:
    """Whose case of the main account was closed to them counts the other: in breaches, rates and the form."""
    log(founded, "2025-02-02", "2025-03-03", "2024-01-02")
    context, event = founded.context(CASEWORKER), policy_event()
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    told = {one.facts.date.encode(): one for one in book.incidents_by_date}
    tell_one(context, told["2025-02-02"].id, told["2025-03-03"].id)
    case_id = told["2025-02-02"].case_id
    version = db.session.get_one(Case, case_id).version
    change_access(context, case_id, version, True, frozenset({context.member_id}))
    for login, date_seen, every in ((CASEWORKER, "2025-02-02", 3), (COLLEAGUE, "2025-03-03", 2)):
        assert seen_by(founded, event, login) == [date_seen]
        rates = Policies(founded.context(login)).compare(event, None).rates
        assert rates and (rates.before, rates.after) == (1, 1)
        assert count_matches(founded.context(login), event.rule, once=True) == 2
        assert count_matches(founded.context(login), event.rule) == every


def test_rates_before_and_after_count_what_lies_there_for_certain(founded: Founded) -> None:
    """Three months on either side, as far as records go; what may lie elsewhere is told apart."""
    log(founded, "2024-02-01", "2024-04-30", "2024-03")
    log(founded, "2024-06-01", "2024-07-05", "2024-08", "2024-11-30", contact_type="traffic_stop")
    log(founded, "2024-09-09", "2024-05-10", "2024", "unknown", "2024-12-01")
    found = Policies(founded.context()).compare(policy_event(), 6)
    assert found.before
    assert found.after
    assert (found.before.first, found.before.last) == (date(2024, 2, 1), date(2024, 4, 30))
    assert (found.after.first, found.after.last) == (date(2024, 6, 1), date(2024, 11, 30))
    assert found.rates
    assert found.rule_rates
    assert (found.rates.before, found.rates.after) == (3, 5)
    assert (found.rule_rates.before, found.rule_rates.after) == (3, 1)
    assert found.rates.before_rate == pytest.approx(3 * 30 / 90)
    assert found.rates.ratio.ratio == pytest.approx((5 / 183) / (3 / 90))
    assert found.unclear == 2  # "2024" and the one without a date; 10 May and 1 December lie in neither


@pytest.mark.parametrize(
    ("written", "why"), [("unknown", "undated"), ("2199", "ahead"), ("2020-01", "no_before"), ("2024-05", "")]
)
def test_why_nothing_is_compared_is_said(founded: Founded, written: str, why: str) -> None:
    """Without a date, before its time, and where no record is from before it."""
    log(founded, "2024-02-01", "2025-02-01")
    event = policy_event(date=VagueDate.parse(written))
    assert Policies(founded.context()).compare(event, 12).why == why
