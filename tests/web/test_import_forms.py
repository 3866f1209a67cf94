"""The forms of an import where they are old: a second tab, another sheet, a session that is over."""

import re
import time
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.services import drafts
from casework.services.importing import remembering
from casework.services.signing_in import sessions
from casework.store.uploads import UploadPiece
from casework.store.volatilestore import list_records
from tests.services.importing.lists import TWO_SHEETS, write_xlsx
from tests.support.application import COORDINATOR, Founded
from tests.web.pages import text_of
from tests.web.test_importing import address, fill, name_of, send, work_off

ASKED = "Date;Consent statistics\n" + "".join(
    f"2021-05-{day:02};{said}\n"
    for day, said in enumerate(["oui", "oui", "bof", "bof", "x", "non merci", "Bof", "x  ", "non"], start=1)
)


def ask(client: FlaskClient, content: str = ASKED) -> TestResponse:
    """Send a list, and come to its answers."""
    page = send(client, content.encode())
    said = fill(page, contact_type="street_check", police_service="spvm")
    return client.get(client.post(page.request.path, data=said).location)


def order_of(page: TestResponse) -> list[str]:
    """Return the names of the fields in their order."""
    return [name for name in fill(page) if name.startswith("answer_")]


def test_no_answer_moves_a_line_or_names_another(founded: Founded) -> None:
    """What needs an answer stands first by what is in the file; a field is named by its value."""
    client = founded.client(COORDINATOR)
    answers = ask(client)
    told = text_of(answers)
    lines = [told.index(f"{one} to answer") for one in ("bof", "x", "non merci")]
    assert sorted(lines) == lines and lines[-1] < told.index("oui 2")
    said = {name_of(answers, "non merci"): "refused", name_of(answers, "bof"): "not_asked"}
    client.post(answers.request.path, data=fill(answers, **said))
    again = client.get(answers.request.path)
    assert order_of(again) == order_of(answers)
    assert fill(again)[name_of(answers, "non merci")] == "refused"
    assert 'autocomplete="off"' in again.text


def test_an_older_tab_is_not_taken_for_the_newest(founded: Founded) -> None:
    """It is told so, with what it chose, value by value; sent again, it is taken."""
    client = founded.client(COORDINATOR)
    older = ask(client)
    refused, bof = name_of(older, "non merci"), name_of(older, "bof")
    newer = fill(older, **{refused: "refused"})
    assert client.post(older.request.path, data=newer).status_code == 302
    assert client.post(older.request.path, data=newer).status_code == 302
    late = client.post(older.request.path, data=fill(older, **{bof: "given"}))
    assert late.status_code == 422 and "This list was changed since this page was opened" in late.text
    assert (fill(late)[bof], fill(late)[refused]) == ("given", "park")
    assert fill(client.get(older.request.path))[refused] == "refused"
    assert client.post(older.request.path, data=fill(late)).status_code == 302


def test_answers_of_a_column_that_became_something_else_are_not_taken(founded: Founded) -> None:
    """An older page of answers says nothing of the new question."""
    client = founded.client(COORDINATOR)
    older = ask(client)
    columns = client.get(address(older, "/columns"))
    other = fill(columns) | {name_of(columns, "Consent statistics"): "consent_story"}
    client.post(columns.request.path, data=other)
    said = {name: "given" for name in order_of(older)}
    late = client.post(older.request.path, data=fill(older, **said))
    assert late.status_code == 422
    assert fill(late)[name_of(late, "bof")] == "park"


def test_columns_of_another_sheet_are_not_taken(founded: Founded) -> None:
    """Whatever stands at the same place there; the page shows the sheet that was chosen since."""
    client = founded.client(COORDINATOR)
    older = send(client, write_xlsx(**TWO_SHEETS), "liste.xlsx")
    client.post(address(older, "/sheet"), data={"sheet": "1"})
    before = fill(client.get(older.request.path))
    late = client.post(older.request.path, data=fill(older, contact_type="street_check"))
    assert late.status_code == 422 and "Another sheet was chosen" in late.text
    assert fill(late) == before == fill(client.get(older.request.path))


def test_what_was_chosen_is_kept_when_the_screen_locks(founded: Founded) -> None:
    """As a draft that opens in the form; the draft goes when it is saved."""
    client = founded.client(COORDINATOR)
    answers = ask(client)
    refused = name_of(answers, "non merci")
    cookie = client.get_cookie(founded.app.config["MEMBER_COOKIE"])
    assert cookie is not None
    sessions.lock(cookie.value)
    answer = client.post(answers.request.path, data=fill(answers, **{refused: "refused"}))
    assert answer.location == "/unlock?kept=1"
    back = founded.client(COORDINATOR)
    [draft] = drafts.list_drafts(founded.context())
    assert "The answers of a list" in text_of(back.get("/"))
    assert "There is a draft of this." in text_of(back.get(answers.request.path))
    resumed = back.get(back.get(f"/drafts/{draft.id}").location)
    assert fill(resumed)[refused] == "refused"
    assert back.post(answers.request.path, data=fill(resumed)).status_code == 302
    assert drafts.list_drafts(founded.context()) == []


def test_columns_that_came_too_late_are_given_back(founded: Founded) -> None:
    """Where there is no session at all any more, on the page that says so."""
    client = founded.client(COORDINATOR)
    page = send(client, ASKED.encode())
    said = fill(page, contact_type="street_check", basis="Chacune l’a dit, " * 5)
    client.post("/sign-out")
    answer = client.post(page.request.path, data=said)
    assert answer.status_code == 401 and "Chacune l’a dit" in unescape(answer.text)
    assert f'name="{name_of(page, "Date")}"' in answer.text


def test_a_draft_of_a_list_that_is_gone_goes_too(founded: Founded) -> None:
    """It could be put nowhere; the page says what to do."""
    client = founded.client(COORDINATOR)
    page = send(client, ASKED.encode())
    upload_id = address(page, "").rpartition("/")[2]
    kept = client.post(f"/drafts?kind=import_columns&upload_id={upload_id}", data=fill(page))
    client.post(address(page, "/discard"))
    resumed = client.get(client.get(kept.location).location, follow_redirects=True)
    assert "Send the file again." in text_of(resumed)
    assert drafts.list_drafts(founded.context()) == []


def test_what_came_in_leads_to_its_batch(founded: Founded) -> None:
    """Back, reload, or a second tab: whatever page of the list is asked for."""
    client = founded.client(COORDINATOR)
    answers = ask(client)
    check = client.post(answers.request.path, data=fill(answers)).location
    while (tried := client.get(check)).headers.get("Refresh"):
        time.sleep(0.05)
    batch = client.post(address(tried, "/begin")).location
    assert client.post(address(tried, "/begin")).location == batch
    assert client.get(check).location == batch
    work_off(founded)
    for page in ("/columns", "/answers", "/check", "/refused.csv"):
        assert client.get(address(tried, page)).location == batch
    assert client.post(address(tried, "/begin")).location == batch


def test_what_came_in_can_still_be_remembered_and_says_what_was_refused(founded: Founded) -> None:
    """On the page of the batch, to whoever sent it; the rows themselves are gone."""
    client = founded.client(COORDINATOR)
    answers = ask(client, "Date;Nom\n2021-05-03;Ana\njeudi;Luz\n2021-05-05;Kim\n")
    check = client.post(answers.request.path, data=fill(answers)).location
    while (tried := client.get(check)).headers.get("Refresh"):
        time.sleep(0.05)
    beside = tried.text.partition("Bring these rows in")[2].partition("</div>")[0]
    assert "Remember the mapping" in beside and 'name="name" value="liste"' in beside
    batch = client.post(address(tried, "/begin")).location
    work_off(founded)
    page = client.get(batch)
    assert "“jeudi” cannot be read as a date." in text_of(page)
    answer = client.post(address(tried, "/remember"), data={"name": "Mai"}, follow_redirects=True)
    assert answer.request.path == batch and "Remembered." in answer.text
    [kept] = remembering.list_mappings(founded.context())
    assert (kept.name, kept.plan.source) == ("Mai", "")
    assert list_records(UploadPiece) == []
    assert "You are working on" not in client.get("/imports").text


def test_what_was_taken_out_is_not_taken_out_again(founded: Founded) -> None:
    """Another tab that asks for it again is told so; a case that stayed is told of in the list of lists."""
    client = founded.client(COORDINATOR)
    answers = ask(client, "Date;Nom\n2021-05-03;Ana\n2021-05-04;Luz\n")
    check = client.post(answers.request.path, data=fill(answers)).location
    while (tried := client.get(check)).headers.get("Refresh"):
        time.sleep(0.05)
    batch = client.post(address(tried, "/begin")).location
    work_off(founded)
    [case, _other] = re.findall(r'href="(/cases/[^"]+)"', client.get(batch).text.partition("<main")[2])[:2]
    client.post(f"{case}/follow-ups/new", data={"kind": "note", "title": "", "words": "Rappelée."})
    assert "It stays, unless you say otherwise." in text_of(client.get(f"{batch}/undo"))
    client.post(f"{batch}/undo")
    work_off(founded)
    assert "taken out, but for one case" in text_of(client.get("/imports"))
    again = client.post(f"{batch}/undo", follow_redirects=True)
    assert "It was taken out already." in again.text and "Refresh" not in again.headers
