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


@pytest.mark.parametrize("deed", [_keep, drafts.list_drafts])
@pytest.mark.parametrize("login", [ADVOCATE, PENDING])
def test_drafts_are_for_who_may_edit(founded: Founded, login: str, deed: Read) -> None:
    """Nobody else has a form to keep."""
    with pytest.raises(Forbidden):
        deed(founded.context(login))


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
