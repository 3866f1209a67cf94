"""Official counts of the organization: entered, read by all, changed and retired by coordinators."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from casework.domain.official import RETIRED
from casework.errors import Conflict, Forbidden, NotFound
from casework.services.official import counts
from casework.services.once import SavedBefore
from tests.services.official.written import count
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded


def test_a_figure_is_read_as_it_was_entered(founded: Founded) -> None:
    """By caseworkers and advocates too, after those that ship."""
    count_id = counts.add_count(founded.context(), count())
    for login in (COORDINATOR, CASEWORKER, ADVOCATE):
        view = counts.get_count(founded.context(login), count_id)
        assert (view.count, view.version) == (count(), 1)
        listed = counts.list_all(founded.context(login))
        assert listed[-1] == view
        assert all(one.is_shipped for one in listed[:-1])


@pytest.mark.parametrize("login", [CASEWORKER, ADVOCATE])
def test_only_coordinators_write(founded: Founded, login: str) -> None:
    count_id = counts.add_count(founded.context(), count())
    with pytest.raises(Forbidden):
        counts.add_count(founded.context(login), count())
    with pytest.raises(Forbidden):
        counts.change_count(founded.context(login), count_id, 1, count(service="sq"))
    with pytest.raises(Forbidden):
        counts.retire_count(founded.context(login), count_id, 1, True)


def test_a_change_keeps_where_it_came_from_and_the_older_version_loses(founded: Founded) -> None:
    """The list that it was imported with, and the request that it answers."""
    came = count(batch=uuid4(), imported_on=date(2026, 3, 1), request=uuid4())
    count_id = counts.add_count(founded.context(), came)
    counts.change_count(founded.context(), count_id, 1, count(service="sq"))
    after = counts.get_count(founded.context(), count_id)
    assert after.count == replace(came, service="sq")
    with pytest.raises(Conflict):
        counts.change_count(founded.context(), count_id, 1, count(service="opp"))
    assert counts.get_count(founded.context(), count_id) == after


def test_a_retired_figure_stands_beside_no_other_and_comes_back(founded: Founded) -> None:
    count_id = counts.add_count(founded.context(), count())
    counts.retire_count(founded.context(), count_id, 1, True)
    (view,) = counts.list_counts(founded.context())
    assert view.count.state == RETIRED
    assert all(one.is_shipped for one in counts.list_all(founded.context()))
    counts.retire_count(founded.context(), count_id, 2, False)
    assert counts.list_all(founded.context())[-1].count == count()


def test_a_form_is_saved_once(founded: Founded) -> None:
    """Sent again it says where its figure stands, and whether it says other things now."""
    form_id = uuid4()
    count_id = counts.add_count(founded.context(), count(), (), form_id)
    for sent, differs in ((count(), False), (count(service="sq"), True)):
        with pytest.raises(SavedBefore) as saved:
            counts.add_count(founded.context(), sent, (), form_id)
        assert (saved.value.record_id, saved.value.differs) == (count_id, differs)
    assert len(counts.list_counts(founded.context())) == 1


def test_what_is_not_there_is_not_found(founded: Founded) -> None:
    with pytest.raises(NotFound):
        counts.get_count(founded.context(), uuid4())
    with pytest.raises(NotFound):
        counts.change_count(founded.context(), uuid4(), 1, count())
