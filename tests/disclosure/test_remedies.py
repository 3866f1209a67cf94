"""Order of remedies: fine tables first, coarser ones where too much would vanish, else nothing."""

import sys

import pytest

from casework.disclosure import Candidate, protect_with_coarsening
from casework.errors import DisclosureRefused
from tests.disclosure.tables import line


def test_the_first_candidate_that_keeps_enough_is_taken() -> None:
    """Months lose too much, so quarters are taken, and the table says why."""
    months = line([3] * 6 + [20] * 3)
    quarters = line([9, 9, 60])
    table = protect_with_coarsening([Candidate("as_composed", months), Candidate("by_quarter", quarters)])
    assert table.remedy == "by_quarter"
    (attempt,) = table.refused
    assert (attempt.label, attempt.reason) == ("as_composed", "too_much_hidden")
    assert dict(attempt.numbers) == {"percent": 60, "most": 40}
    assert table.hidden_cells == 0


def test_a_finer_table_that_keeps_enough_is_preferred() -> None:
    """Nothing is coarsened without need."""
    fine, coarse = line([9, 20, 30]), line([59])
    table = protect_with_coarsening([Candidate("as_composed", fine), Candidate("coarse", coarse)])
    assert (table.remedy, table.refused) == ("as_composed", ())


def test_a_large_table_that_must_vanish_costs_no_solving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its unsafe cells alone are too many, which is counted, not solved."""

    def solve(*_arguments: object) -> None:
        raise AssertionError("the solver was started")

    monkeypatch.setattr(sys.modules[protect_with_coarsening.__module__], "suppress", solve)
    with pytest.raises(DisclosureRefused) as refused:
        protect_with_coarsening([Candidate("as_composed", line([3] * 60 + [9] * 60))])
    assert refused.value.reason == "too_much_hidden"


@pytest.mark.parametrize(
    ("candidates", "reason"),
    [
        ([], "no_candidates"),
        ([Candidate("as_composed", line([3] * 9))], "too_much_hidden"),
        ([Candidate("as_composed", line([3] * 9)), Candidate("coarse", line([1, 4]))], "cannot_protect"),
        ([Candidate("", line([9, 9]))], "unknown_option"),
    ],
)
def test_without_a_safe_candidate_nothing_is_published(candidates: list[Candidate], reason: str) -> None:
    """The reason of the last and coarsest one is given."""
    with pytest.raises(DisclosureRefused) as refused:
        protect_with_coarsening(candidates)
    assert refused.value.reason == reason
