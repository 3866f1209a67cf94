"""What every admitted member reads, what only caseworkers keep, and how much of it."""

from collections.abc import Callable

import pytest

from casework.errors import Forbidden, Invalid
from casework.services import drafts, patterns
from casework.services.context import Context
from casework.services.membership import members
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, PENDING, Founded

Read = Callable[[Context], object]


def _keep(context: Context) -> object:
    return drafts.keep_draft(context, None, "incident", "/incidents/new", {})


@pytest.mark.parametrize("read", [patterns.list_patterns, members.list_members])
def test_names_are_for_every_admitted_member(founded: Founded, read: Read) -> None:
    """Statistics name patterns to advocates; who waits for admission is refused before anything is opened."""
    assert read(founded.context(ADVOCATE))
    with pytest.raises(Forbidden):
        read(founded.context(PENDING))


def _keep_of_release(context: Context) -> object:
    return drafts.keep_draft(context, None, "release_new", "/releases/new", {})


@pytest.mark.parametrize(
    ("login", "deed"),
    [
        (ADVOCATE, _keep),
        (CASEWORKER, _keep_of_release),
        (PENDING, _keep),
        (PENDING, _keep_of_release),
        (PENDING, drafts.list_drafts),
    ],
)
def test_drafts_are_for_who_may_send_the_form(founded: Founded, login: str, deed: Read) -> None:
    """Nobody else has a form to keep: advocates none of a case, caseworkers none of a release."""
    with pytest.raises(Forbidden):
        deed(founded.context(login))


def test_an_advocate_keeps_the_form_of_a_release(founded: Founded) -> None:
    """And sees their own alone."""
    kept = _keep_of_release(founded.context(ADVOCATE))
    assert [draft.id for draft in drafts.list_drafts(founded.context(ADVOCATE))] == [kept]


def test_a_member_keeps_so_many_drafts_and_no_more(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those there are go on, and make room when they are discarded; others have their own measure."""
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 2)
    context = founded.context(CASEWORKER)
    first = drafts.keep_draft(context, None, "incident", "/incidents/new", {})
    _keep(context)
    with pytest.raises(Invalid) as refused:
        _keep(context)
    assert list(refused.value.faults) == ["draft"]
    drafts.keep_draft(context, first, "incident", "/incidents/new", {"text": ["more"]})
    _keep(founded.context(COLLEAGUE))
    drafts.discard_draft(context, first)
    _keep(context)
