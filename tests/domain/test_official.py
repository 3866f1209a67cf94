"""A published figure: its source, days, unit and value, and the document that it is sealed as."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.bounds import Amount, Bound
from casework.domain.official import OfficialCount, Quoted, QuotedAs, Source
from casework.domain.vocabulary import code_list
from casework.errors import Invalid
from tests.domain.strategies import official_counts

FACTS: dict[str, Any] = {
    "service": "tps",
    "first": date(2014, 11, 4),
    "last": date(2015, 6, 28),
    "measure": "calls_all",
    "unit": "call",
    "amount": Amount(Decimal(3278)),
    "source": Source(publisher="A newspaper"),
}


def count(**changed: Any) -> OfficialCount:
    return OfficialCount(**{**FACTS, **changed})


@given(official_counts)
def test_a_document_is_read_as_it_was_written(made: OfficialCount) -> None:
    assert OfficialCount.from_document(made.to_document()) == made


@given(official_counts, st.data())
def test_a_document_of_another_shape_is_refused(made: OfficialCount, data: st.DataObject) -> None:
    """One key missing, one of another kind, one too many."""
    document = made.to_document()
    key = data.draw(st.sampled_from(sorted(document)))
    for changed in (
        {name: value for name, value in document.items() if name != key},
        document | {key: 1.5},
        document | {"extra": ""},
    ):
        with pytest.raises(Invalid):
            OfficialCount.from_document(changed)


def test_days_are_counted_inclusively() -> None:
    assert count().days == 237
    assert count(first=date(2015, 1, 1), last=date(2015, 1, 1)).days == 1


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"service": ""}, "service"),
        ({"service": "unknown"}, "service"),
        ({"service_words": "Both"}, "service"),
        ({"measure": ""}, "measure"),
        ({"measure": "calls"}, "measure"),
        ({"measure_words": "Both"}, "measure"),
        ({"unit": "hour"}, "unit"),
        ({"last": date(2014, 11, 3)}, "last"),
        ({"first": date(214, 11, 4)}, "first"),
        ({"amount": Amount(Decimal("3.5"))}, "value"),
        ({"amount": Amount(Decimal(101)), "unit": "per_cent"}, "value"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_named(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(Invalid) as refused:
        count(**changed)
    assert list(refused.value.faults) == [named]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"publisher": " "}, "publisher"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"number": "9" * 81}, "number"),
    ],
)
def test_a_source_names_a_publisher_and_links_nowhere_strange(changed: dict[str, str], named: str) -> None:
    facts: dict[str, Any] = {"publisher": "A newspaper", **changed}
    with pytest.raises(Invalid) as refused:
        Source(**facts)
    assert list(refused.value.faults) == [named]


def test_only_a_share_is_of_something() -> None:
    with pytest.raises(Invalid):
        Quoted(QuotedAs.PER_DAY, Amount(Decimal(14)), Amount(Decimal(100)))
    with pytest.raises(Invalid):
        Quoted(QuotedAs.SHARE, Amount(Decimal(101)))


def test_own_words_stand_where_a_code_would() -> None:
    own = count(service="", service_words=" Police  of Elsewhere", measure="", measure_words="Faxes")
    assert (own.who, own.service_label("fr"), own.measure_label("fr")) == (
        "Police of Elsewhere",
        "Police of Elsewhere",
        "Faxes",
    )
    assert own.family == "faxes"
    assert count().service_label("fr") == code_list("police_service").label("tps", "fr")


def test_the_bounds_are_those_of_the_list() -> None:
    assert list(Bound) == list(code_list("official_bound").codes)
