"""What was registered late into a period that a release has: told as a difference of what is shown."""

from casework.domain.earlier import Difference, Earlier
from casework.domain.period import Period
from casework.services.releases.drafting import create_release
from casework.services.releases.late import Late
from casework.services.releases.previewing import preview_release
from casework.services.releases.reading import read_release
from casework.services.releases.withdrawing import withdraw_release
from tests.services.releases.written import draft, log, release
from tests.support.application import ADVOCATE, Founded

YEAR = Period((2025, 1), (2025, 4))


def _look(founded: Founded, **asked: object) -> tuple[Late, ...]:
    release_id = create_release(founded.context(ADVOCATE), draft(**asked))  # type: ignore[arg-type]
    seen = preview_release(founded.context(ADVOCATE), release_id)
    assert seen.refusal is None
    return tuple(seen.late)


def test_what_came_since_is_told_and_the_earlier_release_stays(founded: Founded) -> None:
    log(founded, spvm=20, sq=18)
    first = release(founded)
    before = read_release(founded.context(), first)
    assert before.late == ()
    assert _look(founded) == ()
    log(founded, spvm=6, sq=7)
    assert _look(founded) == (Late("2025", 1, 13),)
    second = release(founded)
    assert read_release(founded.context(), second).late == (Late("2025", 1, 13),)
    assert read_release(founded.context(), first) == before


def test_a_few_that_came_since_are_not_told(founded: Founded) -> None:
    """Two more: the total is hidden, or says what it said; the difference is never 2."""
    log(founded, spvm=20, sq=8, spvq=7, spl=9, opp=9, tps=10, vpd=8, eps=6, cps=6)
    release(founded)
    log(founded, spvm=2)
    assert _look(founded) in ((), (Late("2025", 1, None),))


def test_each_line_of_time_is_held_against_the_newest_that_has_it(founded: Founded) -> None:
    """A year of a longer table is the same year; what was withdrawn is not compared with."""
    log(founded, spvm=20, sq=18)
    release(founded)
    log(founded, spvm=10)
    second = release(founded)
    log(founded, "2026-05", spvm=15, sq=12)
    log(founded, spvm=7)
    asked = {"tables": [("police_service", "year")], "last": 2026}
    assert _look(founded, **asked) == (Late("2025", 2, 7),)
    withdraw_release(founded.context(), second, 3, {"en": "A city was wrong."})
    assert _look(founded, **asked) == (Late("2025", 1, 17),)


def _tell_earlier(founded: Founded, **asked: object) -> tuple[Earlier, ...]:
    release_id = create_release(founded.context(ADVOCATE), draft(**asked))  # type: ignore[arg-type]
    seen = preview_release(founded.context(ADVOCATE), release_id)
    assert seen.refusal is None
    return tuple(seen.earlier)


def test_what_differs_from_earlier_releases_of_the_time_is_told(founded: Founded) -> None:
    """Of the longest period that both show; of releases of another time nothing."""
    log(founded, spvm=20, sq=18)
    log(founded, "2026-05", spvm=15, sq=12)
    release(founded)
    assert _tell_earlier(founded, first=2026, last=2026) == ()
    log(founded, spvm=10)
    assert _tell_earlier(founded) == (Earlier(1, YEAR, False, (Difference("2025", 38, 48),)),)
    longer = {"tables": [("police_service", "year")], "last": 2026}
    assert _tell_earlier(founded, **longer) == (Earlier(1, YEAR, False, (Difference("2025", 38, 48),)),)
    replaced = Earlier(1, YEAR, True, (Difference("2025", 38, 48),))
    assert _tell_earlier(founded, replaces=1) == (replaced,)
    release(founded, draft(replaces=1))
    assert _tell_earlier(founded) == (Earlier(2, YEAR),)


def test_what_is_hidden_differs_from_nothing(founded: Founded) -> None:
    """Two more are told in no words either."""
    log(founded, spvm=20, sq=8, spvq=7, spl=9, opp=9, tps=10, vpd=8, eps=6, cps=6)
    release(founded)
    log(founded, spvm=2)
    assert _tell_earlier(founded) == (Earlier(1, YEAR),)
