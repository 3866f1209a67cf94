"""Taking records elsewhere: what the member may open and nothing else, sealed, noted."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest

from casework.errors import Forbidden, Invalid
from casework.services.cases import change_access, get_case
from casework.services.followups.writing import add_follow_up
from casework.services.incidents import log_incident
from casework.services.portability import RecordsFile, export_records
from casework.store.cases import Incident
from casework.store.database import db
from casework.vault.backup import open_with_words
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.records import incident_draft, person_draft, task_draft

WORDS = "one two three four five"


def take(founded: Founded, login: str = CASEWORKER, words: str | None = None) -> RecordsFile:
    """Export as this member."""
    return export_records(founded.context(login), founded.players[login].passphrase, words)


def opened(package: bytes) -> tuple[dict[str, Any], dict[str, list[dict[str, str]]]]:
    """Return the JSON, and the rows of each CSV file."""
    with zipfile.ZipFile(io.BytesIO(package)) as files:
        whole = json.loads(files.read("records.json"))
        sheets = {
            name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(files.read(name).decode("utf-8-sig"))))
            for name in files.namelist()
            if name.endswith(".csv")
        }
    return whole, sheets


def test_everything_that_a_member_may_read(founded: Founded) -> None:
    """Cases, people, incidents, follow-ups and patterns, alike in JSON and CSV; names and words too."""
    logged = log_incident(founded.context(CASEWORKER), incident_draft(people=(person_draft("Zoë Ng"),)))
    add_follow_up(founded.context(CASEWORKER), logged.case_id, task_draft("Ask"))
    whole, sheets = opened(take(founded).content)
    assert [case["id"] for case in whole["cases"]] == [logged.case_id.hex]
    assert [person["name"] for person in whole["people"]] == ["Zoë Ng"]
    assert whole["incidents"][0]["contact_type"]
    assert [(one["case"], one["title"]) for one in whole["follow_ups"]] == [(logged.case_id.hex, "Ask")]
    assert len(whole["patterns"]) == 11
    assert {name: len(rows) for name, rows in sheets.items()} == {
        "cases": 1,
        "people": 1,
        "incidents": 1,
        "follow_ups": 1,
        "patterns": 11,
    }
    assert sheets["people"][0]["consents.statistics.answer"] == "given"
    assert sheets["people"][0]["case"] == sheets["cases"][0]["id"]


def test_a_case_of_another_team_stays(founded: Founded) -> None:
    """Strangers get nothing of it; coordinators do."""
    logged = log_incident(founded.context(CASEWORKER), incident_draft())
    version = get_case(founded.context(CASEWORKER), logged.case_id).version
    change_access(founded.context(CASEWORKER), logged.case_id, version, True, frozenset())
    assert opened(take(founded, COLLEAGUE).content)[0]["cases"] == []
    assert len(opened(take(founded, COORDINATOR).content)[0]["cases"]) == 1


def test_words_open_it(founded: Founded) -> None:
    """As an age file that any age program opens; nothing of the records is in it."""
    log_incident(founded.context(CASEWORKER), incident_draft(people=(person_draft("Zoë Ng"),)))
    file = take(founded, words=WORDS)
    assert file.name.endswith(".zip.age")
    assert file.content.startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert opened(open_with_words(WORDS, file.content))[0]["people"][0]["name"] == "Zoë Ng"
    assert "Zoë" not in repr(take(founded))


def test_no_cell_is_a_formula(founded: Founded) -> None:
    """What somebody typed runs in no spreadsheet; the JSON has it as it was."""
    draft = incident_draft('=HYPERLINK("http://example.org")')
    log_incident(founded.context(CASEWORKER), draft)
    whole, sheets = opened(take(founded).content)
    assert whole["incidents"][0]["text"].startswith("=HYPERLINK")
    assert sheets["incidents"][0]["text"].startswith("'=HYPERLINK")


def test_the_log_has_how_much_left(founded: Founded) -> None:
    """And whether it was sealed; no name of a case."""
    log_incident(founded.context(CASEWORKER), incident_draft())
    take(founded, words=WORDS)
    entry = open_log(founded.context())[-1]
    assert entry["event"] == "records.exported"
    assert entry["fields"] == {"cases": 1, "people": 1, "incidents": 1, "plain": 0}


def test_what_does_not_open_is_counted(founded: Founded) -> None:
    """One hurt narrative keeps nothing else back."""
    logged = log_incident(founded.context(CASEWORKER), incident_draft())
    row = db.session.get_one(Incident, logged.incident_id)
    row.narrative_sealed = row.narrative_sealed[:-1]
    db.session.commit()
    file = take(founded)
    whole, _sheets = opened(file.content)
    assert (len(whole["cases"]), len(whole["incidents"])) == (1, 0)
    with zipfile.ZipFile(io.BytesIO(file.content)) as files:
        assert "do not open: 1." in files.read("about.txt").decode()


def test_the_passphrase_is_asked_for_again(founded: Founded) -> None:
    """A session that somebody else sits at does not do; words that were forgotten seal nothing."""
    with pytest.raises(Invalid, match="passphrase"):
        export_records(founded.context(CASEWORKER), "something else entirely", WORDS)
    with pytest.raises(Invalid, match="words"):
        take(founded, words="")
    with pytest.raises(Forbidden):
        take(founded, ADVOCATE)
