"""Requests for access: noted, followed, shown on Today once their answer is overdue."""

from datetime import timedelta
from uuid import uuid4

import pytest

from casework.domain.accessrequest import Standing
from casework.errors import Conflict, Forbidden, NotFound
from casework.services.official import requests
from casework.services.today import look_at_today
from casework.store.database import db
from casework.store.official import AccessRequestRow
from tests.services.official.written import asked
from tests.support.application import ADVOCATE, CASEWORKER, Founded


def test_a_request_is_read_as_it_was_noted(founded: Founded) -> None:
    request_id = requests.add_request(founded.context(), asked())
    assert requests.get_request(founded.context(ADVOCATE), request_id).request == asked()
    with pytest.raises(Forbidden):
        requests.add_request(founded.context(CASEWORKER), asked())
    with pytest.raises(Forbidden):
        requests.change_request(founded.context(ADVOCATE), request_id, 1, asked())
    with pytest.raises(NotFound):
        requests.change_request(founded.context(), uuid4(), 1, asked())


def test_the_older_version_loses(founded: Founded) -> None:
    request_id = requests.add_request(founded.context(), asked())
    requests.change_request(founded.context(), request_id, 1, asked(number="A-1"))
    with pytest.raises(Conflict):
        requests.change_request(founded.context(), request_id, 1, asked(number="A-2"))
    assert requests.get_request(founded.context(), request_id).request.number == "A-1"


def test_overdue_ones_stand_first_and_on_today(founded: Founded) -> None:
    """For coordinators, until the answer came; one that does not open closes nothing."""
    today = founded.runtime.today()
    days = {"sent_on": today - timedelta(days=40), "due_on": today - timedelta(days=10)}
    waiting = requests.add_request(founded.context(), asked(sent_on=today, due_on=today))
    late = requests.add_request(founded.context(), asked(**days))
    requests.add_request(founded.context(), asked(**days, received_on=today))
    listed = requests.list_requests(founded.context())
    assert [view.standing for view in listed] == [Standing.OVERDUE, Standing.WAITING, Standing.RECEIVED]
    assert [view.id for view in listed[:2]] == [late, waiting]
    assert [view.id for view in look_at_today(founded.context()).overdue_requests] == [late]
    assert not look_at_today(founded.context(CASEWORKER)).overdue_requests
    context, row = founded.context(), db.session.get(AccessRequestRow, late)
    assert row is not None
    assert requests.list_overdue(context)
    row.request_sealed = row.request_sealed[:-1] + bytes([row.request_sealed[-1] ^ 1])
    assert not requests.list_overdue(context)
    db.session.rollback()
