"""Counts that others published of contacts between police and the CBSA, each with its source.

Two sources of one thing stand side by side: nothing here averages them. Our own counts are no share of
theirs, since they count calls and checks, and we count incidents that somebody told us of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from casework.errors import Invalid, noting

from .bounds import Amount, Bound
from .dates import FIRST_YEAR, LAST_YEAR, VagueDate
from .documents import (
    Document,
    read_date,
    read_list,
    read_text,
    read_uuid,
    require_same,
    require_shape,
    unreadable,
)
from .folding import clean_line, clean_text
from .messages import N_
from .vocabulary import code_list

Value = TypeVar("Value")

PER_CENT = "per_cent"
ACTIVE, RETIRED = "active", "retired"


class QuotedAs(StrEnum):
    """What a source says of its count in other words: a rate, or a share in per cent."""

    PER_DAY = "per_day"
    PER_WEEK = "per_week"
    PER_YEAR = "per_year"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A rate or a share that a source gives beside its count.

    `whole` is what the share is of, by the source's own counts; None for a rate, and where it gives none.
    """

    kind: QuotedAs
    amount: Amount
    whole: Amount | None = None

    def __post_init__(self) -> None:
        """Refuse a share that is none; `Invalid` names quoted_value or quoted_whole."""
        if self.kind is QuotedAs.SHARE and self.amount.value > 100:
            raise Invalid(quoted_value=N_("Write a share from 0 to 100 per cent."))
        if self.whole is not None and (self.kind is not QuotedAs.SHARE or not self.whole.value):
            raise Invalid(quoted_whole=N_("Write of how many it is a share, or leave this empty."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure was published. `publisher` is never empty; `number` is that of a request for access."""

    publisher: str
    title: str = ""
    published: VagueDate = field(default_factory=VagueDate.unknown)
    url: str = ""
    number: str = ""

    def __post_init__(self) -> None:
        """Tidy it; `Invalid` names publisher, title, url or number."""
        faults: dict[str, str] = {}
        for name, longest in (("publisher", 200), ("title", 200), ("url", 2000), ("number", 80)):
            with noting(faults):
                object.__setattr__(self, name, clean_line(getattr(self, name), name, longest))
        if not self.publisher:
            faults["publisher"] = N_("Write who published it: without a source it is no official count.")
        if self.url and not self.url.startswith(("https://", "http://")):
            faults["url"] = N_("Write the whole address, with https:// at its beginning.")
        if faults:
            raise Invalid(**faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialCount:
    """One published figure.

    `service` is a code of the list `police_service` or `official_group`, or empty: then `service_words` says
    it; so with `measure`, a code of `official_measure`, and `measure_words`. The days `first` and `last` are
    both counted. `additive`: nothing that it counts is counted in another additive figure of the same source,
    measure, unit and period. `batch` is the list that it was imported with, `request` the request for access
    that it answers. Raises `Invalid` naming what is missing or does not fit.
    """

    service: str = ""
    service_words: str = ""
    first: date
    last: date
    measure: str = ""
    measure_words: str = ""
    unit: str
    amount: Amount
    source: Source
    additive: bool = False
    note: str = ""
    quotes: tuple[Quoted, ...] = ()
    state: str = ACTIVE
    batch: UUID | None = None
    imported_on: date | None = None
    request: UUID | None = None

    def __post_init__(self) -> None:
        """Tidy the words; refuse what is no figure."""
        faults: dict[str, str] = {}
        for name in ("service_words", "measure_words"):
            with noting(faults):
                object.__setattr__(self, name, clean_line(getattr(self, name), name))
        with noting(faults):
            object.__setattr__(self, "note", clean_text(self.note, "note", 2000))
        faults |= _wrong_codes(self)
        if self.last < self.first:
            faults["last"] = N_("Choose an end that does not come before the beginning.")
        for name in ("first", "last"):
            if not FIRST_YEAR <= getattr(self, name).year <= LAST_YEAR:
                faults[name] = N_("Write the year with four digits, from 1900 to 2199.")
        if self.unit == PER_CENT and self.amount.value > 100:
            faults["value"] = N_("Write a share from 0 to 100 per cent.")
        elif self.unit != PER_CENT and self.amount.places:
            faults["value"] = N_("Write a whole number. A share is counted in per cent.")
        if self.state not in (ACTIVE, RETIRED):
            raise unreadable()
        if faults:
            raise Invalid(**faults)

    @property
    def days(self) -> int:
        """Count the days of its period, the first and the last included."""
        return (self.last - self.first).days + 1

    @property
    def family(self) -> str:
        """Name what it is an account of: figures of one family may contradict each other."""
        if not self.measure:
            return self.measure_words.casefold()
        return str(code_list("official_measure").term(self.measure).attributes["family"])

    @property
    def who(self) -> str:
        """Name the service: its code, or its own words."""
        return self.service or self.service_words

    def service_label(self, language: str) -> str:
        """Give what the service is called."""
        lists = (code_list("police_service"), code_list("official_group"))
        fitting = [terms.label(self.service, language) for terms in lists if self.service in terms]
        return fitting[0] if fitting else self.service_words

    def measure_label(self, language: str) -> str:
        """Give what the measure is called."""
        return (
            code_list("official_measure").label(self.measure, language)
            if self.measure
            else self.measure_words
        )

    def to_document(self) -> Document:
        """Write it as the document that is sealed."""
        source = self.source
        return {
            "schema": 1,
            "service": self.service,
            "service_words": self.service_words,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "measure": self.measure,
            "measure_words": self.measure_words,
            "unit": self.unit,
            "amount": _write_amount(self.amount),
            "publisher": source.publisher,
            "title": source.title,
            "published": source.published.encode(),
            "url": source.url,
            "number": source.number,
            "additive": self.additive,
            "note": self.note,
            "quotes": [
                [one.kind.value, _write_amount(one.amount), _write_amount(one.whole) if one.whole else None]
                for one in self.quotes
            ],
            "state": self.state,
            "batch": self.batch.hex if self.batch else None,
            "imported_on": self.imported_on.isoformat() if self.imported_on else None,
            "request": self.request.hex if self.request else None,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "OfficialCount":
        """Read what `to_document` wrote; `Invalid` for anything else."""
        require_shape(document, _KEYS)
        text = {key: read_text(document, key) for key in _TEXTS}
        if type(document["additive"]) is not bool:
            raise unreadable()
        source = Source(
            publisher=text["publisher"],
            title=text["title"],
            published=VagueDate.parse(text["published"]),
            url=text["url"],
            number=text["number"],
        )
        made = cls(
            first=read_date(document["first"]),
            last=read_date(document["last"]),
            amount=_read_amount(document["amount"]),
            source=source,
            additive=document["additive"],
            quotes=tuple(_read_quoted(one) for one in read_list(document["quotes"])),
            batch=_read(read_uuid, document["batch"]),
            imported_on=_read(read_date, document["imported_on"]),
            request=_read(read_uuid, document["request"]),
            **{key: text[key] for key in _OWN},
        )
        require_same(dict(document), made.to_document())
        return made


_OWN = ("service", "service_words", "measure", "measure_words", "unit", "note", "state")
_TEXTS = (*_OWN, "publisher", "title", "published", "url", "number")
_FROM = ("batch", "imported_on", "request")
_KEYS = frozenset({"schema", "first", "last", "amount", "additive", "quotes", *_FROM, *_TEXTS})


def is_service(code: str) -> bool:
    """Tell whether a code names one service that is known, or several that a source counts together."""
    services = code_list("police_service")
    return (code in services and code not in _NO_SERVICE) or code in code_list("official_group")


_NO_SERVICE = frozenset({"other", "unknown", "not_asked"})


def _wrong_codes(count: OfficialCount) -> Mapping[str, str]:
    faults = {}
    if not count.service and not count.service_words:
        faults["service"] = N_("Choose the service, or write its name.")
    elif count.service and (count.service_words or not is_service(count.service)):
        faults["service"] = N_("Choose a listed service, or write another one’s name, not both.")
    if not count.measure and not count.measure_words:
        faults["measure"] = N_("Choose what was counted, or write it.")
    elif count.measure and (count.measure_words or count.measure not in code_list("official_measure")):
        faults["measure"] = N_("Choose a listed answer, or write another one, not both.")
    if count.unit not in code_list("official_unit"):
        faults["unit"] = N_("Choose one of the listed answers.")
    return faults


def _read(read: Callable[[Any], Value], value: Any) -> Value | None:
    return None if value is None else read(value)


def _write_amount(amount: Amount) -> list[str]:
    return [str(amount.value), amount.bound.value]


def _read_amount(value: Any) -> Amount:
    parts = read_list(value)
    if len(parts) != 2 or any(type(part) is not str for part in parts):
        raise unreadable()
    try:
        return Amount(Decimal(parts[0]), Bound(parts[1]))
    except (InvalidOperation, ValueError):
        raise unreadable() from None


def _read_quoted(value: Any) -> Quoted:
    parts = read_list(value)
    if len(parts) != 3 or parts[0] not in list(QuotedAs):
        raise unreadable()
    whole = None if parts[2] is None else _read_amount(parts[2])
    return Quoted(QuotedAs(parts[0]), _read_amount(parts[1]), whole)
