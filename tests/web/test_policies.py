"""The pages of policy events, and rules as conditions on forms."""

import re
from dataclasses import replace
from uuid import UUID

import pytest

from casework.domain.dates import VagueDate
from casework.domain.pattern import PatternDefinition
from casework.domain.policy import RETIRED, shipped_id
from casework.domain.rules import Condition
from casework.services import patterns
from casework.services.accounts.deciding import tell_one
from casework.services.incidents import log_incident
from casework.services.policies.reading import get_event, list_events
from casework.services.policies.writing import add_event
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded
from tests.support.records import incident_draft, policy_event

MONTREAL = shipped_id("montreal_sanctuary_city")
WRITTEN = {
    "name_en": "Nobody is asked",
    "source": "Resolution 12",
    "services": ["spvm"],
    "precision": "month",
    "month": "5",
    "year": "2024",
}
RULE = {
    "conditions-0-field": "contact_group",
    "conditions-0-kind": "any",
    "conditions-0-codes": ["victim", "witness"],
    "conditions-1-field": "status_surfaced",
    "conditions-1-kind": "none",
    "conditions-1-codes": ["unknown"],
}


def log(founded: Founded, written: str, login: str = CASEWORKER) -> UUID:
    """Log a witness whom the SPVM asked."""
    answers: dict[str, str | tuple[str, ...]] = {
        "contact_type": "witness_contact",
        "police_service": "spvm",
        "status_surfaced": ("officer_asked",),
    }
    draft = replace(incident_draft(people=()), date=VagueDate.parse(written), answers=answers)
    return log_incident(founded.context(login), draft).incident_id


def own_events(founded: Founded) -> list[str]:
    """Return the names of the events that do not ship."""
    return [view.event.name_en for view in list_events(founded.context()) if not view.is_as_shipped]


def test_the_timeline_says_what_was_promised_and_what_contradicts_it(founded: Founded) -> None:
    """By service; what has no date says so; a caseworker changes nothing; an advocate sees none of it."""
    log(founded, "2025-03-01")
    page = founded.client(CASEWORKER).get("/policies").text
    for said in ("SPVM Montréal", "February 2017", "HuffPost Québec", "1 incident contradicts it"):
        assert said in page
    assert "HuffPost Québec, March 29, 2018" in page
    reader = founded.client(CASEWORKER)
    reader.post("/language", data={"language": "fr"})
    assert "HuffPost Québec, 29 mars 2018" in reader.get("/policies").text
    assert page.count("Without a date nothing can be held against it.") == 2
    assert "Add a policy date" not in page
    assert founded.client(ADVOCATE).get("/policies").status_code == 403


def test_an_event_shows_its_figures_its_rule_and_the_incidents(founded: Founded) -> None:
    """Before and after with the interval and the warning, and a link to each incident."""
    event_id = add_event(founded.context(), policy_event())
    before, after = log(founded, "2024-02-01"), log(founded, "2024-07-01")
    page = founded.client(CASEWORKER).get(f"/policies/{event_id}").text
    assert "no random sample" in page
    assert "Contact group: one of Victim, Witness" in page
    assert page.count("Source: Resolution 12") == 2  # beside the rule too
    assert "Nobody is asked." in page.partition("The rule")[2]
    assert f"#incident-{after.hex}" in page
    assert f"#incident-{before.hex}" not in page
    assert re.search(r"0\.\d\d times \(0\.0\d+ to \d+\.\d\d\)", page)
    assert "casework’s reading" not in page
    assert "casework’s reading" in founded.client(CASEWORKER).get(f"/policies/{MONTREAL}").text


@pytest.mark.parametrize("months", ["6", "24", "0", "x", "99999999999"])
def test_any_number_of_months_in_the_address_has_an_answer(founded: Founded, months: str) -> None:
    """What is not offered is all there is."""
    event_id = add_event(founded.context(), policy_event())
    log(founded, "2024-02-01")
    assert founded.client(CASEWORKER).get(f"/policies/{event_id}?months={months}").status_code == 200


def test_an_event_is_added_with_its_rule_and_once(founded: Founded) -> None:
    """The same form sent again leads to what it saved."""
    client = founded.client(COORDINATOR)
    form = {**WRITTEN, **RULE, "once": UUID(int=9).hex}
    page = client.post("/policies/new", data=form, follow_redirects=True).text
    assert "Policy date added." in page
    again = client.post("/policies/new", data=form, follow_redirects=True).text
    assert "nothing was saved twice" in again
    assert own_events(founded) == ["Nobody is asked"]
    event = get_event(founded.context(), UUID(int=9)).event
    assert event.date.encode() == "2024-05"
    assert event.rule == (
        Condition("contact_group", ("victim", "witness")),
        Condition("status_surfaced", (), ("unknown",)),
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name_en": ""}, "Write a name in at least one language."),
        ({"services": []}, "Choose a police service or a city."),
        ({"source": ""}, "Say where it is written."),
        ({"year": "24"}, "Write the year with four digits"),
        ({"conditions-0-codes": []}, "Choose at least one answer for each condition."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_entered_is_lost(
    founded: Founded, wrong: dict[str, object], said: str
) -> None:
    """The form comes back with its conditions."""
    form = {**WRITTEN, **RULE, "text_fr": "Le texte", **wrong}
    answer = founded.client(COORDINATOR).post("/policies/new", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Le texte" in answer.text
    assert re.search(r'name="conditions-1-codes"[^>]*value="unknown"[^>]*checked', answer.text) or re.search(
        r'checked[^>]*name="conditions-1-codes"[^>]*value="unknown"', answer.text
    )
    assert own_events(founded) == []


def test_the_form_counts_an_incident_once_however_often_it_was_told(founded: Founded) -> None:
    """As the page of the event does; a pattern's form counts the accounts, which carry it each."""
    client, counted = founded.client(COORDINATOR), "The rule holds of 1 incident that you may open."
    main, other = log(founded, "2025-03-01"), log(founded, "2025-03-01")
    tell_one(founded.context(), main, other)
    page = client.post("/policies/new", data={**WRITTEN, **RULE, "count_rule": "1"}).text
    assert counted in page
    (address,) = re.findall(r'data-rule-count="([^"]+)"', page)
    assert client.post(address, data=RULE).text == counted
    assert "2 incidents" in client.post("/patterns/rule", data=RULE).text


def test_conditions_are_added_taken_away_and_counted_without_a_script(founded: Founded) -> None:
    """Each button brings the form back and saves nothing."""
    client, form = founded.client(COORDINATOR), {**WRITTEN, **RULE}
    log(founded, "2025-03-01")
    more = client.post("/policies/new", data={**form, "new_field": "roles", "add_condition": "1"})
    assert (more.status_code, 'name="conditions-2-codes"' in more.text) == (200, True)
    less = client.post("/policies/new", data={**form, "remove_condition": "conditions-0"}).text
    assert 'value="contact_group"><' not in less.replace("option", "")
    assert "Nobody is asked" in less
    counted = client.post("/policies/new", data={**form, "count_rule": "1"}).text
    assert "The rule holds of 1 incident that you may open." in counted
    wrong = client.post("/policies/new", data={**form, "conditions-0-codes": [], "count_rule": "1"})
    assert "Choose at least one answer for each condition." in wrong.text
    assert client.post("/patterns/rule", data=RULE).text == "The rule holds of 1 incident that you may open."
    assert client.post("/patterns/rule", data={**RULE, "conditions-0-field": "secret"}).text == ""
    assert own_events(founded) == []


def test_a_lost_race_shows_both_versions_and_loses_neither(founded: Founded) -> None:
    """Of what ships too: the second of two who change it is shown the first one's."""
    client, address = founded.client(COORDINATOR), f"/policies/{MONTREAL}/edit"
    assert re.search(r'name="version"[^>]*value="0"', client.get(address).text)
    client.post(address, data={**WRITTEN, "name_en": "Theirs", "version": "0"})
    met = client.post(address, data={**WRITTEN, **RULE, "name_en": "Mine", "version": "0"})
    assert met.status_code == 409
    for said in ("Theirs", "Mine", 'name="conditions-0-codes" value="witness"'):
        assert said in met.text
    together = client.post(
        address, data={**WRITTEN, "name_en": "Mine", "version": "1", "resolve": "edit"}
    ).text
    assert "Theirs" in together
    client.post(address, data={**WRITTEN, "name_en": "Mine", "version": "1", "resolve": "mine"})
    event = get_event(founded.context(), MONTREAL).event
    assert (event.name_en, event.starter) == ("Mine", "montreal_sanctuary_city")


def test_an_event_is_retired_and_brought_back(founded: Founded) -> None:
    """Its breaches are no longer listed in the timeline; an older page changes nothing."""
    client, address = founded.client(COORDINATOR), f"/policies/{MONTREAL}/retire"
    page = client.post(address, data={"version": "0", "retired": "1"}, follow_redirects=True).text
    assert "Policy date retired." in page
    assert get_event(founded.context(), MONTREAL).event.status == RETIRED
    assert client.post(address, data={"version": "0", "retired": "0"}).status_code == 409
    page = client.post(address, data={"version": "1", "retired": "0"}, follow_redirects=True).text
    assert "Policy date back in use." in page


def test_the_rule_of_a_pattern_is_changed_on_its_form(founded: Founded) -> None:
    """As conditions; a form from before there were any leaves the rule as it is."""
    rule = (Condition("roles", ("driver",), ("passenger",)),)
    pattern_id = patterns.define_pattern(founded.context(), PatternDefinition(name_en="Drivers", rule=rule))
    client, address = founded.client(COORDINATOR), f"/patterns/{pattern_id}"
    page = client.get(address).text
    assert page.count('value="roles"') >= 2  # one of these, and none of those
    client.post(address, data={"name_en": "Drivers", "version": "1", "rule_shown": ""})
    assert patterns.get_pattern(founded.context(), pattern_id).definition.rule == rule
    client.post(address, data={"name_en": "Drivers", "version": "2", **RULE})
    changed = patterns.get_pattern(founded.context(), pattern_id).definition.rule
    assert [condition.field for condition in changed] == ["contact_group", "status_surfaced"]
    late = client.post(
        address, data={"name_en": "Drivers", "version": "2", **RULE, "conditions-0-codes": ["ticket"]}
    )
    assert (late.status_code, "Contact group: Ticket" in late.text) == (409, True)
