"""The page of the audit log: sentences for people, a filter that is posted, nothing of a record."""

import time
from datetime import timedelta
from unittest.mock import patch

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from casework.services import cases, incidents, watching
from casework.services.auditing.browsing import LogFilter, browse
from casework.services.auditing.watched import run_log_check
from casework.services.bin import bin_case
from casework.services.erasing import erase_case
from casework.store.cases import Incident
from casework.store.database import db
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
    assert f"Theo a ouvert le dossier {logged.reference}." in text_of(client.get("/audit"))


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


def test_a_period_that_ends_before_it_begins_is_a_fault(founded: Founded) -> None:
    """The field is named, in a form and in an address; both days stay as they were chosen."""
    client, days = founded.client(COORDINATOR), {"first": "2026-11-02", "last": "2026-11-01"}
    for answer in (client.post("/audit", data=days), client.get("/audit", query_string=days)):
        assert answer.status_code == 422
        assert "To: This day comes before the first one." in text_of(answer)
        assert "No entry fits." not in text_of(answer)
        assert 'id="filters-shown" checked' in answer.text
        assert all(f'value="{day}"' in answer.text for day in days.values())
    assert client.get("/audit?first=2026-11-02&last=2026-11-02").status_code == 200


def test_nothing_found_says_what_to_do(founded: Founded) -> None:
    """An empty list leads back to one that is not."""
    day = founded.runtime.today() + timedelta(days=1)
    page = founded.client(COORDINATOR).get(f"/audit?first={day.isoformat()}")
    assert "No entry fits." in text_of(page) and 'href="/audit"' in page.text


def test_nonsense_in_the_address_narrows_nothing(founded: Founded) -> None:
    """Unknown kinds, ids and numbers are as if they were not there."""
    page = founded.client(COORDINATOR).get("/audit?what=x&who=y&case=z&before=-1&first=")
    assert page.status_code == 200 and "founded the organisation" in text_of(page)


def test_the_log_is_verified_from_the_page(founded: Founded) -> None:
    """What fits is said, and what does not is named: the table and the entry."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    client = founded.client(COORDINATOR)
    assert "Check now" in client.get("/audit/verify").text
    client.post("/audit/verify")
    assert "Everything fits." in _finished(client)
    changed = update(Incident).where(Incident.id == logged.incident_id).values(coded_version=7)
    db.session.execute(changed.execution_options(unlisted=True))
    db.session.commit()
    client.post("/audit/verify")
    text = _finished(client)
    assert "1 thing does not fit." in text
    assert f"Row {logged.incident_id} of table “incident” was changed" in text


def _finished(client: FlaskClient) -> str:
    """Look again until the check is over, as the page does by itself."""
    for _ in range(6000):
        answer = client.get("/audit/verify")
        if "Refresh" not in answer.headers:
            return text_of(answer)
        time.sleep(0.05)
    raise AssertionError("it does not end")


def test_a_check_whose_session_has_ended_says_that_it_was_not_finished(founded: Founded) -> None:
    """Its keys were borrowed."""
    with patch.object(watching, "_EVERY_SECONDS", -1.0), pytest.raises(watching.SessionEnded):
        run_log_check(founded.context(), lambda: False)
    assert "The last check was not finished." in text_of(founded.client(COORDINATOR).get("/audit/verify"))


def test_an_erased_case_keeps_its_name_in_the_log(founded: Founded) -> None:
    """The receipt knows the reference: the sentence says it, the filter takes it, no link leads nowhere."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    context = founded.context(COORDINATOR)
    bin_case(context, logged.case_id, cases.get_case(context, logged.case_id).version)
    erase_case(founded.context(COORDINATOR), logged.case_id)
    client = founded.client(COORDINATOR)
    answer = client.get("/audit")
    assert f"Cora erased case {logged.reference}." in text_of(answer)
    assert f"/cases/{logged.case_id}" not in answer.text
    assert client.post("/audit", data={"case": logged.reference}).status_code == 302
