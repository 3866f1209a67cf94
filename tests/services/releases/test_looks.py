"""Looks: one of each member, stopped or done, and an approval that writes is stopped no more."""

from uuid import UUID

import pytest

from casework.services.releases import approving
from casework.services.releases.approving import begin_approval, carry_out_approval
from casework.services.releases.drafting import create_release, get_release
from casework.services.releases.ledger import Ledger, has_moved
from casework.services.releases.looks import KEPT_SECONDS, Look, Stopped
from casework.services.releases.previewing import begin_look, carry_out, find_look, preview_release, stop_look
from tests.services.releases.written import draft, log, submit
from tests.support.application import ADVOCATE, COORDINATOR, Founded, Template
from tests.support.stocked import Stock


def _prepare(founded: Founded) -> None:
    log(founded, spvm=12, sq=12)


@pytest.fixture
def template(template: Template, stocked: Stock, request: pytest.FixtureRequest) -> Template:
    """What `counted` has was done once."""
    return stocked(template, _prepare) if "counted" in request.fixturenames else template


@pytest.fixture
def counted(founded: Founded) -> Founded:
    """Something to look at."""
    return founded


def _begin(founded: Founded, release_id: UUID, version: int = 2) -> tuple[Look, str]:
    mark = preview_release(founded.context(), release_id).mark
    return begin_approval(founded.context(), release_id, version, mark, lambda: True), mark


def test_a_new_look_takes_the_place_of_the_last_one(counted: Founded) -> None:
    """Also one at another release; what was on its way ends."""
    ada = counted.context(ADVOCATE)
    one, other = create_release(ada, draft()), create_release(ada, draft([("city",)]))
    first = begin_look(ada, one)
    second = begin_look(ada, other)
    assert (find_look(ada, one), find_look(ada, other)) == (None, second)
    with pytest.raises(Stopped):
        first.keep_going()
    carry_out(ada, first)
    assert first.seen is None
    assert find_look(ada, other) is second


def test_a_look_is_its_members_alone_and_ends(counted: Founded) -> None:
    ada = counted.context(ADVOCATE)
    release_id = create_release(ada, draft())
    preview_release(ada, release_id)
    assert find_look(counted.context(COORDINATOR), release_id) is None
    looks, now = counted.runtime.looks, counted.runtime.now_seconds()
    assert looks.find(ada.member_id, release_id, now + KEPT_SECONDS - 5)
    looks.drop_over(now + KEPT_SECONDS + 5)
    assert find_look(ada, release_id) is None


def test_the_emergency_forgets_every_look(counted: Founded) -> None:
    ada = counted.context(ADVOCATE)
    release_id = create_release(ada, draft())
    preview_release(ada, release_id)
    counted.runtime.forget()
    assert find_look(ada, release_id) is None


def test_an_approval_that_was_stopped_leaves_everything_as_it_was(counted: Founded) -> None:
    release_id = submit(counted)
    look, mark = _begin(counted, release_id)
    assert stop_look(counted.context(), release_id)
    carry_out_approval(counted.context(), look, 2, mark)
    assert look.number == 0
    assert get_release(counted.context(), release_id).release.frozen is None


def test_an_approval_that_writes_is_stopped_no_more(
    counted: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever presses too late is not told that nothing was changed."""
    release_id = submit(counted)
    look, mark = _begin(counted, release_id)
    pressed = []

    def press(since: Ledger) -> bool:
        pressed.append(look.stop())
        return has_moved(since)

    monkeypatch.setattr(approving, "has_moved", press)
    carry_out_approval(counted.context(), look, 2, mark)
    assert pressed == [False]
    assert look.number == 1
    assert get_release(counted.context(), release_id).release.frozen
