"""Who was lost themselves knows how many of their combination are gone, and subtracts there too (ADR 36)."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casework.disclosure.ledger.layouts import Layout, scale_of
from casework.disclosure.ledger.leavers import Leavers
from casework.disclosure.ledger.release import Protection
from casework.disclosure.ledger.rules import Rules
from tests.disclosure.leaks import SQUARE, TABLES
from tests.disclosure.ledgers import crossed, publish_chosen, records, release, shown
from tests.disclosure.trajectories import Document, Follower, Lost

BY_A = Layout("a", (scale_of("a", SQUARE["a"]),))


@pytest.mark.parametrize(("came", "is_safe"), [(1, False), (10, True)])
def test_who_withdrew_subtracts_themselves(came: int, is_safe: bool) -> None:
    """20 in x; one of p withdrew, one of q came, and it is 20 again: that tells them of the one."""
    first = release(records(SQUARE, [10, 10, 30, 30]), [crossed("t", SQUARE)])
    made = release(records(SQUARE, [9, 10 + came, 30, 40]), [BY_A], [first.entry])
    assert shown(first)["x", "total"] == 20
    assert shown(made)["x",] == (19 + came if is_safe else None)


def test_without_the_check_they_learn_of_the_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else does: 20 and 20 say that at least one was lost, if one came."""
    monkeypatch.setattr(Leavers, "list_shortfalls", lambda *_asked: [])
    truths = [(10, 10, 30, 30), (9, 11, 30, 40)]
    first = release(records(SQUARE, truths[0]), [crossed("t", SQUARE)])
    made = [first, release(records(SQUARE, truths[1]), [BY_A], [first.entry])]
    documents = [Document(one) for one in made]
    assert shown(made[1])["x",] == 20
    assert not Follower(documents, truths).list_leaks()
    assert Follower(documents, truths, Lost(1, 0, 0)).list_leaks() == {"1 combination 1"}


def test_what_they_know_without_the_release_hides_nothing() -> None:
    """Three in x were told; one of them is gone, and knows that two are left, whatever is published."""
    rules = Rules(k=3, zeros_published=False, for_release=False, most_hidden_percent=100)
    first = release(records(SQUARE, [3, 0, 30, 30]), [BY_A], (), rules)
    made = release(records(SQUARE, [2, 0, 30, 40]), [BY_A], [first.entry], rules)
    assert shown(made) == {("x",): None, ("y",): None, ("total",): 72}


COUNTS = st.lists(st.integers(0, 6), min_size=4, max_size=4)
STEPS = st.lists(st.sampled_from([0, 0, 1, 1, 3, -1, -1, -2]), min_size=4, max_size=4)
CHOSEN = st.lists(st.sampled_from(sorted(TABLES)), min_size=1, max_size=2, unique=True)


@given(COUNTS, st.lists(st.tuples(STEPS, CHOSEN), min_size=2, max_size=4), st.booleans())
@settings(max_examples=25, deadline=None)
@example([4, 4, 2, 5], [([0, 0, 0, 0], ["both"]), ([-1, 1, 0, 3], ["a"])], True)
def test_neither_who_was_lost_nor_anybody_else_learns_of_few(
    counts: list[int], steps: list[tuple[list[int], list[str]]], zeros: bool
) -> None:
    """Whoever follows all counts; and of each combination that one was lost of, that one."""
    truths = [counts]
    for more, _chosen in steps[1:]:
        truths.append([max(0, count + added) for count, added in zip(truths[-1], more, strict=True)])
    rules = Rules(k=3, zeros_published=zeros, for_release=False, most_hidden_percent=100)
    layouts = [[TABLES[name] for name in chosen] for _more, chosen in steps]
    layouts[0] = [TABLES["both"]]  # else nothing tells the combinations apart
    made = publish_chosen(SQUARE, truths, layouts, rules)
    assert not made or not list_leaks(made, truths[: len(made)], None)
    for length in range(2, len(made) + 1):
        for lost in list_lost(made[:length], truths):
            if leaks := list_leaks(made[:length], truths[:length], lost):
                assert leaks <= list_leaks(made[:length], truths[:length], lost, has_newest=False)


def list_leaks(
    made: list[Protection], truths: list[list[int]], lost: Lost | None, *, has_newest: bool = True
) -> set[str]:
    """What follows from all releases; or from all but the newest."""
    documents = [Document(one) for one in made]
    if not has_newest:
        documents[-1].forget()
    return Follower(documents, truths, lost).list_leaks()


def list_lost(made: list[Protection], truths: list[list[int]]) -> list[Lost]:
    """Of every combination that has one less than the last release that counted it had, whoever that was."""
    found = []
    for at in range(len(truths[0])):
        came, last = list[int](), 0
        for number in (number for number, one in enumerate(made) if at in Document(one).covers):
            count = truths[number][at]
            found += [Lost(number, at, since) for since in came if count == last - 1]
            came = [*(came if count >= last else []), *([number] if count and count != last else [])]
            last = count
    return found
