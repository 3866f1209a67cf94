"""The page of signals, and what the start page says of it."""

from dataclasses import replace
from datetime import timedelta

from casework.domain.dates import VagueDate
from casework.services.incidents import log_incident
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded
from tests.support.records import incident_draft


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
