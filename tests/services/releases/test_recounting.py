"""What a release counts is counted once more only where a record changed that it has to do with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from casework.domain.person import Consent
from casework.services.bin import restore_case
from casework.services.books import FactBook
from casework.services.cases import change_person, get_case
from casework.services.incidents import Logged
from casework.services.releases import recounting
from casework.services.releases.losses import Losses, find_losses
from tests.services.releases.test_losses import correct, later, put_in_bin
from tests.services.releases.test_standing import take_back
from tests.services.releases.written import draft, release
from tests.support.application import CASEWORKER, Founded
from tests.support.counted import log_many


@pytest.fixture
def logged(founded: Founded) -> list[Logged]:
    """Enough to release two years, the earlier one first."""
    before = log_many(founded.context(CASEWORKER), ["spvm"] * 12 + ["sq"] * 12, "2024-05")
    return before + log_many(founded.context(CASEWORKER), ["spvm"] * 12 + ["sq"] * 12)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The year of each release that is counted once more, as it happens."""
    found, count = list[int](), recounting._count

    def note(book: FactBook, then: recounting._Then) -> int:
        found.append(then.draft.period.first[0])
        return count(book, then)

    monkeypatch.setattr(recounting, "_count", note)
    return found


def told(founded: Founded) -> dict[UUID, Losses]:
    """Return what is told with what was kept, and see that it is what is told without."""
    kept = dict(find_losses(founded.context()))
    founded.runtime.casebook.drop_all()
    assert dict(find_losses(founded.context())) == kept
    return kept


def agree_again(founded: Founded, logged: Logged) -> None:
    """Somebody who no longer agreed does so again, two days later."""
    moment = founded.runtime.now() + timedelta(days=2)
    context = replace(founded.context(CASEWORKER), runtime=replace(founded.runtime, now=lambda: moment))
    (person,) = get_case(context, logged.case_id).people
    facts = replace(person.facts, consents={"statistics": Consent("given")})
    change_person(context, logged.case_id, person.id, person.version, facts, person.identity)


def test_what_came_since_is_no_reason(founded: Founded, logged: list[Logged], counts: list[int]) -> None:
    release(founded, draft(first=2024, last=2024))
    release(founded)
    assert find_losses(founded.context()) == {}
    assert counts == [2024, 2025]
    log_many(later(founded), ["spvm"] * 3)
    assert find_losses(founded.context()) == {}
    assert counts == [2024, 2025]
    put_in_bin(founded, logged[0])
    assert len(find_losses(founded.context())) == 1
    assert counts == [2024, 2025, 2024]


@pytest.mark.parametrize("unit", ["incidents", "people"])
def test_what_is_kept_tells_what_counting_tells(founded: Founded, logged: list[Logged], unit: str) -> None:
    """After each of many deeds, one after the other."""
    tables = [("police_service",)] if unit == "incidents" else [("citizenship",)]
    release(founded, draft(tables, unit=unit, first=2024, last=2025))
    deeds: list[tuple[int, Callable[[], object]]] = [
        (0, lambda: take_back(founded, logged[0])),
        (1, lambda: put_in_bin(founded, logged[1])),
        (1, lambda: agree_again(founded, logged[0])),
        (2, lambda: correct(founded, logged[2], written="2021-05")),
        (1, lambda: restore_case(founded.context(), logged[1].case_id)),
        (2, lambda: put_in_bin(founded, logged[0])),
        (1, lambda: correct(founded, logged[2], written="2024-06")),
    ]
    find_losses(founded.context())
    for cases, deed in deeds:
        deed()
        assert [one.cases for one in told(founded).values()] == [cases] * bool(cases)
