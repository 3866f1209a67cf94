"""What others published: each figure with its source, days, unit and precision, never one for two."""

from datetime import date
from decimal import Decimal

from casework.domain.official import Figure, find_official, list_official
from casework.domain.period import Period
from casework.domain.vocabulary import code_list

_UNITS = {"call", "check", "request"}
_TOGETHER = {"six_services", "other_services"}


def find(**wanted: object) -> list[Figure]:
    """Find by attributes."""
    return [
        one for one in list_official() if all(getattr(one, key) == value for key, value in wanted.items())
    ]


def test_every_figure_has_a_source_a_unit_and_a_service_that_we_know() -> None:
    for figure in list_official():
        assert figure.source.publisher
        assert figure.unit in _UNITS
        assert figure.precision in ("exact", "at_least", "almost")
        assert figure.service in code_list("police_service") or figure.service in _TOGETHER
        assert figure.days[0] <= figure.days[1]


def test_the_published_figures_are_told() -> None:
    """Toronto's 237 days, 13.8 a day and 96.8 a week; Montréal +25.6 %, Toronto -31.2 % from 2016 to 2017."""
    (calls,) = find(service="tps", measure="calls_all")
    days = (calls.days[1] - calls.days[0]).days + 1
    assert (calls.count, days) == (3278, 237)
    assert (round(calls.count / days, 1), round(7 * calls.count / days, 1)) == (13.8, 96.8)
    for service, change in (("spvm", 25.6), ("tps", -31.2)):
        before, after = (
            next(
                one.count for one in find(service=service, measure="communications_all") if one.days[0] == day
            )
            for day in (date(2016, 1, 1), date(2017, 1, 1))
        )
        assert round(100 * (after - before) / before, 1) == change


def test_a_quoted_share_stands_beside_what_its_own_counts_make() -> None:
    (warrants,) = [one for one in list_official() if one.quoted is not None]
    assert (warrants.count, warrants.quoted, warrants.computed) == (178, Decimal("7.1"), Decimal("5.0"))


def test_sources_that_contradict_each_other_both_stand() -> None:
    """Montréal 2021 by the CBSA, and by its own count over other days; Toronto's warrants, twice."""
    told = list(find_official(Period((2021, 1), (2021, 4))))
    assert {one.count for one in told if one.service == "spvm"} == {945, 426}
    assert {one.count for one in find(measure="immigration_warrant")} == {178, 214}


def test_a_period_finds_what_shares_a_day_with_it() -> None:
    assert {one.source.publisher for one in find_official(Period((2015, 4), (2015, 4)))} == {
        "“Often Asking, Always Telling”",
        "NOW Toronto",
        "HuffPost Québec",
    }
    assert not list(find_official(Period((2013, 1), (2014, 3))))
