"""The page of the audit log: sentences for people, a filter that is posted, nothing of a record."""

from datetime import timedelta

from casework.services import cases, incidents
from casework.services.auditing.browsing import LogFilter, browse
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft
from tests.web.pages import text_of


def test_who_did_what_is_said_in_sentences(founded: Founded) -> None:
    """Names and references in place of ids, in the reader's language."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft("Zibeline."))
    cases.get_case(founded.context(COLLEAGUE), logged.case_id)
    client = founded.client(COORDINATOR)
    text = text_of(client.get("/audit"))
    assert f"Ines logged an incident in case {logged.reference}." in text
    assert f"Theo opened case {logged.reference}." in text
    assert "Ines joined by an invitation." in text
    assert "Cora admitted Ines." in text
    assert "Zibeline" not in text and "Vulcan" not in text
    client.post("/language", data={"language": "fr"})
    assert f"Theo a ouvert le cas {logged.reference}." in text_of(client.get("/audit"))


def test_a_filter_leads_to_an_address_with_ids_only(founded: Founded) -> None:
    """A reference that was typed does not stay in the browser's history; the form has it again."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    client = founded.client(COORDINATOR)
    posted = {"case": logged.reference.lower(), "what": "records", "first": "", "last": ""}
    answer = client.post("/audit", data=posted)
    assert answer.status_code == 302
    assert logged.reference not in answer.location and logged.case_id.hex in answer.location
    page = client.get(answer.location)
    assert f"logged an incident in case {logged.reference}" in text_of(page)
    assert f'value="{logged.reference}"' in page.text
    assert "signed in" not in text_of(page)


def test_faults_name_the_field_and_keep_what_was_typed(founded: Founded) -> None:
    """A reference that nothing has, a day that is none; and it is no look at the log."""
    client = founded.client(COORDINATOR)
    for name, typed in (("case", "2001-AAAA"), ("first", "yesterday")):
        answer = client.post("/audit", data={name: typed})
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.text
    events = [line.body.event for line in browse(founded.context(), LogFilter()).lines if line.body]
    assert "audit.read" not in events


def test_nothing_found_says_what_to_do(founded: Founded) -> None:
    """An empty list leads back to one that is not."""
    day = founded.runtime.today() + timedelta(days=1)
    page = founded.client(COORDINATOR).get(f"/audit?first={day.isoformat()}")
    assert "No entry fits." in text_of(page) and 'href="/audit"' in page.text


def test_nonsense_in_the_address_narrows_nothing(founded: Founded) -> None:
    """Unknown kinds, ids and numbers are as if they were not there."""
    page = founded.client(COORDINATOR).get("/audit?what=x&who=y&case=z&before=-1&first=")
    assert page.status_code == 200 and "founded the organisation" in text_of(page)
