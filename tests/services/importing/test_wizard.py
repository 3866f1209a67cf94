"""A list comes in whole, once, or not at all; and goes out again as if it had never been there."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import select

from casework.domain.person import PersonFacts, PersonIdentity, band_of_age
from casework.errors import Conflict, Forbidden, Invalid, NotFound
from casework.services import cases, incidents, lists
from casework.services.auditing.verifying import verify_log
from casework.services.context import Context
from casework.services.importing import checking, reading, receiving, remembering, uploads, wizard
from casework.services.importing.batches import get_batch, list_batch_lines, list_batches, list_changed_lines
from casework.services.importing.cells import tidy_cell
from casework.services.importing.checking import list_refused
from casework.services.importing.plan import Plan
from casework.services.importing.preview import list_ready
from casework.services.importing.rows import OTHER_WIDTH
from casework.services.importing.sentlist import Upload
from casework.services.importing.vaguedates import Order
from casework.services.importing.wizard import begin_import, import_some, undo_import
from casework.services.incidents import PersonDraft
from casework.services.newcomers import add_person
from casework.services.signing_in import sessions
from casework.services.transactions import transaction
from casework.services.verifying.live import verify_live
from casework.store import uploads as uploads_store
from casework.store.cases import Case, CaseKey, Incident, Person
from casework.store.database import db
from casework.store.imports import ImportedRow
from casework.store.volatilestore import list_records
from tests.services.importing.lists import ROWS, TWO_SHEETS, bring_in, send, try_list, write_list, write_xlsx
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.records import incident_draft

RECORDS = (Case, CaseKey, Person, Incident, ImportedRow)


def dump() -> list[list[tuple[Any, ...]]]:
    """Return every row of every record's table."""
    db.session.rollback()
    return [sorted(map(tuple, db.session.execute(select(t.__table__))), key=repr) for t in RECORDS]


def work_off(context: Context) -> None:
    """Do all that waits."""
    while import_some(context):
        pass


def count_cases(founded: Founded) -> int:
    """Return how many cases a list shows."""
    context = founded.context()
    return lists.list_cases(context, lists.Filter(mine=False)).total


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a piece."""
    monkeypatch.setattr(uploads, "PIECE_ROWS", 2)
    monkeypatch.setattr("casework.services.importing.receiving.PIECE_ROWS", 2)
    monkeypatch.setattr(wizard, "PIECE_ROWS", 2)


def test_a_dry_run_counts_and_stores_nothing(founded: Founded) -> None:
    """Each refused row has its number in the file, its column and the reason."""
    context, before = founded.context(), dump()
    upload = try_list(context, send(context, write_list()))
    assert upload.report is not None
    assert (upload.report["ready"], upload.report["already"], upload.report["refused"]) == (3, 0, 1)
    assert upload.report["first"] == [
        [5, [["Date", "“%(value)s” cannot be read as a date.", {"value": "jeudi"}]]]
    ]
    assert [row.number for row in list_refused(context, upload)] == [5]
    assert dump() == before


def test_a_list_comes_in(founded: Founded) -> None:
    """What was not known is kept in words; the list itself is gone."""
    context = founded.context()
    batch_id = bring_in(context, write_list())
    batch = get_batch(context, batch_id)
    assert (batch.state, batch.here) == ("done", 3)
    assert (batch.facts.stored, batch.facts.already, batch.facts.refused) == (3, 0, 1)
    lines = list_batch_lines(context, batch_id, 0)
    assert [(line.number, line.facts.date.encode()) for line in lines] == [
        (2, "2020-12-25"),
        (3, "2021-04-03"),
        (4, "2020-summer"),
    ]
    view = cases.get_case(context, lines[2].case_id)
    assert [person.identity.name for person in view.people] == ["Sékou Diallo"]
    assert uploads.find_own_upload(context) is None
    assert list_records(uploads_store.UploadPiece) == []


def test_the_same_list_again_changes_nothing(founded: Founded) -> None:
    """Every row is known by its source and its key."""
    bring_in(founded.context(), write_list())
    before = dump()
    batch_id = bring_in(founded.context(), write_list())
    facts = get_batch(founded.context(), batch_id).facts
    assert (facts.stored, facts.already, facts.refused) == (0, 3, 1)
    assert dump() == before


@pytest.mark.parametrize("name", ["liste (1).csv", "liste - copie.csv", "liste.csv"])
def test_a_copy_of_a_file_is_the_same_list(founded: Founded, name: str) -> None:
    """Whatever a browser calls what it fetched twice."""
    bring_in(founded.context(), write_list())
    context = founded.context()
    upload = try_list(context, send(context, write_list(), name))
    assert upload.report is not None
    assert (upload.report["ready"], upload.report["already"]) == (0, 3)


def test_a_new_rule_of_tidying_makes_no_list_new(founded: Founded) -> None:
    """Without a column that tells rows apart, each is known by what its file holds, however that is read."""
    content = b"Date;Nom\n2021-05-03;Ana (r.)\n2021-05-03;Ana (r.)\n2021-05-04;Luz\n"
    bring_in(founded.context(), content, police_service="spvm")
    context = founded.context()
    with pytest.MonkeyPatch.context() as patch:
        tidied = lambda value: tidy_cell(value).removesuffix(" (r.)")  # noqa: E731
        patch.setattr(reading, "tidy_cell", tidied)
        upload = try_list(context, send(context, content, police_service="spvm"))
    assert upload.report is not None
    assert (upload.report["ready"], upload.report["already"]) == (0, 3)


def test_dates_that_say_their_order_go_before_what_was_remembered(founded: Founded) -> None:
    """What was said of one list's dates is no reason to read another's against what they say."""
    context = founded.context()
    upload = send(context, b"Date;Nom\n03/04/2021;Ana\n", police_service="spvm")
    assert upload.plan is not None and upload.plan.order is None
    said = replace(upload.plan, order=Order.DAY_FIRST)
    remembering.remember_mapping(context, "Mardi", upload.table.headings, said)
    again = send(context, b"Date;Nom\n05/06/2021;Luz\n", police_service="spvm")
    assert again.plan is not None and again.plan.order is Order.DAY_FIRST
    other = send(context, b"Date;Nom\n05/06/2021;Luz\n12/26/2021;Eve\n", police_service="spvm")
    assert other.plan is not None and other.plan.order is Order.MONTH_FIRST


def test_several_people_of_a_row_are_in_one_case(founded: Founded) -> None:
    """All of them took part in its incident; undoing leaves nobody."""
    context, before = founded.context(), dump()
    content = b"No;Date;Nom1;Sexe1;Nom2;Sexe2\n1;2021-05-03;Ana Roy;F;Luz Paz;M\n2;2021-05-04;Eve Cyr;F;;\n"
    batch_id = bring_in(context, content, police_service="spvm")
    views = [cases.get_case(context, line.case_id) for line in list_batch_lines(context, batch_id, 0)]
    names = [sorted(person.identity.name for person in view.people) for view in views]
    assert names == [["Ana Roy", "Luz Paz"], ["Eve Cyr"]]
    assert [len(view.incidents[0].facts.participations) for view in views] == [2, 1]
    again = try_list(context, send(context, content, police_service="spvm"))
    assert again.report is not None and again.report["already"] == 2
    undo_import(context, batch_id)
    work_off(context)
    assert dump() == before


def test_somebody_who_was_added_since_makes_a_case_a_changed_one(founded: Founded) -> None:
    """However many people came in with it."""
    context = founded.context()
    content = b"No;Date;Nom1;Nom2\n1;2021-05-03;Ana Roy;Luz Paz\n2;2021-05-04;Eve Cyr;\n"
    batch_id = bring_in(context, content, police_service="spvm")
    first, _second = list_batch_lines(context, batch_id, 0)
    incident = cases.get_case(context, first.case_id).incidents[0]
    new = PersonDraft(identity=PersonIdentity(name="Noé"), facts=PersonFacts(), roles=("witness",))
    add_person(context, first.case_id, incident.id, new)
    undo_import(context, batch_id)
    work_off(context)
    [left] = list_batch_lines(context, batch_id, 0)
    assert left.case_id == first.case_id
    assert len(cases.get_case(context, first.case_id).people) == 3


def test_nobody_loses_a_name_that_others_write_for_nothing(founded: Founded) -> None:
    """Na, Nil, the initials N.D.; nobody is called "(null)", and elsewhere N.D. says nothing."""
    context = founded.context()
    names = ("Na", "Nil", "N.D.", "S.O.", "(null)", "N/A", "#N/A", "NULL", "-", "?")
    rows = (f"{n};2021-05-03;{name};N.D.;N.D.;NA;NA;n.d." for n, name in enumerate(names))
    content = "\n".join(
        (
            "No;Date;Nom1;Sexe1;Remarques;Nom2;Sexe2;Téléphone",
            *rows,
            "99;2021-05-03;Ana;F;;Na;NA;",
            "98;2021-05-03;Eve;F;;Luz;M;514",
        )
    )
    batch_id = bring_in(context, content.encode(), police_service="spvm")
    views = [cases.get_case(context, line.case_id) for line in list_batch_lines(context, batch_id, 0)]
    found = [[person.identity.name for person in view.people] for view in views]
    assert found[:10] == [["Na"], ["Nil"], ["N.D."], ["S.O."], *[[""]] * 6]
    assert sorted(found[10]) == ["Ana", "Na"]
    assert {view.people[0].identity.phone for view in views[:10]} == {""}
    assert {view.people[0].facts.gender for view in views[:10]} == {"not_asked"}
    texts = [view.incidents[0].narrative.text for view in views]
    assert texts[-1] == "No: 98 (liste)" and all(text.startswith("No: ") for text in texts)


def test_a_hidden_sheet_is_not_taken_unseen(founded: Founded) -> None:
    """However long it is; it is offered, and named as hidden."""
    rows: list[list[object]] = [["No", "Date"], *[[n, "2021-05-03"] for n in range(1, 9)]]
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(old=rows, new=rows[:3])))
    book["old"].sheet_state = "hidden"
    saved = io.BytesIO()
    book.save(saved)
    upload = send(founded.context(), saved.getvalue(), "liste.xlsx")
    assert upload.table.name == "new"
    assert [sheet.is_hidden for sheet in upload.sheets] == [True, False]


def test_each_sheet_is_a_list_of_its_own(founded: Founded) -> None:
    """Both count their rows from 1: the second one's come in too, also under a remembered mapping."""
    rows: list[list[object]] = [["No", "Date"], *[[n, f"2021-05-{n:02}"] for n in range(1, 4)]]
    content, said = write_xlsx(**{"2020": rows, "2021": rows[:3]}), {"police_service": "spvm"}
    context = founded.context()
    upload = try_list(context, send(context, content, "liste.xlsx", **said))
    assert upload.plan is not None and upload.plan.source == "liste · 2020"
    remembering.remember_mapping(context, "Mardi", upload.table.headings, upload.plan)
    begin_import(context, upload.id)
    work_off(context)
    again = send(context, content, "liste.xlsx", **said)
    receiving.choose_sheet(context, again.id, 1)
    again = try_list(context, uploads.get_upload(context, again.id))
    assert again.plan is not None and again.plan.source == "liste · 2021"
    assert again.report is not None and again.report["ready"] == 2


@pytest.mark.usefixtures("small_pieces")
def test_undoing_leaves_the_records_as_before(founded: Founded) -> None:
    """Not a row of them is left, no list shows one, and the log explains what is there."""
    context = founded.context()
    incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    before, known = dump(), count_cases(founded)
    batch_id = bring_in(context, write_list(copies=3))
    assert count_cases(founded) == known + 9
    undo_import(context, batch_id)
    work_off(context)
    assert dump() == before
    assert count_cases(founded) == known
    batch = get_batch(context, batch_id)
    assert (batch.state, batch.here) == ("undone", 0)
    assert verify_log(founded.context()).findings == ()


@pytest.mark.usefixtures("small_pieces")
def test_what_was_changed_since_stays(founded: Founded) -> None:
    """It is listed before; where the member says so it goes to the bin, and can be restored."""
    context = founded.context()
    batch_id = bring_in(context, write_list())
    first, second, _third = list_batch_lines(context, batch_id, 0)
    incidents.log_incident(context, incident_draft(), case_id=first.case_id)
    assert [line.case_id for line in list_changed_lines(context, batch_id)] == [first.case_id]
    undo_import(context, batch_id)
    work_off(context)
    assert get_batch(context, batch_id).here == 1
    assert cases.get_case(context, first.case_id).people
    with pytest.raises(NotFound):
        cases.get_case(context, second.case_id)
    undo_import(context, batch_id, bins_changed=True)
    work_off(context)
    assert list_batch_lines(context, batch_id, 0)[0].is_binned
    assert verify_live(founded.context(), lambda _n: None, lambda _f: None, lambda _n: None).failures == 0


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("cut", ["bin_case", "seal_batch"])
def test_an_interrupted_undo_bins_what_was_changed(founded: Founded, cut: str) -> None:
    """Whether it was cut short before the case was in the bin, or after."""
    context = founded.context()
    batch_id = bring_in(context, write_list())
    first = list_batch_lines(context, batch_id, 0)[0]
    incidents.log_incident(context, incident_draft(), case_id=first.case_id)
    undo_import(context, batch_id, bins_changed=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wizard, cut, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            import_some(context)
    work_off(context)
    [left] = list_batch_lines(context, batch_id, 0)
    assert (left.case_id, left.is_binned) == (first.case_id, True)
    assert get_batch(context, batch_id).state == "undone"


def test_a_case_that_changes_while_it_goes_out_is_binned_too(founded: Founded) -> None:
    """The piece is tried once more."""
    context = founded.context()
    batch_id = bring_in(context, write_list())
    first = list_batch_lines(context, batch_id, 0)[0]
    undo_import(context, batch_id, bins_changed=True)
    bin_changed = wizard._bin_changed

    def change_after(context: Context, batch_id: UUID, position: int) -> set[UUID]:
        seen = bin_changed(context, batch_id, position)
        incidents.log_incident(context, incident_draft(), case_id=first.case_id)
        return seen

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wizard, "_bin_changed", change_after)
        with pytest.raises(Conflict):
            import_some(context)
    work_off(context)
    [left] = list_batch_lines(context, batch_id, 0)
    assert (left.case_id, left.is_binned) == (first.case_id, True)


@pytest.mark.usefixtures("small_pieces")
def test_cancelling_leaves_nothing_half_done(founded: Founded) -> None:
    """What came in so far goes out again."""
    context, before = founded.context(), dump()
    upload = try_list(context, send(context, write_list(copies=3)))
    batch_id = begin_import(context, upload.id)
    assert import_some(context) and import_some(context)
    assert dump() != before
    undo_import(context, batch_id)
    with pytest.raises(Invalid):
        undo_import(context, batch_id)
    work_off(context)
    assert dump() == before


@pytest.mark.usefixtures("small_pieces")
def test_a_batch_says_how_far_it_is(founded: Founded) -> None:
    """By the rows that were read, whatever became of them; taking it out does not change that."""
    context = founded.context()
    upload = try_list(context, send(context, write_list()))
    batch_id = begin_import(context, upload.id)
    told = [get_batch(context, batch_id)]
    for _piece in range(2):
        import_some(context)
        told.append(get_batch(context, batch_id))
    undo_import(context, batch_id)
    import_some(context)
    told.append(get_batch(context, batch_id))
    work_off(context)
    told.append(get_batch(context, batch_id))
    assert [(batch.state, batch.is_moving, batch.rows_read) for batch in told] == [
        ("running", True, 0),
        ("running", True, 2),
        ("done", False, 4),
        ("undoing", True, 4),
        ("undone", False, 4),
    ]


@pytest.mark.usefixtures("small_pieces")
def test_an_interrupted_import_goes_on(founded: Founded) -> None:
    """A piece that failed is not there; who comes next goes on from where it stood."""
    context = founded.context()
    upload = try_list(context, send(context, write_list(copies=3)))
    batch_id = begin_import(context, upload.id)
    import_some(context)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wizard, "seal_batch", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            import_some(context)
    assert get_batch(context, batch_id).position == 1
    work_off(founded.context())
    assert (get_batch(context, batch_id).state, get_batch(context, batch_id).here) == ("done", 9)


@pytest.mark.usefixtures("small_pieces")
def test_two_processes_bring_each_piece_in_once(founded: Founded) -> None:
    """The second one finds that the batch has moved on."""
    context = founded.context()
    upload = try_list(context, send(context, write_list(copies=2)))
    batch_id = begin_import(context, upload.id)
    import_some(context)
    with pytest.raises(Conflict):
        wizard._import_piece(context, batch_id, upload, uploads.read_kept_rows(context, upload, 0), 0)
    work_off(context)
    assert get_batch(context, batch_id).here == 6


def test_a_batch_whose_list_is_gone_goes_out(founded: Founded) -> None:
    """After a day, or when the machine lost its memory: any coordinator's session takes it out."""
    context, before = founded.context(), dump()
    upload = try_list(context, send(context, write_list()))
    batch_id = begin_import(context, upload.id)
    later = replace(founded.runtime, now=lambda: founded.runtime.now() + timedelta(days=2))
    sessions.sweep(later)
    work_off(founded.context())
    assert get_batch(founded.context(), batch_id).state == "undone"
    assert dump() == before


def test_a_list_is_kept_for_a_day_at_the_most(founded: Founded) -> None:
    """From when it was sent: working on it does not lengthen that."""
    context = founded.context()
    upload = send(context, write_list())

    def after(hours: int) -> Context:
        moment = founded.runtime.now() + timedelta(hours=hours)
        return replace(context, runtime=replace(founded.runtime, now=lambda: moment))

    sessions.sweep(after(23).runtime)
    assert try_list(after(23), upload).report is not None
    sessions.sweep(after(25).runtime)
    with pytest.raises(NotFound):
        uploads.get_upload(context, upload.id)


def test_a_remembered_mapping_is_proposed(founded: Founded) -> None:
    """For a list with its headings, but its name; a new value is guessed beside those that were decided."""
    context = founded.context()
    upload = send(context, write_list())
    assert upload.plan is not None and not upload.remembered
    decided = {**upload.plan.values, "Corps de police": {"garde du métro": "stm"}}
    plan = replace(upload.plan, source="liste du mardi", values=decided)
    remembering.remember_mapping(context, "Mardi", upload.table.headings, plan)
    again = send(context, write_list((*ROWS, "9;2021;X;M;Police de Toronto;")), name="autre.csv")
    assert (again.remembered, again.plan and again.plan.source) == ("Mardi", "autre")
    assert again.plan and again.plan.values["Corps de police"] == {
        "garde du métro": "stm",
        "Police de Toronto": "tps",
        "SPVM": "spvm",
        "SQ": "sq",
    }
    [kept] = remembering.list_mappings(context)
    remembering.forget_mapping(context, kept.id)
    assert not send(context, write_list()).remembered


def test_a_file_that_is_none_says_why(founded: Founded) -> None:
    """In the list's own fault, since it is read in the background."""
    upload = send(founded.context(), b"\xd0\xcf\x11\xe0")
    assert upload.fault is not None and not upload.doing
    assert upload.plan is None


def test_a_list_has_to_be_tried_as_it_is(founded: Founded) -> None:
    """A plan that was changed after the dry run is tried again; a list comes in once at a time."""
    context = founded.context()
    upload = send(context, write_list())
    with pytest.raises(Invalid):
        begin_import(context, upload.id)
    upload = try_list(context, upload)
    begin_import(context, upload.id)
    with pytest.raises(Invalid):
        begin_import(context, upload.id)
    with pytest.raises(Invalid):
        uploads.change_plan(context, upload, Plan())


@pytest.mark.parametrize("saved_every", [1, 10], ids=["on its way", "at its end"])
@pytest.mark.parametrize("decided", ["plan", "sheet"])
def test_a_dry_run_leaves_what_was_decided_since(
    founded: Founded, monkeypatch: pytest.MonkeyPatch, saved_every: int, decided: str
) -> None:
    """It ends without a report, which would be one of another plan; the next one stands."""
    monkeypatch.setattr(checking, "PIECE_ROWS", 2)
    monkeypatch.setattr(checking, "_SAVED_EVERY", saved_every)
    context = founded.context()
    begun = checking.begin_check(
        context, send(context, write_xlsx(**TWO_SHEETS), name="liste.xlsx", police_service="spvm")
    )
    assert begun.plan is not None
    if decided == "sheet":
        receiving.choose_sheet(context, begun.id, 1)
    else:
        uploads.change_plan(context, begun, replace(begun.plan, source="liste du mardi"))
    decided_since = uploads.get_upload(context, begun.id)
    assert not uploads.is_busy(context, decided_since)
    checking.check_upload(context, begun)
    assert uploads.get_upload(context, begun.id) == decided_since
    checked = try_list(context, uploads.keep_decisions(context, begun))
    assert checked.report is not None and checked.report["rows"] == 4


@pytest.mark.usefixtures("small_pieces")
def test_a_list_that_comes_in_keeps_its_sheet(founded: Founded) -> None:
    """Each piece is read by what stands there: the rest would come in from another sheet."""
    context = founded.context()
    upload = send(context, write_xlsx(**TWO_SHEETS), name="liste.xlsx", police_service="spvm")
    batch_id = begin_import(context, try_list(context, upload).id)
    import_some(context)
    with pytest.raises(Invalid):
        receiving.choose_sheet(context, upload.id, 1)
    work_off(context)
    batch = get_batch(context, batch_id)
    assert (batch.state, batch.facts.stored, batch.facts.refused) == ("done", 4, 0)


@pytest.mark.parametrize("joined", [True, False])
def test_what_another_tab_decides_before_the_lock_is_not_brought_in(
    founded: Founded, monkeypatch: pytest.MonkeyPatch, joined: bool
) -> None:
    """The list has to be tried again: no batch begins that could not go on."""
    context = founded.context()
    upload = try_list(context, send(context, write_list()))
    assert upload.plan is not None
    targets = {**upload.plan.targets, "No": "group" if joined else "note"}
    plan = replace(upload.plan, targets=targets, joins=True if joined else None)

    def decide_then_begin(context: Context, event: str) -> Any:
        uploads.change_plan(context, upload, plan)
        return transaction(context, event)

    monkeypatch.setattr(wizard, "transaction", decide_then_begin)
    with pytest.raises(Invalid):
        begin_import(context, upload.id)
    assert list_batches(context) == []


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("way", ["joined since", "decided since", "piece gone"])
def test_a_batch_that_cannot_go_on_keeps_nobody_up(founded: Founded, way: str) -> None:
    """It is taken out, and the one behind it comes in."""
    context, before = founded.context(), dump()
    upload = try_list(context, send(context, write_list(copies=2)))
    batch_id = begin_import(context, upload.id)
    import_some(context)

    def decide(now: Upload) -> Upload:
        assert now.plan is not None
        if way == "joined since":
            targets = {**now.plan.targets, "No": "group"}
            return replace(now, plan=replace(now.plan, targets=targets, joins=True))
        return replace(now, report=None)

    if way == "piece gone":
        uploads.delete_pieces(upload.id, range(1, 4))
    else:
        uploads.change_upload(context, upload.id, decide)
    other = send(context, write_list(), name="autre.csv")
    behind = begin_import(context, try_list(context, other).id)
    work_off(context)
    assert get_batch(context, batch_id).state == "undone"
    assert get_batch(context, behind).state == "done"
    undo_import(context, behind)
    work_off(context)
    assert dump() == before


def test_a_batch_that_another_process_ends_meanwhile_stays(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its list is gone because it is in."""
    context = founded.context()
    batch_id = begin_import(context, try_list(context, send(context, write_list())).id)

    def end_then_look(upload_id: UUID) -> bool:
        monkeypatch.setattr(wizard, "has_list", uploads.has_list)
        work_off(founded.context())
        return uploads.has_list(upload_id)

    monkeypatch.setattr(wizard, "has_list", end_then_look)
    with pytest.raises(Conflict):
        import_some(context)
    work_off(context)
    assert get_batch(context, batch_id).state == "done"


def test_who_may(founded: Founded) -> None:
    """Nobody but coordinators; a list is its sender's alone."""
    upload = send(founded.context(COORDINATOR), write_list())
    with pytest.raises(Forbidden):
        uploads.begin_upload(founded.context(CASEWORKER), "x.csv")
    with pytest.raises(Forbidden):
        uploads.get_upload(founded.context(CASEWORKER), upload.id)
    assert not import_some(founded.context(CASEWORKER))


def test_a_list_lies_sealed(founded: Founded) -> None:
    """Neither its rows nor its headings nor its name stand in the volatile store."""
    send(founded.context(), write_list(), name="Arrestations de Sékou.csv")
    rows = [row.state_sealed for row in list_records(uploads_store.Upload)]
    rows += [piece.content_sealed for piece in list_records(uploads_store.UploadPiece)]
    for words in ("Sékou".encode(), b"Remarques", b"Arrestations"):
        assert not any(words in row for row in rows)


@pytest.mark.parametrize("day", ["2021-05-03", "2021-06-03"])
def test_other_rows_under_known_numbers_are_told(founded: Founded, day: str) -> None:
    """The same numbers in another month's list: in already by their names, but their cases say otherwise."""
    context, said = founded.context(), {"police_service": "spvm", "contact_type": "street_check"}
    head: list[object] = ["No", "Date"]
    rows: list[list[object]] = [[n, f"2021-05-{n:02}"] for n in (3, 4)]
    upload = try_list(context, send(context, write_xlsx(liste=[head, *rows]), "liste.xlsx", **said))
    begin_import(context, upload.id)
    work_off(context)
    again = send(context, write_xlsx(liste=[head, [3, day], rows[1]]), "liste.xlsx", **said)
    again = try_list(context, again)
    assert again.report is not None and again.report["already"] == 2
    assert again.report["differing"] == (day != "2021-05-03")


def test_reasons_are_counted_by_their_kind(founded: Founded) -> None:
    """A few of the cells that they quote stand beside, not a line for each."""
    context = founded.context()
    rows = "".join(f"{n};garbage {n}\n" for n in range(1, 61))
    upload = try_list(
        context, send(context, f"No;Date\n{rows}99;2021-05-03\n".encode(), police_service="spvm")
    )
    assert upload.plan is not None and upload.report is not None
    plan = replace(upload.plan, targets={**upload.plan.targets, "Date": "date"}, order=Order.DAY_FIRST)
    report = try_list(context, uploads.change_plan(context, upload, plan)).report
    assert report is not None
    [(name, _sentence, examples, count)] = report["kinds"]
    assert (name, count) == ("Date", 60)
    assert [one["value"] for one in examples] == ["garbage 1", "garbage 2", "garbage 3"]


def test_a_line_about_the_list_is_told_as_one(founded: Founded) -> None:
    """It has as many cells as the heading: another width is none of its faults."""
    context = founded.context()
    content = (
        b"No,Date,Nom,Lieu\n1,2021-05-03,Ana,Verdun\n\n"
        b"Total,,,\nSource: notre memoire,,,\n5,2021,Luz,Oka,x,y\n"
    )
    report = try_list(context, send(context, content, police_service="spvm")).report
    assert report is not None
    reasons = {number: faults[0][1] for number, faults in report["first"]}
    assert reasons == {4: checking.NO_ROW, 5: checking.NO_ROW, 6: OTHER_WIDTH}


def test_a_preview_says_who_comes_in(founded: Founded) -> None:
    """Age, gender and what each person agreed to."""
    context = founded.context()
    content = b"Date;Nom;Age;Sexe;Consent statistics\n2021-05-03;Ana;34;F;oui\n2021-05-04;Luz;;;\n"
    first, second = list_ready(try_list(context, send(context, content, police_service="spvm")))
    [ana], [luz] = first.people, second.people
    assert (ana.name, ana.age_band, ana.gender) == ("Ana", band_of_age(34), "woman")
    assert ana.consents == {"statistics": "given"} and luz.consents == {}
