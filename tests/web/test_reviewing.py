"""The pages of the review queue and the board: one proposal after another, with buttons alone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale

from casework.domain.languages import LANGUAGES
from casework.services.incidents import get_incident
from casework.services.reviewing.deciding import Decision, decide
from casework.web.forms.reviewing import About, Round, read_about
from casework.web.reviewing import name_keys
from tests.services.reviewing.deeds import propose, transit
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded

QUEUE = "/patterns/review"


def fields_of(page: str) -> dict[str, str]:
    """Return the hidden fields that the buttons of a proposal send."""
    form = page.partition('class="savebar deciding"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def press(client: FlaskClient, page: str, decision: str) -> str:
    """Press a button of a proposal; returns the page that follows."""
    sent = {**fields_of(page), "decision": decision}
    return client.post(QUEUE, data=sent, follow_redirects=True).text


def patterns_of(founded: Founded, incident_id: UUID) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """Return what is set on an incident, and what is rejected."""
    facts = get_incident(founded.context(CASEWORKER), incident_id).facts
    return facts.patterns, facts.rejected


def test_the_page_shows_the_rule_and_the_facts_and_decides_nothing_by_itself(founded: Founded) -> None:
    """The readable conditions beside what is logged, the story, and how many wait."""
    incident_id = propose(founded)
    page = founded.client(CASEWORKER).get(QUEUE).text
    assert "Does “Transit to CBSA” fit?" in page
    assert "Contact type: Fare check" in page
    assert "Referral type: none of Unknown, Not asked" in page
    assert "Status check" in page
    assert "Stopped at the corner and asked for papers." in page
    assert "0 decided, 1 waits" in page
    assert patterns_of(founded, incident_id) == ((), ())


def test_proposals_are_decided_one_after_the_other(founded: Founded) -> None:
    """Confirmed, rejected, and the end; the count follows."""
    newest, oldest = sorted((propose(founded), propose(founded)), key=lambda one: one.int, reverse=True)
    view, client = transit(founded), founded.client(COORDINATOR)
    page = press(client, client.get(QUEUE).text, "confirm")
    assert "Confirmed." in page
    assert "1 decided, 1 waits" in page
    page = press(client, page, "reject")
    assert "Rejected." in page
    assert "2 decided, 0 wait" in page
    assert "Nothing waits to be decided" in page
    assert "Every proposal of the rules has been decided." in page
    assert patterns_of(founded, newest) == ((view.id,), ())
    assert patterns_of(founded, oldest) == ((), (view.id,))


def test_decisions_are_taken_back_the_last_one_first(founded: Founded) -> None:
    """Each time its proposal stands there again; then there is nothing to take back."""
    for _ in range(2):
        propose(founded)
    client = founded.client(COORDINATOR)
    first = client.get(QUEUE).text
    assert "Take back the last decision" not in first
    second = press(client, first, "confirm")
    press(client, second, "reject")
    sent = {"undo": "1", "done": "2", "at": "end"}
    back = client.post(QUEUE, data=sent, follow_redirects=True).text
    assert "Taken back." in back
    assert fields_of(back)["about"] == fields_of(second)["about"]
    assert "1 decided, 1 waits" in back
    back = client.post(QUEUE, data={"undo": "1", "done": "1"}, follow_redirects=True).text
    assert fields_of(back)["about"] == fields_of(first)["about"]
    assert "0 decided, 2 wait" in back
    assert "Take back the last decision" not in back
    assert "There is nothing to take back." in client.post(QUEUE, data=sent, follow_redirects=True).text


def test_what_is_skipped_waits_until_the_end(founded: Founded) -> None:
    """It is counted, not shown again until one begins again, and nothing was decided."""
    for _ in range(3):
        propose(founded)
    client = founded.client(COORDINATOR)
    page = client.get(QUEUE).text
    skipped = fields_of(page)["about"]
    page = client.get(QUEUE, query_string={"at": fields_of(page)["next"]}).text
    assert "0 decided, 3 wait (one of them skipped)" in page
    for decision in ("confirm", "reject"):
        assert fields_of(page)["about"] != skipped
        page = press(client, page, decision)
    assert "You have been through them all" in page
    assert "One that you skipped still waits." in page
    assert f'href="{QUEUE}?done=2"' in page
    page = client.get(QUEUE, query_string={"done": "2"}).text
    assert fields_of(page)["about"] == skipped


def test_what_somebody_decided_meanwhile_is_said_and_one_goes_on(founded: Founded) -> None:
    """It is no error, and counts as nobody's decision of this round."""
    first, second = sorted((propose(founded), propose(founded)), key=lambda one: one.int, reverse=True)
    view, client = transit(founded), founded.client(COORDINATOR)
    page = client.get(QUEUE).text
    decide(founded.context(CASEWORKER), first, view.id, Decision.REJECTED, (1, view.version))
    answer = press(client, page, "confirm")
    assert "Rejected already." in answer
    assert fields_of(answer)["about"] == About(second, view.id).write()
    assert "0 decided, 1 waits" in answer
    assert patterns_of(founded, first) == ((), (view.id,))
    with client.session_transaction() as session:
        assert "reviewed" not in session


def test_what_was_changed_meanwhile_is_shown_again(founded: Founded) -> None:
    """With what it says now."""
    incident_id = propose(founded)
    client = founded.client(COORDINATOR)
    page = client.get(QUEUE).text
    sent = {**fields_of(page), "version": "7", "decision": "confirm"}
    answer = client.post(QUEUE, data=sent, follow_redirects=True).text
    assert "Nothing was decided." in answer
    assert fields_of(answer)["about"] == fields_of(page)["about"]
    assert patterns_of(founded, incident_id) == ((), ())


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"decision": "confirm"},
        {"about": "x.y", "decision": "confirm"},
        {"decision": "other"},
        {"done": "-1"},
    ],
)
def test_what_is_no_decision_decides_nothing(founded: Founded, sent: dict[str, str]) -> None:
    """The queue is shown."""
    incident_id = propose(founded)
    client = founded.client(COORDINATOR)
    known = fields_of(client.get(QUEUE).text) if sent.get("decision") == "other" else {}
    answer = client.post(QUEUE, data={**known, **sent}, follow_redirects=True)
    assert (answer.status_code, "0 decided, 1 waits" in answer.text) == (200, True)
    assert patterns_of(founded, incident_id) == ((), ())


def test_one_pattern_alone_is_gone_through(founded: Founded) -> None:
    """From the board; of another one nothing waits."""
    propose(founded)
    client, view = founded.client(COORDINATOR), transit(founded)
    assert f'href="{QUEUE}?of={view.id.hex}"' in client.get("/patterns").text
    assert fields_of(client.get(QUEUE, query_string={"of": view.id.hex}).text)["of"] == view.id.hex
    none = client.get(QUEUE, query_string={"of": UUID(int=5).hex}).text
    assert "Nothing waits to be decided" in none
    assert "Review all patterns" in none


def test_single_keys_can_be_switched_off(founded: Founded) -> None:
    """For whoever speaks to their computer: then no button has one, and it stays so."""
    propose(founded)
    client = founded.client(COORDINATOR)
    page = client.get(QUEUE).text
    assert 'data-key="c"' in page
    assert "single-keys.js" in page
    off = client.get(QUEUE, query_string={"keys": "off"}).text
    assert "data-key" not in off
    assert "single-keys.js" not in off
    assert fields_of(off)["keys"] == "off"
    assert "Switch them on" in off


def test_an_advocate_sees_no_queue(founded: Founded) -> None:
    """Nor its board."""
    client = founded.client(ADVOCATE)
    assert client.get(QUEUE).status_code == 403
    assert client.post(QUEUE, data={"undo": "1"}).status_code == 403


def test_the_board_says_how_many_and_leads_there(founded: Founded) -> None:
    """What is confirmed counts in its quarter; the figure leads to the same incidents."""
    incident_id = propose(founded)
    view, client = transit(founded), founded.client(COORDINATOR)
    before = client.get("/patterns").text
    assert "Review one proposal" in before
    decide(founded.context(CASEWORKER), incident_id, view.id, Decision.CONFIRMED, (1, view.version))
    entry = (
        client.get("/patterns").text.partition(f'id="pattern-{view.id.hex}"')[2].partition('id="pattern-')[0]
    )
    assert "1 incident in all" in entry
    assert "Nothing that its rule proposes waits." in entry
    assert 'aria-label="Incidents by quarter.' in entry
    links = re.findall(r'href="(/explore/incidents[^"]*)"', entry)
    listed = client.get(links[-1].replace("&amp;", "&")).text
    reference = get_incident(founded.context(CASEWORKER), incident_id).reference
    assert reference in listed
    assert reference in entry


@contextmanager
def speaking(founded: Founded, language: str) -> Iterator[None]:
    """Speak a language."""
    with founded.app.test_request_context(), force_locale(language):
        yield


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_deed_has_a_key_of_its_own(founded: Founded, language: str) -> None:
    """One small letter, in every language."""
    with speaking(founded, language):
        keys = list(name_keys().values())
    assert len(set(keys)) == len(keys) == 4
    assert all(re.fullmatch("[a-z]", key) for key in keys)


def test_a_round_is_written_and_read_back() -> None:
    """What is none of ours counts as nothing."""
    about = About(UUID(int=1), UUID(int=2))
    whole = Round(UUID(int=3), about.write(), 12, False)
    assert Round.read(whole.write()) == whole
    assert Round.read({"of": "x", "at": "1.2", "done": "²", "keys": "maybe"}) == Round()
    assert Round.read({"at": "end", "done": "9" * 12}) == Round(at="end")
    assert (read_about(about.write()), read_about(None), read_about("..")) == (about, None, None)
