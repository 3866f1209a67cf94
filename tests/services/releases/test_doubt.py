"""After a restore nothing is approved until a coordinator looked for releases that are not here."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from casework.errors import Forbidden, Invalid
from casework.services.releases.doubt import Doubt, accept_ledger, find_doubt
from casework.services.releases.drafting import get_release
from casework.services.releases.previewing import preview_release
from casework.store.database import db
from casework.store.restoration import doubt_ledger, is_half_restored
from tests.services.releases.written import approve, log, release, submit
from tests.support.application import ADVOCATE, COORDINATOR, Founded, Template
from tests.support.audit import open_log
from tests.support.stocked import Stock

MADE_AT = datetime(2026, 11, 3, 12, tzinfo=UTC)


def _prepare(founded: Founded) -> None:
    log(founded, spvm=12, sq=12)
    release(founded)


@pytest.fixture
def template(template: Template, stocked: Stock, request: pytest.FixtureRequest) -> Template:
    """What `doubted` has was done once."""
    return stocked(template, _prepare) if "doubted" in request.fixturenames else template


@pytest.fixture
def doubted(founded: Founded) -> Iterator[Founded]:
    """One release, and a restore since."""
    doubt_ledger(MADE_AT)
    db.session.commit()
    yield founded


def test_nothing_is_approved_until_somebody_has_looked(doubted: Founded) -> None:
    """Looking and submitting go on; who looked, and up to which number, is in the log."""
    assert find_doubt(doubted.context(ADVOCATE)) == Doubt(MADE_AT, 1)
    assert not is_half_restored()
    log(doubted, spvm=12, sq=12)
    waiting = submit(doubted)
    preview_release(doubted.context(), waiting)
    with pytest.raises(Invalid) as refused:
        approve(doubted, waiting)
    assert list(refused.value.faults) == ["ledger"]
    assert get_release(doubted.context(), waiting).release.frozen is None
    with pytest.raises(Forbidden):
        accept_ledger(doubted.context(ADVOCATE))
    accept_ledger(doubted.context())
    entry = open_log(doubted.context())[-1]
    assert (entry["event"], entry["fields"]) == ("release.ledger_accepted", {"number": 1})
    assert find_doubt(doubted.context()) is None
    assert approve(doubted, waiting) == 2


def test_the_page_of_releases_says_so(doubted: Founded) -> None:
    """To everybody who may see it; a coordinator can answer."""
    page = doubted.client(ADVOCATE).get("/releases").text
    assert "Releases may be missing here." in page
    assert "with a number above 1" in page
    assert "/releases/ledger" not in page
    client = doubted.client(COORDINATOR)
    assert "/releases/ledger" in client.get("/releases").text
    answer = client.post("/releases/ledger", follow_redirects=True)
    assert "Releases can be approved again." in answer.text
    assert "Releases may be missing here." not in answer.text
