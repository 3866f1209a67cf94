"""From records to protected tables: against counts made another way, and against the attacker."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.disclosure import TOTAL, ProtectedTable, attack, serialise
from casework.domain.person import PersonFacts
from casework.domain.vocabulary import code_list
from casework.errors import DisclosureRefused
from casework.services.books import FactBook
from casework.services.statistics.columns import count_columns
from casework.services.statistics.dimensions import CATALOGUE, Unit, get_dimension
from casework.services.statistics.reading import Setting, codes_of
from casework.services.statistics.selection import Selection
from casework.services.statistics.tables import ladder_of, protect_columns, tabulate_columns
from tests.services.statistics.books import Told, agreed, ask, make_book

GENDERS = ("woman", "man", "unknown")
SERVICES = ("spvm", "sq", "not_asked")


def answer(book: FactBook, selection: Selection, patterns: tuple[str, ...] = ()) -> ProtectedTable:
    """Return the protected table of a question."""
    return protect_columns(count_columns(book, selection, patterns), selection, 5)


def crowd(counts: dict[tuple[str, str], int]) -> FactBook:
    """Return a book with so many incidents of one consenting driver each, by service and gender."""
    told: list[Told] = []
    people: dict[int, PersonFacts] = {}
    for (service, gender), number in counts.items():
        for _ in range(number):
            person = len(people) + 1
            people[person] = agreed(gender=gender)
            told.append(Told(person, "2025-05", {"police_service": service}, [(person, ("driver",))]))
    return make_book(told, people)


people_drawn = st.lists(
    st.tuples(
        st.integers(1, 25),
        st.sampled_from(SERVICES),
        st.sampled_from(GENDERS),
        st.sampled_from(["2025", "2026"]),
    ),
    min_size=5,
    max_size=60,
)


@settings(max_examples=40, deadline=None)
@given(people_drawn)
def test_what_is_shown_is_true_and_what_is_hidden_stays_open(
    drawn: list[tuple[int, str, str, str]],
) -> None:
    """Shown counts equal a plain tally and have five cases behind them; no attack closes in on the rest."""
    people = {at: agreed(gender=gender) for at, (_, _, gender, _) in enumerate(drawn, start=1)}
    book = make_book(
        [
            Told(case, year, {"police_service": service}, [(at, ("driver",))])
            for at, (case, service, _, year) in enumerate(drawn, start=1)
        ],
        people,
    )
    try:
        table = answer(book, ask("police_service", "gender", Unit.PEOPLE))
    except DisclosureRefused:
        return
    expected: Counter[tuple[str, ...]] = Counter()
    cases: dict[tuple[str, ...], set[int]] = {}
    for case, service, gender, year in drawn:
        if year == "2025":
            level = "municipal" if service == "spvm" else "provincial" if service == "sq" else service
            readings = {"police_service": service, "police_level": level, "gender": gender}
            codes = [readings[dimension.name] for dimension in table.dimensions]
            for cell in _with_margins(codes):
                expected[cell] += 1
                cases.setdefault(cell, set()).add(case)
    for cell, found in table.items():
        if found.value is None:
            assert expected[cell] > 0
        else:
            assert found.value == expected[cell]
            assert found.value == 0 or len(cases[cell]) >= 5
    assert all(low < high and high >= 5 for low, high in attack(serialise(table)).values())


def _with_margins(codes: list[str]) -> list[tuple[str, ...]]:
    if len(codes) == 1:
        return [(codes[0],), (TOTAL,)]
    return [(one, other) for one in (codes[0], TOTAL) for other in (codes[1], TOTAL)]


def test_a_family_is_one_case() -> None:
    """Eight people of one case are not enough behind a number."""
    others = ("man", "unknown", "not_asked", "non_binary")
    people = {at: agreed(gender="woman" if at < 9 else others[at % 4]) for at in range(1, 59)}
    told = [Told(1, people=[(at, ("driver",)) for at in range(1, 9)])]
    told += [Told(at, people=[(at, ("driver",))]) for at in range(9, 59)]
    table = answer(make_book(told, people), ask("gender", unit=Unit.PEOPLE))
    assert table.total == 58
    assert table.cell("woman").value is None


def test_fewer_than_five_cases_are_no_table() -> None:
    """Not even the total is told."""
    with pytest.raises(DisclosureRefused) as refused:
        answer(crowd({("spvm", "man"): 4}), ask("police_service"))
    assert refused.value.reason == "too_few_cases"


def test_nothing_counted_is_no_table() -> None:
    """An empty period is refused as such."""
    with pytest.raises(DisclosureRefused) as refused:
        answer(crowd({("spvm", "man"): 9}), ask("police_service", first="2020", last="2021"))
    assert refused.value.reason == "empty"


def test_a_table_that_would_vanish_is_made_coarser() -> None:
    """Services with three incidents each become a level of police that can be shown."""
    services = code_list("police_service").codes
    municipal = [code for code in services if _level(code) == "municipal"][:8]
    table = answer(crowd({(service, "man"): 3 for service in municipal}), ask("police_service"))
    assert (table.remedy, table.dimensions[0].name) == ("police_level", "police_level")
    assert table.cell("municipal").value == 24
    assert [(attempt.label, attempt.reason) for attempt in table.refused] == [
        ("as_composed", "too_much_hidden")
    ]


def _level(service: str) -> str:
    return str(code_list("police_service").term(service).attributes.get("level"))


def test_the_ladder_gives_up_time_before_anything_else() -> None:
    """Then coarser answers, then the second dimension."""
    assert list(ladder_of(ask("city", "quarter")))[:4] == [
        ("city", "quarter"),
        ("city", "year"),
        ("province", "quarter"),
        ("province", "year"),
    ]
    assert list(ladder_of(ask("city", "quarter")))[4:] == [("city",), ("province",)]
    assert list(ladder_of(ask("quarter", "city")))[1] == ("year", "city")
    assert ("city", "city") not in list(ladder_of(ask("place", "city")))


def test_crossings_that_cannot_occur_are_marked_and_no_others() -> None:
    """A contact type lies in one group; every other crossing stays possible."""
    table = answer(crowd({("spvm", "man"): 9, ("sq", "woman"): 9}), ask("police_service", "police_level"))
    assert table.cell("spvm", "provincial").impossible
    assert not table.cell("spvm", "municipal").impossible
    other = answer(crowd({("spvm", "man"): 9, ("sq", "woman"): 9}), ask("police_service", "year"))
    assert not any(cell.impossible for _, cell in other.items())


@pytest.mark.parametrize("pair", [("year", "quarter"), ("quarter", "year")])
def test_a_vague_date_may_lie_in_any_year_but_a_quarter_lies_in_one(pair: tuple[str, str]) -> None:
    """Structural zeros never contradict a date."""
    written = ["2025-05", "2025", "2025-summer", "2026-winter", "2026-01-02"]
    people = {at: agreed() for at in range(1, 51)}
    told = [Told(at, written[at % 5], people=[(at, ())]) for at in people]
    question = ask(*pair, last="2026")
    columns = count_columns(make_book(told, people), question, ())
    table = tabulate_columns(columns, pair, "incidents")
    assert int(table.cells.units.max()) == 50
    assert table.impossible.any()


def test_patterns_stand_beside_no_pattern() -> None:
    """An incident carries several, or none; each comes with its complement."""
    one, other = UUID(int=101), UUID(int=102)
    people = {at: agreed() for at in range(1, 31)}
    carried = [(one,), (one, other), ()]
    told = [Told(at, people=[(at, ())], patterns=carried[at % 3]) for at in people]
    table = answer(make_book(told, people), ask("patterns"), (one.hex, other.hex))
    assert {codes: cell.value for codes, cell in table.items()} == {
        (one.hex, "with"): 20,
        (one.hex, "without"): 10,
        (other.hex, "with"): 10,
        (other.hex, "without"): 20,
        ("none", "with"): 10,
        ("none", "without"): 20,
        (TOTAL, "with"): 30,
        (TOTAL, "without"): 0,
    }


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.name)
def test_every_dimension_can_be_asked_for(spec: object) -> None:
    """Alone, for each unit that it is offered for, without an error of the program."""
    assert isinstance(spec, type(CATALOGUE[0]))
    book = crowd({("spvm", "man"): 12, ("sq", "woman"): 9})
    for unit in spec.units:
        assert answer(book, ask(spec.name, unit=unit)).total == 21


def test_every_code_of_a_list_has_its_cell() -> None:
    """Answers that nobody gave are published zeros, so nothing about a table's shape depends on records."""
    table = answer(crowd({("spvm", "man"): 9}), ask("police_service"))
    question = ask("police_service")
    assert table.dimensions[0].codes == codes_of(get_dimension("police_service"), Setting(question.period))
    assert table.cell("sq").value == 0
