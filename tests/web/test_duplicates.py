"""The list of people who probably stand in two cases, and what a member says of them."""

import re
from dataclasses import replace
from uuid import UUID

import pytest

from casework.domain.person import PersonIdentity
from casework.services.incidents import Logged
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.web.incidents import log, person

PATH = "/cases/same-people"


def _log(founded: Founded, name: str, team: frozenset[UUID] | None = None) -> Logged:
    identity = PersonIdentity(name=name, birth_date="1988-03-14", uci="1122-3344")
    return log(founded.context(CASEWORKER), replace(person(), identity=identity), team=team)


def _fields(page: str, deed: str) -> dict[str, str]:
    """The hidden fields of the first form that does this."""
    end = page.index(f'name="deed" value="{deed}"')
    form = page[page.rindex("<form", 0, end) : page.index("</form>", end)]
    names = "one|other|deed|case|was|cut"
    return dict(re.findall(rf'<input type="hidden" name="({names})" value="([^"]*)">', form))


def test_a_pair_is_linked_and_each_case_leads_to_the_other(founded: Founded) -> None:
    """The list shows both side by side; one answer links them, and it can be undone."""
    first, second = _log(founded, "Naïma Benali"), _log(founded, "Benali Naima")
    client = founded.client(CASEWORKER)
    page = client.get(PATH).text
    assert "One pair" in page
    assert "Naïma Benali" in page
    assert page.count("the same</") == 6
    answer = client.post(PATH, data=_fields(page, "same"), follow_redirects=True).text
    assert "One pair" not in answer
    for one, other in ((first, second), (second, first)):
        shown = client.get(f"/cases/{one.case_id}").text
        assert re.search(rf'Also in case <a href="/cases/{other.case_id}">{other.reference}</a>', shown)
    undone = client.post(PATH, data=_fields(answer, "undo"), follow_redirects=True).text
    assert "One pair" in undone
    assert "Also in case" not in client.get(f"/cases/{first.case_id}").text


def test_a_link_is_taken_off_on_the_page_of_the_case(founded: Founded) -> None:
    """Who sees there that it is somebody else says so, and stays with the case."""
    first, second = _log(founded, "Naïma Benali"), _log(founded, "Benali Naima")
    client = founded.client(CASEWORKER)
    client.post(PATH, data={"one": first.people[0].hex, "other": second.people[0].hex, "deed": "same"})
    page = client.get(f"/cases/{first.case_id}").text
    answer = client.post(PATH, data=_fields(page, "apart"))
    assert answer.headers["Location"] == f"/cases/{first.case_id}#person-{first.people[0].hex}"
    shown = client.get(f"/cases/{first.case_id}").text
    assert "Also in case" not in shown
    assert "Two different people: nobody is asked again." in shown
    assert "Nobody seems" in client.get(PATH).text


def test_a_link_over_a_third_is_taken_off_too_and_comes_back_with_the_undo(founded: Founded) -> None:
    """The page of the case says at once what was done, and its undo leads back there, with what was."""
    cases = [_log(founded, "Naïma Benali") for _ in range(3)]
    mine, third, other = cases
    client = founded.client(CASEWORKER)
    for one in (mine, other):
        data = {"one": one.people[0].hex, "other": third.people[0].hex, "deed": "same"}
        client.post(PATH, data=data, follow_redirects=True)
    path = f"/cases/{mine.case_id}"
    assert client.get(path).text.count("Also in case") == 2
    data = {
        "one": mine.people[0].hex,
        "other": other.people[0].hex,
        "deed": "apart",
        "case": mine.case_id.hex,
    }
    said = client.post(PATH, data=data, follow_redirects=True).text
    assert "Also in case" not in said and "was cut too" in said
    undone = client.post(PATH, data=_fields(said, "undo"), follow_redirects=True)
    assert undone.request.path == path
    assert "Taken back." in undone.text and undone.text.count("Also in case") == 2


@pytest.mark.parametrize("deed", ["same", "apart", "undo", "", "x"])
def test_nobody_decides_on_a_case_that_is_not_theirs(founded: Founded, deed: str) -> None:
    """A stranger to one of the two gets 404 whatever they say, and so does a deed that is none."""
    first, second = _log(founded, "Naïma Benali"), _log(founded, "Benali Naima", frozenset())
    data = {"one": first.people[0].hex, "other": second.people[0].hex, "deed": deed}
    assert founded.client(COLLEAGUE).post(PATH, data=data).status_code == 404
    assert "Nobody seems" in founded.client(COLLEAGUE).get(PATH).text
