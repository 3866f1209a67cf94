"""New shares where only the old ones open a case: the last step asks for the old sheets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from casework.services import drafts, incidents
from casework.services.membership.leaving import revoke_member
from tests.browser import steps
from tests.browser.looking import View, look_at
from tests.browser.test_recovery import Keeper
from tests.support.application import (
    CASEWORKER,
    COLLEAGUE,
    COORDINATOR,
    Founded,
    Template,
    build_app,
    close,
)
from tests.support.browser import DESK, PHONE, Visitor
from tests.support.live_server import serve
from tests.support.records import incident_draft

pytestmark = pytest.mark.browser
VIEWS: dict[str, tuple[View, View]] = {
    "en": ((DESK, "light"), (PHONE, "dark")),
    "fr": ((PHONE, "light"), (DESK, "dark")),
}


@pytest.fixture
def folder(sqlite_template: Template, tmp_path: Path, bytecode_folder: Path) -> Path:
    """An organization in which the only one who was named in a case has left; a colleague has a draft."""
    folder = tmp_path / "left"
    with sqlite_template.copy(folder):
        app = build_app(folder, bytecode_folder)
        with app.app_context():
            founded = Founded(app, sqlite_template.players)
            named = founded.context(CASEWORKER)
            draft = incident_draft(restricted=True, team=frozenset({named.member_id}))
            incidents.log_incident(named, draft)
            drafts.keep_draft(founded.context(COLLEAGUE), None, "incident", "/x", {"text": ["Half"]})
            revoke_member(founded.context(), named.member_id, founded.players[COLLEAGUE].id)
        close(app)
    return folder


@pytest.mark.parametrize("language", VIEWS)
def test_the_old_sheets_are_asked_for(
    language: str, folder: Path, sqlite_template: Template, visitors: Callable[..., Visitor]
) -> None:
    """Too few of them go on only when somebody says so; then every page names what waits, until they come."""
    player = sqlite_template.players[COORDINATOR]
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found.update(look_at(visitor, f"left-behind-{name}-{language}", VIEWS[language], whole_once=True))
        visitor.page.set_viewport_size(DESK)

    with serve(folder) as server:
        visitor = visitors(server.url, locale=f"{language}-CA")
        steps.sign_in(visitor, player.login, player.passphrase)
        steps.enrol(visitor, player.passphrase)
        visitor.go("/recovery/new")
        steps.prove(visitor)
        steps.send(visitor)
        keeper = Keeper(visitor)
        for _ in range(3):
            keeper("sheet")
            visitor.press('main a[href="/recovery/new/share/check"]')
            steps.fill(visitor, words=keeper.shares[-1])
            steps.send(visitor)
        assert visitor.path == "/recovery/new/finish"
        look("finish")
        visitor.press('main a[href="/recovery/new/earlier"]')
        steps.fill(visitor, words=player.recovery_shares[0])
        steps.send(visitor)
        look("earlier")
        visitor.press('main a[href="/recovery/new/finish"]')
        visitor.page.locator("main .confirm.is-grave summary").first.click()
        visitor.press('main form:has([name="gives_up"]) button')
        assert visitor.path == "/recovery"
        look("kept")
        visitor.go("/")
        look("today")
        visitor.go("/seal")
        look("seal")
        visitor.go("/recovery/earlier")
        for share in player.recovery_shares[1:]:
            steps.fill(visitor, words=share)
            steps.send(visitor)
        assert visitor.path == "/recovery" and not visitor.page.locator("#waiting").count()
        look("brought-over")
    assert found == {}
