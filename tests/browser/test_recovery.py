"""The recovery shares as coordinators live with them: three of five, a drill, new ones, another drill."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.browser import steps
from tests.browser.looking import View, look_at
from tests.support.browser import DESK, PHONE, Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
VIEWS: dict[str, tuple[View, View]] = {
    "en": ((DESK, "light"), (PHONE, "dark")),
    "fr": ((PHONE, "light"), (DESK, "dark")),
}


class Keeper:
    """Reads each share off its page, as whoever writes it down does."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.shares: list[str] = []

    def __call__(self, page: str) -> None:
        """Take what the page of a share shows."""
        if page == "sheet":
            self.shares.append(steps.read_words(self.visitor))


@contextmanager
def inspected(visitor: Visitor, language: str) -> Iterator[Callable[[str], None]]:
    """Give what looks at a page in both sizes; in the end no page may have had a fault."""
    found: dict[str, list[str]] = {}
    yield lambda name: found.update(
        look_at(visitor, f"recovery-{name}-{language}", VIEWS[language], whole_once=True)
    )
    assert found == {}


def hold_drill(visitor: Visitor, shares: list[str], look: Callable[[str], None]) -> str:
    """Enter these shares one by one; returns what the page says in the end."""
    visitor.go("/recovery")
    visitor.press('main a[href="/recovery/drill"]')
    look("drill")
    for share in shares:
        steps.fill(visitor, words=share)
        steps.send(visitor)
    look("drill-end")
    return visitor.say(".flash")


@pytest.mark.parametrize("language", VIEWS)
def test_shares_are_tried_renewed_and_tried_again(
    language: str, empty_server: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """Three of five at first run, two of two later; each set opens everything while it is in force."""
    visitor = visitors(empty_server.url, locale=f"{language}-CA")
    keeper = Keeper(visitor)
    steps.set_up(visitor, "Collectif Traverse", "Lucie", "lucie", keeper, shares=5, threshold=3)
    assert len(keeper.shares) == 5
    with inspected(visitor, language) as look:
        look("today")
        visitor.press('main a[href="/recovery"]')
        look("page")
        said = hold_drill(visitor, [keeper.shares[4], keeper.shares[0]], look)
        assert "1" in said  # share 1 is entered: the third is missing
        steps.fill(visitor, words=keeper.shares[0])
        steps.send(visitor)
        look("drill-repeated")
        steps.fill(visitor, words=keeper.shares[2].upper())
        steps.send(visitor)
        assert visitor.path == "/recovery"
        look("drilled")
        visitor.press('main a[href="/recovery/new"]')
        look("new")
        renewed = renew(visitor, look)
        look("renewed")
        hold_drill(visitor, [keeper.shares[1]], look)
        assert visitor.path == "/recovery/drill"  # an old sheet: refused
        hold_drill(visitor, renewed, look)
        assert visitor.path == "/recovery"


def renew(visitor: Visitor, look: Callable[[str], None]) -> list[str]:
    """Draw two of two, put them on paper, type them back, put them in force."""
    steps.choose(visitor, quorum="another")
    steps.fill(visitor, shares="2", threshold="2")
    steps.prove(visitor)
    steps.send(visitor)
    shares = []
    for _number in range(2):
        shares.append(steps.read_words(visitor))
        look("new-share")
        visitor.press('main a[href="/recovery/new/share/check"]')
        look("new-check")
        steps.fill(visitor, words=shares[-1])
        steps.send(visitor)
    assert visitor.path == "/recovery/new/finish"
    look("new-finish")
    visitor.press('main form[action="/recovery/new/finish"] button')
    assert visitor.path == "/recovery"
    return shares
