"""Consent row by row: nothing is taken for it that is not plainly one, and no row is refused for it."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from casework.domain.person import Consent, PersonIdentity
from casework.errors import Invalid
from casework.services.cases import get_case
from casework.services.importing import remembering, uploads
from casework.services.importing.answers import ReadRow, Record
from casework.services.importing.batches import list_batch_lines
from casework.services.importing.guessing import guess_codes, guess_targets
from casework.services.importing.making import make_mapping
from casework.services.importing.mappingfile import read_mapping
from casework.services.importing.plan import PARK, Plan, add_guesses, check_plan, propose, settle_order
from casework.services.importing.profiles import Column, Profiler
from casework.services.importing.rows import read_records
from casework.services.importing.targets import DAYS
from casework.services.importing.vaguedates import Order
from tests.services.importing.lists import bring_in, send, try_list
from tests.support.application import Founded

SETTLED = {"contact_type": "street_check", "police_service": "spvm"}


def describe(headings: tuple[str, ...], *rows: tuple[str, ...]) -> list[Column]:
    """Profile these rows."""
    profiler = Profiler(headings, 2026)
    for row in rows:
        profiler.add(row)
    return profiler.columns()


def plan_of(headings: tuple[str, ...], rows: tuple[tuple[str, ...], ...], **targets: str) -> Plan:
    """Propose a plan, with what is said of some headings."""
    columns = describe(headings, *rows)
    plan = propose(columns, "a list")
    named = {heading: target for heading, target in plan.targets.items()} | targets
    plan = replace(plan, targets=named, constants=SETTLED)
    return settle_order(add_guesses(plan, columns), columns)


def read(plan: Plan, headings: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[ReadRow]:
    """Read rows, none of which is refused."""
    records = [Record(n, dict(zip(headings, row, strict=True))) for n, row in enumerate(rows, start=2)]
    kept = Plan.from_document(plan.to_document())
    found = list(read_records(records, make_mapping(kept), date(2026, 11, 1), UUID(int=7)))
    assert all(isinstance(one, ReadRow) for one in found)
    return [one for one in found if isinstance(one, ReadRow)]


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("Consent statistics", "consent_statistics"),
        ("Consentement aux statistiques", "consent_statistics"),
        ("Consentimiento estadísticas", "consent_statistics"),
        ("Consent to share story", "consent_story"),
        ("Consentement - recours", "consent_litigation"),
        ("Agrees to everything", "consent_all"),
        ("OK for stats?", "consent_statistics"),
        # To what, nobody can tell from these.
        ("Consent", None),
        ("OK to use data?", None),
        ("Consent statistics and story", None),
        # They turn the answer round, or tell of something else.
        ("Refused consent statistics", None),
        ("Consent to statistics withdrawn", None),
        ("No consent to statistics", None),
        ("Search consent", None),
        ("Officer agreed to statistics", None),
    ],
)
def test_a_heading_is_taken_for_a_purpose_only_where_it_names_one(heading: str, target: str | None) -> None:
    """A member says the rest."""
    columns = describe((heading, "Nom"), ("yes", "Ana"), ("no", "Luz"))
    assert guess_targets(columns).get(heading) == target


def test_only_what_is_plain_is_guessed() -> None:
    """In three languages; a tick, a number alone and a doubt are for somebody to say."""
    said = {
        **dict.fromkeys(("Yes", "OUI", "sí", "Signed form", "d’accord"), "given"),
        **dict.fromkeys(("No", "non", "refuse", "Declined", "no consiente"), "refused"),
        **dict.fromkeys(("Withdrawn", "retiré"), "withdrawn"),
        **dict.fromkeys(("pending", "pas encore", "not asked"), "not_asked"),
    }
    unclear = (
        "x",
        "1",
        "maybe",
        "yes but not her name",
        "given?",
        "by phone",
        "2021-05-03",
        "not sure",
        "verbal",
    )
    [column] = describe(("Consent",), *((text,) for text in (*said, *unclear)))
    assert guess_codes("consent_statistics", column) == said


def test_ones_and_noughts_are_plain_by_each_other() -> None:
    """Either alone is not."""
    [both] = describe(("Consent",), ("1",), ("0",))
    assert guess_codes("consent_statistics", both) == {"1": "given", "0": "refused"}
    [alone] = describe(("Consent",), ("1",), ("1",))
    assert guess_codes("consent_statistics", alone) == {}


def test_no_date_of_an_incident_becomes_the_day_of_a_consent() -> None:
    """By its heading alone, and beside an answer only."""
    row = ("2021-05-03", "2021-06-04", "yes")
    headings = ("Date", "Consent date", "Consent statistics")
    assert guess_targets(describe(headings, row, row)) == {
        "Date": "date",
        "Consent date": "consent_on",
        "Consent statistics": "consent_statistics",
    }
    assert guess_targets(describe(headings[:2], row[:2], row[:2])) == {"Date": "date"}
    odd = ("Incident date (consent given)", "Consent statistics")
    assert "consent_on" not in guess_targets(describe(odd, row[1:], row[1:])).values()
    assert guess_targets(describe(("Consent date",), ("2021-05-03",), ("2021-05-04",))) == {}


def test_each_answer_is_taken_with_its_day_and_how() -> None:
    """An empty cell is no answer; what is not clear is kept in words with the person."""
    headings = ("Nom", "Consent statistics", "Consent date", "Consent method")
    rows = (
        ("Ana", "yes", "2021-05-03", "signed form"),
        ("Luz", "no", "", ""),
        ("Eve", "", "2021-05-03", ""),
        ("Noé", "perhaps", "", ""),
        ("Kim", "withdrawn", "soon", "pigeon"),
        ("Max", "yes", "2031-05-03", ""),
    )
    found = read(plan_of(headings, rows), headings, rows)
    assert [one.person.consents.get("statistics") for one in found] == [
        Consent("given", date(2021, 5, 3), "signed_form"),
        Consent("refused"),
        None,
        None,
        Consent("withdrawn", None, "other"),
        Consent("given"),
    ]
    assert [one.identity.note for one in found] == [
        "",
        "",
        "Consent date: 2021-05-03",
        "Consent statistics: perhaps",
        "Consent method: pigeon\nConsent date: soon",
        "Consent date: 2031-05-03",
    ]
    assert [one.counts for one in found] == [True, False, False, False, False, True]


def test_a_day_in_the_place_of_an_answer_is_asked_about_once() -> None:
    """Until somebody says what it means nobody agreed; then it is the day too."""
    headings = ("Nom", "Consent")
    rows = (("Ana", "25/12/2020"), ("Luz", "non"), ("Eve", "26/12/2020"))
    plan = plan_of(headings, rows, Consent="consent_statistics")
    assert next(one.person.consents for one in read(plan, headings, rows)) == {}
    said = replace(plan, values={"Consent": {**plan.values["Consent"], DAYS: "given"}})
    first, second, _third = read(said, headings, rows)
    assert first.person.consents == {"statistics": Consent("given", date(2020, 12, 25))}
    assert first.identity.note == ""
    assert second.person.consents == {"statistics": Consent("refused")}


def test_one_column_is_about_everything_and_another_about_one_purpose() -> None:
    """The one about the purpose goes before."""
    headings = ("Nom", "Agrees to everything", "Consent story")
    rows = (("Ana", "yes", "no"), ("Luz", "yes", ""))
    first, second = read(plan_of(headings, rows), headings, rows)
    assert {purpose: one.answer for purpose, one in first.person.consents.items()} == {
        "casework": "given",
        "statistics": "given",
        "litigation": "given",
        "story": "refused",
    }
    assert "story" not in second.person.consents


def test_each_person_of_a_row_answers_for_themselves() -> None:
    """A column without a number is the first person's; whoever says no is somebody, even without a name."""
    headings = ("Nom 1", "Sexe 1", "Consent statistics", "Nom 2", "Sexe 2", "Consent statistics 2")
    rows = (
        ("Ana", "F", "yes", "Luz", "F", "no"),
        ("Eve", "F", "yes", "Noé", "M", "yes"),
        ("Kim", "M", "yes", "", "", "no"),
        ("Max", "M", "yes", "", "", "pas vraiment"),
        ("Bao", "M", "yes", "", "", "not asked"),
    )
    found = read(plan_of(headings, rows), headings, rows)
    assert [one.others[0].person.consent("statistics").answer for one in found[:2]] == ["refused", "given"]
    assert [one.counts for one in found] == [False, True, False, False, True]
    [nobody], [unclear] = found[2].others, found[3].others
    assert nobody.person.consent("statistics").answer == "refused" and nobody.identity == PersonIdentity()
    assert unclear.identity.note == "Consent statistics 2: pas vraiment"
    assert found[4].others == ()
    alone = ("Nom 1", "Sexe 1", "Consent statistics", "Nom 2", "Sexe 2")
    [first, *_rest] = read(
        plan_of(alone, tuple(row[:5] for row in rows)), alone, tuple(row[:5] for row in rows)
    )
    assert first.person.consent("statistics").answer == "given"
    assert first.others[0].person.consent("statistics").answer == "not_asked"


def test_days_that_read_both_ways_are_asked_about() -> None:
    """Of consents too, unless they settle it themselves."""
    headings = ("Date", "Consent statistics", "Consent date")
    plan = plan_of(headings, (("2021-05-03", "yes", "03/04/2021"),))
    assert plan.order is None
    with pytest.raises(Invalid) as caught:
        check_plan(plan)
    assert set(caught.value.faults) == {"order"}
    rows = (("2021-05-03", "yes", "03/04/2021"), ("2021-05-03", "yes", "12/25/2021"))
    plan = plan_of(headings, rows)
    assert (plan.order, plan.consent_order) == (Order.DAY_FIRST, Order.MONTH_FIRST)
    assert read(plan, headings, rows)[0].person.consents["statistics"].on == date(2021, 3, 4)


def test_what_contradicts_itself_is_named() -> None:
    """A day without an answer, and an answer of a column beside one for everybody."""
    headings = ("Nom", "Consent statistics")
    plan = plan_of(headings, (("Ana", "yes"),))
    with pytest.raises(Invalid) as caught:
        check_plan(replace(plan, statistics="given", basis="Everybody."))
    assert set(caught.value.faults) == {"statistics"}
    with pytest.raises(Invalid) as caught:
        check_plan(replace(plan, targets={"Consent statistics": "consent_on"}, order=Order.DAY_FIRST))
    assert set(caught.value.faults) == {"target consent_on"}


CONTENT = (
    "Nom;Date;Consent statistics\n"
    "Ana Roy;2021-05-03;oui\nLuz Paz;2021-05-04;non\nEve Cyr;2021-05-05;peut-être\n"
).encode()


def test_the_dry_run_says_how_many_will_count_and_the_records_say_so_too(founded: Founded) -> None:
    """All come in; only who agreed counts."""
    context = founded.context()
    upload = try_list(context, send(context, CONTENT, police_service="spvm"))
    assert upload.report is not None
    assert (upload.report["ready"], upload.report["counting"], upload.report["refused"]) == (3, 1, 0)
    batch_id = bring_in(context, CONTENT, police_service="spvm")
    people = [get_case(context, one.case_id).people[0] for one in list_batch_lines(context, batch_id, 0)]
    assert [one.facts.consent("statistics").answer for one in people] == ["given", "refused", "not_asked"]
    assert people[2].identity.note == "Consent statistics: peut-être"


def test_the_mapping_is_remembered(founded: Founded) -> None:
    """With what was said of an unclear word."""
    context = founded.context()
    upload = send(context, CONTENT, police_service="spvm")
    assert upload.plan is not None
    assert upload.plan.values["Consent statistics"].get("peut-être", PARK) == PARK
    said = replace(
        upload.plan,
        values={"Consent statistics": {**upload.plan.values["Consent statistics"], "peut-être": "not_asked"}},
    )
    remembering.remember_mapping(context, "Mardi", upload.table.headings, said)
    again = uploads.get_upload(context, send(context, CONTENT, police_service="spvm").id)
    assert again.plan is not None
    assert again.plan.values["Consent statistics"]["peut-être"] == "not_asked"


FILE = """
source = "a list"
key = "#"
[consent]
how = "in_person"
statistics = { column = "ok", values = { y = "given", n = "refused", "<day>" = "given" } }
on = { column = "on", order = "month_first" }
[date]
precision = "unknown"
[fields]
contact_type = "street_check"
police_service = "spvm"
"""


def test_a_mapping_file_names_columns_of_consents() -> None:
    """As the pages do; a wrong code is named."""
    mapping = read_mapping(FILE.encode())
    assert mapping.counts and {"ok", "on"} <= mapping.columns()
    rows = (("y", "3/4/2021 "), ("n", " NA"), ("hm", ""), (" 5/6/2021", ""), (" NA", " NULL "))
    records = [Record(n, dict(zip(("ok", "on"), row, strict=True))) for n, row in enumerate(rows, start=1)]
    found = [one for one in read_records(records, mapping, date(2026, 11, 1), UUID(int=7))]
    assert [one.person.consents for one in found if isinstance(one, ReadRow)] == [
        {"statistics": Consent("given", date(2021, 3, 4), "in_person")},
        {"statistics": Consent("refused", None, "in_person")},
        {},
        {"statistics": Consent("given", date(2021, 5, 6), "in_person")},
        {},
    ]
    assert [one.identity.note for one in found if isinstance(one, ReadRow)] == ["", "", "ok: hm", "", ""]
    with pytest.raises(Invalid) as caught:
        read_mapping(FILE.replace('"refused"', '"nope"').encode())
    assert set(caught.value.faults) == {"consent.statistics.values"}
