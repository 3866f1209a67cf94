"""Importing a list of official counts: a dry run first, each refused row with why; taken out again as one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from casework.domain.bounds import Amount, Bound
from casework.domain.dates import VagueDate
from casework.domain.messages import N_
from casework.domain.official import PER_CENT, OfficialCount, Source
from casework.domain.officialmaking import make_count
from casework.domain.officialreading import is_missing, read_amount, read_bound
from casework.domain.permissions import Permission
from casework.domain.vocabulary import code_list
from casework.errors import Invalid, NotFound, noting
from casework.services.context import Context
from casework.services.importing.vaguedates import read_vague_date
from casework.services.official.counts import list_counts, put_count
from casework.services.official.sentlist import ListPlan, SentList
from casework.services.transactions import transaction
from casework.store import official as store
from casework.store.database import db

_BETWEEN = re.compile(r"\s+(?:to|until|a|à|au|al|hasta|-|–|—)\s+|\s*[–—]\s*")
_TWO_YEARS = re.compile(r"([12][0-9]{3})\s*([-/–—])\s*([12][0-9]{3}|[0-9]{2})")
"""What is called by two years is one from April to March, or both whole: which one only the source knows."""
_FROM = re.compile(r"^(?:from|du|de|del|desde)\s+", re.IGNORECASE)
_NO_NUMBER = N_("There is no number in this row.")
_NO_DAY = N_("Write the day, month or year, for example 2018-03-29, 2018-03 or 2018.")
_WHICH_YEARS = N_(
    "This can be one year from April to March, or two whole years. Write its first and last day, for example "
    "2018-04-01 to 2019-03-31."
)
_NOT_A_DAY = N_("This is no date that can be read.")
_KNOWN = N_("This figure is here already, or stands twice in the list.")
_NO_SERVICE = N_("There is no police service in this row.")
_NO_MEASURE = N_("There is nothing in this row that says what was counted.")


@dataclass(frozen=True, slots=True)
class TriedRow:
    """A row of a list, and what it becomes: a figure, or faults by what they are about."""

    number: int
    cells: tuple[str, ...]
    count: OfficialCount | None
    faults: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """A list that came in: when, how many of its figures are there, how many of these were changed since."""

    id: UUID
    imported_on: date
    total: int
    changed: int


def try_list(context: Context, sent: SentList, plan: ListPlan) -> list[TriedRow]:
    """Try every row, and write nothing. A figure that is here already is refused: a list comes in once."""
    context.require(Permission.MANAGE_OFFICIAL_COUNTS)
    known = [_bare(view.count) for view in list_counts(context)]
    tried = []
    for number, cells in sent.rows:
        row = _try_row(number, cells, plan, context.runtime.today().year)
        if row.count is not None and _bare(row.count) in known:
            row = replace(row, count=None, faults={"value": _KNOWN})
        if row.count is not None:
            known.append(_bare(row.count))
        tried.append(row)
    return tried


def import_list(context: Context, sent: SentList, plan: ListPlan) -> tuple[UUID, int]:
    """Import the rows without a fault; gives the batch and how many. Invalid naming `file` for none."""
    context.require(Permission.MANAGE_OFFICIAL_COUNTS)
    batch, today = uuid4(), context.runtime.today()
    with transaction(context, "official_counts.imported") as opened:
        ready = [row.count for row in try_list(context, sent, plan) if row.count is not None]
        if not ready:
            raise Invalid(file=N_("No row of this list can be imported as it is."))
        for count in ready:
            put_count(context, replace(count, batch=batch, imported_on=today, request=plan.request))
        opened.note(batch=batch, count=len(ready))
    return batch, len(ready)


def list_batches(context: Context) -> list[Batch]:
    """Return the lists that came in, newest first."""
    batches: dict[UUID, Batch] = {}
    for view in list_counts(context):
        batch, day = view.count.batch, view.count.imported_on
        if batch is not None and day is not None:
            known = batches.get(batch, Batch(batch, day, 0, 0))
            changed = known.changed + (view.version > 1)
            batches[batch] = replace(known, total=known.total + 1, changed=changed)
    return sorted(batches.values(), key=lambda one: (one.imported_on, one.id), reverse=True)


def undo_batch(context: Context, batch_id: UUID) -> tuple[int, int]:
    """Take a list out again; figures that were changed since stay. Gives how many went and stayed.

    Raises NotFound where nothing of it is left to go.
    """
    context.require(Permission.MANAGE_OFFICIAL_COUNTS)
    with transaction(context, "official_counts.undone") as opened:
        views = [view for view in list_counts(context) if view.count.batch == batch_id]
        gone = [view for view in views if view.version == 1]
        if not gone:
            raise NotFound("batch")
        for view in gone:
            row = store.find_official_count(view.id) if view.id else None
            if row is not None:
                db.session.delete(row)
        opened.note(batch=batch_id, count=len(gone))
    return len(gone), len(views) - len(gone)


def _bare(count: OfficialCount) -> OfficialCount:
    return replace(count, batch=None, imported_on=None, request=None, state="active")


def _try_row(number: int, cells: tuple[str, ...], plan: ListPlan, this_year: int) -> TriedRow:
    try:
        return TriedRow(number, cells, _make(cells, plan, this_year), {})
    except Invalid as invalid:
        faults = {name.removesuffix("_words"): fault for name, fault in invalid.faults.items()}
        return TriedRow(number, cells, None, faults)


def _make(cells: tuple[str, ...], plan: ListPlan, this_year: int) -> OfficialCount:
    """Make the figure of a row; raises Invalid naming every target that is wrong."""
    return make_count(
        (
            lambda: _coded(cells, plan, "service", _NO_SERVICE),
            lambda: {"first": _span(cells, plan, 0, this_year)[0]},
            lambda: {"last": _span(cells, plan, -1, this_year)[-1]},
            lambda: _coded(cells, plan, "measure", _NO_MEASURE),
            lambda: {"amount": _amount(cells, plan)},
            lambda: {"unit": _unit(cells, plan)},
            lambda: {"source": _source(cells, plan, this_year)},
            lambda: {"note": plan.cell(cells, "note")},
        )
    )


def _coded(cells: tuple[str, ...], plan: ListPlan, target: str, missing: str) -> Mapping[str, str]:
    """Give the code that a word was said to mean, or the word itself."""
    word = plan.cell(cells, target)
    if is_missing(word):
        raise Invalid(**{target: missing})
    code = plan.meanings.get((target, word), "")
    return {target: code} if code else {target: "", f"{target}_words": word}


def _unit(cells: tuple[str, ...], plan: ListPlan) -> str:
    text = plan.cell(cells, "unit")
    if text:
        found = code_list("official_unit").find(text)
        if found is None:
            raise Invalid(unit=N_("This is no counting unit that casework knows."))
        return found
    if "%" in plan.cell(cells, "value"):
        return PER_CENT
    measure = plan.meanings.get(("measure", plan.cell(cells, "measure")), "")
    return str(code_list("official_measure").term(measure).attributes["unit"]) if measure else "not_stated"


def _amount(cells: tuple[str, ...], plan: ListPlan) -> Amount:
    text, faults, bound = plan.cell(cells, "value"), dict[str, str](), Bound.EXACT
    amount = Amount(Decimal())
    with noting(faults):
        bound = read_bound(plan.cell(cells, "bound"))
    with noting(faults):
        if is_missing(text):
            raise Invalid(value=_NO_NUMBER)
        amount = read_amount(text, _is_whole(cells, plan))
    if faults:
        raise Invalid(**faults)
    return Amount(amount.value, bound) if amount.bound is Bound.EXACT else amount


def _is_whole(cells: tuple[str, ...], plan: ListPlan) -> bool:
    """Tell whether a number without decimals is meant; yes where the unit cannot be read."""
    try:
        return _unit(cells, plan) != PER_CENT
    except Invalid:
        return True


def _span(cells: tuple[str, ...], plan: ListPlan, end: int, this_year: int) -> tuple[date, date]:
    """Give the days of the first word for its period, or (-1) of the last: of a month or year, all of it.

    Where a row does not say the last, it is that of the first.
    """
    name = "last" if end else "first"
    texts = [plan.cell(cells, "first"), plan.cell(cells, "last")]
    if not any(texts) and "period" in plan.targets:
        name = "period"
        texts = _BETWEEN.split(_FROM.sub("", plan.cell(cells, "period").strip()), maxsplit=1)
    text = texts[end] or texts[0]
    if is_missing(text):
        raise Invalid(**{name: _NO_DAY})
    if any(_names_two_years(one) for one in (plan.cell(cells, name), text)):
        raise Invalid(**{name: _WHICH_YEARS})
    vague = read_vague_date(text, plan.order, this_year)
    span = vague.span() if vague is not None else None
    if span is None:
        raise Invalid(**{name: _NOT_A_DAY})
    return span


def _names_two_years(text: str) -> bool:
    """Tell whether a period is called by two years, such as "2018-19" or "2011/12"; "2011-12" is a month."""
    found = _TWO_YEARS.fullmatch(text.strip())
    if found is None:
        return False
    first, mark, second = int(found[1]), found[2], int(found[3])
    return second > 12 or (mark != "-" and second == (first + 1) % 100)


def _source(cells: tuple[str, ...], plan: ListPlan, this_year: int) -> Source:
    """Make the source of a row: what the row says of it, otherwise what stands for all rows."""
    said = {name: plan.cell(cells, name) for name in ("publisher", "title", "published", "url", "number")}
    said["publisher"] = plan.meanings.get(("publisher", said["publisher"]), said["publisher"])
    texts = {name: text or plan.source.get(name, "") for name, text in said.items()}
    when = texts.pop("published").strip()
    published = read_vague_date(when, plan.order, this_year) if when else VagueDate.unknown()
    faults = {} if published else {"published": _NOT_A_DAY}
    with noting(faults):
        source = Source(published=published or VagueDate.unknown(), **texts)
    if faults:
        raise Invalid(**faults)
    return source
