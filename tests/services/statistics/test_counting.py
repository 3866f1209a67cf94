"""What counts, carried from one snapshot to the next: it is as if worked out from nothing."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.services.accounts.grouping import list_told
from casework.services.books import FactBook
from casework.services.carrying import Carried
from casework.services.statistics.columns import lay_out
from casework.services.statistics.counting import keep_counting
from casework.services.statistics.dimensions import get_dimension
from casework.services.statistics.joining import join_incidents
from casework.services.statistics.reading import Columns, Setting, lay_out_units
from casework.services.statistics.selection import count_units
from casework.services.statistics.withdrawals import _gone
from tests.services.snapshots import Step, follow, steps
from tests.services.statistics.books import ask, columns_of

ASKED = ("contact_type", "contact_group", "year", "quarter", "reasons", "patterns", "roles")


@settings(max_examples=100, deadline=None)
@given(st.lists(steps(), min_size=1, max_size=8))
def test_what_counts_is_carried_as_it_is_worked_out(changes: list[Step]) -> None:
    """Whoever looks after any save, or after several, finds what nobody looked at before would give."""
    book = FactBook()
    for step in changes:
        book = follow(book, step)
        if step.looks:
            _expect(book)
    _expect(book)


def _expect(book: FactBook) -> None:
    assert dict(keep_counting(book)) == {one.id: one for one in join_incidents(book)}
    fresh = FactBook(
        cases=book.cases,
        people=book.people,
        incidents=book.incidents,
        same_people=book.same_people,
        orders=book.orders,
        carried=Carried(),
    )
    assert dict(list_told(book)) == dict(list_told(fresh))
    assert _gone(book) == _gone(fresh)
    assert lay_out(book).first_year(1) == lay_out(fresh).first_year(1)
    question = ask("year", first="2024", last="2026")
    expected = lay_out_units(
        count_units(book, list(join_incidents(book)), question), Setting(question.period)
    )
    for name in ASKED:
        assert _rows(columns_of(book, question), name) == _rows(expected, name)


def _rows(columns: Columns, name: str) -> Counter[tuple[object, ...]]:
    """Return how many units have which answers, and how many cases have how many of them."""
    answers = np.asarray(columns.read(get_dimension(name)))
    sizes = Counter(columns.cases.tolist())
    rows = (
        (sizes[case], tuple(np.atleast_1d(row).tolist()))
        for case, row in zip(columns.cases.tolist(), answers, strict=True)
    )
    return Counter(rows)
