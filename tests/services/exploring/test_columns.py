"""Columns of the explorer, carried from one snapshot to the next: as if all were read anew."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.services.books import FactBook
from casework.services.carrying import Carried
from casework.services.exploring.columns import Laid, lay_out
from casework.services.exploring.facets import FACETS, Level
from casework.services.exploring.joined import Joined, find_changed
from tests.services.snapshots import Step, follow, steps


@settings(max_examples=100, deadline=None)
@given(st.lists(steps(), min_size=1, max_size=8))
def test_columns_are_carried_as_they_are_read(changes: list[Step]) -> None:
    """Whoever looks after any save, or after several, finds what nobody looked at before would give."""
    book = FactBook()
    for step in changes:
        book = follow(book, step)
        if step.looks:
            _expect(book)
    _expect(book)


@given(st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=1, max_size=6), st.data())
def test_what_changed_takes_the_place_of_what_was(first: list[list[int]], data: st.DataObject) -> None:
    """Blocks may grow, shrink and be emptied."""
    blocks = [tuple(one) for one in first]
    joined = Joined.of(lambda block: np.array(block, dtype=np.int64), blocks)
    for _ in range(3):
        places = data.draw(st.sets(st.integers(0, len(blocks) - 1)))
        now = [
            tuple(data.draw(st.lists(st.integers(0, 9), max_size=4))) if at in places else block
            for at, block in enumerate(blocks)
        ]
        joined = joined.follow(now, find_changed(blocks, now))
        blocks = now
        assert joined.array.tolist() == [number for block in blocks for number in block]


def _expect(book: FactBook) -> None:
    fresh = FactBook(
        cases=book.cases,
        people=book.people,
        incidents=book.incidents,
        same_people=book.same_people,
        orders=book.orders,
        carried=Carried(),
    )
    assert _tell(book, lay_out(book)) == _tell(fresh, lay_out(fresh))


def _tell(book: FactBook, laid: Laid) -> Mapping[str, Any]:
    """Return all that the columns say, people and cases by their ids: who came first has the first number."""
    ids = {number: id_ for id_, number in laid.numbers.people.items()}
    cases = {number: id_ for id_, number in laid.numbers.cases.items()}
    told: dict[str, Any] = {name: laid.array(name).tolist() for name in ("first", "last", "parts", "counts")}
    told["incidents"] = [one.id for one in laid.incidents]
    told["pathways"] = [array.tolist() for array in laid.pathways()]
    told["people"] = [ids[number] for number in laid.array("people").tolist()]
    told["case"] = [cases[number] for number in laid.array("case").tolist()]
    told["of cases"] = {
        one: cases.get(laid.person_cases[laid.numbers.people[one.int]]) for one in book.people
    }
    for name, facet in FACETS.items():
        column = laid.column(name)
        rows, given = (array.tolist() for array in column.spread(np.arange(len(column))))
        named = given if facet.level is Level.DATE else [laid.codes(name)[code] for code in given]
        known = {Level.PERSON: {one.int for one in book.people}, Level.CASE: {one.int for one in book.cases}}
        if facet.level in known:
            of = ids if facet.level is Level.PERSON else cases
            pairs = [(of[row], code) for row, code in zip(rows, named, strict=True)]
            told[name] = Counter(pair for pair in pairs if pair[0] in known[facet.level])
        else:
            told[name] = Counter(zip(rows, named, strict=True))
    return told
