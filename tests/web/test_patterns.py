"""The pages of patterns."""

import re
from uuid import UUID

import pytest

from casework.domain.pattern import MERGED, RETIRED, PatternDefinition
from casework.services import incidents, patterns
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded
from tests.support.records import incident_draft

TEXTS = {"name_en": "Ferry to CBSA", "definition_en": "A ferry check.", "name_fr": "Du traversier"}


def define(founded: Founded, name: str = "Ferry to CBSA") -> UUID:
    """Define a pattern as the coordinator."""
    return patterns.define_pattern(founded.context(), PatternDefinition(name_en=name))


def test_caseworkers_read_the_list_and_change_nothing(founded: Founded) -> None:
    """Names, meanings, rules and their own incidents' numbers; no deed of a coordinator."""
    pattern_id = define(founded)
    context = founded.context(CASEWORKER)
    incidents.log_incident(context, incident_draft(patterns=(pattern_id,)))
    page = founded.client(CASEWORKER).get("/patterns").text
    assert "Ferry to CBSA" in page
    assert "1 incident" in page
    assert "Contact group: one of Victim, Witness; Referral type: none of Unknown, Not asked." in page
    assert "Define a pattern" not in page
    assert founded.client(CASEWORKER).get(f"/patterns/{pattern_id}").status_code == 403
    assert founded.client(ADVOCATE).get("/patterns").status_code == 403


def test_a_pattern_is_defined_in_one_language_or_more(founded: Founded) -> None:
    """It can be set right away."""
    client = founded.client(COORDINATOR)
    answer = client.post("/patterns/new", data=TEXTS, follow_redirects=True)
    assert "Pattern defined." in answer.text
    (view,) = [
        v for v in patterns.list_patterns(founded.context()) if v.definition.name_en == TEXTS["name_en"]
    ]
    assert (view.definition.name_fr, view.definition.starter) == ("Du traversier", None)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({}, "Write a name in at least one language."),
        ({"name_en": "Ticket to detention"}, "Another pattern has this name."),
        ({"definition_fr": "Sans nom."}, "Write a name in at least one language."),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    founded: Founded, texts: dict[str, str], said: str
) -> None:
    """The form comes back."""
    answer = founded.client(COORDINATOR).post("/patterns/new", data=texts)
    assert answer.status_code == 422
    assert said in answer.text
    assert all(text in answer.text for text in texts.values())


def test_a_pattern_is_renamed(founded: Founded) -> None:
    """Its version goes up."""
    pattern_id, client = define(founded), founded.client(COORDINATOR)
    page = client.get(f"/patterns/{pattern_id}").text
    assert re.search(r'name="version"[^>]*value="1"', page)
    client.post(f"/patterns/{pattern_id}", data=TEXTS | {"version": "1", "name_en": "Boat to CBSA"})
    view = patterns.get_pattern(founded.context(), pattern_id)
    assert (view.definition.name_en, view.version) == ("Boat to CBSA", 2)


def test_a_lost_race_shows_both_versions_and_loses_neither(founded: Founded) -> None:
    """Mine can be kept or put together with theirs; nothing was overwritten before that."""
    pattern_id, client = define(founded), founded.client(COORDINATOR)
    address = f"/patterns/{pattern_id}"
    client.post(address, data={"name_en": "Theirs", "version": "1"})
    met = client.post(address, data={"name_en": "Mine", "version": "1"})
    assert met.status_code == 409
    assert "Mine" in met.text
    assert "Theirs" in met.text
    assert patterns.get_pattern(founded.context(), pattern_id).definition.name_en == "Theirs"
    together = client.post(address, data={"name_en": "Mine", "version": "2", "resolve": "edit"}).text
    assert "Mine" in together
    assert "Theirs" in together
    client.post(address, data={"name_en": "Mine", "version": "2", "resolve": "mine"})
    assert patterns.get_pattern(founded.context(), pattern_id).definition.name_en == "Mine"


def test_a_pattern_is_retired_and_brought_back(founded: Founded) -> None:
    """The list says so, and an older page changes nothing."""
    pattern_id, client = define(founded), founded.client(COORDINATOR)
    address = f"/patterns/{pattern_id}/retire"
    page = client.post(address, data={"version": "1", "retired": "1"}, follow_redirects=True).text
    assert "Pattern retired." in page
    assert patterns.get_pattern(founded.context(), pattern_id).definition.status == RETIRED
    assert client.post(address, data={"version": "1", "retired": "0"}).status_code == 409
    page = client.post(address, data={"version": "2", "retired": "0"}, follow_redirects=True).text
    assert "Pattern back in use." in page


def test_merging_says_how_many_incidents_change(founded: Founded) -> None:
    """Before and after; the merged one is listed with what took its place."""
    old, new = define(founded), define(founded, "Boat to CBSA")
    context = founded.context(CASEWORKER)
    for _ in range(2):
        incidents.log_incident(context, incident_draft(patterns=(old,)))
    client = founded.client(COORDINATOR)
    page = client.get(f"/patterns/{old}/merge").text
    assert "2 incidents carry this pattern." in page
    assert f'value="{old.hex}"' not in page
    answer = client.post(
        f"/patterns/{old}/merge", data={"version": "1", "into": new.hex}, follow_redirects=True
    )
    assert "2 incidents were changed." in answer.text
    assert "Merged into “Boat to CBSA”" in answer.text
    assert patterns.get_pattern(founded.context(), old).definition.status == MERGED


@pytest.mark.parametrize("into", ["", "x", "00000000000000000000000000000005"])
def test_a_merge_into_nothing_is_not_done(founded: Founded, into: str) -> None:
    """The page asks again."""
    pattern_id = define(founded)
    answer = founded.client(COORDINATOR).post(
        f"/patterns/{pattern_id}/merge", data={"version": "1", "into": into}
    )
    assert answer.status_code == 422
    assert "Choose another pattern that is in use." in answer.text
    assert patterns.get_pattern(founded.context(), pattern_id).version == 1


@pytest.mark.parametrize("path", ["", "/merge"])
def test_an_unknown_pattern_is_404(founded: Founded, path: str) -> None:
    """For the coordinator too."""
    address = f"/patterns/{UUID(int=5)}{path}"
    assert founded.client(COORDINATOR).get(address).status_code == 404
