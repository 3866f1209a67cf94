"""Rows with one number become one incident with several people: whole, once, or refused with the reason."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from casework.domain.vocabulary import code_list
from casework.errors import NotFound
from casework.services.cases import get_case
from casework.services.context import Context
from casework.services.importing import checking, gathering, grouping, joining, receiving, uploads, wizard
from casework.services.importing.batches import get_batch, list_batch_lines
from casework.services.importing.checking import list_refused
from casework.services.importing.people import MOST_IN_INCIDENT
from casework.services.importing.sentlist import Upload
from casework.services.importing.wizard import begin_import, import_some, undo_import
from casework.services.signing_in import sessions
from casework.store import uploads as uploads_store
from casework.store.cases import Case, CaseKey, Incident, Person
from casework.store.database import db
from casework.store.imports import ImportedRow
from casework.store.volatilestore import list_records
from casework.web.forms.incidents import MAX_PEOPLE
from tests.services.importing.lists import send, try_list, write_xlsx
from tests.support.application import Founded

RECORDS = (Case, CaseKey, Person, Incident, ImportedRow)
REASONS = code_list("reason_given").codes[:2]
HEADING = "Dossier;Date;Corps de police;Nom;Sexe;Motif;Remarques\n"
ROWS = (
    "A1;2021-05-03;SPVM;Ana Roy;F;;Au coin.\n",
    "B7;2021-06-01;SQ;Eve Cyr;F;;Au métro.\n",
    "A1;;;Luz Paz;dame;;Au coin.\n",
    "A1;2021-05-03;SPVM;;;;Deux patrouilles.\n",
    ";2021-07-01;SPVM;Noé;M;;\n",
    ";2021-07-01;SPVM;Kim;M;;\n",
)


def write(*rows: str) -> bytes:
    """Write a list."""
    return (HEADING + "".join(rows or ROWS)).encode()


def dump() -> list[list[tuple[Any, ...]]]:
    """Return every row of every record's table."""
    db.session.rollback()
    return [sorted(map(tuple, db.session.execute(select(t.__table__))), key=repr) for t in RECORDS]


def work_off(context: Context) -> None:
    """Do all that waits."""
    while import_some(context):
        pass


def bring_in(context: Context, content: bytes) -> UUID:
    """Bring a list in to its end."""
    batch_id = begin_import(context, try_list(context, send(context, content)).id)
    work_off(context)
    return batch_id


def report_of(upload: Upload) -> tuple[int, ...]:
    """Return the counts of a dry run."""
    assert upload.report is not None
    return tuple(upload.report[name] for name in ("ready", "incidents", "already", "refused"))


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a piece."""
    for module in (uploads, receiving, wizard, gathering):
        monkeypatch.setattr(module, "PIECE_ROWS", 2)
    monkeypatch.setattr(gathering, "_HELD_PIECES", 1)


@pytest.fixture
def small_most(monkeypatch: pytest.MonkeyPatch) -> int:
    """Three rows of one number at most, in pieces of two."""
    for module in (uploads, receiving, wizard, gathering):
        monkeypatch.setattr(module, "PIECE_ROWS", 2)
    for module in (gathering, joining):
        monkeypatch.setattr(module, "MOST_ROWS_TOGETHER", 3)
    return 3


def test_rows_of_one_number_are_one_incident(founded: Founded) -> None:
    """People of all rows, what is filled, each line once; a row that describes nobody adds nobody."""
    context = founded.context()
    upload = try_list(context, send(context, write()))
    assert upload.plan is not None and upload.plan.joins is True
    assert upload.groups is not None
    assert (upload.groups.rows, upload.groups.numbers, upload.groups.repeated) == (4, 2, 1)
    assert report_of(upload) == (6, 4, 0, 0)
    batch_id = begin_import(context, upload.id)
    work_off(context)
    batch = get_batch(context, batch_id)
    assert (batch.facts.rows, batch.facts.stored, batch.facts.incidents, batch.here) == (6, 6, 4, 4)
    lines = list_batch_lines(context, batch_id, 0)
    assert [line.number for line in lines] == [2, 3, 6, 7]
    view = get_case(context, lines[0].case_id)
    assert sorted(person.identity.name for person in view.people) == ["Ana Roy", "Luz Paz"]
    [incident] = view.incidents
    assert incident.facts.date.encode() == "2021-05-03" and incident.facts.police_service == "spvm"
    assert len(incident.facts.participations) == 2
    assert incident.narrative.text == "Au coin.\nDossier: A1\nDeux patrouilles."
    # Whose word it was nobody could tell from the one narrative.
    assert {one.identity.name: one.identity.note for one in view.people} == {
        "Ana Roy": "",
        "Luz Paz": "Sexe: dame",
    }


@pytest.mark.usefixtures("small_pieces")
def test_rows_that_stand_far_apart_come_together(founded: Founded) -> None:
    """Whatever pieces they were in; an import that was cut off goes on; the same list changes nothing."""
    context = founded.context()
    rows = [f"{number % 5};2021-05-0{number % 5 + 1};SPVM;P{number};F;;\n" for number in range(20)]
    upload = try_list(context, send(context, write(*rows)))
    assert report_of(upload) == (20, 5, 0, 0)
    batch_id = begin_import(context, upload.id)
    import_some(context)
    import_some(context)
    work_off(founded.context())
    batch = get_batch(context, batch_id)
    assert (batch.state, batch.facts.stored, batch.facts.incidents) == ("done", 20, 5)
    views = [get_case(context, line.case_id) for line in list_batch_lines(context, batch_id, 0)]
    assert [{one.identity.name for one in view.people} for view in views] == [
        {f"P{number}" for number in range(start, 20, 5)} for start in range(5)
    ]
    assert list_records(uploads_store.UploadPiece) == []
    before = dump()
    again = get_batch(context, bring_in(context, write(*rows)))
    assert (again.facts.stored, again.facts.already, again.facts.refused) == (0, 20, 0)
    assert dump() == before


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("pieces", [2, 99])
def test_cancelling_and_undoing_leave_nothing(founded: Founded, pieces: int) -> None:
    """On its way in and afterwards."""
    context, before = founded.context(), dump()
    batch_id = begin_import(context, try_list(context, send(context, write())).id)
    for _ in range(pieces):
        import_some(context)
    undo_import(context, batch_id)
    work_off(context)
    assert dump() == before


def test_rows_that_contradict_each_other_are_refused_together(founded: Founded) -> None:
    """By the columns in which they do, whatever else the list holds; several answers are united."""
    context = founded.context()
    content = write(
        "A1;2021-05-03;SPVM;Ana;F;;\n",
        "A1;2021-05-04;SQ;Luz;F;;\n",
        "B1;2021-05-05;SPVM;Eve;F;Immigration;\n",
        "B1;2021-05-05;SPVM;Noé;M;Identity;\n",
    )
    upload = send(context, content)
    assert upload.plan is not None and upload.plan.joins is False
    assert upload.groups is not None and upload.groups.differing == {"Date": 1, "Corps de police": 1}
    said = replace(
        upload.plan,
        joins=True,
        values={**upload.plan.values, "Motif": dict(zip(("Immigration", "Identity"), REASONS, strict=True))},
    )
    upload = try_list(context, uploads.change_plan(context, upload, said))
    assert report_of(upload) == (2, 1, 0, 2)
    refused = list(list_refused(context, upload))
    assert [row.number for row in refused] == [2, 3]
    assert all(set(row.faults) == {"Date", "Corps de police"} for row in refused)
    assert "“A1” do not agree here" in str(refused[0].faults["Date"])
    batch_id = begin_import(context, upload.id)
    work_off(context)
    [line] = list_batch_lines(context, batch_id, 0)
    assert set(get_case(context, line.case_id).incidents[0].facts.reasons) == set(REASONS)
    assert get_batch(context, batch_id).facts.refused == 2


def test_a_row_that_is_refused_takes_the_others_of_its_number_along(founded: Founded) -> None:
    """Half an incident would be taken for a whole one; a row that was never filled takes none."""
    context = founded.context()
    content = write(
        "A1;2021-05-03;SPVM;Ana;F;;\n",
        "A1;soon;SPVM;Luz;F;;\n",
        "B1;2021-05-05;SPVM;Eve;F;;\n",
        "B1;;;;;;\n",
        "C1;2021-05-05;SPVM;Kim;F;;;too;wide\n",
        "C1;2021-05-05;SPVM;Max;F;;\n",
    )
    upload = send(context, content)
    assert upload.plan is not None
    upload = try_list(context, uploads.change_plan(context, upload, replace(upload.plan, joins=True)))
    assert report_of(upload) == (1, 1, 0, 5)
    found = {row.number: dict(row.faults) for row in list_refused(context, upload)}
    assert found[2] == {"Dossier": "Row 3 of the same incident is refused."}
    assert set(found[3]) == {"Date"} and set(found[5]) == {"row"} and set(found[6]) == {"row"}
    assert found[7] == {"Dossier": "Row 6 of the same incident is refused."}


def test_a_column_that_is_no_number_of_incidents_joins_nothing(founded: Founded, small_most: int) -> None:
    """More rows than an incident can have: each is refused, and no piece grows."""
    context = founded.context()
    rows = [f"A1;2021-05-03;SPVM;P{number};F;;\n" for number in range(small_most + 3)]
    upload = try_list(context, send(context, write(*rows)))
    assert report_of(upload) == (0, 0, 0, small_most + 3)
    reasons = {row.faults["Dossier"] for row in list_refused(context, upload)}
    assert reasons == {
        "6 rows have the number “A1”. At most 3 can be one incident: perhaps this column is not its number."
    }


def test_no_more_people_than_an_incident_takes(founded: Founded) -> None:
    """As on its page."""
    assert MOST_IN_INCIDENT == MAX_PEOPLE
    context = founded.context()
    rows = [f"A1;2021-05-03;SPVM;P{number};F;;\n" for number in range(MOST_IN_INCIDENT + 1)]
    assert report_of(try_list(context, send(context, write(*rows)))) == (0, 0, 0, MOST_IN_INCIDENT + 1)
    assert report_of(try_list(context, send(context, write(*rows[1:])))) == (MOST_IN_INCIDENT, 1, 0, 0)


def test_somebody_who_is_described_alike_twice_is_there_once(founded: Founded) -> None:
    """By name; people without one are different people."""
    context = founded.context()
    row, nameless = "A1;2021-05-03;SPVM;Ana;F;;\n", "A1;2021-05-03;SPVM;;M;;\n"
    [line] = list_batch_lines(context, bring_in(context, write(row, row, nameless, nameless)), 0)
    assert sorted(one.identity.name for one in get_case(context, line.case_id).people) == ["", "", "Ana"]


def test_a_no_is_somebody_s_even_where_the_row_describes_nobody(founded: Founded) -> None:
    """It is not dropped: the incident does not count. A consent of the whole list adds nobody."""
    context = founded.context()
    head = b"Dossier;Date;Nom;Consentement aux statistiques\n"
    rows = b"A1;2021-05-03;Ana;oui\nA1;2021-05-03;;non\nB1;2021-05-04;Luz;oui\nB1;2021-05-04;;\n"
    upload = try_list(context, send(context, head + rows, police_service="spvm"))
    assert report_of(upload) == (4, 2, 0, 0)
    assert upload.report is not None and upload.report["counting"] == 1
    batch_id = begin_import(context, upload.id)
    work_off(context)
    first, second = (get_case(context, one.case_id) for one in list_batch_lines(context, batch_id, 0))
    answers = {one.identity.name: one.facts.consent("statistics").answer for one in first.people}
    assert answers == {"Ana": "given", "": "refused"}
    assert [one.identity.name for one in second.people] == ["Luz"]
    upload = send(context, write(), name="other.csv")
    assert upload.plan is not None
    said = replace(upload.plan, statistics="given", basis="Everybody said yes.")
    upload = try_list(context, uploads.change_plan(context, upload, said))
    batch_id = begin_import(context, upload.id)
    work_off(context)
    line = list_batch_lines(context, batch_id, 0)[0]
    assert sorted(one.identity.name for one in get_case(context, line.case_id).people) == [
        "Ana Roy",
        "Luz Paz",
    ]


def test_without_a_date_nobody_can_tell_and_each_is_its_own_case(founded: Founded) -> None:
    """The number is kept in words then."""
    context = founded.context()
    content = b"Dossier;Nom\nA1;Ana\nA1;Luz\n"
    upload = try_list(context, send(context, content, police_service="spvm"))
    assert upload.plan is not None and upload.plan.joins is False
    assert upload.groups is not None and not upload.groups.agree and upload.groups.compared == ()
    assert report_of(upload) == (2, 2, 0, 0)
    assert upload.report is not None
    assert [row["words"] for row in upload.report["ready_rows"]] == ["Dossier: A1", "Dossier: A1"]


def test_numbers_of_another_sheet_are_looked_at_once_somebody_asks(founded: Founded) -> None:
    """By one at a time; what was decided since stands, and nothing is kept of a list that is gone."""
    context = founded.context()
    head: list[object] = ["Dossier", "Date", "Nom"]
    rows: list[list[object]] = [["A", "2021-05-03", "Ana"], ["A", "2021-05-03", "Luz"], ["B", "2021", "Eve"]]
    upload = send(context, write_xlsx(first=[head, *rows], second=[head, *rows[:2]]), "liste.xlsx")
    assert grouping.begin_look(context, upload.id) is None
    receiving.choose_sheet(context, upload.id, 1)
    begun = grouping.begin_look(context, upload.id)
    assert begun is not None and begun.plan is not None
    assert begun.plan.joins is None and begun.groups is None
    assert grouping.begin_look(context, upload.id) is None
    uploads.change_plan(context, begun, replace(begun.plan, source="another"))
    grouping.look_at_groups(context, begun)
    decided = uploads.get_upload(context, upload.id)
    assert decided.groups is None and decided.plan is not None and decided.plan.source == "another"
    begun = grouping.begin_look(context, upload.id)
    assert begun is not None
    grouping.look_at_groups(context, begun)
    looked = uploads.get_upload(context, upload.id)
    assert looked.plan is not None and looked.plan.joins is True and not looked.doing
    assert looked.groups is not None
    assert (looked.groups.sheet, looked.groups.rows, looked.groups.numbers) == (1, 2, 1)
    assert grouping.begin_look(context, upload.id) is None
    # Another column of dates: what was said of the rows stands, the rest is found anew.
    plan = replace(looked.plan, targets={**looked.plan.targets, "Date": "note"})
    assert not grouping.has_looked(looked, plan)
    uploads.change_plan(context, looked, plan)
    begun = grouping.begin_look(context, upload.id)
    assert begun is not None
    uploads.discard_upload(context, upload.id)
    with pytest.raises(NotFound):
        grouping.look_at_groups(context, begun)


def test_a_further_row_of_a_number_that_is_in_changes_nothing(founded: Founded) -> None:
    """It is in already, as its number says; nobody is added unseen."""
    context = founded.context()
    bring_in(context, write())
    before = dump()
    upload = try_list(context, send(context, write(*ROWS, "A1;2021-05-03;SPVM;Max;M;;\n")))
    assert report_of(upload) == (0, 0, 7, 0)
    begin_import(context, upload.id)
    work_off(context)
    assert dump() == before


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("joins", [True, False])
@pytest.mark.parametrize("keyed", [True, False])
def test_a_list_that_is_in_is_in_whatever_its_rows_are_this_time(
    founded: Founded, joins: bool, keyed: bool
) -> None:
    """One incident at first and each its own now, or the other way round; undone it leaves nothing."""
    context, empty = founded.context(), dump()

    def try_as(joins: bool, content: bytes) -> Upload:
        upload = send(context, content)
        assert upload.plan is not None
        targets = {**upload.plan.targets, **({"Remarques": "key"} if keyed else {})}
        return try_list(
            context,
            uploads.change_plan(context, upload, replace(upload.plan, targets=targets, joins=joins)),
        )

    rows = [
        "A1;2021-05-03;SPVM;Ana;F;;1\n",
        "B7;2021-06-01;SQ;Eve;F;;2\n",
        "A1;;SPVM;Luz;F;;3\n",
        "A1;2021-05-03;SPVM;Noé;M;;4\n",
        ";2021-06-01;SQ;Kim;F;;5\n",
    ]
    batch_id = begin_import(context, try_as(joins, write(*rows)).id)
    work_off(context)
    incidents = 3 if joins else 5
    batch, lines = get_batch(context, batch_id), list_batch_lines(context, batch_id, 0)
    assert (batch.facts.stored, batch.facts.incidents, batch.here) == (5, incidents, incidents)
    assert [line.number for line in lines] == ([2, 3, 6] if joins else [2, 3, 4, 5, 6])
    before = dump()
    again = try_as(not joins, write(*rows))
    assert report_of(again) == (0, 0, 5, 0)
    second = begin_import(context, again.id)
    work_off(context)
    facts = get_batch(context, second).facts
    assert (facts.stored, facts.already, facts.refused) == (0, 5, 0)
    assert dump() == before
    # What is new is new alone, unless it is of an incident that is in.
    more = try_as(not joins, write(*rows, "A1;2021-05-03;SPVM;Max;M;;6\n", "C1;2021-07-01;SQ;Zoé;F;;7\n"))
    assert report_of(more) == ((2, 2, 5, 0) if joins else (1, 1, 6, 0))
    undo_import(context, batch_id)
    work_off(context)
    assert dump() == empty


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("first", ["A1", "B1"])
def test_a_row_whose_key_an_earlier_one_has_is_refused_with_its_number(founded: Founded, first: str) -> None:
    """The column that tells rows apart does so over the whole list; within one number it need not."""
    context = founded.context()
    rows = [
        f"{number};2021-05-03;SPVM;{name};F;;{name[0]}\n"
        for number, name in [("A1", "Ana"), ("A1", "Abe"), ("B1", "Eve"), ("B1", "Aya")]
    ]
    upload = send(context, write(*sorted(rows, key=lambda row: not row.startswith(first))))
    assert upload.plan is not None
    targets = {**upload.plan.targets, "Remarques": "key"}
    upload = try_list(context, uploads.change_plan(context, upload, replace(upload.plan, targets=targets)))
    assert report_of(upload) == (2, 1, 0, 2)
    assert {row.number for row in list_refused(context, upload)} == {4, 5}
    batch_id = begin_import(context, upload.id)
    work_off(context)
    facts = get_batch(context, batch_id).facts
    assert (facts.stored, facts.incidents, facts.refused) == (2, 1, 2)


def test_a_dry_run_that_is_decided_anew_leaves_no_copies(founded: Founded) -> None:
    """Of each number column the rows lie in one order at most; the last one's."""
    context = founded.context()
    upload = try_list(context, send(context, write()))
    assert upload.plan is not None and upload.gathered is not None
    first = upload.gathered.first_piece
    again = try_list(context, uploads.change_plan(context, upload, upload.plan))
    assert again.gathered == upload.gathered
    targets = {**upload.plan.targets, "Dossier": "note", "Remarques": "group"}
    other = try_list(context, uploads.change_plan(context, again, replace(upload.plan, targets=targets)))
    assert other.gathered is not None and other.gathered.heading == "Remarques"
    numbers = [piece.number for piece in list_records(uploads_store.UploadPiece)]
    assert first not in numbers and other.gathered.first_piece in numbers


def leave(context: Context, upload_id: UUID, way: str) -> None:
    """Let a list go."""
    if way == "discarded":
        uploads.discard_upload(context, upload_id)
    elif way == "another sent":
        uploads.begin_upload(context, "other.csv")
    elif way == "its day is over":
        later = context.runtime.now() + timedelta(days=2)
        sessions.sweep(replace(context.runtime, now=lambda: later))
    else:
        sessions.end_all_sessions()


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("way", ["discarded", "another sent", "its day is over", "sealed"])
@pytest.mark.parametrize("at", ["reading", "gathering"])
def test_nothing_more_is_written_of_a_list_that_is_gone(
    founded: Founded, monkeypatch: pytest.MonkeyPatch, at: str, way: str
) -> None:
    """Nobody would delete it."""
    context = founded.context()
    module = receiving if at == "reading" else gathering

    def write_then_leave(context: Context, upload_id: UUID, number: int, content: list[Any]) -> None:
        uploads.write_piece(context, upload_id, number, content)
        if uploads.has_list(upload_id):
            leave(context, upload_id, way)

    def go() -> None:
        upload = send(context, write())
        checking.check_upload(context, checking.begin_check(context, upload))

    monkeypatch.setattr(module, "write_piece", write_then_leave)
    monkeypatch.setattr(gathering, "_HELD_PIECES", 20)
    with pytest.raises(NotFound):
        go()
    assert list_records(uploads_store.UploadPiece) == []


def list_copies() -> list[int]:
    """Return the numbers of the pieces that are copies."""
    numbers = [piece.number for piece in list_records(uploads_store.UploadPiece)]
    return sorted(number for number in numbers if number >= gathering._FROM)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize(
    "way", ["decided anew", "decided anew at the end", "broken", "cut off before it is noted"]
)
def test_copies_that_no_plan_wants_are_deleted_and_those_before_stay(
    founded: Founded, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """The new ones are noted first; until then the list is what it was."""
    context = founded.context()
    upload = try_list(context, send(context, write()))
    assert upload.plan is not None
    before, copies = upload.gathered, list_copies()
    targets = {**upload.plan.targets, "Dossier": "note", "Remarques": "group"}
    plan = replace(upload.plan, targets=targets)
    begun = checking.begin_check(context, uploads.change_plan(context, upload, plan))
    written = 0

    def write_piece(context: Context, upload_id: UUID, number: int, content: list[Any]) -> None:
        nonlocal written
        uploads.write_piece(context, upload_id, number, content)
        written += 1
        if way == "broken" and written == 2:
            raise RuntimeError
        if written == (1 if way == "decided anew" else 3) and way.startswith("decided"):
            uploads.change_plan(context, upload, replace(plan, source="another"))

    def change_upload(context: Context, upload_id: UUID, change: Any) -> Any:
        if way.startswith("cut off") and written == 3:
            raise RuntimeError
        return uploads.change_upload(context, upload_id, change)

    monkeypatch.setattr(gathering, "write_piece", write_piece)
    monkeypatch.setattr(checking, "change_upload", change_upload)
    with nullcontext() if way.startswith("decided") else pytest.raises(RuntimeError):
        checking.check_upload(context, begun)
    assert written
    assert uploads.get_upload(context, upload.id).gathered == before
    assert list_copies() == copies


@pytest.mark.parametrize(
    ("second", "agrees"),
    [("05/03/2021;Sûreté du Québec", True), ("6 mars 2021;SQ", False), ("5 mars 2021;SPVM", False)],
)
def test_what_cells_mean_is_compared_not_their_words(founded: Founded, second: str, agrees: bool) -> None:
    """One day and one service, however they are written, look like one incident."""
    rows = f"Dossier;Date;Corps de police;Nom\nA;5 mars 2021;SQ;Ana\nA;{second};Luz\nB;2021-04-20;SQ;Kim\n"
    upload = send(founded.context(), rows.encode())
    assert upload.groups is not None and upload.groups.agree is agrees
    assert upload.plan is not None and upload.plan.joins is agrees
