"""Lists of official counts: guessed, tried, imported once, taken out again."""

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from casework.domain.bounds import Bound
from casework.errors import Forbidden, Invalid, NotFound
from casework.services.importing.vaguedates import Order
from casework.services.official import counts, listing
from casework.services.official.sentlist import ListPlan, SentList, guess_plan, list_words, read_list
from tests.services.official.written import count
from tests.support.application import ADVOCATE, CASEWORKER, Founded

FRENCH = """Tableau 1 : communications avec l’ASFC;;;;
Corps policier;Période;Catégorie;Nombre;Source
SPVM;2015;Appels;2 632;HuffPost
SPVM;2016;Appels;2 872*;HuffPost
Toronto;janvier 2016 à décembre 2016;Appels;5 146;HuffPost
Sûreté du Québec;du 4 novembre 2014 au 28 juin 2015;vérifications du statut;près de 345;HuffPost
Peel;2017;Appels;s.o.;HuffPost
York;l’an dernier;Appels;517;HuffPost
OPP;2017;Appels;323 ou plus;HuffPost
SPVM;2017;share_status_check_pct;83,4 %;HuffPost
SPVM;2015;Appels;2632;HuffPost

* Chiffre révisé
""".encode()


def tried(founded: Founded, sent: SentList) -> tuple[ListPlan, list[listing.TriedRow]]:
    plan = guess_plan(sent, 2026)
    return plan, listing.try_list(founded.context(), sent, plan)


def test_a_french_list_is_read_and_each_refused_row_says_why(founded: Founded) -> None:
    """Numbers with spaces and commas, dates in words, marks of footnotes, "s.o.", a row twice."""
    sent = read_list("liste.csv", FRENCH)
    plan, rows = tried(founded, sent)
    assert plan.targets == ("service", "period", "measure", "value", "publisher")
    ready = [row.count for row in rows if row.count]
    told = [(one.who, one.measure, str(one.amount.value), one.amount.bound.value, one.unit) for one in ready]
    assert told == [
        ("spvm", "calls_all", "2632", "exact", "call"),
        ("spvm", "calls_all", "2872", "exact", "call"),
        ("tps", "calls_all", "5146", "exact", "call"),
        ("sq", "status_check", "345", "almost", "check"),
        ("spvm", "share_status_check", "83.4", "exact", "per_cent"),
    ]
    assert [one.days for one in ready] == [365, 366, 366, 237, 365]
    faults = {row.cells[0]: list(row.faults) for row in rows if row.count is None}
    assert faults == {
        "Peel": ["value"],
        "York": ["period"],
        "OPP": ["value"],
        "SPVM": ["value"],
        "* Chiffre révisé": ["period", "measure", "value", "publisher"],
    }


def test_all_that_is_wrong_with_a_row_is_told_at_once(founded: Founded) -> None:
    """Each fault names the column that it is about; what can be read is judged though others cannot."""
    heads = "service,first,last,measure,value,bound,unit,publisher,published,url"
    rows = (
        ",soon,2015,,many,perhaps,apples,,one day,example.org",
        "SPVM,2016,2015,calls,83.5,,,CBSA,2018,https://example.org",
        f"{'x' * 201},2015,2015,calls,120%,,,CBSA,,",
        "SPVM,2016,2015,calls,7,,apples,CBSA,,",
    )
    _plan, tried_rows = tried(founded, read_list("list.csv", "\n".join((heads, *rows)).encode()))
    assert [set(row.faults) for row in tried_rows] == [
        {*heads.split(",")} - {"last"},
        {"last", "value"},
        {"service", "value"},
        {"last", "unit"},
    ]


def test_the_published_calls_are_imported_whole(founded: Founded, data_dir: Path) -> None:
    """All 18 rows of the data set: months, shares, bounds, the police's own count."""
    sent = read_list("cbsa_calls_published.csv", (data_dir / "cbsa_calls_published.csv").read_bytes())
    plan, rows = tried(founded, sent)
    assert [dict(row.faults) for row in rows if row.faults] == []
    assert all(row.count is not None and row.count.service and row.count.measure for row in rows)
    names = {("publisher", "S1"): "Toronto Star"}
    _batch, total = listing.import_list(
        founded.context(), sent, replace(plan, meanings={**plan.meanings, **names})
    )
    assert total == 18
    kept = [view.count for view in counts.list_counts(founded.context(ADVOCATE))]
    spvm = {one.amount.value for one in kept if one.service == "spvm" and one.first.year in (2020, 2021)}
    assert spvm >= {Decimal(945), Decimal(426)}
    (radio,) = [one for one in kept if one.source.publisher == "S6"]
    assert radio.amount.bound is Bound.AT_LEAST
    star = [one for one in kept if one.source.publisher == "Toronto Star"]
    assert sorted(str(one.amount.value) for one in star) == ["3278", "83.4"]
    assert {one.days for one in star} == {242}  # the list says months only


@pytest.mark.parametrize(
    "period",
    ["2018-2019", "2018/2019", "2018 – 2019", "2018–19", "2018-19", " 2018/19 ", "2011/12", "2011–12"],
)
def test_a_period_called_by_two_years_is_asked_about(founded: Founded, period: str) -> None:
    """It may be a year from April to March, or two: a rate per day would be half of what it is."""
    sent = read_list("l.csv", f"service,period,measure,count,source\nspvm,{period},calls,7,CBSA\n".encode())
    _plan, (row,) = tried(founded, sent)
    assert row.count is None
    assert list(row.faults) == ["period"]
    assert "2018-04-01 to 2019-03-31" in row.faults["period"]


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2018-04-01 to 2019-03-31", "2018-04-01", "2019-03-31"),
        ("2018 to 2019", "2018-01-01", "2019-12-31"),
        ("2018-12", "2018-12-01", "2018-12-31"),
        ("avril 2018 – mars 2019", "2018-04-01", "2019-03-31"),
    ],
)
def test_a_period_that_says_its_ends_is_read(founded: Founded, period: str, first: str, last: str) -> None:
    """What the refusal of two years proposes among them."""
    sent = read_list("l.csv", f"service,period,measure,count,source\nspvm,{period},calls,7,CBSA\n".encode())
    _plan, (row,) = tried(founded, sent)
    assert row.count is not None, row.faults
    assert (row.count.first.isoformat(), row.count.last.isoformat()) == (first, last)


def test_a_list_comes_in_once_and_goes_out_as_one(founded: Founded) -> None:
    """A figure that was changed since stays, and the others go."""
    context = founded.context()
    counts.add_count(context, count())
    sent = read_list("liste.csv", FRENCH)
    plan, _rows = tried(founded, sent)
    batch, total = listing.import_list(founded.context(), sent, plan)
    assert total == 5
    with pytest.raises(Invalid) as again:
        listing.import_list(founded.context(), sent, plan)
    assert list(again.value.faults) == ["file"]
    mine = next(view for view in counts.list_counts(founded.context()) if view.count.batch)
    assert mine.id is not None
    counts.change_count(founded.context(), mine.id, 1, replace(mine.count, note="looked up"))
    (listed,) = listing.list_batches(founded.context())
    assert (listed.id, listed.total, listed.changed) == (batch, 5, 1)
    assert listing.undo_batch(founded.context(), batch) == (4, 1)
    left = counts.list_counts(founded.context())
    assert sorted(view.count.note for view in left) == ["", "looked up"]
    with pytest.raises(NotFound):
        listing.undo_batch(founded.context(), batch)


def test_a_workbook_is_read_alike(founded: Founded) -> None:
    """Numbers and years that are numbers there."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Police service", "Year", "Measure", "Count", "Published by"])
    sheet.append(["SPVM", 2019, "status check", 3135.0, "A newspaper"])
    sheet.append(["Police of Elsewhere", 2019, "faxes", 12, "A newspaper"])
    kept = io.BytesIO()
    book.save(kept)
    _plan, rows = tried(founded, read_list("book.xlsx", kept.getvalue()))
    first, second = (row.count for row in rows)
    assert first is not None
    assert (first.service, int(first.amount.value), first.days) == ("spvm", 3135, 365)
    assert second is not None
    assert (second.service_words, second.measure_words, second.unit) == (
        "Police of Elsewhere",
        "faxes",
        "not_stated",
    )


def test_what_a_list_does_not_say_is_said_once_for_all(founded: Founded) -> None:
    """Its source, and in which order it writes its dates."""
    sent = read_list("l.csv", b"service,from,to,measure,count\nspvm,03/04/2020,05/13/2020,calls,7\n")
    plan = guess_plan(sent, 2026)
    assert plan.order is Order.MONTH_FIRST
    (row,) = listing.try_list(founded.context(), sent, plan)
    assert list(row.faults) == ["publisher"]
    source = {"publisher": "CBSA", "number": "A-1", "published": "May 2021"}
    (row,) = listing.try_list(founded.context(), sent, replace(plan, source=source))
    assert row.count is not None
    assert (row.count.first.isoformat(), row.count.source.published.encode()) == ("2020-03-04", "2021-05")


def test_a_page_carries_a_list_and_is_not_believed() -> None:
    sent = read_list("liste.csv", FRENCH)
    assert SentList.decode(sent.encode()) == sent
    for text in ("", "[]", '["n",["a"],[["x"]]]', "[1,2]", '["n",[],[]]'):
        with pytest.raises(Invalid):
            SentList.decode(text)
    assert list_words(sent, guess_plan(sent, 2026), "publisher") == ["HuffPost"]


def test_only_coordinators_import(founded: Founded) -> None:
    sent = read_list("liste.csv", FRENCH)
    for login in (CASEWORKER, ADVOCATE):
        with pytest.raises(Forbidden):
            listing.import_list(founded.context(login), sent, guess_plan(sent, 2026))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\n\n", ("a,b\n" + "1,2\n" * 1001).encode()])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_list("x.csv", content)
    assert list(refused.value.faults) == ["file"]
