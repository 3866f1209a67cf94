"""The import in the browser: file, columns, answers, dry run, list, undo; without a script."""

import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug import formparser
from werkzeug.test import TestResponse

from casework.services.context import Context
from casework.services.importing import grouping, uploads
from casework.services.importing.sentlist import Upload
from casework.services.importing.wizard import import_some
from tests.services.importing.lists import TWO_SHEETS, write_list, write_xlsx
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.web.pages import text_of


def post_file(
    client: FlaskClient, content: bytes, name: str = "liste.csv", path: str = "/imports/file"
) -> TestResponse:
    """Post a file; the client would put a large one into a temporary file of its own."""
    head = f'--end\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--end--\r\n"
    return client.post(path, data=body, content_type="multipart/form-data; boundary=end")


def send(client: FlaskClient, content: bytes, name: str = "liste.csv") -> TestResponse:
    """Send a file, and wait until it is read."""
    answer = post_file(client, content, name)
    while (page := client.get(answer.location)).headers.get("Refresh"):
        time.sleep(0.05)
    return page


def address(page: TestResponse, end: str) -> str:
    """Return an address of the list that a page belongs to."""
    return page.request.path.rpartition("/")[0] + end


def fill(page: TestResponse, **changes: str) -> dict[str, str]:
    """Return what the form of a page holds, with changes."""
    main = page.text.partition("<main")[2]
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', main))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', main, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        fields[name] = chosen[1] if chosen else ""
    for unticked in ("park_dates", "counted_days", "keeps_rest"):
        fields.pop(unticked, None)
    return fields | {"order": "day_first"} | changes


def name_of(page: TestResponse, label: str) -> str:
    """Return the name of the field that has this label."""
    found: list[str] = re.findall(rf'for="([^"]+)">{re.escape(label)}<', page.text)
    [name] = found
    return name


def work_off(founded: Founded) -> None:
    """Do what the background would."""
    while import_some(founded.context()):
        pass


def test_a_list_from_file_to_undo(founded: Founded) -> None:
    """Each step leads to the next, and nothing needs a script."""
    client = founded.client(COORDINATOR)
    page = send(client, write_list())
    told = text_of(page)
    assert "This is a guess" in told and "25/12/2020" in told
    missing = client.post(page.request.path, data=fill(page))
    assert missing.status_code == 422
    assert "Choose an answer for every row, or a column that has it." in missing.text
    answer = client.post(page.request.path, data=fill(missing, contact_type="street_check"))
    answers = client.get(answer.location)
    assert text_of(answers).index("garde du métro") < text_of(answers).index("SPVM")
    answer = client.post(answers.request.path, data=fill(answers))
    check = client.get(answer.location)
    assert "3 rows" in text_of(check) and "“jeudi” cannot be read as a date." in text_of(check)
    refused = client.get(address(check, "/refused.csv"))
    assert refused.data.decode("utf-8-sig").splitlines()[1:] == ["5,Date,“jeudi” cannot be read as a date."]
    client.post(address(check, "/remember"), data={"name": "Mardi"})
    batch = client.post(address(check, "/begin")).location
    assert client.get(batch).headers["Refresh"]
    work_off(founded)
    page = client.get(batch)
    assert "Refresh" not in page.headers
    assert "What came in" in page.text and "Summer 2020" in page.text
    assert "A remembered mapping fits" in text_of(send(client, write_list()))
    assert "go for good" in client.get(f"{batch}/undo").text
    client.post(f"{batch}/undo")
    work_off(founded)
    assert "Nothing of it is left." in client.get(batch).text
    log = text_of(client.get("/audit"))
    assert "Cora had a list taken out again." in log


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0", b"PK\x03\x04"])
def test_a_file_that_is_none_is_refused_with_a_reason(founded: Founded, content: bytes) -> None:
    """On the page that asks for another."""
    page = send(founded.client(COORDINATOR), content)
    assert page.status_code == 422
    assert 'class="fault"' in page.text
    assert 'type="file"' in page.text


def test_no_file_is_a_fault(founded: Founded) -> None:
    """And says so."""
    page = post_file(founded.client(COORDINATOR), b"", "")
    assert page.status_code == 422
    assert "Choose a file first." in page.text


def test_a_large_file_stays_in_memory(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """No plain temporary file is made, however large the list; one that is too large gets its own page."""
    monkeypatch.setattr(formparser, "SpooledTemporaryFile", lambda **_: pytest.fail("a temporary file"))
    client = founded.client(COORDINATOR)
    rows = b"\n".join(b"%d;%s" % (number, b"x" * 1500) for number in range(2000))
    assert "2,000 rows" in text_of(send(client, b"No;Notes\n" + rows))
    answer = post_file(client, b"x" * 22_000_000)
    assert answer.status_code == 413


def test_files_are_taken_nowhere_else(founded: Founded) -> None:
    """And from nobody who is not signed in: they fill no memory."""
    assert post_file(founded.client(COORDINATOR), b"a", path="/patterns/new").status_code == 415
    assert post_file(founded.client(), b"a").status_code == 302


def test_a_list_is_its_sender_s_alone(founded: Founded) -> None:
    """Somebody else gets 404; a caseworker may not at all."""
    upload_id = uploads.begin_upload(founded.context(), "x.csv")
    assert founded.client(CASEWORKER).get(f"/imports/{upload_id}/columns").status_code == 403


@pytest.mark.parametrize("heading", ["Consent", "Consentement", "OK to use data?", "Agreed?"])
def test_a_column_of_consents_to_nothing_named_is_not_taken(founded: Founded, heading: str) -> None:
    """Beside the column: what is not taken, and what to do; not where it is kept in words."""
    client, warning = founded.client(COORDINATOR), "What each row says here is not taken."
    page = send(client, f"Date,Nom,{heading}\n2020-01-02,Abel,oui\n2020-01-03,Zoe,non\n".encode())
    row = page.text.partition(f">{heading}</label>")[2].partition("</tr>")[0]
    assert warning in row and page.text.count(warning) == 1
    assert "Choose what the people of the list were asked about" in row and 'id="consent"' in page.text
    assert f'aria-describedby="{page.text.partition("-warning")[0].rpartition(chr(34))[2]}-warning"' in row


def test_consents_of_a_column_are_answered_and_counted(founded: Founded) -> None:
    """Chosen for a purpose its words are asked about, none of them refuses a row, and the dry run counts."""
    client = founded.client(COORDINATOR)
    page = send(client, b"Date,Nom,Consent\n2020-01-02,Abel,oui\n2020-01-03,Zoe,x\n2020-01-04,Kim,non\n")
    said = fill(page, contact_type="street_check", police_service="spvm")
    refused = client.post(page.request.path, data=said | {name_of(page, "Consent"): "consent_on"})
    assert refused.status_code == 422 and "This alone says nothing." in refused.text
    posted = client.post(page.request.path, data=said | {name_of(page, "Consent"): "consent_statistics"})
    answers = client.get(posted.location)
    told = text_of(answers)
    assert "Consent: Statistics" in told and told.index("x to answer 1") < told.index("oui 1")
    assert "refuse these rows" not in told
    [value] = re.findall(r'for="([^"]+)">x<', answers.text)
    assert fill(answers)[value] == "park"
    check = client.post(answers.request.path, data=fill(answers, **{value: "given"})).location
    while (tried := client.get(check)).headers.get("Refresh"):
        time.sleep(0.05)
    assert "count in statistics: 2. That would not: 1." in text_of(tried)


def test_rows_with_one_number_are_asked_about(founded: Founded) -> None:
    """With what they have in common; another column is looked at first, and nothing is lost."""
    client = founded.client(COORDINATOR)
    head, rows = b"Dossier,Date,Nom,Lot\n", b"A,2021-05-03,Abel,1\nA,2021-05-03,Zoe,1\nB,2021-05-04,Kim,1\n"
    page = send(client, head + rows)
    assert "numbers 3 rows with 2 different numbers; 1 of them stands in several rows." in text_of(page)
    assert "They look like one incident." in page.text
    said = fill(page, contact_type="street_check", police_service="spvm", joins="one")
    other = said | {name_of(page, "Dossier"): "note", name_of(page, "Lot"): "group"}
    asked = client.get(client.post(page.request.path, data=other).location)
    assert asked.status_code == 200 and "Say what rows with the same number are." in asked.text
    assert "Numbers whose rows differ, by column: Date (1)" in text_of(asked)
    assert fill(asked)[name_of(page, "Lot")] == "group"
    answered = client.post(page.request.path, data=fill(asked, joins="each"))
    assert answered.location.endswith("/answers")
    page = client.get(page.request.path)
    said = fill(page, joins="one") | {name_of(page, "Dossier"): "group", name_of(page, "Lot"): ""}
    page = client.get(client.post(page.request.path, data=said).location)
    answers = client.get(client.post(page.request.path, data=fill(page, joins="one")).location)
    check = client.post(answers.request.path, data=fill(answers)).location
    while (tried := client.get(check)).headers.get("Refresh"):
        time.sleep(0.05)
    assert "3 rows · 2 incidents" in text_of(tried)
    batch = client.post(address(tried, "/begin")).location
    work_off(founded)
    assert "3 rows · 2 incidents" in text_of(client.get(batch))


@pytest.mark.parametrize("way", ["column", "sheet"])
def test_numbers_are_looked_at_in_the_background(
    founded: Founded, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """A list may be long: the page waits and asks again, and nothing that was entered is lost."""
    client, waits = founded.client(COORDINATOR), threading.Event()
    head: list[object] = ["Dossier", "Date", "Nom", "Lot"]
    rows: list[list[object]] = [["A", "2021-05-03", "Abel", 1], ["A", "2021-05-03", "Zoe", 1]]
    book = write_xlsx(first=[head, *rows, ["B", "2021-05-04", "Kim", 1]], second=[head, *rows])
    page = send(client, book, "liste.xlsx")

    def read_table(context: Context, upload: Upload) -> Iterator[list[Any]]:
        assert waits.wait(20)
        return uploads.read_table(context, upload)

    monkeypatch.setattr(grouping, "read_table", read_table)
    if way == "column":
        said = fill(page, contact_type="street_check", police_service="spvm", basis="Everybody said so.")
        posted = client.post(
            page.request.path, data=said | {name_of(page, "Dossier"): "note", name_of(page, "Lot"): "group"}
        )
    else:
        posted = client.post(address(page, "/sheet"), data={"sheet": "1"})
    waiting = client.get(posted.location)
    assert waiting.headers["Refresh"] and "Looking at which rows have the same number" in text_of(waiting)
    waits.set()
    while (shown := client.get(posted.location)).headers.get("Refresh"):
        time.sleep(0.05)
    told = text_of(shown)
    if way == "column":
        assert "“Lot” numbers 3 rows" in told and "Everybody said so." in shown.text
        assert fill(shown)["contact_type"] == "street_check"
    else:
        assert "“Dossier” numbers 2 rows" in told


def test_a_search_that_was_agreed_to_is_no_such_consent(founded: Founded) -> None:
    """It tells of what the police did."""
    page = send(founded.client(COORDINATOR), b"Date,Nom,Search consent\n2020-01-02,Abel,oui\n")
    assert page.status_code == 200 and "is not taken" not in page.text


def test_two_columns_of_one_kind_are_both_named(founded: Founded) -> None:
    """The fault stands at each of them, and nothing that was chosen is lost."""
    client = founded.client(COORDINATOR)
    page = send(client, write_list())
    names = re.findall(r'<select[^>]*name="(column_[^"]+)"', page.text)
    wrong = fill(page, contact_type="street_check") | {names[0]: "gender", names[3]: "gender"}
    answer = client.post(page.request.path, data=wrong)
    assert answer.status_code == 422
    assert answer.text.count("Two columns are to become this.") >= 2
    assert fill(answer)["contact_type"] == "street_check"


def test_dates_that_read_both_ways_are_asked_about(founded: Founded) -> None:
    """Nothing is chosen before somebody chooses; what was chosen is remembered with the mapping."""
    client = founded.client(COORDINATOR)
    page = send(client, b"Date;Nom\n03/04/2021;Ana\n05/06/2021;Luz\n")
    assert not re.search(r'<input[^>]*checked[^>]*name="order"|name="order"[^>]*checked', page.text)
    said = fill(page, contact_type="street_check", police_service="spvm", order="")
    asked = client.post(page.request.path, data=said)
    assert asked.status_code == 422
    assert "These dates can be read in two ways. Say which number is the day." in asked.text
    answer = client.post(page.request.path, data={**said, "order": "month_first"})
    assert answer.location.endswith("/answers")


def test_the_dry_run_says_what_would_come_and_what_would_not(founded: Founded) -> None:
    """The first rows as they would come in, and every column that is left out; until it is kept."""
    client = founded.client(COORDINATOR)
    page = send(client, "Nom;Matricule2;Vu\nÈve Roy;A-77;\nLuz Paz;B-12;oui\n".encode())

    def look(**more: str) -> str:
        said = fill(client.get(page.request.path), contact_type="street_check", police_service="spvm")
        answers = client.get(client.post(page.request.path, data=said | more).location)
        address = client.post(answers.request.path, data=fill(answers)).location
        while (tried := client.get(address)).headers.get("Refresh"):
            time.sleep(0.05)
        return text_of(tried)

    told = look()
    assert "2 columns do not come in Matricule2 · Vu" in told
    assert "No column is the date" in told
    assert "Ève Roy" in told
    told = look(keeps_rest="y")
    assert "do not come in" not in told
    assert "Matricule2: B-12 · Vu: oui" in told


def test_several_answers_that_were_guessed_stand_there_as_one_choice(founded: Founded) -> None:
    """And are still there when one comes back."""
    client = founded.client(COORDINATOR)
    page = send(client, b"Nom;Langue\nAna;anglais/tamoul\nLuz;arabe\n")
    said = fill(page, contact_type="street_check", police_service="spvm")
    answers = client.get(client.post(page.request.path, data=said).location)
    assert "English + Tamil" in text_of(answers)
    client.post(answers.request.path, data=fill(answers))
    assert "English + Tamil" in text_of(client.get(answers.request.path))


def test_a_second_person_of_a_row_has_columns_of_their_own(founded: Founded) -> None:
    """They can be chosen, are asked about by themselves, and stand in the dry run."""
    client = founded.client(COORDINATOR)
    page = send(client, b"Nom1;Sexe1;Nom2;Sexe2\nAna;F;Luz;dame\n")
    assert '<optgroup label="second person">' in page.text and '<optgroup label="third person">' in page.text
    said = fill(page, contact_type="street_check", police_service="spvm")
    assert (said[name_of(page, "Nom2")], said[name_of(page, "Sexe2")]) == ("name@2", "gender@2")
    answers = client.get(client.post(page.request.path, data=said).location)
    assert "Gender · second person" in text_of(answers) and "dame" in text_of(answers)
    [value] = re.findall(r'for="([^"]+)">dame<', answers.text)
    address = client.post(answers.request.path, data=fill(answers, **{value: "woman"})).location
    while (tried := client.get(address)).headers.get("Refresh"):
        time.sleep(0.05)
    assert "Ana Age: Not asked · Gender: Woman · Consent: not asked Luz Age:" in text_of(tried)


def test_what_is_quoted_of_a_cell_is_short(founded: Founded) -> None:
    """It may hold a whole report."""
    client = founded.client(COORDINATOR)
    page = send(client, b"No;Date\n1;2021-05-03\n2;" + b"x" * 5000 + b"\n3;2021\n")
    said = fill(page, contact_type="street_check", police_service="spvm") | {name_of(page, "Date"): "date"}
    answers = client.get(client.post(page.request.path, data=said).location)
    address = client.post(answers.request.path, data=fill(answers)).location
    while (tried := client.get(address)).headers.get("Refresh"):
        time.sleep(0.05)
    assert "x" * 80 + "…” cannot be read as a date." in text_of(tried)


def begin_to_bring_in(founded: Founded, client: FlaskClient, content: bytes, name: str) -> TestResponse:
    """Send a list and begin to bring it in; returns the page of its answers from before."""
    page = send(client, content, name)
    said = fill(page, contact_type="street_check", police_service="spvm")
    answers = client.get(client.post(page.request.path, data=said).location)
    check = client.get(client.post(answers.request.path, data=fill(answers)).location)
    client.post(address(check, "/begin"))
    return answers


def test_another_sheet_cannot_be_taken_any_more(founded: Founded) -> None:
    """Once the list comes in; the page of the columns says so."""
    client = founded.client(COORDINATOR)
    answers = begin_to_bring_in(founded, client, write_xlsx(**TWO_SHEETS), "liste.xlsx")
    answer = client.post(address(answers, "/sheet"), data={"sheet": "1"}, follow_redirects=True)
    assert "This list is being brought in already." in answer.text
    assert "4 rows" in text_of(answer)


def test_answers_that_come_too_late_are_not_lost(founded: Founded) -> None:
    """The page of the answers says why they are not taken, and still holds them."""
    client = founded.client(COORDINATOR)
    answers = begin_to_bring_in(founded, client, write_list(), "liste.csv")
    [value] = re.findall(r'for="([^"]+)">garde du métro<', answers.text)
    late = client.post(answers.request.path, data=fill(answers, **{value: "stm"}))
    assert late.status_code == 422
    assert "This list is being brought in already." in late.text
    assert fill(late)[value] == "stm"


def try_answers(client: FlaskClient, answers: TestResponse, **changes: str) -> TestResponse:
    """Send the answers, and wait for the dry run."""
    check = client.post(answers.request.path, data=fill(answers, **changes)).location
    while (tried := client.get(check)).headers.get("Refresh"):
        time.sleep(0.05)
    return tried


def ask_places(client: FlaskClient, content: bytes) -> TestResponse:
    """Send a list with a column "Lieu", and come to its answers."""
    page = send(client, content)
    said = fill(page, contact_type="street_check", police_service="spvm")
    return client.get(client.post(page.request.path, data=said).location)


def test_a_value_that_nothing_fits_becomes_a_term_of_ours(founded: Founded) -> None:
    """Foreseen, made with the rows, offered from then on, retired when the list goes."""
    client, content = founded.client(COORDINATOR), b"Date;Lieu\n2021-05-03;Kahnawake\n2021-05-04;Verdun\n"
    answers = ask_places(client, content)
    assert answers.text.count("Add to our own terms, under “Other”") == 1
    [value] = re.findall(r'for="([^"]+)">Kahnawake<', answers.text)
    assert fill(answers)[value] == "park"
    tried = try_answers(client, answers, **{value: "add~other~en"})
    told = text_of(tried)
    assert "These are added" in told and "Kahnawake Place · under “Other” · 1 incident" in told
    assert "Place: Kahnawake (our own term)" in told
    again = client.get(answers.request.path)
    assert fill(again)[value] == "add~other~en"
    tried = try_answers(client, again)
    batch = client.post(address(tried, "/begin")).location
    work_off(founded)
    assert "Of our own terms these came with it: Kahnawake" in text_of(client.get(batch))
    answers = ask_places(client, content.replace(b"Date", b"When"))
    assert fill(answers)[value].startswith("other~") and "Add to our own terms" not in answers.text
    client.post(f"{batch}/undo")
    work_off(founded)
    assert "Kahnawake Place · under “Other” · retired" in text_of(client.get(batch))
    assert "Use our own term again, under “Other”" in ask_places(client, content).text


def test_words_that_can_be_no_term_are_a_fault_at_their_field(founded: Founded) -> None:
    """Whoever sends them all the same: nothing that was chosen is lost."""
    client = founded.client(COORDINATOR)
    long = "Kahnawake " * 9
    answers = ask_places(
        client, f"Date;Lieu\n2021-05-03;{long}\n2021-05-04;Oka\n2021-05-05;Verdun\n".encode()
    )
    names = [
        re.findall(rf'for="([^"]+)">{word}<', answers.text)[0] for word in (long.strip(), "Oka", "Verdun")
    ]
    said = dict.fromkeys(names, "add~other~en")
    assert answers.text.count("Add to our own terms") == 1
    refused = client.post(answers.request.path, data=fill(answers, **said))
    assert refused.status_code == 422
    for name, fault in zip(
        names[::2], ("there is room for 80 characters", "an answer of this name"), strict=True
    ):
        assert fault in refused.text.partition(f'id="{name}-fault"')[2].partition("</span>")[0]
    assert fill(refused)[names[1]] == "add~other~en"
