"""The page of the recovery shares, and the drill on it."""

import pytest
from flask.testing import FlaskClient

from casework.domain.quorum import USUAL
from casework.services.recovery.record import find_record
from casework.services.recovery.sharing import Sharing
from casework.store.database import db
from casework.store.members import RecoverySeal
from casework.store.volatile import CeremonyRow
from casework.store.volatilestore import list_records
from tests.support.application import COORDINATOR, Founded


@pytest.fixture
def coordinator(founded: Founded) -> FlaskClient:
    """A coordinator's browser."""
    return founded.client(COORDINATOR)


@pytest.fixture
def sheets(founded: Founded) -> tuple[str, ...]:
    """The shares in force."""
    return founded.players[COORDINATOR].recovery_shares


def test_the_page_says_what_there_is(coordinator: FlaskClient) -> None:
    """How many, how many open, since when, by whom, and that nobody has tried them."""
    page = coordinator.get("/recovery").text
    for text in ("2 of 3 open", "by Cora", "never", "A drill is due.", "One sheet may be lost"):
        assert text in page


def test_today_reminds_until_a_drill_is_held(coordinator: FlaskClient, sheets: tuple[str, ...]) -> None:
    """The start page says that a drill is due, and no longer once it was held."""
    assert "A recovery drill" in coordinator.get("/").text
    for share in sheets[:2]:
        coordinator.post("/recovery/drill", data={"words": share})
    assert "ecovery drill" not in coordinator.get("/").text
    assert "A drill is due." not in coordinator.get("/recovery").text


def test_a_drill_takes_share_after_share(
    founded: Founded, coordinator: FlaskClient, sheets: tuple[str, ...]
) -> None:
    """The first says how many are needed; with the last everything is opened, and the words are forgotten."""
    answer = coordinator.post("/recovery/drill", data={"words": sheets[2].upper()})
    assert (answer.status_code, answer.location) == (302, "/recovery/drill")
    page = coordinator.get("/recovery/drill").text
    assert "Share 3" in page and "1 of 2 entered" in page and "One more share" in page
    assert " ".join(sheets[2].split()[4:8]) not in page
    answer = coordinator.post("/recovery/drill", data={"words": sheets[0]}, follow_redirects=True)
    assert answer.request.path == "/recovery"
    assert "The shares open everything: 5 keys, 0 restricted cases, 0 drafts." in answer.text
    assert coordinator.get_cookie(founded.app.config["RECOVERY_COOKIE"]) is None
    assert list_records(CeremonyRow) == []
    record = find_record(founded.context())
    assert record is not None and record.drilled_on == founded.runtime.today()


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (
            lambda s: " ".join([*s.split()[:6], "duckkling", *s.split()[7:]]),
            "Not in the list of words: number 7.",
        ),
        (lambda s: s.rsplit(" ", 2)[0], "Words that are missing: 2."),
        (lambda s: s + " acid", "Words too many: 1."),
        (lambda s: " ".join([*s.split()[:-1], "zero" if s.split()[-1] != "zero" else "acid"]), "Word 33"),
        (lambda _s: Sharing.draw(USUAL).shares[1], "This is share 2 of another set"),
        (lambda _s: "", "Type the words from your sheet."),
    ],
)
def test_what_is_wrong_with_a_share_is_told(
    coordinator: FlaskClient, sheets: tuple[str, ...], spoil: object, fault: str
) -> None:
    """Which word, how many, whose; what was typed stays, and so do the shares entered before."""
    assert callable(spoil)
    coordinator.post("/recovery/drill", data={"words": sheets[1]})
    answer = coordinator.post("/recovery/drill", data={"words": spoil(sheets[0])})
    assert answer.status_code == 400
    assert fault in answer.text
    assert spoil(sheets[0])[:20] in answer.text or "another set" in fault
    assert "1 of 2 entered" in answer.text


def test_a_share_entered_twice_is_told(coordinator: FlaskClient, sheets: tuple[str, ...]) -> None:
    """Which it is."""
    coordinator.post("/recovery/drill", data={"words": sheets[1]})
    answer = coordinator.post("/recovery/drill", data={"words": sheets[1]})
    assert "Share 2 is entered already. Bring another sheet." in answer.text


def test_a_drill_can_be_stopped(founded: Founded, coordinator: FlaskClient, sheets: tuple[str, ...]) -> None:
    """What was entered is forgotten, by the button and by signing out."""
    coordinator.post("/recovery/drill", data={"words": sheets[1]})
    coordinator.post("/recovery/drill/forget")
    assert "1 of 2 entered" not in coordinator.get("/recovery/drill").text
    coordinator.post("/recovery/drill", data={"words": sheets[1]})
    coordinator.post("/sign-out")
    assert list_records(CeremonyRow) == []


def test_another_coordinator_s_browser_begins_with_none(
    founded: Founded, coordinator: FlaskClient, sheets: tuple[str, ...]
) -> None:
    """What was entered belongs to one browser."""
    coordinator.post("/recovery/drill", data={"words": sheets[1]})
    assert "1 of 2 entered" not in founded.client(COORDINATOR).get("/recovery/drill").text


def test_damage_is_told_on_a_page_of_its_own(coordinator: FlaskClient, sheets: tuple[str, ...]) -> None:
    """The sheets are right, a seal is not: which, and what to do."""
    seal = db.session.get(RecoverySeal, ("narrative", 1))
    assert seal is not None
    db.session.delete(seal)
    db.session.commit()
    coordinator.post("/recovery/drill", data={"words": sheets[1]})
    page = coordinator.post("/recovery/drill", data={"words": sheets[0]})
    assert "The drill failed" in page.text and "narrative 1" in page.text
    assert "never" in coordinator.get("/recovery").text
