"""The lists of cases and of incidents: filters, search, pages, and tagging several at once."""

import base64
import re
from html import unescape
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest

from casework.services import incidents, lists, patterns
from casework.services.incidents import Logged
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.web.incidents import log, person

LISTS = ("/cases", "/incidents")


def _references(page: str) -> list[str]:
    return re.findall(r'<td class="ref"><a [^>]*>([^<]+)</a>', page)


def _found(founded: Founded, path: str, login: str = CASEWORKER) -> list[str]:
    answer = founded.client(login).get(path)
    assert answer.status_code == 200
    return _references(answer.text)


def _searched(founded: Founded, path: str, login: str = CASEWORKER, **fields: str) -> list[str]:
    answer = founded.client(login).post(path, data=fields, follow_redirects=True)
    assert answer.status_code == 200
    return _references(answer.text)


@pytest.mark.parametrize("path", LISTS)
def test_mine_is_the_default(founded: Founded, path: str) -> None:
    """A list shows what the member logged, opened or is in the team of; everything is one choice away."""
    mine = log(founded.context(CASEWORKER))
    colleagues = log(founded.context(COLLEAGUE))
    shared = log(founded.context(COLLEAGUE), team=frozenset({founded.players[CASEWORKER].id}))
    assert set(_found(founded, path)) == {mine.reference, shared.reference}
    assert set(_found(founded, f"{path}?who=all")) == {mine.reference, colleagues.reference, shared.reference}


@pytest.mark.parametrize("path", LISTS)
def test_others_do_not_find_a_teams_case(founded: Founded, path: str) -> None:
    """A team-only case is in no list or search of somebody outside the team; coordinators see it."""
    hidden = log(founded.context(CASEWORKER), person("Xanthippe"), text="zibeline", team=frozenset())
    assert _found(founded, f"{path}?who=all", COLLEAGUE) == []
    for text in ("Xanthippe", "zibeline", hidden.reference):
        assert _searched(founded, path, COLLEAGUE, who="all", text=text) == []
        assert _searched(founded, path, COORDINATOR, who="all", text=text) == [hidden.reference]
    assert founded.client(ADVOCATE).get(path).status_code == 403


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("service=spl", {"laval"}),
        ("group=victim", {"laval"}),
        ("first=2026-05-01", {"may"}),
        ("last=2026-04-30", {"laval"}),
        ("first=2026-03-01&last=2026-05-31", {"laval", "may"}),
        ("first=2026-05-12&last=2026-05-12", {"may"}),
        ("service=spl&group=ticket", set()),
        ("first=2026-06-01&last=2026-01-01", set()),
        ("service=starfleet&group=%3Cb%3E&first=soon&pattern=x&page=zero", {"laval", "may", "undated"}),
        ("page=999999", {"laval", "may", "undated"}),
    ],
)
def test_filters_narrow_the_list(founded: Founded, path: str, query: str, wanted: set[str]) -> None:
    """Each filter narrows, together they narrow more; an answer that is none narrows nothing."""
    context = founded.context(CASEWORKER)
    logged = {
        "laval": log(context, date="2026-03", police_service="spl", contact_type="domestic_violence_call"),
        "may": log(context, date="2026-05-12"),
        "undated": log(context, date="unknown"),
    }
    assert set(_found(founded, f"{path}?{query}")) == {logged[name].reference for name in wanted}


@pytest.mark.parametrize("path", LISTS)
def test_a_filter_by_pattern(founded: Founded, path: str) -> None:
    """Only what carries the pattern is left, and the filter in force has the pattern's name."""
    context = founded.context(CASEWORKER)
    view = patterns.list_patterns(context)[0]
    tagged = log(context, patterns=(view.id,))
    log(context)
    page = founded.client(CASEWORKER).get(f"{path}?pattern={view.id.hex}").text
    assert _references(page) == [tagged.reference]
    assert re.search(rf'class="tag off" href="{path}">.*{re.escape(view.definition.name("en"))}', page)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("text", ["NAIMA", "naïma b", "Jean-talon PATROUILLE", "5550101", "w@example.org"])
def test_search_ignores_case_and_accents(founded: Founded, path: str, text: str) -> None:
    """Names, contact and narratives are found however they are typed; every word has to be there."""
    someone = person("Naïma B.")
    assert someone.identity is not None
    identity = type(someone.identity)(name="Naïma B.", phone="5550101", email="W@example.org")
    wanted = log(
        founded.context(CASEWORKER),
        type(someone)(identity=identity, facts=someone.facts, roles=someone.roles),
        text="Deux patrouilles, rue Jean‑Talon.",
    )
    log(founded.context(CASEWORKER), person("Wendell"), text="Somewhere else.")
    assert _searched(founded, path, text=text) == [wanted.reference]
    assert _searched(founded, path, text=f"{text} nowhere") == []


@pytest.mark.parametrize("path", LISTS)
def test_a_search_stands_in_no_address_that_others_can_read(founded: Founded, path: str) -> None:
    """The text is posted and leads to an address that only this session opens; a plain one is ignored."""
    wanted = log(founded.context(CASEWORKER), person("Naïma"))
    other = log(founded.context(CASEWORKER), person("Wendell"))
    client = founded.client(CASEWORKER)
    answer = client.post(path, data={"text": "Naïma", "service": "spvm"})
    assert answer.status_code == 302
    sealed = answer.location.partition("q=")[2]
    said = unquote(answer.location).encode() + base64.urlsafe_b64decode(sealed + "==")
    assert "Naïma".encode() not in said
    page = client.get(answer.location).text
    assert _references(page) == [wanted.reference]
    assert not re.search(r'(href|action)="[^"]*(Naïma|Na%C3|text=)', page)
    # The same member in another session, or somebody else: the address says nothing to them.
    assert other.reference in _found(founded, answer.location)
    assert other.reference in _found(founded, f"{path}?text=Na%C3%AFma")


@pytest.mark.parametrize("path", LISTS)
def test_filters_without_a_text_become_an_address(founded: Founded, path: str) -> None:
    """Posting only coded filters leads to an address that can be kept."""
    sent = {"text": "", "who": "all", "service": "spvm", "group": "ticket", "first": "2026-01-01", "last": ""}
    answer = founded.client(CASEWORKER).post(path, data=sent)
    assert answer.status_code == 302
    assert answer.location == f"{path}?who=all&first=2026-01-01&service=spvm&group=ticket"


@pytest.mark.parametrize("path", LISTS)
def test_a_long_list_has_pages(founded: Founded, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page holds so many lines, says which, and leads on; so does a search."""
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    monkeypatch.setattr("casework.web.filters.PAGE_SIZE", 2)
    logged = [log(founded.context(CASEWORKER), date=f"2026-05-1{day}").reference for day in range(5)]
    client = founded.client(CASEWORKER)
    page = client.get(path).text
    assert _references(page) == [logged[4], logged[3]]
    assert "1 to 2 of 5" in page
    assert f'href="{path}?page=2"' in page
    assert _references(client.get(f"{path}?page=3").text) == [logged[0]]
    searched = client.post(path, data={"text": "car", "page": "2"}, follow_redirects=True).text
    assert _references(searched) == [logged[2], logged[1]]
    following = re.search(rf'href="({path}[?]page=3&amp;q=[^"]+)"', searched)
    assert following and _references(client.get(unescape(following[1])).text) == [logged[0]]


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_list_says_what_would_help(founded: Founded, path: str) -> None:
    """Nothing logged, nothing of mine and nothing that fits are three different things."""
    client = founded.client(CASEWORKER)
    assert "Nothing is logged yet." in client.get(f"{path}?who=all").text
    log(founded.context(COLLEAGUE))
    assert "Show all cases" in client.get(path).text
    assert "Clear the filters" in client.get(f"{path}?who=all&service=spl").text


def _tag(founded: Founded, logged: list[Logged], pattern: UUID, deed: str, **more: Any) -> Any:
    sent = {"incident": [one.incident_id.hex for one in logged], "tag": pattern.hex, "deed": deed} | more
    follow = "text" in more
    return founded.client(CASEWORKER).post("/incidents/tag", data=sent, follow_redirects=follow)


def _carrying(founded: Founded, pattern: UUID) -> set[UUID]:
    page = lists.list_incidents(founded.context(CASEWORKER), lists.Filter(mine=False, pattern=pattern))
    return {line.id for line in page.lines}


@pytest.mark.parametrize("deed", ["add", "remove"])
def test_tagging_several_and_undoing_just_those_that_changed(founded: Founded, deed: str) -> None:
    """Of three incidents two change; undo reverses these two and leaves the third as it was."""
    context = founded.context(CASEWORKER)
    pattern = patterns.list_patterns(context)[0].id
    with_it, without = (pattern,), ()
    first, second = log(context, patterns=with_it), log(context, patterns=without)
    third = log(context, patterns=without if deed == "add" else with_it)
    before = _carrying(founded, pattern)
    client = founded.client(CASEWORKER)
    every = [one.incident_id.hex for one in (first, second, third)]
    answer = client.post("/incidents/tag", data={"incident": every, "tag": pattern.hex, "deed": deed})
    assert answer.location == "/incidents"
    assert len(_carrying(founded, pattern)) == (3 if deed == "add" else 0)
    page = client.get("/incidents").text
    assert "2 incidents changed." in page
    undo = page[page.rindex("<form", 0, page.index('name="undo"')) : page.index("Undo</button>")]
    sent = [(name, value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', undo)]
    assert len([name for name, _value in sent if name == "incident"]) == 2
    back: dict[str, list[str]] = {}
    for name, value in sent:
        back.setdefault(name, []).append(value)
    assert client.post("/incidents/tag", data=back).status_code == 302
    assert _carrying(founded, pattern) == before
    page = client.get("/incidents").text
    assert "2 incidents are as before." in page
    assert 'name="undo"' not in page


def test_tagging_keeps_the_list_as_it_was_filtered(founded: Founded) -> None:
    """After tagging one is back in the same list, be it filtered or searched."""
    pattern = patterns.list_patterns(founded.context(CASEWORKER))[0].id
    one = log(founded.context(CASEWORKER), person("Naïma"))
    log(founded.context(CASEWORKER), person("Wendell"))
    assert _tag(founded, [one], pattern, "add", who="all", service="spvm").location == (
        "/incidents?who=all&service=spvm"
    )
    searched = _tag(founded, [one], pattern, "remove", text="naima")
    assert _references(searched.text) == [one.reference]
    assert "One incident changed." in searched.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"incident": []}, "Tick the incidents first."),
        ({"tag": ""}, "Choose a pattern."),
        ({"incident": [UUID(int=n).hex for n in range(51)]}, "Tick only what one page"),
    ],
)
def test_what_is_missing_for_tagging_is_said(founded: Founded, sent: dict[str, Any], said: str) -> None:
    """Nothing ticked, no pattern or too many: nothing changes, and a sentence says why."""
    pattern = patterns.list_patterns(founded.context(CASEWORKER))[0].id
    one = log(founded.context(CASEWORKER))
    client = founded.client(CASEWORKER)
    fields = {"incident": [one.incident_id.hex], "tag": pattern.hex, "deed": "add"} | sent
    assert client.post("/incidents/tag", data=fields).status_code == 302
    assert said in client.get("/incidents").text
    assert _carrying(founded, pattern) == set()


def test_a_retired_pattern_is_not_set(founded: Founded) -> None:
    """A pattern that is no longer in use is refused in words."""
    context = founded.context(COORDINATOR)
    view = patterns.list_patterns(context)[0]
    retired = type(view.definition)(name_en=view.definition.name_en, status="retired")
    patterns.change_pattern(context, view.id, view.version, retired)
    one = log(founded.context(CASEWORKER))
    assert _tag(founded, [one], view.id, "add").status_code == 302
    assert _carrying(founded, view.id) == set()


def test_one_strangers_incident_stops_the_whole_deed(founded: Founded) -> None:
    """Where one of the ticked incidents is not the member's to know, nothing is tagged at all."""
    pattern = patterns.list_patterns(founded.context(CASEWORKER))[0].id
    mine = log(founded.context(CASEWORKER))
    theirs = log(founded.context(COLLEAGUE), team=frozenset())
    assert _tag(founded, [mine, theirs], pattern, "add").status_code == 404
    assert incidents.get_incident(founded.context(CASEWORKER), mine.incident_id).facts.patterns == ()
    made_up = {"incident": [mine.incident_id.hex], "tag": UUID(int=7).hex, "deed": "add"}
    assert founded.client(CASEWORKER).post("/incidents/tag", data=made_up).status_code == 404
    assert founded.client(ADVOCATE).post("/incidents/tag", data=made_up).status_code == 403


@pytest.mark.parametrize("path", LISTS)
def test_what_is_in_no_statistics_is_marked_in_words(founded: Founded, path: str) -> None:
    """A case of which only a part counts says so; of its incidents each says it for itself."""
    context = founded.context(CASEWORKER)
    log(context, person("Abel"))
    log(context, person("Bea", statistics="refused"))
    both = log(context, person("Cleo"))
    log(context, person("Dov", statistics="not_asked"), case_id=both.case_id)
    page = founded.client(CASEWORKER).get(path).text
    rows = {name: row for row in page.split("<tr>") for name in ("Abel", "Bea", "Cleo", "Dov") if name in row}
    assert "in statistics" not in rows["Abel"]
    assert ">not in statistics<" in rows["Bea"]
    partly = ">partly in statistics<" if path == "/cases" else ">not in statistics<"
    assert partly in rows["Dov"]
    assert ("in statistics" in rows["Cleo"]) is (path == "/cases")
