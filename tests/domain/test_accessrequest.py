"""A request for access: its days in order, its deadline, where it stands."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.accessrequest import AccessRequest, Law, Standing, propose_deadline
from casework.errors import Invalid

SENT = date(2026, 3, 2)
ASKED = AccessRequest(body="CBSA", law=Law.FEDERAL, sent_on=SENT, due_on=date(2026, 4, 1), number="A-2026-1")
LATER = st.none() | st.integers(0, 400).map(lambda days: SENT + timedelta(days=days))


@given(LATER, LATER, LATER, st.integers(30, 90), st.sampled_from(Law))
def test_a_document_is_read_as_it_was_written(
    received: date | None, appealed: date | None, closed: date | None, due: int, law: Law
) -> None:
    made = replace(
        ASKED,
        law=law,
        due_on=SENT + timedelta(days=due),
        received_on=received,
        appealed_on=appealed,
        closed_on=closed,
    )
    assert AccessRequest.from_document(made.to_document()) == made
    for key in made.to_document():
        with pytest.raises(Invalid):
            AccessRequest.from_document(
                {name: value for name, value in made.to_document().items() if name != key}
            )


@given(st.integers(-400, 400))
def test_it_is_overdue_from_the_day_after_its_deadline(days: int) -> None:
    """And never while it was answered, appealed or closed."""
    today = ASKED.due_on + timedelta(days=days)
    assert ASKED.standing(today) is (Standing.OVERDUE if days > 0 else Standing.WAITING)
    assert ASKED.days_left(today) == -days
    extended = replace(ASKED, extended_to=ASKED.due_on + timedelta(days=60))
    assert extended.standing(today) is (Standing.OVERDUE if days > 60 else Standing.WAITING)
    for name in ("received_on", "appealed_on", "closed_on"):
        assert replace(ASKED, **{name: SENT}).standing(today).value == name.removesuffix("_on")  # type: ignore[arg-type]


def test_the_laws_propose_a_deadline() -> None:
    """Thirty days federally, twenty in Québec, and none that we would not know."""
    assert propose_deadline(Law.FEDERAL, SENT) == date(2026, 4, 1)
    assert propose_deadline(Law.QUEBEC, SENT) == date(2026, 3, 22)
    assert propose_deadline(Law.OTHER, SENT) is None


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"body": " "}, "body"),
        ({"due_on": SENT - timedelta(days=1)}, "due_on"),
        ({"received_on": SENT - timedelta(days=1)}, "received_on"),
        ({"extended_to": SENT}, "extended_to"),
        ({"sent_on": date(26, 3, 2)}, "sent_on"),
    ],
)
def test_what_does_not_fit_is_named(changed: dict[str, object], named: str) -> None:
    with pytest.raises(Invalid) as refused:
        replace(ASKED, **changed)  # type: ignore[arg-type]
    assert list(refused.value.faults) == [named]
