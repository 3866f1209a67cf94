"""Spanish, on a handful of pages on a phone, where long words have least room."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.browser import steps
from tests.browser.looking import View, look_at
from tests.browser.test_pages import enter
from tests.support.browser import PHONE, Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
LATELY = datetime.now(UTC).date() - timedelta(days=50)
PAGES = {
    "today": "/",
    "cases": f"/cases?first={LATELY}",
    "case": "{case}",
    "log": "/incidents/new",
    "imports": "/imports",
    "statistics": "/statistics",
    "members": "/members",
    "account": "/account",
}


def test_pages_in_spanish_are_sound_on_a_phone(
    demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """A browser from Mexico gets Spanish unasked; pages and a form that is sent empty keep to the width."""
    visitor = visitors(demonstration.url, locale="es-MX")
    views: tuple[View, ...] = ((PHONE, "light"),)
    found: dict[str, list[str]] = {}
    visitor.go("/sign-in")
    assert visitor.page.get_attribute("html", "lang") == "es"
    found |= look_at(visitor, "spanish-sign-in", views)
    enter(visitor, "coordinator", "es")
    visitor.go("/cases?who=all")
    case = visitor.page.locator("main tbody td.ref a").first.get_attribute("href") or ""
    for name, path in PAGES.items():
        assert visitor.go(path.format(case=case)).ok
        found |= look_at(visitor, f"spanish-{name}", views)
    visitor.go("/incidents/new")
    steps.send(visitor)
    assert "Elija cómo empezó el contacto" in visitor.page.inner_text("main")
    found |= look_at(visitor, "spanish-log-faults", views)
    assert found == {}
