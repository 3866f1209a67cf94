"""Cases that nobody accompanies, on the start page and on their own."""

from tests.services.test_unaccompanied import _case as orphan
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded

PATH = "/cases/unaccompanied"


def test_the_start_page_leads_there_and_one_button_hands_them_over(founded: Founded) -> None:
    """Coordinators are told how many there are; choosing nobody is a fault that names the question."""
    orphan(founded), orphan(founded)
    client = founded.client(COORDINATOR)
    page = client.get("/").text
    assert "2 open cases are accompanied by nobody." in page and f'href="{PATH}"' in page
    assert PATH not in founded.client(CASEWORKER).get("/").text
    refused = client.post(PATH)
    assert refused.status_code == 422
    assert "Choose who accompanies" in refused.text
    done = client.post(PATH, data={"to": founded.players[COLLEAGUE].id.hex})
    assert done.location == "/"
    after = client.get("/").text
    assert "2 cases were handed over." in after and "accompanied by nobody" not in after
    assert "Every open case is accompanied by a member." in client.get(PATH).text
