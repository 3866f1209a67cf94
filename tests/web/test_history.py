"""The page of what changed in a case: by day and by member, word by word."""

from dataclasses import replace

from sqlalchemy import update

from casework.domain.act import ActTexts
from casework.domain.incident import IncidentNarrative
from casework.domain.person import Consent
from casework.services import acts, bin, cases, incidents
from casework.services.access import get_case_row
from casework.services.attachments.adding import add_attachment
from casework.services.attachments.keeping import change_file
from casework.services.followups import writing
from casework.services.history.reading import PAGE_SIZE
from casework.services.retention import BY_RULE
from casework.services.transactions import transaction
from casework.store.cases import Case
from casework.store.database import db
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.support.records import act_draft, incident_draft, task_draft
from tests.web.incidents import log, person
from tests.web.pages import text_of

WORDS = (
    "Step: What the CBSA did",
    "What happened removed:",
    "Badge number removed: 4711 → added: 0815",
    "Whom it concerned nothing – → added: Quitterie",
    "Task: Call Abel added",
    "Done on nothing – → added:",
    "File: statement.txt added",
    "Name of the file removed: notes.txt → added: statement.txt",
    "Who may open this case removed: All caseworkers → added: A team:",
)


def test_the_page_says_who_changed_what(founded: Founded) -> None:
    """Values in words; what went is struck through, what came underlined, both said to whoever listens."""
    logged = log(founded.context(CASEWORKER), person("Quitterie"))
    client, path = founded.client(CASEWORKER), f"/cases/{logged.case_id}"
    assert f'href="{path}/history"' in client.get(path).text
    assert "Nothing was changed since it was written." in client.get(f"{path}/history").text
    context = founded.context(COLLEAGUE)
    (kept,) = cases.get_case(context, logged.case_id).people
    facts = replace(kept.facts, gender="woman", consents={"statistics": Consent("refused", how="in_writing")})
    identity = replace(kept.identity, name="Quitterie <B.>")
    cases.change_person(context, logged.case_id, kept.id, kept.version, facts, identity)
    page = client.get(f"{path}/history")
    said = text_of(page)
    for words in ("Quitterie", "Woman", "Consent: Statistics", "added: Refused, In writing"):
        assert words in said
    assert "Quitterie &lt;B.&gt;</ins>" in page.text
    assert "<del>" in page.text and "removed:" in said and "added:" in said


def test_a_longer_text_is_compared_word_by_word(founded: Founded) -> None:
    """Only what differs is marked."""
    text = "A car stopped beside them at the corner, then a second one, and two officers got out."
    logged = log(founded.context(CASEWORKER), text=text)
    context = founded.context(CASEWORKER)
    view = incidents.get_incident(context, logged.incident_id)
    draft = replace(incident_draft(people=()), narrative=IncidentNarrative(text.replace("second", "third")))
    incidents.change_incident(context, logged.incident_id, view.version, draft)
    page = founded.client(CASEWORKER).get(f"/cases/{logged.case_id}/history").text
    assert "second</del>" in page and "third</ins>" in page and "at the corner, then a" in page


def test_all_that_can_change_has_words(founded: Founded) -> None:
    """Steps, follow-ups, files, who may open it: each with its name and values, no id and no code."""
    logged = log(founded.context(CASEWORKER), person("Quitterie"))
    context, case_id = founded.context(CASEWORKER), logged.case_id
    (one,) = cases.get_case(context, case_id).people
    act_id = acts.record_act(context, logged.incident_id, act_draft())
    step = replace(act_draft("cbsa_action:removed", people=(one.id,)), texts=ActTexts(badge="0815"))
    acts.change_act(founded.context(CASEWORKER), logged.incident_id, act_id, 1, step)
    task = writing.add_follow_up(founded.context(CASEWORKER), case_id, task_draft("Call Abel"))
    writing.tick_off(founded.context(CASEWORKER), case_id, task)
    file_id = add_attachment(founded.context(CASEWORKER), case_id, "notes.txt", "", [b"Two cars.\n"])
    change_file(founded.context(CASEWORKER), case_id, file_id, 1, "statement.txt", "")
    team = frozenset({founded.players[COLLEAGUE].id})
    cases.change_access(founded.context(CASEWORKER), case_id, 1, True, team)
    for path in (f"/cases/{case_id}/history", f"/cases/{case_id}/history?page=7"):
        said = text_of(founded.client(CASEWORKER).get(path))
        for words in WORDS:
            assert words in said, words
        assert act_id.hex not in said and one.id.hex not in said and "cbsa_action" not in said


def test_a_rule_did_it(founded: Founded) -> None:
    """Nobody is said to have moved a case to the bin that a rule moved."""
    logged, context = log(founded.context(CASEWORKER)), founded.context(CASEWORKER)
    with transaction(context, "case.binned") as opened:
        bin.put_in_bin(context, opened, get_case_row(context, logged.case_id), BY_RULE)
    bin.restore_case(founded.context(CASEWORKER), logged.case_id)
    said = text_of(founded.client(CASEWORKER).get(f"/cases/{logged.case_id}/history"))
    assert "A rule of retention" in said and "nothing – → added: a rule of retention" in said


def test_what_was_before_the_history_is_not_made_up(founded: Founded) -> None:
    """A case from before says that it is older; one from afterwards says who opened it."""
    logged = log(founded.context(CASEWORKER))
    path = f"/cases/{logged.case_id}/history"
    assert "opened the case on" in text_of(founded.client(CASEWORKER).get(path))
    statement = update(Case).values(has_whole_history=False)
    db.session.execute(statement, execution_options={"unlisted": True})
    db.session.commit()
    said = text_of(founded.client(CASEWORKER).get(path))
    assert "This case is older than its history" in said and "opened the case on" not in said


def test_a_long_history_is_read_in_pages(founded: Founded) -> None:
    """Earlier, and newer again; where the case began is said at its end alone."""
    logged = log(founded.context(CASEWORKER))
    for number in range(PAGE_SIZE + 1):
        writing.add_follow_up(founded.context(CASEWORKER), logged.case_id, task_draft(f"Call {number}"))
    client, path = founded.client(CASEWORKER), f"/cases/{logged.case_id}/history"
    first, second = client.get(path).text, client.get(f"{path}?page=2").text
    assert f"{path}?page=2" in first and "Call 0" not in first and "opened the case on" not in first
    assert f"{path}?page=1" in second and "Call 0" in second and "opened the case on" in second
