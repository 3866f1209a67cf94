"""Answers to questions, as members get them."""

import pytest

from casework.errors import Forbidden
from casework.services.statistics.compose import compose, offer
from tests.services.statistics.books import ask
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, PENDING, Founded
from tests.support.counted import log_many


def test_without_consent_there_is_nothing_to_ask(founded: Founded) -> None:
    """Not even the years of those who refused are offered."""
    log_many(founded.context(CASEWORKER), ["spvm"] * 6, "1999-02", consent="refused")
    _assert_closed(founded)


@pytest.mark.parametrize("cases", [0, 1, 4])
def test_below_the_threshold_nothing_tells_how_many_or_when(founded: Founded, cases: int) -> None:
    """No case and a few look the same, whatever period is asked; what has no date does not count."""
    log_many(founded.context(CASEWORKER), ["spvm"] * cases, "1999-02")
    log_many(founded.context(CASEWORKER), ["spvm"] * 6, "unknown")
    _assert_closed(founded)


def _assert_closed(founded: Founded) -> None:
    context = founded.context(ADVOCATE)
    answers = [compose(context, None), offer(context)]
    answers += [compose(context, ask("police_service", first=year, last=year)) for year in ("1999", "2025")]
    for composed in answers:
        assert composed.is_closed
        assert composed.years == (context.runtime.today().year,)
        assert (composed.selection, composed.table) == (None, None)
        assert composed.refusal is not None
        assert composed.refusal.reason == "not_enough"


@pytest.mark.parametrize("login", [ADVOCATE, CASEWORKER, COORDINATOR])
def test_everybody_admitted_gets_the_same_protected_table(founded: Founded, login: str) -> None:
    """A team's cases count for those who may not open them too."""
    log_many(founded.context(CASEWORKER), ["spvm"] * 7 + ["sq"] * 6)
    log_many(founded.context(CASEWORKER), ["spvm"] * 2, team_only=True)
    composed = compose(founded.context(login), ask("police_service"))
    assert composed.table is not None
    assert (composed.table.cell("spvm").value, composed.table.cell("sq").value) == (9, 6)


def test_the_first_question_covers_the_last_years_that_have_any(founded: Founded) -> None:
    """Old records are met where they are."""
    log_many(founded.context(CASEWORKER), ["spvm"] * 6, written="1999-02")
    composed = compose(founded.context(ADVOCATE), None)
    assert composed.selection is not None
    assert composed.selection.period.years() == (1999,)
    assert composed.years[0] == 1999


def test_a_refusal_is_an_answer_without_a_table(founded: Founded) -> None:
    """The page can say why."""
    log_many(founded.context(CASEWORKER), ["spvm"] * 4)
    log_many(founded.context(CASEWORKER), ["spvm"] * 6, "1999-02")
    composed = compose(founded.context(ADVOCATE), ask("police_service"))
    assert composed.table is None
    assert composed.refusal is not None
    assert composed.refusal.reason == "too_few_cases"
    assert offer(founded.context(ADVOCATE)).refusal is None


def test_the_threshold_is_the_organizations(founded: Founded) -> None:
    """An organization that raised it to ten hides what five would show."""
    log_many(founded.context(CASEWORKER), ["spvm"] * 9)
    context = founded.context(ADVOCATE)
    assert compose(context, ask("police_service")).table is not None
    object.__setattr__(context.runtime.limits, "threshold", 10)
    assert compose(context, ask("police_service")).table is None


def test_who_waits_for_admission_sees_nothing(founded: Founded) -> None:
    """No role, no statistics."""
    with pytest.raises(Forbidden):
        compose(founded.context(PENDING), None)
