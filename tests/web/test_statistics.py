"""The statistics page, its refusals, its exports."""

import csv
import io
import re
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from casework.domain.person import Consent
from casework.services.cases import change_person, get_case
from casework.services.lists import Filter, list_cases
from casework.services.statistics.exports import export_table, list_exports
from tests.services.statistics.books import ask as ask_services
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded
from tests.support.counted import log_many

QUESTION = {"unit": "incidents", "show": "police_service", "by": "", "first": "2025-Q1", "last": "2025-Q4"}
FEW = "Fewer than 5 cases stand behind it, or none."


@pytest.fixture
def counted(founded: Founded) -> Founded:
    """An organization with 7 incidents of one service, 6 of another, and 2 of a third."""
    log_many(
        founded.context(CASEWORKER), ["spvm"] * 7 + ["sq"] * 6 + ["spvq"] * 9 + ["spl"] * 8 + ["spal"] * 2
    )
    return founded


def ask(founded: Founded, login: str = ADVOCATE, **changed: str) -> TestResponse:
    """Return the page of a question."""
    return founded.client(login).get("/statistics", query_string=QUESTION | changed)


def cells_of(page: str) -> dict[str, list[str]]:
    """Return the texts of the table's rows by their heading."""
    table = page[page.index('<table class="protected">') : page.index("</table>")]
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">(.*?)</th>(.*?)</tr>", table, re.S)
    return {head: re.findall(r"<td[^>]*>(?:<span[^>]*>)?([^<]*)<", cells) for head, cells in rows}


def test_a_question_is_answered_by_a_protected_table(counted: Founded) -> None:
    """Small numbers are hidden together with another, zeros and hidden ones are no figures of the page."""
    answer = ask(counted)
    cells = cells_of(answer.text)
    assert answer.status_code == 200
    assert cells["SPVM Montréal"] == ["7"]
    assert cells["SPAL Longueuil"] == ["x"]
    assert cells["All"] == ["32"]
    assert sorted(cells.values()).count(["x"]) == 2
    assert "OPP" not in cells


def test_the_first_visit_shows_an_answer(counted: Founded) -> None:
    """Nobody starts before an empty form."""
    page = counted.client(ADVOCATE).get("/statistics").text
    assert "Contact group, by year" in page
    assert cells_of(page)["All"][-1] == "32"


def test_without_anything_to_count_the_page_says_what_would_help(founded: Founded) -> None:
    """No table, no form, no number."""
    page = founded.client(ADVOCATE).get("/statistics").text
    assert "Not enough can be counted yet" in page
    assert "<table" not in page
    assert 'method="get"' not in page


def test_too_few_cases_are_refused_in_words(founded: Founded) -> None:
    """With what to try, and without a figure."""
    log_many(founded.context(CASEWORKER), ["spvm"] * 4)
    log_many(founded.context(CASEWORKER), ["spvm"] * 6, "1999-02")
    answer = ask(founded)
    assert answer.status_code == 200
    assert FEW in answer.text
    assert "A longer period" in answer.text
    assert "<table" not in answer.text
    assert "<svg" not in answer.text


def test_an_empty_period_is_not_told_apart(counted: Founded) -> None:
    """None and few have one sentence: the difference tells when somebody's only case was."""
    log_many(counted.context(CASEWORKER), ["spvm"], "1999-02")
    pages = [ask(counted, first=f"{year}-Q1", last=f"{year}-Q4").text for year in ("1999", "2001")]
    assert all(FEW in page for page in pages)


def test_a_coarser_answer_says_so(founded: Founded) -> None:
    """What was asked for, what is shown, and why."""
    log_many(founded.context(CASEWORKER), ["spvm", "spvq", "spl", "spal"] * 3)
    page = ask(founded).text
    assert "Coarser than asked." in page
    assert "“Level of police”" in page
    assert "Police service: too much would have to be hidden" in page
    assert cells_of(page) == {"Municipal": ["12"], "All": ["12"]}


@pytest.mark.parametrize("question", [{}, {"show": "reasons"}], ids=["first", "tags"])
def test_each_table_says_that_others_are_not_compared(counted: Founded, question: dict[str, str]) -> None:
    """On the screen too, not only in the file."""
    page = ask(counted, **question).text
    assert "<table" in page
    assert "Two tables side by side can tell more than each alone" in page


def test_what_has_several_answers_stands_alone(counted: Founded) -> None:
    """The second dimension is left out, and the page says so."""
    page = ask(counted, show="reasons", by="year").text
    assert "Shown alone." in page
    assert cells_of(page)["Not asked"] == ["32", "0"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"show": "age_band"}, "Choose “People” under “Count”."),
        ({"show": "reasons", "unit": "people"}, "Choose “Incidents” under “Count”."),
        ({"by": "police_service"}, "Choose something else than what is shown already."),
        ({"last": "2024-Q4"}, "Choose an end that does not come before the beginning."),
        ({"first": "yesterday"}, "Choose one of the listed answers."),
        ({"show": "name"}, "Choose one of the listed answers."),
        ({"unit": "names"}, "Choose one of the listed answers."),
    ],
)
def test_a_question_that_cannot_be_asked_is_explained(
    counted: Founded, changed: dict[str, str], said: str
) -> None:
    """At the field, and without a table."""
    page = ask(counted, **changed).text
    assert said in page
    assert "<table" not in page


@pytest.mark.parametrize("login", [ADVOCATE, COORDINATOR])
def test_an_export_is_a_csv_file_and_comes_again(counted: Founded, login: str) -> None:
    """The first line warns, the numbers are those of the page, the name tells the number alone."""
    client = counted.client(login)
    made = client.post("/statistics/exports", data=QUESTION | {"language": "en"})
    assert made.status_code == 200
    assert made.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert made.headers["Content-Disposition"] == "attachment; filename=casework-table-1.csv"
    assert made.headers["Cache-Control"] == "no-store"
    text = made.data.decode("utf-8-sig")
    assert text.startswith("# Not checked against earlier exports")
    lines = csv.DictReader(io.StringIO(text.split("\r\n\r\n", 1)[1]))
    counts = {line["police_service"]: line["count"] for line in lines}
    assert (counts["spvm"], counts["spal"], counts["total"], counts["opp"]) == ("7", "", "32", "0")
    listed = client.get("/statistics/exports").text
    (address,) = re.findall(r'href="(/statistics/exports/[0-9a-f-]+)"', listed)
    assert client.get(address).data == made.data


def test_an_export_in_french_is_french_throughout(counted: Founded) -> None:
    """Whatever the language of the screen."""
    made = counted.client(ADVOCATE).post("/statistics/exports", data=QUESTION | {"language": "fr"})
    text = made.data.decode("utf-8-sig")
    assert text.startswith("# Non vérifié")
    assert "total,Ensemble,32,shown" in text


def test_an_export_that_is_refused_leads_back_to_the_question(founded: Founded) -> None:
    """Whose page says why; nothing is kept."""
    log_many(founded.context(CASEWORKER), ["spvm"] * 4)
    log_many(founded.context(CASEWORKER), ["spvm"] * 6, "1999-02")
    client = founded.client(ADVOCATE)
    answer = client.post("/statistics/exports", data=QUESTION | {"language": "en"}, follow_redirects=True)
    assert FEW in answer.text
    assert list_exports(founded.context(ADVOCATE)) == []


def test_a_caseworker_sees_the_table_and_no_way_to_export(counted: Founded) -> None:
    """Nor does the address work."""
    page = ask(counted, CASEWORKER)
    assert cells_of(page.text)["SPVM Montréal"] == ["7"]
    assert "Export as CSV" not in page.text
    client = counted.client(CASEWORKER)
    assert client.post("/statistics/exports", data=QUESTION | {"language": "en"}).status_code == 403
    assert client.get("/statistics/exports").status_code == 403


@pytest.mark.parametrize("address", ["/cases", "/incidents", "/patterns", "/incidents/new"])
def test_statistics_open_no_record_to_an_advocate(counted: Founded, address: str) -> None:
    """Seeing numbers is no way to records."""
    client = counted.client(ADVOCATE)
    assert client.get("/statistics").status_code == 200
    assert client.get(address).status_code == 403


def test_a_stranger_to_exports_gets_404(counted: Founded) -> None:
    """An id that is none."""
    address = "/statistics/exports/00000000-0000-0000-0000-000000000005"
    assert counted.client(ADVOCATE).get(address).status_code == 404


def _withdraw(counted: Founded, how_many: int) -> list[str]:
    """Let so many people withdraw; returns the references of their cases."""
    context, references = counted.context(CASEWORKER), []
    for line in list_cases(context, Filter(), whole=True).lines[:how_many]:
        case = get_case(context, line.id)
        (person,) = case.people
        facts = replace(person.facts, consents={"statistics": Consent("withdrawn")})
        change_person(context, case.id, person.id, person.version, facts, person.identity)
        references.append(case.facts.reference)
    return references


def test_exports_lead_to_the_cases_of_who_withdrew_since(counted: Founded) -> None:
    """The day is not known: it says when it was written down. A coordinator's start page tells of it once."""
    client = counted.client(COORDINATOR)
    export_table(counted.context(COORDINATOR), ask_services("police_service"), "en")
    assert "no longer agree to be counted:" not in client.get("/statistics/exports").text
    assert "Consent withdrawn" not in client.get("/").text
    references = _withdraw(counted, 2)
    page = client.get("/statistics/exports").text
    assert "2 people in it no longer agree to be counted:" in page
    assert all(
        f'#withdrawn">{reference}</a> (day not known, written down ' in page for reference in references
    )
    assert "2 people no longer agree to be counted" in client.get("/").text
    assert "Consent withdrawn" not in counted.client(CASEWORKER).get("/").text


@pytest.mark.parametrize("how_many", [0, 4, 5])
def test_an_advocate_learns_of_no_few_who_withdrew(counted: Founded, how_many: int) -> None:
    """Up to the threshold the page is the same whoever withdrew, and whether anybody did."""
    export_table(counted.context(ADVOCATE), ask_services("police_service"), "en")
    client = counted.client(ADVOCATE)
    before = client.get("/statistics/exports").text
    references = _withdraw(counted, how_many)
    after = client.get("/statistics/exports").text
    assert not [reference for reference in references if reference in after]
    assert ("People of 5 cases or more in it no longer agree" in after) is (how_many == 5)
    assert (_main(before) == _main(after)) is (how_many < 5)


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]
