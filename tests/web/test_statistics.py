"""Asking one number: the form, the answer, what is hidden, and the way to a release."""

import re
import time
from dataclasses import replace
from html import unescape

import pytest

from casework.domain.person import Consent
from casework.services.cases import change_person, get_case
from casework.services.lists import Filter, list_cases
from casework.services.releases import previewing
from casework.services.releases.drafting import list_releases
from tests.services.releases.written import draft, log, release
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded, Template
from tests.support.stocked import Stock

QUESTION = {
    "unit": "incidents",
    "what": "police_service:spvm",
    "by": "",
    "first": "2025-Q1",
    "last": "2025-Q4",
}


def _prepare(founded: Founded) -> None:
    log(founded, spvm=20, sq=18, spal=2, spvq=17, spl=19, opp=19, tps=16, vpd=15)


@pytest.fixture
def template(template: Template, stocked: Stock, request: pytest.FixtureRequest) -> Template:
    """What `counted` has was done once."""
    return stocked(template, _prepare) if "counted" in request.fixturenames else template


@pytest.fixture
def counted(founded: Founded) -> Founded:
    """Something to ask about: two of one service."""
    return founded


def ask(founded: Founded, login: str = ADVOCATE, **changed: str) -> str:
    """Ask, and return the page once the answer is there."""
    client = founded.client(login)
    assert client.post("/statistics", data=QUESTION | changed).location == "/statistics"
    for _ in range(6000):
        answer = client.get("/statistics")
        if "Refresh" not in answer.headers:
            return unescape(answer.text)
        time.sleep(0.05)
    raise AssertionError("it is still looking")


def cells_of(page: str) -> dict[str, str]:
    """Return the texts of the table's rows by their heading."""
    table = page[page.index('<table class="protected">') : page.index("</table>")]
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">(.*?)</th>(.*?)</tr>", table, re.S)
    return {head: re.sub(r"<[^>]*>", "", cells).strip() for head, cells in rows}


def number_of(page: str) -> str:
    """Return the sentence that answers."""
    return re.sub(r"<[^>]*>", "", page.partition('<p class="number">')[2].partition("</p>")[0])


def test_the_answer_is_a_sentence_with_its_table(counted: Founded) -> None:
    """And says that nothing of it was published; the question stands in the form as it was asked."""
    page = ask(counted)
    assert number_of(page) == "2025: 20 incidents where the police service was “SPVM Montréal”."
    assert "<strong>20</strong>" in page
    assert cells_of(page)["All"] == "126"
    assert "stands in no ledger" in page
    assert 'selected value="police_service:spvm"' in page


def test_in_all_and_of_people(counted: Founded) -> None:
    in_all = ask(counted, what="", by="police_level")
    assert number_of(in_all) == "2025: 126 incidents in which everybody agreed to be counted."
    people = ask(counted, unit="people", what="roles:driver", first="2025-Q2", last="2025-Q2")
    assert number_of(people) == (
        "April 2025 to June 2025: 126 people for whom a role in the incident was “Driver”."
    )


def test_a_protected_number_is_said_to_be_one_and_a_near_one_is_offered(counted: Founded) -> None:
    """No figure of two; pressing what is offered asks that."""
    page = ask(counted, what="police_service:spal")
    assert "This number is protected." in page
    assert 'class="number"' not in page
    assert "2" not in cells_of(page).values()
    assert cells_of(page)["SPAL Longueuil"].startswith("x")
    offered = page.partition("What can be shown")[2]
    assert 'name="what" value="police_level:municipal"' in offered
    assert number_of(ask(counted, what="police_level:municipal")).startswith("2025: 89 incidents")


def test_what_is_refused_as_a_whole_offers_what_passes(founded: Founded) -> None:
    """Twelve incidents of four services, three each: no service is told, the level is."""
    log(founded, spvm=3, spvq=3, spl=3, spal=3)
    page = ask(founded)
    assert "This number is protected." in page
    assert "More than 40 per cent" in page
    assert "<table" not in page
    assert "Make it a release" not in page
    assert 'value="police_level:municipal"' in page.partition("What can be shown")[2]


def test_none_and_few_are_not_told_apart(counted: Founded) -> None:
    """The difference would tell when the only case was."""
    log(counted, "1999-02", spvm=1)
    pages = [ask(counted, first=f"{year}-Q1", last=f"{year}-Q4") for year in ("1999", "2001")]
    assert all("Fewer than 5 cases stand behind it, or none." in page for page in pages)


def test_an_answer_becomes_a_release(counted: Founded) -> None:
    """One button leads to its form, with the table and the period; its page shows the numbers at once."""
    ask(counted, by="year")
    client = counted.client(ADVOCATE)
    form = client.post("/statistics/release", follow_redirects=True)
    (view,) = list_releases(counted.context(ADVOCATE))
    assert form.request.path == f"/releases/{view.id}/edit"
    assert "It is a draft now." in form.text
    assert 'selected value="police_service"' in form.text
    assert '<table class="protected">' in client.get(f"/releases/{view.id}").text
    again = client.post("/statistics/release", follow_redirects=True)
    assert "The answer is no longer there." in again.text
    assert len(list_releases(counted.context(ADVOCATE))) == 1


def test_nothing_asked_yet_offers_three_questions(counted: Founded) -> None:
    page = counted.client(ADVOCATE).get("/statistics").text
    assert page.count("Ask this") == 3
    assert "<table" not in page


def test_without_anything_to_count_the_page_says_what_would_help(founded: Founded) -> None:
    """No form, no number, whether there are none or a few."""
    log(founded, "1999-02", spvm=4)
    page = founded.client(ADVOCATE).get("/statistics").text
    assert "Not enough can be counted yet" in page
    assert "1999" not in page
    assert 'name="what"' not in page


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"what": "age_band:25_34"}, "what", "Choose “People” under “Count”."),
        ({"what": "reasons:warrant", "unit": "people"}, "what", "Choose “Incidents” under “Count”."),
        ({"by": "police_service"}, "by", "two different questions"),
        ({"what": "reasons:warrant", "by": "year"}, "by", "stands alone in its table"),
        ({"what": "patterns:"}, "what", "patterns cannot be released"),
        ({"last": "2024-Q4"}, "last", "Choose an end that does not come before the beginning."),
        ({"first": "yesterday"}, "first", "Choose one of the listed answers."),
        ({"what": "name:Naïma"}, "what", "Choose one of the listed answers."),
        ({"what": "police_service:nobody"}, "what", "Choose one of the listed answers."),
        ({"unit": "names"}, "unit", "Choose one of the listed answers."),
    ],
)
def test_a_question_that_cannot_be_asked_is_explained_at_its_field(
    counted: Founded, changed: dict[str, str], field: str, said: str
) -> None:
    """And nothing of the question is lost."""
    answer = counted.client(ADVOCATE).post("/statistics", data=QUESTION | {"first": "2025-Q2"} | changed)
    page = unescape(answer.text)
    assert answer.status_code == 422
    fault = page.partition(f'id="{field}-fault">')[2].partition("</span>")[0]
    assert said in fault
    assert "first" in changed or 'selected value="2025-Q2"' in page


def test_a_question_is_never_in_an_address(counted: Founded) -> None:
    """Asked by its address, nothing is asked."""
    page = counted.client(ADVOCATE).get("/statistics", query_string=QUESTION).text
    assert 'class="number"' not in page
    assert previewing.find_look(counted.context(ADVOCATE), None) is None


def test_only_what_the_first_release_counts_can_be_asked(counted: Founded) -> None:
    release(counted)
    page = counted.client(ADVOCATE).get("/statistics").text
    assert 'value="people"' not in page
    assert "Age band" not in page


def test_too_many_questions_say_when_to_ask_again(counted: Founded) -> None:
    counted.app.extensions["casework"] = replace(
        counted.runtime, limits=replace(counted.runtime.limits, previews_per_hour=1)
    )
    assert number_of(ask(counted))
    assert "Look again in 6" in ask(counted)


@pytest.mark.parametrize("path", ["/statistics", "/statistics/stop", "/statistics/release"])
def test_whoever_opens_cases_asks_elsewhere(counted: Founded, path: str) -> None:
    """The menu of a caseworker has no entry, and the address no answer."""
    client = counted.client(CASEWORKER)
    assert client.post(path, data=QUESTION).status_code == 403
    assert client.get("/statistics").status_code == 403
    assert 'href="/statistics"' not in client.get("/").text
    assert 'href="/statistics"' in counted.client(COORDINATOR).get("/").text


def test_stopped_there_is_no_answer(counted: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it goes on the page asks again by itself."""

    def last(_composed: object, _ledger: object, keep_going: object) -> None:
        while callable(keep_going):
            keep_going()
            time.sleep(0.01)

    monkeypatch.setattr(previewing, "protect", last)
    client = counted.client(ADVOCATE)
    client.post("/statistics", data=QUESTION)
    running = client.get("/statistics")
    assert running.headers["Refresh"] == "2"
    assert "<progress" in running.text
    stopped = client.post("/statistics/stop", follow_redirects=True)
    assert "Stopped." in stopped.text
    assert "Refresh" not in stopped.headers


@pytest.mark.parametrize("address", ["/cases", "/incidents", "/patterns", "/incidents/new"])
def test_numbers_open_no_record_to_an_advocate(counted: Founded, address: str) -> None:
    client = counted.client(ADVOCATE)
    assert client.get("/statistics").status_code == 200
    assert client.get(address).status_code == 403


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


def test_releases_lead_to_the_cases_of_who_withdrew_since(counted: Founded) -> None:
    """The day is not known: it says when it was written down. A coordinator's start page tells of it once."""
    client = counted.client(COORDINATOR)
    release_id = release(counted)
    assert "no longer agree to be counted" not in client.get("/releases").text
    assert "Consent withdrawn" not in client.get("/").text
    references = _withdraw(counted, 2)
    listed = client.get("/releases").text
    assert "People in 2 cases that it counts no longer agree to be counted." in listed
    assert f'href="/releases/{release_id}#withdrawn"' in listed
    page = client.get(f"/releases/{release_id}").text
    told = r'#withdrawn">%s</a> <span class="meta">day not known, written down '
    assert all(re.search(told % reference, page) for reference in references)
    assert "2 people no longer agree to be counted" in client.get("/").text
    assert "Consent withdrawn" not in counted.client(CASEWORKER).get("/").text


@pytest.mark.parametrize("how_many", [0, 4, 5])
def test_an_advocate_learns_of_no_few_who_withdrew(counted: Founded, how_many: int) -> None:
    """Up to the threshold the page is the same whoever withdrew, and whether anybody did."""
    release(counted)
    client = counted.client(ADVOCATE)
    before = client.get("/releases").text
    references = _withdraw(counted, how_many)
    after = client.get("/releases").text
    assert not [reference for reference in references if reference in after]
    assert ("People of 5 cases or more in it no longer agree" in after) is (how_many == 5)
    assert (_main(before) == _main(after)) is (how_many < 5)


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_a_released_number_stands_with_its_table_and_the_way_on(counted: Founded) -> None:
    """Also where what has changed since is protected, and no table of now can be shown."""
    release_id = release(counted, draft([("police_service",), ("police_level",)]))
    log(counted, spvm=2)
    page = ask(counted)
    assert number_of(page) == "2025: 20 incidents where the police service was “SPVM Montréal”."
    assert "Release 1 has this number" in page
    told = page.partition("What release 1 says")[2]
    assert cells_of(told)["SPVM Montréal"] == "20"
    assert cells_of(told)["All"] == "126"
    assert "It has more tables: Level of police" in re.sub(r"\s+", " ", told)
    assert f'href="/releases/{release_id}"' in told
    assert f'href="/releases/new?replaces={release_id.hex}"' in told


def test_a_look_is_called_no_publication(counted: Founded) -> None:
    """Above the table of now stands that it is not published; above that of the release that it is."""
    page = ask(counted)
    assert "For you, not published" in page.partition('<table class="protected">')[0]
    assert ">Published<" not in page
    release(counted)
    log(counted, spvm=12)
    page = ask(counted)
    head, _table, rest = page.partition('<table class="protected">')
    assert "Published" in head and "For you, not published" not in head
    assert "For you, not published" in rest.partition('<table class="protected">')[0]


@pytest.mark.parametrize("how_many", [0, 1, 4])
def test_what_few_cases_changed_since_a_release_is_not_even_said_to_be(
    counted: Founded, how_many: int
) -> None:
    """Else whoever asks one number after the other would find where somebody withdrew."""
    release(counted)
    before = _main(ask(counted))
    _withdraw(counted, how_many)
    assert _main(ask(counted)) == before
    assert "What few cases have changed since then, if any, is protected." in before
    assert "Counted now" not in before and "What can be shown" not in before
