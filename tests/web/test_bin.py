"""Deleting a case on its page, the way back, and the bin."""

import re
from uuid import uuid4

from casework.services import cases
from casework.services.bin import bin_case
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.web.incidents import log, person
from tests.web.pages import text_of


def test_a_case_goes_to_the_bin_and_back(founded: Founded) -> None:
    """The page asks first and says what happens; the list offers the way back once, the bin always."""
    logged = log(founded.context(CASEWORKER), person("Quitterie"))
    client, path = founded.client(CASEWORKER), f"/cases/{logged.case_id}"
    page = client.get(path).text
    assert "Move this case to the bin?" in page
    assert "For 30 days it can be restored from the bin; then it is erased." in page
    assert f'action="{path}/bin"' in page
    assert client.post(f"{path}/bin", data={"version": "1"}).location == "/cases"
    shown = client.get("/cases").text
    assert "For 30 days the case can be restored." in shown
    assert f'action="{path}/restore"' in shown
    assert "can be restored." not in client.get("/cases").text
    assert client.get(path).status_code == 404
    seen = founded.client(COLLEAGUE).get("/cases/bin").text
    assert logged.reference in seen and "Quitterie" in seen and "30 days left" in seen
    assert client.post(f"{path}/restore").location == path
    assert "Restored." in client.get(path).text
    assert "Nothing lies in the bin." in client.get("/cases/bin").text


def test_the_address_of_a_binned_case_says_so(founded: Founded) -> None:
    """Whoever may see it learns where it is and takes it out; a stranger is not told even that."""
    logged = log(founded.context(CASEWORKER), person("Quitterie"))
    cases.change_access(founded.context(CASEWORKER), logged.case_id, 1, True, frozenset())
    bin_case(founded.context(CASEWORKER), logged.case_id, 2)
    path = f"/cases/{logged.case_id}"
    addresses = (path, f"{path}/access", f"{path}/hand-over", f"/incidents/{logged.incident_id}")
    nowhere = text_of(founded.client(COLLEAGUE).get(f"/cases/{uuid4()}"))
    for address in addresses:
        answer = founded.client(CASEWORKER).get(address)
        assert answer.status_code == 404
        assert "This case is in the bin" in answer.text and logged.reference in answer.text
        assert "It has been there since" in answer.text and "was not saved" not in answer.text
        assert f'action="{path}/restore"' in answer.text
        hidden = founded.client(COLLEAGUE).get(address)
        assert (hidden.status_code, text_of(hidden)) == (404, nowhere)
    assert "What you just sent was not saved." in founded.client(CASEWORKER).post(f"{path}/access").text
    assert "This case is in the bin" not in founded.client(CASEWORKER).get(f"/cases/{uuid4()}").text


def test_what_changed_meanwhile_is_not_binned(founded: Founded) -> None:
    """A page from before somebody changed who may open the case deletes nothing."""
    logged = log(founded.context(CASEWORKER))
    cases.change_access(founded.context(CASEWORKER), logged.case_id, 1, False, frozenset())
    for version in ("1", "x", ""):
        client = founded.client(CASEWORKER)
        assert client.post(f"/cases/{logged.case_id}/bin", data={"version": version}).status_code == 409
    assert re.search("One incident", founded.client(CASEWORKER).get(f"/cases/{logged.case_id}").text)
