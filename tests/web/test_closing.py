"""Closing a case on its page: what still waits is named first, and the way back stands there."""

from casework.domain.followup import FollowUpTexts
from casework.domain.moments import Moment
from casework.services import cases
from casework.services.followups.writing import FollowUpDraft, add_follow_up
from tests.support.application import CASEWORKER, Founded
from tests.web.incidents import fields, log, person, read_form
from tests.web.pages import text_of


def test_a_case_is_closed_and_opened_again_on_its_page(founded: Founded) -> None:
    """Marked on its page and in the list, with the reason; the words are a note; then it is open again."""
    logged = log(founded.context(CASEWORKER), person("Quitterie"))
    client, path = founded.client(CASEWORKER), f"/cases/{logged.case_id}"
    assert f'href="{path}/close"' in client.get(path).text
    form = {"version": "1", "reason": "no_contact", "words": "She moved to Laval."}
    assert client.post(f"{path}/close", data=form).location == path
    page = text_of(client.get(path))
    for said in ("Closed. It stays in the lists", "No contact any more", "The case is closed", "to Laval"):
        assert said in page
    assert "Closed" in text_of(client.get("/cases?who=all&status=closed"))
    assert logged.reference not in client.get("/cases?who=all&status=open").text
    assert client.post(f"{path}/reopen", data={"version": "1"}).status_code == 409
    assert client.post(f"{path}/reopen", data={"version": "2"}).location == path
    assert "Open again." in text_of(client.get(path))
    assert f'href="{path}/close"' in client.get(path).text


def test_what_was_written_stays_when_a_reason_is_missing(founded: Founded) -> None:
    """The fault names the field, and the words are still in theirs."""
    logged = log(founded.context(CASEWORKER))
    client, path = founded.client(CASEWORKER), f"/cases/{logged.case_id}/close"
    answer = client.post(path, data={"version": "1", "words": "She moved <away>."})
    assert answer.status_code == 422
    assert "Choose why the case is closed." in answer.text and "She moved &lt;away&gt;." in answer.text
    answer = client.post(path, data={"version": "1", "reason": "other"})
    assert answer.status_code == 422 and "Write why the case is closed." in answer.text


def test_what_waits_is_named_before_a_case_is_closed(founded: Founded) -> None:
    """A detention that goes on, in plain words, and what is still to be done."""
    context = founded.context(CASEWORKER)
    logged = log(context, person("Quitterie"))
    path = f"/cases/{logged.case_id}/close"
    assert "still detained" not in founded.client(CASEWORKER).get(path).text
    someone, today = cases.get_case(context, logged.case_id).people[0].id, founded.runtime.today()
    detained = FollowUpDraft(kind="detention", when=Moment.on(today), person=someone, place="unknown")
    task = FollowUpDraft(kind="task", texts=FollowUpTexts("Call the clinic"))
    for draft in (detained, task):
        add_follow_up(context, logged.case_id, draft)
    page = text_of(founded.client(CASEWORKER).get(path))
    assert "Somebody in this case is still detained. Quitterie, detained since" in page
    assert "Call the clinic" in page


def test_an_incident_in_a_closed_case_says_that_it_opened_it(founded: Founded) -> None:
    """Logged on its form, the case is open again, with a notice."""
    logged = log(founded.context(CASEWORKER), person("Quitterie"))
    client, path = founded.client(CASEWORKER), f"/cases/{logged.case_id}"
    client.post(f"{path}/close", data={"version": "1", "reason": "done"})
    answer = client.post(f"{path}/incidents/new", data=read_form(client, f"{path}/incidents/new") | fields())
    assert answer.status_code == 302
    assert "It is open again, because something new happened." in text_of(client.get(path))
