"""The explorer's pages: exact numbers that lead to their incidents, filters, views, and what is wrong."""

import re
from dataclasses import replace
from html import unescape

import pytest
from werkzeug.test import TestResponse

from casework.analysis.funnel import Lag
from casework.domain.person import PersonFacts
from casework.services.context import Context
from casework.services.exploring import funnels, views
from casework.services.exploring.questions import Question
from casework.services.incidents import log_incident
from casework.store.views import SavedView
from casework.web.pathway_page import say_lag
from tests.services.exploring.deeds import kept, view_draft
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.charts import bars_of, numbers_of, read_svg, texts_of
from tests.support.counted import log_many
from tests.support.records import incident_draft, person_draft
from tests.support.tampering import update_raw
from tests.web.pages import find_token, text_of


@pytest.fixture
def counted(founded: Founded) -> Founded:
    """An organization with 7 incidents of one service and 2 of another."""
    log_many(founded.context(CASEWORKER), ["spvm"] * 7 + ["sq"] * 2)
    return founded


def ask(founded: Founded, path: str = "/explore", login: str = CASEWORKER, **fields: object) -> TestResponse:
    """Return a page of the explorer."""
    return founded.client(login).get(path, query_string=fields)


def cells_of(page: TestResponse) -> dict[str, list[str]]:
    """Return the numbers of the first exact table by their line's heading."""
    text = page.text
    table = text[text.index('<table class="protected exact') :]
    table = table[: table.index("</table>")]
    rows = re.findall(r'<tr[^>]*><th scope="row">(.*?)</th>(.*?)</tr>', table, re.S)
    cells = {head: re.findall(r"<td[^>]*>(.*?)</td>", line, re.S) for head, line in rows}
    return {
        head: [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in line]
        for head, line in cells.items()
    }


def test_numbers_are_exact_and_lead_to_their_incidents(counted: Founded) -> None:
    """Small ones too: who may open the cases may know."""
    page = ask(counted, show="police_service", by="")
    assert page.status_code == 200
    assert cells_of(page) == {"SPVM Montréal": ["7"], "Sûreté du Québec": ["2"], "All": ["9"]}
    link = unescape(re.findall(r'<td class="n[^"]*"><a href="([^"]+)">2</a>', page.text)[0])
    listed = counted.client(CASEWORKER).get(link)
    assert "2 incidents" in text_of(listed)
    assert listed.text.count('class="ref"') == 2


def test_a_first_look_asks_something(counted: Founded) -> None:
    """Contact groups by year, with a chart in two widths that says its numbers."""
    page = ask(counted)
    assert "Contact group, by year" in text_of(page)
    assert page.text.count("<svg") == 2
    assert page.text.count("<desc") == 2


def test_filters_drive_table_list_and_file_together(counted: Founded) -> None:
    """Each filter in force has the way to take it off."""
    page = ask(counted, show="contact_group", by="", police_service="sq")
    assert cells_of(page)["All"] == ["2"]
    assert page.text.count('class="tag off"') == 1
    for name in ("List the 2 incidents", "Take this list along as a file"):
        link = unescape(re.findall(rf'href="([^"]+)">{name}', page.text)[0])
        assert "police_service=sq" in link
        assert "2 incidents" in text_of(counted.client(CASEWORKER).get(link))


@pytest.mark.parametrize(
    ("unit", "all_of_them"), [("incidents", "9"), ("people", "9"), ("cases", "9"), ("referrals", "0")]
)
def test_every_unit_is_counted(counted: Founded, unit: str, all_of_them: str) -> None:
    """What nothing is of has no table."""
    page = ask(counted, show="police_service", by="", unit=unit)
    assert page.status_code == 200
    if all_of_them == "0":
        assert "0 referrals" in text_of(page) and "<table" not in page.text
    else:
        assert cells_of(page)["All"] == [all_of_them]


@pytest.mark.parametrize(
    ("share", "small", "large"), [("row", "–", "–"), ("column", "–", "–"), ("total", "–", "–")]
)
def test_no_per_cent_of_few(counted: Founded, share: str, small: str, large: str) -> None:
    """Nine are too few."""
    cells = cells_of(ask(counted, show="police_service", by="", share=share))
    assert cells["Sûreté du Québec"] == [f"2 {small}"]
    assert cells["SPVM Montréal"] == [f"7 {large}"]


def test_per_cents_are_of_what_was_chosen(counted: Founded) -> None:
    """Whole ones, of rows, of columns, of all."""
    log_many(counted.context(CASEWORKER), ["spvm"] * 23)
    cells = cells_of(ask(counted, show="police_service", by="", share="column"))
    assert cells["SPVM Montréal"] == ["30 94%"]
    assert cells["Sûreté du Québec"] == ["2 6%"]
    cells = cells_of(ask(counted, show="police_service", by="contact_group", share="row"))
    assert cells["SPVM Montréal"][-1] == "30 100%"
    assert cells["Sûreté du Québec"][-1] == "2 –"


def test_nearly_all_is_not_all(founded: Founded) -> None:
    """One of 201 that is missing shows, and is not none; on the pathway, and in its drawing, too."""
    context = founded.context(CASEWORKER)
    log_many(context, ["spvm"] * 200)
    draft = incident_draft()
    answers: dict[str, str | tuple[str, ...]] = {
        "police_service": "sq",
        "status_surfaced": ("officer_asked",),
    }
    log_incident(context, replace(draft, answers={**draft.answers, **answers}))
    cells = cells_of(ask(founded, show="police_service", by="", share="column"))
    assert cells["SPVM Montréal"] == ["200 over 99%"]
    assert cells["Sûreté du Québec"] == ["1 under 1%"]
    page = ask(founded, "/explore/pathway", show="police_service")
    assert cells_of(page)["All"][:2] == ["201", "1 under 1%"]
    assert "Status came up: 1, under 1%." in text_of(page)


def test_a_third_facet_stands_side_by_side(counted: Founded) -> None:
    """Each with its drawing and its table."""
    page = ask(counted, show="contact_group", by="year", panels="police_service")
    assert page.text.count('<table class="protected exact') == 2
    assert page.text.count("<svg") == 2


@pytest.mark.parametrize("by", ["year", "city"])
def test_what_stands_side_by_side_has_one_scale(founded: Founded, by: str) -> None:
    """An incident is as long in every drawing, whatever else is in it."""
    given = {
        "spvm": ("traffic_stop",) * 12 + ("fare_check",) * 3 + ("missing_person",),
        "sq": ("fare_check",) * 5,
    }
    for service, types in given.items():
        for at, contact in enumerate(types):
            answers = {
                "police_service": service,
                "contact_type": contact,
                "place": ("toronto", "laval")[at % 2],
            }
            log_incident(founded.context(CASEWORKER), replace(incident_draft(), answers=answers))
    page = ask(founded, show="contact_group", by=by, panels="police_service")
    units = set()
    for drawing in re.findall(r"<svg.*?</svg>", page.text, re.S):
        root = read_svg(drawing)
        longest = max(high if by == "year" else wide for wide, high in bars_of(root))
        units.add(round(longest / max(one for one in numbers_of(texts_of(root)) if one < 1000), 1))
    assert len(units) == 1


def test_panels_of_times_stand_in_their_order(counted: Founded) -> None:
    """Others stand with the largest first."""
    for written, count in (("2024-05", 2), ("2023-05", 3)):
        log_many(counted.context(CASEWORKER), ["spvm"] * count, written=written)
    page = ask(counted, show="contact_group", by="police_service", panels="year")
    years = re.findall(r"<h3[^>]*>\s*(20\d\d)", page.text)
    assert years[:3] == ["2023", "2024", "2025"]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"show": "nothing"}, "Choose one of the listed answers."),
        ({"show": "city", "by": "city"}, "Choose something else than what is shown already."),
        ({"show": "city", "panels": "year"}, "Choose first what to show it by."),
        ({"show": "city", "unit": "dogs"}, "Choose one of the listed answers."),
        ({"show": "city", "first": "soon"}, "Write the day as 2026-11-15."),
        ({"show": "city", "first": "2026-02-30"}, "Choose a day that this month has."),
        ({"show": "city", "first": "2026-13-01"}, "Write the day as 2026-11-15."),
        ({"show": "city", "first": "2026-02-01", "last": "2026-01-01"}, "Choose an end that"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(counted: Founded, fields: dict[str, str], fault: str) -> None:
    """And the filters that were chosen stay."""
    page = ask(counted, police_service="sq", **fields)
    assert page.status_code == 422
    assert fault in text_of(page)
    assert re.search(r'name="police_service" value="sq" checked', page.text)


def test_a_fault_does_not_widen_who_is_counted(founded: Founded) -> None:
    """Who agreed alone is asked for beside a day that cannot be read: nobody else is counted meanwhile."""
    log_many(founded.context(CASEWORKER), ["spvm"] * 7)
    nobody = replace(person_draft(), facts=PersonFacts())
    log_incident(founded.context(CASEWORKER), incident_draft(people=(nobody,)))
    whole = {"show": "contact_group", "by": ""}
    assert cells_of(ask(founded, **whole))["All"] == ["8"]
    page = ask(founded, agreed="1", first="soon", **whole)
    assert page.status_code == 422 and cells_of(page)["All"] == ["7"]


def test_a_code_that_is_none_narrows_nothing(counted: Founded) -> None:
    """As in the lists."""
    page = ask(counted, show="police_service", by="", contact_type="no_such_code", patterns="zzz")
    assert cells_of(page)["All"] == ["9"]


@pytest.mark.parametrize("path", ["/explore", "/explore/pathway", "/explore/incidents"])
def test_an_advocate_sees_no_exact_number(counted: Founded, path: str) -> None:
    """They have protected tables."""
    assert ask(counted, path, ADVOCATE).status_code == 403


def test_the_pathway_says_how_many_reach_each_step(counted: Founded) -> None:
    """By group; where no median is to be told there is no table of them."""
    page = ask(counted, "/explore/pathway", show="police_service")
    assert page.status_code == 200
    assert cells_of(page)["All"][0] == "9"
    assert "No step is dated to the day, with its contact, in 10 incidents or more." in text_of(page)
    assert page.text.count('<table class="protected exact') == 1
    assert ask(counted, "/explore/pathway", show="year").status_code == 422


def test_the_pathway_says_how_soon(counted: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all and of each group the median with its quartiles, and of how many; else that nothing is dated."""
    read, lag = funnels.ask_funnel, Lag((1.0, 2.5, 4.0), 12, 30)

    def ask_dated(context: Context, question: Question) -> funnels.Funnel:
        funnel = read(context, question)
        return replace(funnel, whole=tuple(replace(stage, since_start=lag) for stage in funnel.whole))

    monkeypatch.setattr(funnels, "ask_funnel", ask_dated)
    page = ask(counted, "/explore/pathway", show="police_service")
    table = page.text[page.text.rindex('<table class="protected exact') :]
    assert "2.5 (1–4)" in table and "12 of 30" in table
    assert "none dated to the day" in table


def test_no_median_is_told_of_fewer_than_ten(founded: Founded) -> None:
    """Nine days give none, ten do; how many are known is not told of nine either."""
    with founded.app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert say_lag(Lag((1.0, 2.0, 3.0), 9, 12)) == ("too few", "")
        assert say_lag(Lag((1.0, 2.0, 3.0), 10, 12)) == ("2 (1–3)", "10 of 12")
        assert say_lag(Lag(None, 0, 12)) == ("", "")


@pytest.mark.parametrize("path", ["/cases?who=all", "/incidents?who=all", "/explore/incidents"])
def test_a_list_says_what_its_squares_mean(counted: Founded, path: str) -> None:
    page = text_of(counted.client(COORDINATOR).get(path))
    assert "a full square is a step that was reached" in page


def test_a_view_is_kept_and_its_address_says_nothing(counted: Founded) -> None:
    """Neither what it asks, nor of what."""
    client = counted.client(CASEWORKER)
    page = client.get("/explore?show=police_service&by=&police_service=sq")
    fields = {"csrf_token": find_token(page.text), "name": "Only the SQ", "whose": "own", "page": "explore"}
    fields |= {"show": "police_service", "police_service": "sq"}
    answer = client.post("/explore/views", data=fields)
    assert re.fullmatch(r"/explore/views/[0-9a-f-]{36}", answer.headers["Location"])
    shown = client.get(answer.headers["Location"])
    assert cells_of(shown)["All"] == ["2"]
    assert "Only the SQ" in text_of(shown)
    assert "Only the SQ" not in text_of(ask(counted, login=COLLEAGUE))


def test_a_view_without_a_name_is_asked_about(counted: Founded) -> None:
    """Nothing of the question is lost."""
    client = counted.client(CASEWORKER)
    token = find_token(client.get("/explore").text)
    fields = {"csrf_token": token, "name": " ", "whose": "shared", "show": "city", "police_service": "sq"}
    page = client.post("/explore/views", data=fields | {"page": "explore"})
    assert page.status_code == 422
    assert "Give the view a name." in text_of(page)
    assert 'name="police_service" value="sq"' in page.text
    assert re.search(
        r'name="whose"[^>]* value="shared"|value="shared"[^>]*checked|checked[^>]*value="shared"', page.text
    )


def test_a_view_is_renamed_removed_and_brought_back(counted: Founded) -> None:
    """By who made it."""
    view_id = kept(counted, draft=view_draft())
    client = counted.client(CASEWORKER)
    page = client.get(f"/explore/views/{view_id}/edit")
    fields = {"csrf_token": find_token(page.text), "name": "Another name", "whose": "shared", "version": "1"}
    renamed = client.post(f"/explore/views/{view_id}/edit", data=fields, follow_redirects=True)
    assert "Another name" in text_of(renamed)
    gone = client.post(f"/explore/views/{view_id}/remove", data=fields, follow_redirects=True)
    assert "The view is removed." in text_of(gone)
    assert client.get(f"/explore/views/{view_id}").status_code == 404
    back = client.post(f"/explore/views/{view_id}/restore", data=fields, follow_redirects=True)
    assert "The view is back." in text_of(back)


def test_a_shared_view_is_changed_by_no_colleague(counted: Founded) -> None:
    """They see it, and no way to change it."""
    view_id = kept(counted, draft=view_draft())
    client = counted.client(COLLEAGUE)
    page = client.get(f"/explore/views/{view_id}")
    assert page.status_code == 200
    assert f"/explore/views/{view_id}/edit" not in page.text
    token = find_token(page.text)
    assert client.post(f"/explore/views/{view_id}/remove", data={"csrf_token": token}).status_code == 403
    assert counted.client(COORDINATOR).get(f"/explore/views/{view_id}/edit").status_code == 200


def test_a_changed_view_can_be_kept_over_itself(counted: Founded) -> None:
    """With what was changed since."""
    view_id = kept(counted, draft=view_draft())
    page = ask(counted, show="city", view=view_id.hex)
    assert "Keep the changes to “Tickets to detention”" in text_of(page)
    client = counted.client(CASEWORKER)
    fields = {"csrf_token": find_token(page.text), "name": "Tickets to detention", "whose": "shared"}
    fields |= {"page": "explore", "show": "city", "view": view_id.hex, "version": "1"}
    client.post("/explore/views", data=fields)
    assert "Incidents, by city" in text_of(client.get(f"/explore/views/{view_id}"))


def test_of_two_who_change_a_view_nobody_is_overwritten_unasked(counted: Founded) -> None:
    """The later one sees both versions; keeping theirs is one button."""
    view_id = kept(counted, draft=view_draft())
    mine, other = counted.client(CASEWORKER), counted.client(COORDINATOR)
    address = f"/explore/views/{view_id}/edit"
    page = mine.get(address)
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version
    fields = {"csrf_token": find_token(page.text), "whose": "shared", "version": version[1]}
    theirs = fields | {"name": "Of the coordinator"}
    assert other.post(address, data=theirs).status_code == 302
    lost = mine.post(address, data=fields | {"name": "Of the caseworker"})
    assert lost.status_code == 409
    assert "Of the coordinator" in lost.text and "Of the caseworker" in lost.text
    assert "Of the coordinator" in text_of(mine.get(f"/explore/views/{view_id}"))
    again = re.search(r'name="version" value="(\d+)"', lost.text)
    assert again
    open_again = mine.post(address, data=fields | {"name": "Both", "version": again[1], "resolve": "edit"})
    assert 'value="Both"' in open_again.text
    kept_mine = fields | {"name": "Of the caseworker", "version": again[1], "resolve": "mine"}
    assert mine.post(address, data=kept_mine).status_code == 302
    assert "Of the caseworker" in text_of(mine.get(f"/explore/views/{view_id}"))


def test_a_question_kept_over_a_view_that_changed_is_asked_about(counted: Founded) -> None:
    """What it asks stands there in words, of both."""
    view_id = kept(counted, draft=view_draft())
    page = ask(counted, show="city", view=view_id.hex)
    fields = {"csrf_token": find_token(page.text), "name": "Tickets to detention", "whose": "shared"}
    fields |= {"page": "explore", "show": "city", "view": view_id.hex, "version": "1"}
    views.keep_view(counted.context(COORDINATOR), replace(view_draft(), name="Another"), view_id, 1)
    client = counted.client(CASEWORKER)
    lost = client.post("/explore/views", data=fields)
    assert lost.status_code == 409
    assert "Incidents, by city" in text_of(lost)
    assert client.post("/explore/views", data=fields | {"version": "2", "resolve": "mine"}).status_code == 302
    assert "Incidents, by city" in text_of(client.get(f"/explore/views/{view_id}"))


def test_a_view_that_does_not_open_is_named_and_can_be_removed(counted: Founded) -> None:
    """By whose it is, since its name is sealed; the others stay."""
    broken, _sound = (
        kept(counted, draft=view_draft()),
        kept(counted, draft=replace(view_draft(), name="Sound")),
    )
    update_raw(SavedView.__table__, {"id": broken}, shared_sealed=b"?")  # type: ignore[arg-type]
    mine = text_of(ask(counted))
    assert "A view of yours for everybody does not open." in mine
    assert "Sound" in mine
    theirs = ask(counted, login=COLLEAGUE)
    assert "for everybody, by" in text_of(theirs) and "A coordinator can remove it." in text_of(theirs)
    client = counted.client(CASEWORKER)
    token = find_token(client.get("/explore").text)
    gone = client.post(f"/explore/views/{broken}/remove", data={"csrf_token": token}, follow_redirects=True)
    assert "does not open" not in text_of(gone)
    back = client.post(f"/explore/views/{broken}/restore", data={"csrf_token": token}, follow_redirects=True)
    assert back.status_code == 200 and "does not open" in text_of(back)
