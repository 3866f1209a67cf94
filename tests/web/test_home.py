"""The start page."""

import re

from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentNarrative
from casework.domain.person import PersonFacts, PersonIdentity
from casework.services import drafts
from casework.services.incidents import IncidentDraft, PersonDraft, log_incident
from casework.services.membership import invitations
from tests.support.application import (
    ADVOCATE,
    CASEWORKER,
    COLLEAGUE,
    COORDINATOR,
    Founded,
)


def log(founded: Founded, login: str, name: str) -> None:
    """Log an incident with one person in a case of its own."""
    draft = IncidentDraft(
        date=VagueDate.parse("2026-05"),
        answers={"contact_type": "traffic_stop", "police_service": "unknown"},
        narrative=IncidentNarrative("", ""),
        people=(PersonDraft(identity=PersonIdentity(name=name), facts=PersonFacts(), roles=("passenger",)),),
    )
    log_incident(founded.context(login), draft)


def test_a_new_organization_is_told_what_to_do_first(founded: Founded) -> None:
    """Its coordinator invites a second one and logs the first incident; why it is not for real people yet."""
    page = founded.client(COORDINATOR).get("/").text
    assert "Hello Cora." in page
    assert "A second coordinator" in page and "A recovery drill" in page and "A first backup" in page
    assert 'href="/members/invite"' in page
    assert "Log the first incident" in page
    assert "Not ready for real people" in page
    assert 'href="/incidents/new"' in page


def test_coordinators_see_who_waits_for_admission(founded: Founded) -> None:
    """Until nobody does; the fingerprint is compared on the page of members."""
    client = founded.client(COORDINATOR)
    assert "Pia has joined as caseworker" in client.get("/").text
    one = next(i for i in invitations.list_invitees(founded.context()) if i.fingerprint)
    shown = {"fingerprint": one.fingerprint, "roles": ",".join(one.roles)}
    shown["passphrase"] = founded.players[COORDINATOR].passphrase
    client.post(f"/members/invitations/{one.invitation_id}/admit", data=shown)
    assert "Pia has joined" not in client.get("/").text


def test_caseworkers_see_nothing_of_members(founded: Founded) -> None:
    """Neither who waits nor what only coordinators decide."""
    page = founded.client(CASEWORKER).get("/").text
    assert "Hello Ines." in page
    for text in ("Pia", "Invite", "Before real use"):
        assert text not in page


def test_ones_own_cases_come_first(founded: Founded) -> None:
    """Mine where there are any, else the newest of all; a reference leads to the case."""
    log(founded, CASEWORKER, "Teodor V.")
    mine, theirs = founded.client(CASEWORKER).get("/").text, founded.client(COLLEAGUE).get("/").text
    assert "My cases" in mine and "Teodor V." in mine
    assert "Newest cases" in theirs and "Teodor V." in theirs
    log(founded, COLLEAGUE, "Rosalind A.")
    mine, theirs = founded.client(CASEWORKER).get("/").text, founded.client(COLLEAGUE).get("/").text
    assert "Teodor V." in mine and "Rosalind A." not in mine
    assert "Rosalind A." in theirs and "Teodor V." not in theirs
    assert 'aria-label="1 of 5 steps"' in mine


def test_drafts_are_offered_to_their_writer(founded: Founded) -> None:
    """To take up again or to discard; nobody else sees that there is one."""
    draft = drafts.keep_draft(
        founded.context(CASEWORKER), None, "incident", "/incidents/new", {"text": ["Un récit commencé"]}
    )
    client = founded.client(CASEWORKER)
    page = client.get("/").text
    assert "One thing waits for you." in page
    assert "Un récit commencé" in page
    assert f'href="/drafts/{draft}"' in page
    assert f"/drafts/{draft}" not in founded.client(COLLEAGUE).get("/").text
    client.post(f"/drafts/{draft}/discard")
    assert str(draft) not in client.get("/").text


def test_an_advocate_has_no_start_page(founded: Founded) -> None:
    """Home is the statistics, and nothing of a case is read on the way."""
    log(founded, CASEWORKER, "Teodor V.")
    client = founded.client(ADVOCATE)
    assert client.get("/").location == "/statistics"
    assert "Teodor" not in client.get("/", follow_redirects=True).text


def test_the_start_page_asks_who_it_is(founded: Founded) -> None:
    """Without a session it leads to signing in."""
    assert founded.client().get("/").status_code == 302


def test_the_search_looks_at_all_cases(founded: Founded) -> None:
    """Whoever searches from the start page is not held to their own cases without a word."""
    client = founded.client(CASEWORKER)
    found = re.search(r'href="(/incidents[^"]*)"[^>]*>Search', client.get("/").text)
    assert found
    assert "in all cases" in client.get(found[1]).text
