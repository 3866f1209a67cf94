"""Lists as files: what the member may see and the filter lets through; no formula, and nothing on a disk."""

import csv
import io
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from casework.domain.ownterm import choose_terms
from casework.errors import Forbidden, Invalid
from casework.services.casefile import FinishedFile
from casework.services.incidents import log_incident
from casework.services.lists import Filter
from casework.services.ownterms import add_term
from casework.services.sheets import Request, export_cases, export_incidents
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.records import incident_draft, person_draft
from tests.web import incidents as told

ALL = Filter(mine=False)
DANGEROUS = ("=1+1", "+1 514 555 0132", "-1+1", "@SUM(A1)", "a;=1+1")


def request(kind: str = "csv", language: str = "en") -> Request:
    """Ask for this kind of file."""
    return Request(kind, language, ("All cases", "“Zoë”"))


def read_csv(file: FinishedFile) -> tuple[list[dict[str, str]], list[str]]:
    """Return the rows, and the comments after them."""
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    comments = [line[0] for line in lines if line[0].startswith("# ")]
    header, *rows = [line for line in lines if not line[0].startswith("# ")]
    return [dict(zip(header, row, strict=True)) for row in rows], comments


def read_xlsx(file: FinishedFile) -> tuple[list[list[Any]], list[str], Any]:
    """Return the rows with their headings, the lines of the second sheet, and the book."""
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    listed, about = book.worksheets
    rows = [list(row) for row in listed.iter_rows(values_only=True)]
    return rows, [str(row[0]) for row in about.iter_rows(values_only=True)], book


def log(founded: Founded, *names: str, **options: Any) -> str:
    """Log an incident of these people; returns the reference."""
    draft = incident_draft(people=tuple(person_draft(name) for name in names), **options)
    return log_incident(founded.context(CASEWORKER), draft).reference


def test_cases_with_codes_and_labels(founded: Founded) -> None:
    """Codes stay, labels follow the reader's language; nothing that was told in words is in it."""
    reference = log(founded, "Zoë Ng", "Ilyas")
    row = {
        "case": reference,
        "people": "Zoë Ng; Ilyas",
        "open_to": "all",
        "last_date": "2026-05",
        "last_contact_type": "traffic_stop",
        "status": "open",
        "responsible": "Ines",
        "in_statistics": "yes",
    }
    for language, labels in {
        "en": ("Open", "May 2026", "Traffic stop"),
        "fr": ("Ouvert", "mai 2026", "Interception routière"),
        "es": ("Abierto", "mayo de\u00a02026", "Parada de tránsito"),
    }.items():
        rows, _notes = read_csv(export_cases(founded.context(COLLEAGUE), ALL, request("csv", language)))
        assert [one | row for one in rows] == rows
        assert (
            rows[0]["status_label"],
            rows[0]["last_date_label"],
            rows[0]["last_contact_type_label"],
        ) == labels
        assert "Stopped at the corner" not in str(rows)


def test_incidents_with_codes_and_labels(founded: Founded) -> None:
    """The same columns in both kinds of file."""
    reference = log(founded, "Zoë Ng")
    context = founded.context(CASEWORKER)
    rows, _notes = read_csv(export_incidents(context, ALL, request()))
    assert (rows[0]["case"], rows[0]["date"], rows[0]["people"]) == (reference, "2026-05", "Zoë Ng")
    assert (rows[0]["contact_type"], rows[0]["contact_type_label"]) == ("traffic_stop", "Traffic stop")
    headings, line = read_xlsx(export_incidents(context, ALL, request("xlsx")))[0]
    assert [text or "" for text in line] == list(rows[0].values())
    assert headings[:4] == ["Case", "Date (code)", "Date", "Who"]


def test_own_terms_stand_in_the_labels_and_the_codes_stay(founded: Founded) -> None:
    """In lists of cases and of incidents, several answers too; the columns are as they were."""
    drone = add_term(founded.context(), "contact_type", "other", {"en": "Drone", "fr": "Survol"}).id
    dog = add_term(founded.context(), "consequence", "other", {"en": "Lost their dog"}).id
    draft = incident_draft(people=(person_draft("Zoë Ng"),))
    answers = {**draft.answers, "contact_type": "other", "consequences": ("job_loss", "other")}
    own = choose_terms({"contact_type": [drone], "consequences": [dog]})
    log_incident(founded.context(CASEWORKER), replace(draft, answers=answers, own_terms=own))
    context = founded.context(CASEWORKER)
    (row,), _notes = read_csv(export_incidents(context, ALL, request()))
    assert (row["contact_type"], row["contact_type_label"]) == ("other", "Drone")
    assert (row["consequences"], row["consequences_label"]) == ("job_loss; other", "Job loss; Lost their dog")
    (row,), _notes = read_csv(export_cases(context, ALL, request("csv", "fr")))
    assert (row["last_contact_type"], row["last_contact_type_label"]) == ("other", "Survol")


def test_only_what_fits_and_all_of_it(founded: Founded) -> None:
    """The filter counts; the pages of the screen do not."""
    for number in range(53):
        log(founded, f"Person {number}")
    log(founded, "Zoë Ng")
    context = founded.context(COLLEAGUE)
    rows, notes = read_csv(export_cases(context, replace(ALL, page=2), request()))
    assert len(rows) == 54
    assert "# Rows: 54." in notes
    assert len(read_csv(export_incidents(context, ALL, request()))[0]) == 54
    found = read_csv(export_incidents(context, replace(ALL, text="zoe"), request()))[0]
    assert [one["people"] for one in found] == ["Zoë Ng"]
    assert read_csv(export_cases(context, Filter(), request()))[0] == []


def test_only_what_the_member_may_see(founded: Founded) -> None:
    """A team's cases go with the team and coordinators, a restricted one with the named alone."""
    log(founded, "Team", team_only=True)
    log(founded, "Named", restricted=True)
    seen = {
        login: sorted(one["people"] for one in read_csv(export(founded.context(login), ALL, request()))[0])
        for login in (CASEWORKER, COORDINATOR, COLLEAGUE)
        for export in (export_cases, export_incidents)
    }
    assert seen == {CASEWORKER: ["Named", "Team"], COORDINATOR: ["Team"], COLLEAGUE: []}
    with pytest.raises(Forbidden):
        export_cases(founded.context(ADVOCATE), ALL, request())
    with pytest.raises(Forbidden):
        export_incidents(replace(founded.context(CASEWORKER), is_confirmed=False), ALL, request())


@pytest.mark.parametrize("name", DANGEROUS)
def test_no_cell_is_a_formula(founded: Founded, name: str) -> None:
    """CSV says so with an apostrophe; XLSX keeps the text as it is, as text."""
    log(founded, name)
    context = founded.context(CASEWORKER)
    cell = read_csv(export_cases(context, ALL, request()))[0][0]["people"]
    assert "'" in cell
    assert cell.replace("'", "") == name
    rows, _about, book = read_xlsx(export_cases(context, ALL, request("xlsx")))
    assert name in rows[1]
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}
    at = rows[1].index(name) + 1
    assert book.worksheets[0].cell(2, at).quotePrefix is name.startswith(("=", "+", "-", "@"))


def test_both_say_who_made_them(founded: Founded) -> None:
    """By whom, of which organization, with which filters, how many rows, and what the columns are."""
    log(founded, "Zoë Ng")
    context = founded.context(CASEWORKER)
    _rows, comments = read_csv(export_cases(context, ALL, request()))
    about, book = read_xlsx(export_cases(context, ALL, request("xlsx")))[1:]
    assert [line.removeprefix("# ") for line in comments] == about
    assert about[0].startswith("Made by Ines on ")
    assert about[1:3] == ["Shown: All cases; “Zoë”.", "Rows: 1."]
    assert "open_to_label = Open to" in about
    assert book.properties.creator in (None, "")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nothing_is_written_on_the_way(
    founded: Founded, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made in memory: no plain file in the folder for temporary ones."""
    log(founded, "Zoë Ng")
    context, folder = founded.context(CASEWORKER), tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)

    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a temporary file")

    for maker in ("mkstemp", "mkdtemp", "TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, maker, refuse)
    assert export_incidents(context, ALL, request(kind)).content
    assert list(folder.iterdir()) == []


def test_the_log_has_how_many_left(founded: Founded) -> None:
    """The count alone: neither filter nor name."""
    log(founded, "Zoë Ng")
    for export, event in ((export_cases, "cases.exported"), (export_incidents, "incidents.exported")):
        file = export(founded.context(CASEWORKER), ALL, request("xlsx"))
        assert file.name.startswith(f"casework-{event.partition('.')[0]}-")
        entry = open_log(founded.context())[-1]
        assert (entry["event"], entry["fields"]) == (event, {"count": 1})
    with pytest.raises(Invalid, match="kind"):
        export_cases(founded.context(CASEWORKER), ALL, request("doc"))


def test_a_list_too_long_for_excel_says_so(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """CSV takes it still; nothing is noted of what did not leave."""
    monkeypatch.setattr("casework.services.sheets.MOST_ROWS", 0)
    log(founded, "Zoë Ng")
    before = len(open_log(founded.context()))
    with pytest.raises(Invalid, match="kind"):
        export_cases(founded.context(CASEWORKER), ALL, request("xlsx"))
    assert len(open_log(founded.context())) == before
    assert len(read_csv(export_cases(founded.context(CASEWORKER), ALL, request("csv")))[0]) == 1


@pytest.mark.parametrize(
    ("answers", "code", "label"),
    [
        (["given"], "yes", "yes: everybody consented"),
        (["given", "withdrawn"], "no", "no: consent is missing"),
        (["not_asked"], "no", "no: consent is missing"),
    ],
)
def test_each_row_says_whether_it_is_in_statistics(
    founded: Founded, answers: list[str], code: str, label: str
) -> None:
    """In the last columns, so that those before stay where they were."""
    told.log(founded.context(CASEWORKER), *(told.person(answer, statistics=answer) for answer in answers))
    for export in (export_cases, export_incidents):
        (row,), _notes = read_csv(export(founded.context(CASEWORKER), ALL, request()))
        assert list(row.items())[-2:] == [("in_statistics", code), ("in_statistics_label", label)]


def test_a_case_may_be_in_statistics_partly(founded: Founded) -> None:
    """One incident of two."""
    logged = told.log(founded.context(CASEWORKER), told.person("A"))
    told.log(founded.context(CASEWORKER), told.person("B", statistics="refused"), case_id=logged.case_id)
    (row,), _notes = read_csv(export_cases(founded.context(CASEWORKER), ALL, request("csv", "fr")))
    assert (row["in_statistics"], row["in_statistics_label"]) == (
        "partly",
        "en partie\u00a0: il manque un consentement",
    )
