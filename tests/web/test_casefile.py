"""Taking a case along: the page asks, and answers with a file or says what is missing."""

from casework.services.incidents import log_incident
from tests.support.application import CASEWORKER, Founded
from tests.support.pdftext import read_pages
from tests.support.records import incident_draft, person_draft
from tests.web.pages import find_token


def test_the_file_comes_after_the_passphrase(founded: Founded) -> None:
    """A wrong one gives nothing out, and what was entered stays."""
    draft = incident_draft("A story.", people=(person_draft("Zoë Ng"),))
    address = f"/cases/{log_incident(founded.context(CASEWORKER), draft).case_id}/file"
    client = founded.client(CASEWORKER)
    page = client.get(address)
    assert "No agreement to litigation is kept of Zoë Ng." in page.text
    fields = {
        "csrf_token": find_token(page.text),
        "made_for": "Me Fortin",
        "parts": ["people"],
        "language": "fr",
        "passphrase": "something else entirely",
    }
    refused = client.post(address, data=fields)
    assert refused.status_code == 422
    assert 'value="Me Fortin"' in refused.text
    given = client.post(address, data=fields | {"passphrase": founded.players[CASEWORKER].passphrase})
    assert given.mimetype == "application/pdf"
    assert given.headers["Content-Disposition"].startswith("attachment; filename=casework-")
    assert "no-store" in given.headers["Cache-Control"]
    said = " ".join(read_pages(given.data))
    assert "Zoë Ng" in said
    assert "A story." not in said


def test_an_empty_form_names_what_is_missing(founded: Founded) -> None:
    """Parts and lawyer are asked for, in words."""
    case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    client = founded.client(CASEWORKER)
    page = client.get(f"/cases/{case_id}/file")
    fields = {"csrf_token": find_token(page.text), "passphrase": founded.players[CASEWORKER].passphrase}
    answer = client.post(f"/cases/{case_id}/file", data=fields)
    assert answer.status_code == 422
    for fault in ("Choose at least one part.", "Write for whom the file is"):
        assert fault in answer.text
