"""Everything that is computed of the published figures that ship, as a tree: for a terminal, or as JSON."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from casework.domain.bounds import Amount, Computed
from casework.domain.official import OfficialCount, QuotedAs
from casework.domain.officialrates import (
    Change,
    Comparison,
    Sum,
    compare,
    list_changes,
    list_shares,
    list_sums,
    places_of,
    rates,
)
from casework.domain.sidebyside import side_by_side

Tree = dict[str, Any]


def check(counts: Iterable[OfficialCount], language: str = "en") -> Tree:
    """Return figures with their rates, changes, sums, and what stands side by side.

    Per cents are rounded as `Computed.as_per_cent` says, rates as `places_of`; days are written as ISO 8601;
    `bound` is a code of `official_bound`.
    """
    told = list(counts)
    return {
        "figures": [_figure(one, language) for one in told],
        "quoted": [_compared(one, each, language) for one in told for each in compare(one)],
        "changes": [_change(one, language) for one in list_changes(told)],
        "sums": [_sum(one, language) for one in list_sums(told)],
        "side_by_side": [
            {"service": group.counts[0].service_label(language), "agree": group.agree}
            | {"figures": [_figure(one, language) for one in group.counts]}
            for group in side_by_side(told)
        ],
    }


def _figure(count: OfficialCount, language: str) -> Tree:
    made = rates(count)
    averages = {} if made is None else {name: _rate(getattr(made, name)) for name in made.__slots__}
    source = count.source
    return {
        "service": count.who,
        "service_label": count.service_label(language),
        "first": count.first.isoformat(),
        "last": count.last.isoformat(),
        "days": count.days,
        "measure": count.measure,
        "measure_label": count.measure_label(language),
        "unit": count.unit,
        **_amount(count.amount),
        "additive": count.additive,
        "rates": averages,
        "publisher": source.publisher,
        "title": source.title,
        "published": source.published.encode(),
        "url": source.url,
        "note": count.note,
    }


def _compared(count: OfficialCount, compared: Comparison, language: str) -> Tree:
    quoted = compared.quoted
    write = _per_cent if quoted.kind is QuotedAs.SHARE else _rate
    return {
        "figure": _figure(count, language),
        "kind": quoted.kind.value,
        "quoted": _amount(quoted.amount),
        "whole": _amount(quoted.whole) if quoted.whole else None,
        "computed": write(compared.computed) if compared.computed else None,
        "differs": compared.differs,
    }


def _change(change: Change, language: str) -> Tree:
    return {
        "before": _figure(change.before, language),
        "after": _figure(change.after, language),
        "per_cent": _per_cent(change.per_cent),
        "by_day": change.by_day,
    }


def _sum(total: Sum, language: str) -> Tree:
    shares = list_shares(total)
    return {
        "first": total.parts[0].first.isoformat(),
        "last": total.parts[0].last.isoformat(),
        "publisher": total.parts[0].source.publisher,
        "measure_label": total.parts[0].measure_label(language),
        "whole": _computed(total.whole.rounded(0), total.whole),
        "parts": [
            {"service_label": part.service_label(language), **_amount(part.amount)}
            | ({"per_cent": _number(shares[part.who])} if part.who in shares else {})
            for part in total.parts
        ],
        "left_out": [
            {"service_label": one.service_label(language), **_amount(one.amount), "note": one.note}
            for one in total.left_out
        ],
    }


def _amount(amount: Amount) -> Tree:
    return {"value": _number(amount.value), "bound": amount.bound.value}


def _computed(value: Decimal, computed: Computed) -> Tree:
    return {"value": _number(value), "bound": computed.bound.value}


def _per_cent(computed: Computed) -> Tree:
    return _computed(computed.as_per_cent(), computed)


def _rate(rate: Computed) -> Tree:
    return _computed(rate.rounded(places_of(rate)), rate)


def _number(value: Decimal) -> int | float:
    return int(value) if not value.as_tuple().exponent else float(value)
