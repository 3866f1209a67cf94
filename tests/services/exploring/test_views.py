"""Saved views: whose they are, what opens, and the way back."""

from dataclasses import replace
from uuid import uuid4

import pytest

from casework.domain.documents import Document
from casework.errors import Forbidden, Invalid, NotFound, Tampered
from casework.services.exploring import views
from casework.services.exploring.questions import Question
from casework.services.exploring.views import ViewDraft
from casework.store.database import db
from casework.store.views import SavedView
from tests.services.exploring.deeds import kept, view_draft
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.times import later

OWN, SHARED = view_draft(is_shared=False), view_draft()


def _names(founded: Founded, login: str) -> list[str]:
    return [view.name for view in views.list_views(founded.context(login))]


def test_a_view_gives_the_question_back(founded: Founded) -> None:
    """With its filters, and who made it."""
    view = views.get_view(founded.context(CASEWORKER), kept(founded, draft=OWN))
    assert (view.name, view.question, view.is_shared, view.is_mine) == (OWN.name, OWN.question, False, True)


def test_ones_own_view_is_nobody_elses(founded: Founded) -> None:
    """Not in a list, not by its id, for coordinators neither; a shared one is everybody's."""
    own, shared = kept(founded, draft=OWN), kept(founded, draft=replace(SHARED, name="For all"))
    assert _names(founded, CASEWORKER) == ["For all", OWN.name]
    for login in (COLLEAGUE, COORDINATOR):
        assert _names(founded, login) == ["For all"]
        with pytest.raises(NotFound):
            views.get_view(founded.context(login), own)
        assert views.get_view(founded.context(login), shared).question == SHARED.question
        with pytest.raises(NotFound):
            views.remove_view(founded.context(login), own)


def test_who_opens_no_cases_has_no_views(founded: Founded) -> None:
    """Though an advocate holds the key of what is shared."""
    view_id = kept(founded)
    context = founded.context(ADVOCATE)
    with pytest.raises(Forbidden):
        views.list_views(context)
    with pytest.raises(Forbidden):
        views.get_view(context, view_id)
    with pytest.raises(Forbidden):
        views.keep_view(context, SHARED)


def test_a_shared_view_is_changed_by_its_maker_or_a_coordinator(founded: Founded) -> None:
    """Others use it as it is."""
    view_id = kept(founded)
    renamed = replace(SHARED, name="Another name")
    with pytest.raises(Forbidden):
        views.keep_view(founded.context(COLLEAGUE), renamed, view_id, 1)
    with pytest.raises(Forbidden):
        views.remove_view(founded.context(COLLEAGUE), view_id)
    views.keep_view(founded.context(COORDINATOR), renamed, view_id, 1)
    assert _names(founded, CASEWORKER) == ["Another name"]
    assert views.get_view(founded.context(CASEWORKER), view_id).is_mine
    with pytest.raises(Forbidden):  # it would be sealed to somebody who did not make it
        views.keep_view(founded.context(COORDINATOR), replace(renamed, is_shared=False), view_id, 2)


def test_a_view_becomes_shared_and_ones_own_again(founded: Founded) -> None:
    """What was sealed for all is gone from its row then."""
    view_id = kept(founded, draft=OWN)
    views.keep_view(founded.context(CASEWORKER), SHARED, view_id, 1)
    assert _names(founded, COLLEAGUE) == [SHARED.name]
    views.keep_view(founded.context(CASEWORKER), OWN, view_id, 2)
    assert _names(founded, COLLEAGUE) == []
    row = db.session.get_one(SavedView, view_id)
    assert row.shared_sealed is None and row.own_sealed


def test_a_removed_view_comes_back(founded: Founded) -> None:
    """As it was; it cannot be looked at or changed meanwhile."""
    view_id = kept(founded)
    views.remove_view(founded.context(CASEWORKER), view_id)
    assert _names(founded, CASEWORKER) == []
    with pytest.raises(NotFound):
        views.get_view(founded.context(CASEWORKER), view_id)
    with pytest.raises(NotFound):
        views.remove_view(founded.context(CASEWORKER), view_id)
    views.restore_view(founded.context(CASEWORKER), view_id)
    assert _names(founded, CASEWORKER) == [SHARED.name]
    with pytest.raises(NotFound):
        views.restore_view(founded.context(CASEWORKER), view_id)


def test_what_was_removed_long_ago_goes_for_good(founded: Founded) -> None:
    """With the next one that is removed; what was removed lately stays."""
    old, last = kept(founded), kept(founded)
    views.remove_view(founded.context(CASEWORKER), old)
    context = founded.context(CASEWORKER)
    views.remove_view(later(context, 31), last)
    assert db.session.get(SavedView, old) is None
    assert db.session.get(SavedView, last) is not None


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_has_a_name(founded: Founded, name: str) -> None:
    """And a short one."""
    with pytest.raises(Invalid) as refused:
        views.keep_view(founded.context(CASEWORKER), ViewDraft(name, "explore", Question(), False))
    assert set(refused.value.faults) == {"name"}


def test_a_view_that_is_none_is_not_found(founded: Founded) -> None:
    """Whatever is done with it."""
    context = founded.context(CASEWORKER)
    for deed in (views.get_view, views.remove_view, views.restore_view):
        with pytest.raises(NotFound):
            deed(context, uuid4())


@pytest.mark.parametrize(
    "changed", [{"unit": "nothing"}, {"show": "gone"}, {"first": "2026-13-40"}, {"filters": []}, {"cell": 3}]
)
def test_a_view_that_asks_what_no_question_is_hides_no_other(founded: Founded, changed: Document) -> None:
    """A shared one that a member sealed by other means, or a facet that is no longer there."""
    good, bad = kept(founded), kept(founded, draft=replace(SHARED, name="Bad"))
    row, context = db.session.get_one(SavedView, bad), founded.context(CASEWORKER)
    question = {**SHARED.question.to_document(), **changed}
    about = {"page": "explore", "question": question, "made_by": row.member_id.hex}
    views._seal(context, row, {"schema": 1, "name": "Bad", **about}, is_shared=True)
    db.session.commit()
    assert _names(founded, COLLEAGUE) == [SHARED.name]
    assert views.get_view(founded.context(COLLEAGUE), good).question == SHARED.question
    with pytest.raises(Tampered):
        views.get_view(founded.context(COLLEAGUE), bad)


def test_a_view_without_a_question_hides_no_other(founded: Founded) -> None:
    """As above, with nothing there."""
    kept(founded)
    bad = kept(founded, draft=replace(SHARED, name="Bad"))
    row = db.session.get_one(SavedView, bad)
    views._seal(founded.context(CASEWORKER), row, {"made_by": row.member_id.hex}, is_shared=True)
    db.session.commit()
    assert _names(founded, COLLEAGUE) == [SHARED.name]
