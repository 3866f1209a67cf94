"""The page of signals, and what the start page says of it."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from casework.domain.dates import VagueDate
from casework.services.incidents import log_incident
from casework.services.signals import columns, indexed
from casework.store.dismissals import DismissalRow
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded
from tests.support.records import incident_draft
from tests.support.tampering import update_raw
from tests.web.pages import text_of


def log_a_loud_month(founded: Founded) -> None:
    """Log a quiet year and a half, and twelve incidents in the last weeks."""
    today = founded.runtime.today()
    for days in [*range(60, 540, 40), *range(0, 24, 2)]:
        draft = replace(incident_draft(people=()), date=VagueDate.on(today - timedelta(days=days)))
        log_incident(founded.context(CASEWORKER), draft)


def test_without_a_past_nothing_can_stand_out(founded: Founded) -> None:
    """The page says what is missing; the start page says nothing."""
    page = founded.client(CASEWORKER).get("/signals").text
    assert "There is not enough of a past yet to compare with." in page
    assert "/signals" not in founded.client(COORDINATOR).get("/").text
    assert founded.client(ADVOCATE).get("/signals").status_code == 403


def test_a_signal_says_what_was_expected_what_was_seen_and_by_which_incidents(founded: Founded) -> None:
    """With p and q, the drawing in words, a warning that all were logged at once, and the method."""
    log_a_loud_month(founded)
    page = founded.client(CASEWORKER).get("/signals").text
    assert "12 incidents" in page
    assert "were to be expected" in page
    assert page.count("#incident-") >= 12
    assert 'role="img"' in page
    assert "12 of them were logged on one day" in page
    assert "Benjamini and Hochberg 1995" in page
    assert "no random sample" in page


def test_coordinators_are_led_to_signals_from_the_start_page(founded: Founded) -> None:
    """A caseworker's start page does not mention them."""
    log_a_loud_month(founded)
    page = founded.client(COORDINATOR).get("/").text
    assert 'href="/signals">' in page
    assert "stands out from its own past" in page or "stand out from their own past" in page
    assert 'href="/signals"' not in founded.client(CASEWORKER).get("/").text


def dismiss(founded: Founded, reason: str = "A <flyer>, many calls") -> str:
    """Dismiss the first signal; returns where one is led."""
    client = founded.client(COORDINATOR)
    found = re.search(r'name="series" value="([^"]*)"', client.get("/signals").text)
    assert found
    answer = client.post("/signals/dismiss", data={"series": found[1], "reason": reason})
    assert answer.status_code == 302, answer.text
    return answer.location


def test_a_dismissed_signal_stays_away_until_it_grows(founded: Founded) -> None:
    """With who and why; the start page counts it no more; three incidents more bring it back, two do not."""
    log_a_loud_month(founded)
    assert "/signals/dismiss" not in founded.client(CASEWORKER).get("/signals").text
    dismiss(founded)
    page = founded.client(COORDINATOR).get("/signals")
    assert "Nothing stands out today that was not dismissed." in text_of(page)
    assert "A <flyer>, many calls" in text_of(page)
    assert 'href="/signals">' not in founded.client(COORDINATOR).get("/").text
    assert "A <flyer>" in text_of(founded.client(CASEWORKER).get("/signals"))
    for number in (1, 2, 3):
        assert "grown since" not in founded.client(COORDINATOR).get("/signals").text
        draft = replace(incident_draft(people=()), date=VagueDate.on(founded.runtime.today()))
        log_incident(founded.context(CASEWORKER), draft)
        assert number
    page = founded.client(COORDINATOR).get("/signals")
    assert "grown since it was dismissed" in text_of(page)
    assert "3 incidents more were logged since." in text_of(page)
    dismiss(founded, "Still that flyer")
    told = text_of(founded.client(COORDINATOR).get("/signals"))
    assert "Still that flyer" in told and "many calls" not in told


def test_a_dismissal_is_taken_back(founded: Founded) -> None:
    log_a_loud_month(founded)
    dismissed = dismiss(founded).partition("#dismissal-")[2]
    client = founded.client(COORDINATOR)
    assert client.post(f"/signals/dismissals/{UUID(dismissed)}/restore").status_code == 302
    assert "12 incidents from" in text_of(client.get("/signals"))
    assert client.post(f"/signals/dismissals/{UUID(dismissed)}/restore").status_code == 404


def test_a_dismissal_without_a_reason_is_refused_where_it_was_asked(founded: Founded) -> None:
    """So is that of a signal which does not stand; what was written stays."""
    log_a_loud_month(founded)
    client = founded.client(COORDINATOR)
    found = re.search(r'name="series" value="([^"]*)"', client.get("/signals").text)
    assert found
    page = client.post("/signals/dismiss", data={"series": found[1], "reason": " "})
    assert page.status_code == 422
    assert "Write why it is dismissed" in text_of(page)
    assert '<details class="confirm" open>' in page.text
    page = client.post(
        "/signals/dismiss", data={"series": found[1], "reason": "A flyer" + " and so on" * 200}
    )
    assert (page.status_code, "room for 2,000 characters" in text_of(page)) == (422, True)
    assert "A flyer and so on" in page.text
    page = client.post("/signals/dismiss", data={"series": "city:halifax", "reason": "Nothing"})
    assert (page.status_code, "does not stand out any more" in text_of(page)) == (422, True)
    page = client.post("/signals/dismiss", data={"series": "nonsense", "reason": "Nothing"})
    assert page.status_code == 422


def test_who_sees_no_signal_is_told_of_no_dismissal(founded: Founded) -> None:
    """A caseworker to whom the cases are closed reads neither the signal nor why it was dismissed."""
    today = founded.runtime.today()
    for days in [*range(60, 540, 40), *range(0, 24, 2)]:
        draft = replace(
            incident_draft(people=(), team_only=True), date=VagueDate.on(today - timedelta(days=days))
        )
        log_incident(founded.context(COORDINATOR), draft)
    dismiss(founded)
    assert "flyer" in founded.client(COORDINATOR).get("/signals").text
    assert "flyer" not in founded.client(CASEWORKER).get("/signals").text


def test_what_brings_a_signal_back_need_not_be_among_the_newest(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large one not all incidents are shown; those that are logged late count all the same."""
    monkeypatch.setattr(columns, "MOST_SHOWN", 2)
    monkeypatch.setattr(indexed, "MOST_SHOWN", 2)
    log_a_loud_month(founded)
    dismiss(founded)
    for _number in range(3):
        late = VagueDate.on(founded.runtime.today() - timedelta(days=20))
        log_incident(founded.context(CASEWORKER), replace(incident_draft(people=()), date=late))
    assert "grown since it was dismissed" in text_of(founded.client(COORDINATOR).get("/signals"))


def test_a_dismissal_that_does_not_open_closes_no_page(founded: Founded) -> None:
    """Its signal stands; it is named to who may take it back, and can be."""
    log_a_loud_month(founded)
    dismissed = UUID(dismiss(founded).partition("#dismissal-")[2])
    update_raw(DismissalRow.__table__, {"id": dismissed}, content_sealed=b"?")  # type: ignore[arg-type]
    client = founded.client(COORDINATOR)
    page = client.get("/signals")
    assert page.status_code == client.get("/").status_code == 200
    assert "A dismissal does not open" in text_of(page) and "12 incidents from" in text_of(page)
    assert "A dismissal" not in text_of(founded.client(CASEWORKER).get("/signals"))
    assert client.post(f"/signals/dismissals/{dismissed}/restore").status_code == 302
    assert "A dismissal does not open" not in text_of(client.get("/signals"))
