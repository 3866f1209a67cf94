"""Follow-ups in the pages: quick to add, nothing lost, back to where one was; the clock of a detention."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from casework.services import cases, drafts
from casework.services.followups.reading import CaseFollowUps, FollowUpView, read_follow_ups
from casework.services.followups.writing import add_follow_up
from casework.services.incidents import Logged
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import detention_draft, review_draft, task_draft
from tests.web.incidents import log, parse_all, parse_form, person, read_form


def _text(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def _read(founded: Founded, logged: Logged) -> CaseFollowUps:
    return read_follow_ups(founded.context(CASEWORKER), logged.case_id)


def _only(founded: Founded, logged: Logged) -> FollowUpView:
    found = _read(founded, logged)
    (view,) = [*found.ahead, *found.past]
    return view


def _case(founded: Founded) -> Logged:
    return log(founded.context(CASEWORKER), person("Zoë", "driver"))


def _ago(founded: Founded, hours: float) -> str:
    local = founded.runtime.now().astimezone(founded.runtime.timezone) - timedelta(hours=hours)
    return local.strftime("%Y-%m-%dT%H:%M")


def test_a_note_that_came_too_late_keeps_its_words(founded: Founded) -> None:
    """The screen had locked: all that was written is there after the next sign-in."""
    logged, client = _case(founded), founded.client(CASEWORKER)
    client.post("/lock")
    sent = {"kind": "call", "precision": "day", "day": "2026-11-02", "words": "She called back."}
    client.post(f"/cases/{logged.case_id}/follow-ups/new", data=sent)
    later = founded.client(CASEWORKER)
    draft = drafts.list_drafts(founded.context(CASEWORKER))[0]
    assert "She called back." in later.get(f"/drafts/{draft.id}", follow_redirects=True).text


def test_a_note_is_added_from_the_page_of_the_case(founded: Founded) -> None:
    """The short form needs only words; one lands where the note stands, with the way to take it back."""
    logged, client = _case(founded), founded.client(CASEWORKER)
    page = f"/cases/{logged.case_id}"
    answer = client.post(f"{page}/follow-ups/new", data={"kind": "call", "precision": "day",
        "day": founded.runtime.today().isoformat(), "words": "She called back.\nTwice."})  # fmt: skip
    assert answer.location == f"{page}#follow-ups"
    shown = client.get(page)
    assert "She called back.\nTwice." in shown.text and "Recorded." in _text(shown.text)
    view = _only(founded, logged)
    assert (view.facts.kind, view.facts.when.is_exact) == ("call", False)
    undo = {"deed": "", "kind": "call"}
    assert client.post(f"{page}/follow-ups/{view.id}/delete", data=undo).location == f"{page}#follow-ups"
    gone = _text(client.get(page).text)
    assert "She called back." not in gone and "Deleted." in gone
    client.post(f"{page}/follow-ups/{view.id}/delete", data={"deed": "restore"})
    assert "She called back." in client.get(page).text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"due_day": "tomorrow"}, "due_day"),
        ({"due_day": "", "due_time": "09:00"}, "due_day"),
        ({"due_time": "nine"}, "due_time"),
        ({"assigned_to": "everybody"}, "assigned_to"),
        ({"assigned_to": UUID(int=9).hex}, "assigned_to"),
        ({"person": UUID(int=9).hex}, "person"),
        ({"kind": "hearing", "due_day": "", "due_time": ""}, "due_day"),
        ({"title": "x" * 201}, "title"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_lost(
    founded: Founded, changed: dict[str, str], field: str
) -> None:
    """The whole form comes back as it was filled, the fault beside its field."""
    logged, client = _case(founded), founded.client(CASEWORKER)
    path = f"/cases/{logged.case_id}/follow-ups/new"
    sent = {"kind": "task", "title": "Ask for it", "due_day": "2026-12-01", "due_time": "09:00",
            "words": "By e-mail, & by phone.", "rule": "s. 44"} | changed  # fmt: skip
    answer = client.post(path, data=sent)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    kept = parse_form(answer.text)
    for name in ("title", "due_day", "due_time", "words", "rule", "kind"):
        assert kept[name] == [sent[name]], name
    assert _read(founded, logged).ahead == []


def test_a_detention_is_recorded_with_little(founded: Founded) -> None:
    """Somebody alone in a case is chosen already, today too; where and when exactly can come later."""
    logged, client = _case(founded), founded.client(CASEWORKER)
    path = f"/cases/{logged.case_id}"
    form = read_form(client, f"{path}/detentions/new")
    zoe = cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0].id
    assert (form["person"], form["day"]) == ([zoe.hex], [founded.runtime.today().isoformat()])
    assert client.post(f"{path}/detentions/new", data=form).location == f"{path}#clocks"
    shown = _text(client.get(path).text)
    assert "First review of the detention Zoë, detained since" in shown
    assert "Counted from the earliest possible time" in shown
    assert "s. 57. A reminder, no legal advice." in shown
    assert "Record the review" in shown


def test_the_clock_says_how_long_there_is_left(founded: Founded) -> None:
    """In words beside the exact time; late it says so, and not by colour alone."""
    logged, client, context = _case(founded), founded.client(CASEWORKER), founded.context(CASEWORKER)
    path = f"/cases/{logged.case_id}"
    detention = add_follow_up(context, logged.case_id, detention_draft(_ago(founded, 16.5)))
    due = datetime.fromisoformat(_ago(founded, -31.5))
    shown = _text(client.get(path).text)
    assert f"Due by {due:%a, %b} {due.day}, " in shown.replace("Sept", "Sep")
    assert "in 31 hours." in shown and "31 h left" in shown and "Overdue" not in shown
    late = log(founded.context(CASEWORKER), person("Abel", "driver"))
    add_follow_up(context, late.case_id, detention_draft(_ago(founded, 76.5)))
    shown = _text(client.get(f"/cases/{late.case_id}").text)
    assert "Overdue: it was due by" in shown and "28 hours ago. No result is recorded." in shown
    today = _text(client.get("/").text)
    assert "A review of detention is overdue." in today
    assert today.count("Detention review overdue") == 1 and ">Overdue<" not in today
    assert today.index("28 h late") < today.index("Next 48 hours") < today.index("in 31 hours")
    add_follow_up(context, logged.case_id, review_draft(detention, _ago(founded, 1)))
    shown = _text(client.get(path).text)
    assert "Second review of the detention" in shown and "in 6 days." in shown


def test_a_review_and_a_release_are_recorded(founded: Founded) -> None:
    """A review moves the clock, a release ends it; what is missing is named."""
    logged, client, context = _case(founded), founded.client(CASEWORKER), founded.context(CASEWORKER)
    detention = add_follow_up(context, logged.case_id, detention_draft(_ago(founded, 40)))
    path = f"/cases/{logged.case_id}/detentions/{detention}"
    form = read_form(client, f"{path}/review")
    answer = client.post(f"{path}/review", data=form)
    assert answer.status_code == 422 and 'id="outcome-fault"' in answer.text
    done = form | {"outcome": ["kept_detained"], "time": ["00:00"], "words": ["No address yet."]}
    assert client.post(f"{path}/review", data=done).location == f"/cases/{logged.case_id}#clocks"
    (clock,) = _read(founded, logged).clocks
    assert clock.due.number == 2
    assert ", 12:00\u202fAM" in client.get(f"/cases/{logged.case_id}").text.replace("\u00a0", "\u202f")
    before = read_form(client, f"{path}/review") | {"outcome": ["kept_detained"], "day": ["2020-01-01"]}
    answer = client.post(f"{path}/review", data=before)
    assert answer.status_code == 422 and "This is before the detention." in answer.text
    form = read_form(client, f"{path}/release")
    assert client.post(f"{path}/release", data=form).location == f"/cases/{logged.case_id}#clocks"
    assert _read(founded, logged).clocks == []
    assert "Record the review" not in client.get(f"/cases/{logged.case_id}").text


@pytest.mark.parametrize(
    ("parts", "kept", "field"),
    [
        ({"precision": "month", "month": "5", "year": "2026"}, "2026-05", ""),
        ({"precision": "year", "year": "2025"}, "2025", ""),
        ({"precision": "month", "month": "", "year": "2026"}, "", "month"),
        ({"precision": "year", "year": "25"}, "", "year"),
        ({"precision": "unknown"}, "", "precision"),
        ({"precision": "year", "year": "2199"}, "", "year"),
        ({"precision": "day", "day": "2099-01-01"}, "", "day"),
        ({"precision": "day", "time": "25:00"}, "", "time"),
    ],
)
def test_a_vague_date_stays_vague(founded: Founded, parts: dict[str, str], kept: str, field: str) -> None:
    """What is not known is not made up; a fault stands at the part of the date that is in sight."""
    logged, client = _case(founded), founded.client(CASEWORKER)
    path = f"/cases/{logged.case_id}/detentions/new"
    answer = client.post(path, data=read_form(client, path) | {name: [text] for name, text in parts.items()})
    if kept:
        assert _only(founded, logged).facts.when.encode() == kept
    else:
        assert answer.status_code == 422
        assert f'id="{field}-fault"' in answer.text


def test_a_change_meets_another(founded: Founded) -> None:
    """The slower one sees both texts, keeps theirs in the form, and can save them together."""
    logged, client = _case(founded), founded.client(CASEWORKER)
    task = add_follow_up(founded.context(CASEWORKER), logged.case_id, task_draft("Ask"))
    path = f"/cases/{logged.case_id}/follow-ups/{task}"
    mine, theirs = read_form(client, path), read_form(founded.client(COLLEAGUE), path)
    assert (mine["title"], mine["due_day"], mine["due_time"]) == (["Ask"], ["2026-11-26"], ["14:05"])
    founded.client(COLLEAGUE).post(path, data=theirs | {"title": ["Ask by phone"]})
    answer = client.post(path, data=mine | {"title": ["Ask by letter"]})
    assert answer.status_code == 409
    assert "Ask by phone" in answer.text and "Ask by letter" in answer.text
    again = parse_all(answer.text) | {"resolve": ["edit"]}
    page = client.post(path, data=again)
    assert page.status_code == 200 and "Both versions" in page.text
    assert parse_form(page.text)["title"] == ["Ask by letter"]
    saved = parse_form(page.text) | {"title": ["Ask by phone and letter"]}
    assert client.post(path, data=saved).location == f"/cases/{logged.case_id}#follow-up-{task.hex}"
    view = _only(founded, logged)
    assert (view.texts.title, view.version) == ("Ask by phone and letter", 3)


def test_ticking_off_on_the_start_page_stays_there(founded: Founded) -> None:
    """With the way back; a coordinator sees everybody's where they ask for it."""
    logged, client = _case(founded), founded.client(CASEWORKER)
    due = founded.runtime.today().isoformat()
    task = add_follow_up(founded.context(CASEWORKER), logged.case_id, task_draft("Ask for it", due))
    assert "Ask for it" in client.get("/").text
    assert "Ask for it" not in founded.client(COORDINATOR).get("/").text
    everybodys = founded.client(COORDINATOR).get("/?who=all").text
    assert "Ask for it" in everybodys and "Ines" in everybodys
    assert "Show everybody" not in client.get("/?who=all").text
    path = f"/cases/{logged.case_id}/follow-ups/{task}/done"
    assert client.post(path, data={"deed": "done", "back": "today"}).location == "/"
    page = client.get("/").text
    assert "Ticked off." in page and "Ask for it" not in page
    client.post(path, data={"deed": "reopen", "back": "today"})
    assert "Ask for it" in client.get("/").text


def test_a_form_is_kept_as_a_draft_and_taken_up_again(founded: Founded) -> None:
    """With its kind, from the start page; saved, the draft is gone."""
    logged, client = _case(founded), founded.client(CASEWORKER)
    path = f"/cases/{logged.case_id}/follow-ups/new"
    sent = {"kind": "hearing", "title": "Half a heari", "save_draft": "1"}
    resumed = client.get(client.post(path, data=sent).location, follow_redirects=True)
    fields = parse_form(resumed.text)
    assert (fields["kind"], fields["title"]) == (["hearing"], ["Half a heari"])
    assert "A follow-up" in client.get("/").text
    done = {name: fields.get(name, [""]) for name in ("kind", "draft", "earlier", "csrf_token")}
    client.post(path, data=done | {"title": ["Half a hearing"], "due_day": ["2026-12-01"]})
    assert _only(founded, logged).facts.kind == "hearing"
    assert "Resume" not in client.get("/").text
