"""A figure made of what somebody wrote, part by part: all that is wrong with it is told at once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from casework.errors import Invalid, noting

from .bounds import Amount
from .official import PER_CENT, OfficialCount, Source

Part = Callable[[], Mapping[str, Any]]

_NAMED = "-"
_SOME_DAY = date(2000, 1, 1)


def make_count(parts: Iterable[Part]) -> OfficialCount:
    """Make a figure of its fields, of which each part reads some.

    Raises Invalid naming every field that is wrong. Where a part cannot be read, something that fits stands
    for it, so that the rest is judged all the same.
    """
    faults: dict[str, str] = {}
    read: dict[str, Any] = {}
    for part in parts:
        with noting(faults):
            read |= part()
    with noting(faults):
        count = OfficialCount(**_stand_in(read), **read)
    if faults:
        raise Invalid(**faults)
    return count


def _stand_in(read: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what stands for the fields that could not be read."""
    amount = read.get("amount", Amount(Decimal()))
    day = read.get("first") or read.get("last") or _SOME_DAY
    fitting = {
        "first": day,
        "last": day,
        "amount": amount,
        "unit": PER_CENT if amount.places else "not_stated",
        "source": Source(publisher=_NAMED),
    }
    fitting |= {f"{name}_words": _NAMED for name in ("service", "measure") if name not in read}
    return {name: value for name, value in fitting.items() if name not in read}
