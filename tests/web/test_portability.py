"""The page that takes records elsewhere: what goes along is said before, and comes in pieces."""

import io
import zipfile

from casework.gate import OUTGOING, Gate
from casework.services.attachments.adding import add_attachment
from casework.services.incidents import log_incident
from tests.support.application import CASEWORKER, Founded
from tests.support.files import recording
from tests.support.records import incident_draft
from tests.support.secondfactor import equip

PATH = "/account/records"


def test_files_are_announced_and_come(founded: Founded) -> None:
    """How many and how large; then the ZIP, of no length known before, by a thread for files."""
    client, context = founded.client(CASEWORKER), founded.context(CASEWORKER)
    assert "have no files" in client.get(PATH).text
    case_id, content = log_incident(context, incident_draft()).case_id, recording(150_000)
    add_attachment(founded.context(CASEWORKER), case_id, "call.mp3", "", [content])
    page = client.get(PATH).text
    assert "One file of a case goes along as it was sent: 150" in page and 'name="without_files"' in page
    given = {"passphrase": founded.players[CASEWORKER].passphrase, "plain": "y"}
    answer = client.post(PATH, data=given)
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].endswith(".zip")
    assert "Content-Length" not in answer.headers
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        (path,) = (name for name in files.namelist() if name.startswith("files/"))
        assert files.read(path) == content
    answer = client.post(PATH, data=given | {"without_files": "y"})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        assert not [name for name in files.namelist() if name.startswith("files/")]
    gate = Gate(founded.app)
    asked = {method: gate.find_errand(method, PATH).transfer for method in ("POST", "GET")}
    assert asked == {"POST": OUTGOING, "GET": ""}


def test_a_wrong_passphrase_keeps_what_was_ticked(founded: Founded) -> None:
    """It is asked again, and the files still stay."""
    case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    add_attachment(founded.context(CASEWORKER), case_id, "call.mp3", "", [recording()])
    answer = founded.client(CASEWORKER).post(PATH, data={"passphrase": "wrong", "without_files": "y"})
    assert answer.status_code == 400
    box = answer.text.partition('name="without_files"')
    assert "checked" in box[0].rpartition("<")[2] + box[2].partition(">")[0]


def test_a_code_is_asked_for_where_there_is_a_second_factor(founded: Founded) -> None:
    """The passphrase alone takes nothing along."""
    device = equip(founded.context(CASEWORKER))
    client, given = founded.client(CASEWORKER), {"passphrase": founded.players[CASEWORKER].passphrase}
    assert 'name="code"' in client.get(PATH).text
    for code, fault in (("", "Type the code."), ("000000", "This code does not fit")):
        answer = client.post(PATH, data=given | {"code": code})
        assert answer.status_code == 400 and fault in answer.text
    right = given | {"code": device.code(founded.runtime.now_seconds())}
    assert client.post(PATH, data=right).data.startswith(b"age-encryption.org/v1")


def test_words_that_were_forgotten_do_not_ask_for_another_code(founded: Founded) -> None:
    """New ones are proposed; who one is has been shown by then."""
    device = equip(founded.context(CASEWORKER))
    client = founded.client(CASEWORKER)
    code = device.code(founded.runtime.now_seconds())
    answer = client.post(PATH, data={"passphrase": founded.players[CASEWORKER].passphrase, "code": code})
    assert answer.status_code == 400 and "those before were forgotten" in answer.text
    assert 'name="code"' not in answer.text and 'name="passphrase"' not in answer.text
    assert client.post(PATH).data.startswith(b"age-encryption.org/v1")
