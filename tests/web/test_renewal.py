"""New recovery shares, page by page."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.services import incidents
from casework.services.membership.leaving import revoke_member
from casework.store.volatile import CeremonyRow
from casework.store.volatilestore import list_records
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft
from tests.support.secondfactor import equip
from tests.web.pages import words_of


@pytest.fixture
def coordinator(founded: Founded) -> FlaskClient:
    """A coordinator's browser."""
    return founded.client(COORDINATOR)


def draw(founded: Founded, client: FlaskClient, **fields: str) -> TestResponse:
    """Draw three of four."""
    data = {"quorum": "another", "threshold": "3", "shares": "4"}
    return client.post(
        "/recovery/new", data=data | {"passphrase": founded.players[COORDINATOR].passphrase} | fields
    )


def type_back(client: FlaskClient) -> list[str]:
    """Type every share back from its page; returns them."""
    shares = []
    while (page := client.get("/recovery/new/share")).status_code == 200:
        shares.append(" ".join(words_of(page)))
        client.post("/recovery/new/share/check", data={"words": shares[-1]})
    assert page.location == "/recovery/new/finish"
    return shares


def test_new_shares_take_the_place_of_the_old(founded: Founded, coordinator: FlaskClient) -> None:
    """Drawn, put on paper, typed back, in force; a drill with them opens everything."""
    assert draw(founded, coordinator).location == "/recovery/new/share"
    shares = type_back(coordinator)
    assert len(shares) == 4
    assert "2 of 3 open" in coordinator.get("/recovery").text
    assert "All 4 shares agree" in coordinator.get("/recovery/new/finish").text
    answer = coordinator.post("/recovery/new/finish", follow_redirects=True)
    assert answer.request.path == "/recovery"
    assert "The new shares are in force, and keys are being renewed." in answer.text
    assert "3 of 4 open" in answer.text
    assert coordinator.get_cookie(founded.app.config["RECOVERY_COOKIE"]) is None
    assert list_records(CeremonyRow) == []
    old = coordinator.post("/recovery/drill", data={"words": founded.players[COORDINATOR].recovery_shares[0]})
    assert "of another set" in old.text
    for share in shares[1:]:
        answer = coordinator.post("/recovery/drill", data={"words": share}, follow_redirects=True)
    assert "The shares open everything" in answer.text


def test_the_page_says_what_it_means(coordinator: FlaskClient) -> None:
    """Backups made before stay with the old sheets; the number in force is proposed."""
    page = coordinator.get("/recovery/new").text
    assert "Backups made before stay sealed to the old shares." in page
    assert 'value="2-3" checked' in page


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"passphrase": "something else"}, "This is not the passphrase that you sign in with now."),
        ({"passphrase": ""}, "Type the passphrase that you sign in with."),
        ({"threshold": "5"}, "At least two have to come together"),
        ({"quorum": "9-9"}, "Choose one of the listed answers."),
    ],
)
def test_what_cannot_be_is_told_and_draws_nothing(
    founded: Founded, coordinator: FlaskClient, fields: dict[str, str], fault: str
) -> None:
    """A wrong passphrase, a number that cannot be."""
    answer = draw(founded, coordinator, **fields)
    assert answer.status_code == 400
    assert fault in answer.text
    assert list_records(CeremonyRow) == []


def test_a_code_is_asked_for_where_there_is_a_second_factor(founded: Founded) -> None:
    """Who found out the passphrase draws nothing; a slip elsewhere uses no code up."""
    device = equip(founded.context())
    coordinator = founded.client(COORDINATOR)
    assert 'name="code"' in coordinator.get("/recovery/new").text
    right = device.code(founded.runtime.now_seconds())
    for fields, fault in (
        ({}, "Type the code."),
        ({"code": "000000"}, "This code does not fit"),
        ({"code": right, "threshold": "5"}, "At least two have to come together"),
    ):
        answer = draw(founded, coordinator, **fields)
        assert answer.status_code == 400 and fault in answer.text
    assert list_records(CeremonyRow) == []
    assert draw(founded, coordinator, code=right).location == "/recovery/new/share"
    page = coordinator.get("/recovery/new").text
    assert 'name="passphrase"' not in page and "for five minutes it is not asked for again" in page
    assert draw(founded, coordinator, passphrase="").location == "/recovery/new/share"


def test_no_step_can_be_left_out(founded: Founded, coordinator: FlaskClient) -> None:
    """Every page leads to the step that is due."""
    for path in ("share", "share/check", "finish"):
        assert coordinator.get(f"/recovery/new/{path}").location == "/recovery/new"
    draw(founded, coordinator)
    assert coordinator.get("/recovery/new/finish").location == "/recovery/new/share"
    assert coordinator.post("/recovery/new/finish").location == "/recovery/new/share"
    wrong = coordinator.post("/recovery/new/share/check", data={"words": "acid acne"})
    assert "31 words are missing." in wrong.text


def test_it_can_be_stopped(founded: Founded, coordinator: FlaskClient) -> None:
    """What was drawn is forgotten; the old shares stay in force."""
    draw(founded, coordinator)
    assert "New shares are drawn already: 3 of 4." in coordinator.get("/recovery/new").text
    answer = coordinator.post("/recovery/new/stop", follow_redirects=True)
    assert "The old ones stay in force." in answer.text and "2 of 3 open" in answer.text
    assert list_records(CeremonyRow) == []


def test_the_words_are_not_where_they_are_typed_back(founded: Founded, coordinator: FlaskClient) -> None:
    """As at first run."""
    draw(founded, coordinator)
    share = words_of(coordinator.get("/recovery/new/share"))
    main = coordinator.get("/recovery/new/share/check").text.split("<main")[1]
    assert sum(word in main.split() for word in set(share)) < 5


def log_restricted(founded: Founded) -> None:
    """Log a case that only a caseworker is named in."""
    context = founded.context(CASEWORKER)
    draft = incident_draft(restricted=True, team=frozenset({context.member_id}))
    incidents.log_incident(context, draft)


def test_what_nobody_could_seal_anew_asks_for_the_old_sheets(
    founded: Founded, coordinator: FlaskClient
) -> None:
    """The last step leads there; with enough of them the new ones open it, and the old can be destroyed."""
    log_restricted(founded)
    revoke_member(founded.context(), founded.players[CASEWORKER].id, founded.players[COLLEAGUE].id)
    draw(founded, coordinator)
    type_back(coordinator)
    page = coordinator.get("/recovery/new/finish").text
    assert "Bring enough of the old sheets first." in page and "all the same" in page
    refused = coordinator.post("/recovery/new/finish", follow_redirects=True)
    assert refused.request.path == "/recovery/new/earlier"
    assert "No member can seal anew" in refused.text and "1 restricted case" in refused.text
    wrong = coordinator.post("/recovery/new/earlier", data={"words": "acid acne"})
    assert wrong.status_code == 400 and "Words that are missing" in wrong.text
    for share in founded.players[COORDINATOR].recovery_shares[:2]:
        answer = coordinator.post("/recovery/new/earlier", data={"words": share}, follow_redirects=True)
    assert answer.request.path == "/recovery/new/finish"
    answer = coordinator.post("/recovery/new/finish", follow_redirects=True)
    assert "Destroy the old sheets now." in answer.text
    assert "Not sealed to them yet" not in answer.text


def test_while_something_waits_no_page_says_everything(founded: Founded, coordinator: FlaskClient) -> None:
    """Neither the flash, the shares, today, the drill nor the seal; then old sheets bring it over."""
    log_restricted(founded)
    draw(founded, coordinator)
    shares = type_back(coordinator)
    answer = coordinator.post("/recovery/new/finish", follow_redirects=True)
    assert "Keep the old sheets until nothing waits any more" in answer.text
    assert "Destroy the old sheets now" not in answer.text
    assert "Some of it is sealed anew as soon as they sign in" in answer.text
    assert "Keep the sheets from before." in coordinator.get("/").text
    assert "Not everything would open again." in coordinator.get("/seal").text
    for share in shares[1:]:
        answer = coordinator.post("/recovery/drill", data={"words": share}, follow_redirects=True)
    assert "The shares open everything" not in answer.text
    assert "sealed to earlier sheets only: 1 restricted case. Keep those sheets." in answer.text
    assert "1 restricted case" in coordinator.get("/recovery/earlier").text
    for share in founded.players[COORDINATOR].recovery_shares[:2]:
        answer = coordinator.post("/recovery/earlier", data={"words": share}, follow_redirects=True)
    assert "Sealed to the shares in force: 1 restricted case, 0 drafts." in answer.text
    assert "Keep the sheets from before." not in coordinator.get("/").text
