"""What others published: each figure with its source, days, unit and bound, never one for two."""

from datetime import date
from decimal import Decimal

from casework.domain.bounds import Bound
from casework.domain.official import OfficialCount
from casework.domain.officialrates import compare, list_changes, list_sums, rates
from casework.domain.period import Period
from casework.domain.shippedcounts import find_shipped, list_shipped
from casework.domain.sidebyside import side_by_side


def find(publisher: str = "", **wanted: object) -> list[OfficialCount]:
    """Find by attributes."""
    return [
        one
        for one in list_shipped()
        if publisher in one.source.publisher
        and all(getattr(one, key) == value for key, value in wanted.items())
    ]


def test_every_published_figure_ships() -> None:
    """Those of the report and its page, NOW, HuffPost and the later press, each once a source."""
    assert sorted(int(one.amount.value) for one in list_shipped() if one.unit != "per_cent") == sorted(
        [
            *(3278, 3278, 2729, 178, 100, 3275),
            *(4254, 214, 103, 152, 47),
            *(2632, 2872, 3608, 5146, 3542, 924, 517, 345, 323, 244, 2592, 87),
            *(3135, 2015, 945, 426, 2751, 1677, 2709, 1250, 3500),
        ]
    )
    shares = sorted(str(one.amount.value) for one in list_shipped() if one.unit == "per_cent")
    assert shares == ["80", "83.4", "83.4"]
    bounds = {one.amount.value: one.amount.bound for one in list_shipped() if one.amount.bound != "exact"}
    assert bounds == {
        Decimal(3275): Bound.ALMOST, Decimal(3500): Bound.AT_LEAST, Decimal(80): Bound.MORE_THAN,
    }  # fmt: skip


def test_rates_of_toronto() -> None:
    """237 days: 13.8 a day, 96.8 a week; the page's "nearly 14" and "approximately 100" agree."""
    for calls in find(service="tps", measure="calls_all"):
        made = rates(calls)
        assert made is not None
        assert (int(calls.amount.value), calls.days) == (3278, 237)
        assert (calls.first, calls.last) == (date(2014, 11, 4), date(2015, 6, 28))
        assert (made.per_day.rounded(), made.per_week.rounded()) == (Decimal("13.8"), Decimal("96.8"))
    (page,) = find("Always Telling", service="tps", measure="calls_all")
    assert [(one.differs, one.quoted.amount.bound) for one in compare(page)] == [
        (False, Bound.ALMOST),
        (False, Bound.ABOUT),
    ]


def test_changes_from_2016_to_2017() -> None:
    changes = {
        one.after.service: one.per_cent.rounded()
        for one in list_changes(list_shipped())
        if one.after.first == date(2017, 1, 1)
    }
    assert changes == {"spvm": Decimal("25.6"), "tps": Decimal("-31.2")}


def test_a_quoted_share_stands_beside_what_its_own_counts_make() -> None:
    ((count, found),) = [(one, each) for one in list_shipped() for each in compare(one) if each.differs]
    assert found.computed is not None
    assert (count.amount.value, found.quoted.amount.value) == (Decimal(178), Decimal("7.1"))
    assert found.computed.rounded() == Decimal("5.0")
    assert found.computed.bound is Bound.ABOUT  # of "almost 3,275"


def test_what_may_be_added() -> None:
    """HuffPost's services, Ottawa not: it may be among the others."""
    sums = {one.parts[0].first.year: one for one in list_sums(list_shipped())}
    assert {year: one.whole.value for year, one in sums.items()} == {2016: 8018, 2017: 12095}
    assert "ottawa_police" not in {part.service for part in sums[2017].parts}


def test_sources_that_contradict_each_other_both_stand() -> None:
    """Montréal 2021 by the CBSA, and by its own count over other days; Toronto's warrants, twice."""
    told = list(find_shipped(Period((2021, 1), (2021, 4))))
    assert {int(one.amount.value) for one in told if one.service == "spvm"} == {945, 426}
    groups = [{int(one.amount.value) for one in group.counts} for group in side_by_side(list_shipped())]
    assert groups == [{3135, 3500}, {426, 945}, {4254, 3278, 3275}, {152, 100}, {214, 178}]


def test_a_period_finds_what_shares_a_day_with_it() -> None:
    assert {one.source.publisher for one in find_shipped(Period((2015, 4), (2015, 4)))} == {
        "“Often Asking, Always Telling”",
        "NOW Toronto",
        "HuffPost Québec",
    }
    assert not list(find_shipped(Period((2013, 1), (2014, 3))))
