"""People written down twice are found, however they were written down; relatives and namesakes are not."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.duplicates import measure, read_rldata
from benchmarks.population import make_population
from casework.analysis.duplicates.birthdates import BirthDate, read_birth_date
from casework.analysis.duplicates.finding import find_duplicates, find_like
from casework.analysis.duplicates.names import MOST_PARTS, name_parts, skeleton
from casework.analysis.duplicates.people import Described, describe_people, without
from casework.analysis.duplicates.reasons import find_near, find_same

CROWD = make_population(3_000, seed=7, twice=0.0).people
NAMES = [one.name for one in CROWD[:20]]


def test_the_true_duplicates_of_rldata500_are_found(data_dir: Path) -> None:
    """Precision and recall are both at least 0.95 on data that the tool was not made from."""
    precision, recall, _ = measure(*read_rldata(data_dir))
    assert precision >= 0.95
    assert recall >= 0.95


def test_most_of_what_is_found_among_invented_people_is_right() -> None:
    """On a population of another seed than the benchmark's."""
    population = make_population(5_000, seed=99)
    precision, recall, _ = measure(population.people, population.entities)
    assert precision >= 0.93
    assert recall >= 0.80


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Described("Youssef Benali", "1984-03-05"), Described("BENALI Yusuf", "05/03/1984")),
        (Described("María José Quispe Mamani", "1990-11-02"), Described("Maria Quispe", "1990-11-02")),
        (Described("Jean-Robert Fils-Aimé", "1971-04-09"), Described("fils aime jean robert", "1971-09-04")),
        (Described("Harpreet Sandhu", "1988-07-21"), Described("Harprit Sandhou", "1988-07-21")),
        (
            Described("Zineb Guermah", "", "514 555-0123"),
            Described("Zeyneb Guermah", "", "+1 (514) 555-0123"),
        ),
        (Described("Thanusha Nadarajah", uci="1122-3344"), Described("T. Nadaraja", uci="11223344")),
    ],
)
def test_the_same_person_is_recognised(one: Described, other: Described) -> None:
    """Transliterations, a surname left out, the order turned round, day and month swapped, a number alone."""
    found = find_like(describe_people((*CROWD, one)), other)
    assert len(CROWD) in {likeness.left for likeness in found}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Described("Mohamed Haddad"), Described("Mohamed Haddad")),
        (
            Described("Wafa Ziani", "1990-01-02", "514 555-0123"),
            Described("Nabil Ziani", "1963-08-30", "514 555-0123"),
        ),
        (
            Described("Rosa Chávez", "1990-01-02", "514 555-0123"),
            Described("Iván Chávez", "1990-01-02", "514 555-0123"),
        ),
        (Described("", "1990-01-02"), Described("", "1990-01-02")),
    ],
)
def test_namesakes_and_relatives_are_two_people(one: Described, other: Described) -> None:
    """A name alone, a shared telephone, twins, and a birthday without a name are not enough."""
    found = find_like(describe_people((*CROWD, one)), other)
    assert len(CROWD) not in {likeness.left for likeness in found}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1984-03-05", (1984, 3, 5)),
        ("25/03/1984", (1984, 3, 25)),
        ("5 mars 1984", (1984, 3, 5)),
        ("March 5th, 1984", (1984, 3, 5)),
        ("5 de agosto de 1984", (1984, 8, 5)),
        ("1984", (1984, 0, 0)),
        ("vers 1984", (1984, 0, 0)),
        ("1984-31-31", (1984, 31, 31)),
        ("(null)", (0, 0, 0)),
        ("", (0, 0, 0)),
    ],
)
def test_birth_dates_are_read_as_far_as_they_can_be(typed: str, read: tuple[int, int, int]) -> None:
    """Three languages, any order, and nothing is refused."""
    assert read_birth_date(typed) == BirthDate(*read)


@given(st.text())
def test_any_name_can_be_compared(name: str) -> None:
    """No text breaks it, and every part is heard as something."""
    parts = name_parts(name)
    assert len(parts) <= MOST_PARTS
    assert all(skeleton(part) for part in parts)


@given(
    st.lists(st.builds(Described, name=st.text(max_size=20), birth_date=st.text(max_size=12)), max_size=12)
)
def test_pairs_name_two_different_people_once(people: list[Described]) -> None:
    """Whatever is given, each pair comes once, the smaller place first."""
    found = [(likeness.left, likeness.right) for likeness in find_duplicates(describe_people(people))]
    assert len(set(found)) == len(found)
    assert all(left < right for left, right in found)


@given(
    st.lists(
        st.builds(
            Described, name=st.sampled_from([one.name for one in CROWD[:20]]), phone=st.text(max_size=9)
        ),
        min_size=1,
        max_size=9,
    ),
    st.data(),
)
def test_who_is_taken_out_leaves_nothing(people: list[Described], data: st.DataObject) -> None:
    """The rest are as if they alone had been described."""
    rows = data.draw(st.sets(st.integers(0, len(people) - 1)))
    left, right = (
        without(describe_people(people), np.array(sorted(rows), np.int64)),
        describe_people(one for row, one in enumerate(people) if row not in rows),
    )
    for named, alone in ((left.words, right.words), (left.heard, right.heard)):
        assert {word for word in named if not word.isdecimal()} == set(alone)
    assert (left.namesakes == right.namesakes).all() and (left.phones == right.phones).all()
    assert find_duplicates(left) == find_duplicates(right)


@pytest.mark.parametrize(
    ("one", "other", "same", "near"),
    [
        (
            Described("Naïma Benali", "1988-03-14"),
            Described("BENALI Naima", "14/03/1988"),
            "name birth_date",
            "",
        ),
        (Described("Naïma Benali"), Described("Naima B.", "1988"), "", "name"),
        (Described("Ottoline", "1988-03-14"), Described("Otoline", "1988-03-15"), "", "name birth_date"),
        (Described("A", "03/04/1988"), Described("B", "04/03/1999"), "", "birth_date"),
        (Described("A", phone="514 555-0199"), Described("B", phone="555 0199"), "", "phone"),
        (Described("A", uci="1122-3344"), Described("B", uci="11223344"), "uci", ""),
        (Described("A", uci="1122-3344"), Described("B", uci="11223345"), "", "uci"),
        (Described("A", "", "", ""), Described("B", "", "", ""), "", ""),
    ],
)
def test_what_speaks_for_a_pair_is_named(one: Described, other: Described, same: str, near: str) -> None:
    """The same however it is written; nearly, where a part of it is, or a slip lies between."""
    assert (find_same(one, other), find_near(one, other)) == (
        frozenset(same.split()),
        frozenset(near.split()),
    )
