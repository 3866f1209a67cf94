"""Taking records elsewhere: what the member may open and nothing else, sealed, noted."""

import csv
import hashlib
import io
import json
import tracemalloc
import zipfile
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest

from casework.domain.person import PersonFacts, PersonIdentity
from casework.errors import Forbidden, Invalid
from casework.services.attachments import keeping
from casework.services.attachments.adding import add_attachment
from casework.services.attachments.packing import FilesAlong, measure_files
from casework.services.cases import change_access, get_case
from casework.services.followups.writing import add_follow_up
from casework.services.incidents import log_incident
from casework.services.merging.merging import merge
from casework.services.portability import export_records
from casework.store.cases import Incident
from casework.store.database import db
from casework.store.sealedfiles import DiskFiles, FileName
from casework.vault.backup import open_with_words
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.files import photo, recording
from tests.support.records import incident_draft, person_draft, task_draft

WORDS = "one two three four five"


@dataclass(frozen=True)
class Taken:
    """An export as it arrived."""

    name: str
    content: bytes = field(repr=False)


def take(
    founded: Founded, login: str = CASEWORKER, words: str | None = None, with_files: bool = True
) -> Taken:
    """Export as this member."""
    file = export_records(founded.context(login), words, with_files=with_files)
    assert "Zoë" not in repr(file)
    return Taken(file.name, b"".join(file.content))


def new_case(founded: Founded) -> UUID:
    """Log an incident; returns its case."""
    return log_incident(founded.context(CASEWORKER), incident_draft()).case_id


def attach(founded: Founded, case_id: UUID, name: str, content: bytes) -> UUID:
    """Add a file."""
    return add_attachment(founded.context(CASEWORKER), case_id, name, "From Cora", [content])


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
        "acts": 0,
        "follow_ups": 1,
        "files": 0,
        "changes": 1,
        "patterns": 11,
        "own_terms": 0,
        "official_counts": 0,
        "access_requests": 0,
        "policy_events": 4,
    }
    assert sheets["people"][0]["consents.statistics.answer"] == "given"
    assert sheets["people"][0]["consents.statistics.how"] == "not_asked"
    assert sheets["people"][0]["countable.since"] == whole["people"][0]["countable"]["since"] != ""
    assert sheets["people"][0]["case"] == sheets["cases"][0]["id"]


def test_what_a_merge_laid_aside_is_in_it_and_says_so(founded: Founded) -> None:
    """Nothing is left behind; each record says which one stands for it, and that one of which it was made."""
    context = founded.context(CASEWORKER)
    logged = log_incident(context, incident_draft(people=(person_draft("Zoë Ng"), person_draft("Ng Zoe"))))
    pair = logged.people[0], logged.people[1]
    made = merge(context, pair, (1, 1), PersonFacts(), PersonIdentity(name="Zoë Ng"))
    whole, sheets = opened(take(founded).content)
    aside = {person["id"]: person["aside"] and person["aside"]["into"] for person in whole["people"]}
    assert aside == {made.hex: None, pair[0].hex: made.hex, pair[1].hex: made.hex}
    (merged,) = (person["merged"]["of"] for person in whole["people"] if person["merged"])
    assert merged == [one.hex for one in pair]
    assert {row["id"]: row["aside.into"] or None for row in sheets["people"]} == aside


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
    assert entry["fields"] == {"cases": 1, "people": 1, "incidents": 1, "files": 0, "plain": 0}


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


def test_a_session_alone_does_not_do(founded: Founded) -> None:
    """Nor one that somebody else sits at; words that were forgotten seal nothing."""
    with pytest.raises(Forbidden, match="unconfirmed"):
        export_records(replace(founded.context(CASEWORKER), is_confirmed=False), WORDS)
    with pytest.raises(Invalid, match="words"):
        take(founded, words="")
    with pytest.raises(Forbidden):
        take(founded, ADVOCATE)


def test_originals_go_along(founded: Founded) -> None:
    """To the byte, each under its case, named in JSON and CSV without its keys; removed ones stay."""
    case_id, contents = new_case(founded), {"../été?.jpg": photo(), "appel.mp3": recording(150_000)}
    for name, content in contents.items():
        attach(founded, case_id, name, content)
    keeping.change_file(founded.context(), case_id, attach(founded, case_id, "a", photo()), 1, "a/b", "")
    keeping.remove_file(founded.context(), case_id, attach(founded, case_id, "gone.mp3", recording()))
    whole, sheets = opened((taken := take(founded)).content)
    with zipfile.ZipFile(io.BytesIO(taken.content)) as files:
        assert files.testzip() is None
        packed = {entry["name"]: files.read(entry["path"]) for entry in whole["files"]}
        stored = {entry.filename for entry in files.infolist() if entry.compress_type == zipfile.ZIP_STORED}
    assert {name: packed[name] for name in ("été?.jpg", "appel.mp3")} == {
        "été?.jpg": contents["../été?.jpg"],
        "appel.mp3": contents["appel.mp3"],
    }
    assert packed.keys() == {"été?.jpg", "appel.mp3", "a/b"}
    reference = whole["cases"][0]["reference"]
    assert stored == {entry["path"] for entry in whole["files"]}
    assert all(path.startswith(f"files/{reference}/") and path.count("/") == 2 for path in stored)
    for entry, row in zip(whole["files"], sheets["files"], strict=True):
        assert entry["sha256"] == row["sha256"] == hashlib.sha256(packed[entry["name"]]).hexdigest()
        assert int(row["bytes"]) == len(packed[entry["name"]]) and "copies" not in entry
    assert b'"key"' not in taken.content and open_log(founded.context())[-1]["fields"]["files"] == 3


def test_how_much_goes_along_is_said_before(founded: Founded) -> None:
    """Of the cases that the member may read; without the files the records are the same."""
    case_id, content = new_case(founded), recording(70_000)
    attach(founded, case_id, "call.mp3", content)
    assert measure_files(founded.context(COLLEAGUE)) == FilesAlong(1, 70_000)
    whole, _sheets = opened(take(founded, with_files=False).content)
    assert (len(whole["cases"]), whole["files"]) == (1, [])
    version = get_case(founded.context(CASEWORKER), case_id).version
    change_access(founded.context(CASEWORKER), case_id, version, True, frozenset())
    assert measure_files(founded.context(COLLEAGUE)) == FilesAlong(0, 0)
    assert opened(take(founded, COLLEAGUE).content)[0]["files"] == []


def test_a_hurt_file_keeps_nothing_else_back(founded: Founded) -> None:
    """It ends where it is hurt, and is named; one that is gone as well. The rest is whole."""
    case_id, content = new_case(founded), recording(200_000)
    hurt, gone = (attach(founded, case_id, name, content) for name in ("hurt.mp3", "gone.mp3"))
    attach(founded, case_id, "whole.mp3", content)
    places = DiskFiles(founded.runtime.data_folder / "attachments")
    path = places.path(FileName(hurt, "original"))
    sealed = bytearray(path.read_bytes())
    sealed[70_000] ^= 1
    path.write_bytes(sealed)
    places.path(FileName(gone, "original")).unlink()
    package = take(founded).content
    whole, _sheets = opened(package)
    paths = {entry["name"]: entry["path"] for entry in whole["files"]}
    with zipfile.ZipFile(io.BytesIO(package)) as files:
        assert files.read(paths["whole.mp3"]) == content
        assert files.read(paths["hurt.mp3"]) == content[:65_536] and files.read(paths["gone.mp3"]) == b""
        named = files.read("hurt-files.txt").decode().split()
    assert sorted(named) == sorted(paths[name] for name in ("hurt.mp3", "gone.mp3"))


def test_memory_stays_flat(founded: Founded) -> None:
    """Thirty megabytes are sealed and given out in pieces, and few of them are held."""
    attach(founded, new_case(founded), "call.mp3", recording(30_000_000))
    context = founded.context(CASEWORKER)
    tracemalloc.start()
    try:
        file = export_records(context, WORDS)
        assert sum(map(len, file.content)) > 30_000_000
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000
