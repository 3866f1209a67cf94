"""Erasing: who may, when, what is left in every table, cache and draft, and that nothing comes back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from casework.domain.erasure import BY_BIN, BY_COORDINATOR
from casework.errors import Conflict, Forbidden, Invalid, NotFound
from casework.services import cases, drafts, incidents, lists, once, records
from casework.services.auditing.naming import look_up
from casework.services.bin import bin_case, list_bin, restore_case
from casework.services.context import Context
from casework.services.erasing import erase_case, erase_some, get_receipt, list_receipts, note_overwritten
from casework.services.holding import hold_case, release_case
from casework.services.importing.mappingfile import read_mapping
from casework.services.importing.run import import_incidents
from casework.services.incidents import Logged
from casework.services.transactions import transaction
from casework.services.works import do_all
from casework.store.cases import Case, CaseAccess, CaseKey, Incident, Person
from casework.store.database import db
from casework.store.drafts import list_drafts as list_draft_rows
from casework.store.erasures import Erasure, list_erased_cases
from casework.store.imports import ImportedRow
from casework.store.restricted import CaseKeySeal
from tests.services.deeds import MAPPING
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft, person_draft
from tests.support.times import later

ROWS = b"row\n1\n2\n"
TABLES = (Case, CaseAccess, CaseKey, Incident, Person, CaseKeySeal, ImportedRow, Erasure)


def _binned(founded: Founded, **draft: object) -> Logged:
    context = founded.context(CASEWORKER)
    logged = incidents.log_incident(context, incident_draft(**draft))  # type: ignore[arg-type]
    bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    return logged


def _rows() -> dict[str, int]:
    db.session.rollback()
    return {
        table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in TABLES
    }


def _facts(context: Context) -> set[UUID]:
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    return {*book.cases, *book.people, *book.incidents, *book.binned}


def test_nothing_of_an_erased_case_stays_but_its_receipt(founded: Founded) -> None:
    """Rows of every table go, those of others stay; the receipt says what went, when and by whom."""
    incidents.log_incident(founded.context(CASEWORKER), incident_draft(team_only=True))
    before = _rows()
    logged = _binned(founded, team_only=True, people=(person_draft(), person_draft("Zoë Ng")))
    erase_case(founded.context(COORDINATOR), logged.case_id)
    note_overwritten(founded.context(COORDINATOR))
    assert _rows() == before | {"erasure": 1}
    view = get_receipt(founded.context(COORDINATOR), logged.case_id)
    receipt = view.receipt
    assert (receipt.reference, receipt.people, receipt.incidents) == (logged.reference, 2, 1)
    assert (receipt.reason, receipt.erased_by) == (BY_COORDINATOR, founded.players[COORDINATOR].id)
    assert receipt.erased_on == founded.runtime.today()
    assert (view.overwritten_at is not None) == view.overwrites
    assert [one.case_id for one in list_receipts(founded.context(COORDINATOR))] == [logged.case_id]
    for gone in (erase_case, restore_case, cases.get_case):
        with pytest.raises(NotFound):
            gone(founded.context(COORDINATOR), logged.case_id)


def test_a_restricted_case_goes_with_its_seals(founded: Founded) -> None:
    """Whoever's keys erase it: they need not open it, and nobody's seal of its keys stays."""
    named = frozenset({founded.players[COLLEAGUE].id})
    draft = incident_draft(restricted=True, team=named)
    logged = incidents.log_incident(founded.context(CASEWORKER), draft)
    assert _rows()["case_key_seal"] > 0
    bin_case(founded.context(COLLEAGUE), logged.case_id, 1)
    with pytest.raises(NotFound):
        erase_case(founded.context(COORDINATOR), logged.case_id)
    assert erase_some(later(founded.context(COORDINATOR), 31))
    assert _rows() == dict.fromkeys(_rows(), 0) | {"erasure": 1}


@pytest.mark.parametrize("by_bin", [True, False])
def test_the_receipt_of_a_restricted_case_tells_coordinators_nothing_of_it(
    founded: Founded, by_bin: bool
) -> None:
    """Neither its reference nor how much it held is kept, in the list, on its page or for the log."""
    named = {founded.players[login].id for login in (COLLEAGUE, *(() if by_bin else (COORDINATOR,)))}
    people = (person_draft(), person_draft("Zoë Ng"))
    logged = _binned(founded, restricted=True, team=frozenset(named), people=people)
    if by_bin:
        assert erase_some(later(founded.context(COORDINATOR), 31))
    else:
        erase_case(founded.context(COORDINATOR), logged.case_id)
    context = founded.context(COORDINATOR)
    (listed,) = list_receipts(context)
    for receipt in (listed.receipt, get_receipt(context, logged.case_id).receipt):
        assert receipt.restricted and (receipt.reference, receipt.people, receipt.incidents) == ("", 0, 0)
        assert receipt.erased_by == founded.players[COORDINATOR].id
        assert receipt.erased_on == later(context, 31 if by_bin else 0).runtime.today()
    assert logged.case_id not in look_up(context).cases


def test_no_worker_keeps_it_in_memory(founded: Founded) -> None:
    """A book from before the case was binned, or from while it was, forgets it: facts, names, narratives."""
    for looked_at_meanwhile in (False, True):
        logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft("zibeline"))
        context = founded.context(COORDINATOR)
        person = cases.get_case(context, logged.case_id).people[0].id
        assert lists.list_cases(context, lists.Filter(mine=False, text="zibeline")).total == 1
        bin_case(founded.context(CASEWORKER), logged.case_id, 1)
        if looked_at_meanwhile:
            assert len(list_bin(founded.context(COORDINATOR))) == 1
        erase_case(founded.context(COORDINATOR), logged.case_id)
        assert lists.list_cases(founded.context(COORDINATOR), lists.Filter(mine=False)).total == 0
        assert list_bin(founded.context(COORDINATOR)) == []
        context = founded.context(COORDINATOR)
        assert not _facts(context) & {logged.case_id, logged.incident_id, person}
        texts = context.runtime.casebook.texts(context.keyring, 0)
        assert not {person, logged.incident_id} & {*texts.names, *texts.identities, *texts.narratives}
        assert logged.case_id not in texts.records


def test_only_what_lies_in_the_bin_is_erased_and_only_by_coordinators(founded: Founded) -> None:
    """A case has to be binned first; caseworkers wait for the days to be over."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    with pytest.raises(NotFound):
        erase_case(founded.context(COORDINATOR), logged.case_id)
    bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    for deed in (lambda context: erase_case(context, logged.case_id), list_receipts):
        with pytest.raises(Forbidden):
            deed(founded.context(CASEWORKER))
    assert len(list_bin(founded.context(COLLEAGUE))) == 1


@pytest.mark.parametrize("login", [CASEWORKER, COORDINATOR])
def test_what_is_past_its_days_goes_by_itself(founded: Founded, login: str) -> None:
    """Not on the last day, but the day after, with anybody's keys who edits cases; an advocate's do not."""
    logged, later_one = _binned(founded, team_only=True), _binned(founded)
    assert not erase_some(later(founded.context(login), 30))
    assert not erase_some(later(founded.context(ADVOCATE), 31))
    assert len(list_bin(founded.context(COORDINATOR))) == 2
    do_all(later(founded.context(login), 31))
    assert list_bin(founded.context(COORDINATOR)) == []
    receipts = {view.case_id: view.receipt for view in list_receipts(founded.context(COORDINATOR))}
    assert set(receipts) == {logged.case_id, later_one.case_id}
    assert {receipt.reason for receipt in receipts.values()} == {BY_BIN}
    assert {receipt.erased_by for receipt in receipts.values()} == {founded.players[login].id}


def test_a_time_that_only_the_database_has_erases_nothing(founded: Founded) -> None:
    """Whoever writes to the database has no key: a case that nobody binned, or not so long ago, stays."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    binned = _binned(founded)
    for case_id in (logged.case_id, binned.case_id):
        row = db.session.get_one(Case, case_id)
        row.binned_at = founded.runtime.now() - timedelta(days=60)
    db.session.commit()
    do_all(founded.context(CASEWORKER))
    assert list_receipts(founded.context(COORDINATOR)) == []
    assert db.session.get(Case, logged.case_id) and db.session.get(Case, binned.case_id)


def test_what_is_on_hold_is_never_erased(founded: Founded) -> None:
    """Not even where a hold was set on a case that lies in the bin by other means than the page."""
    logged = _binned(founded)
    context = founded.context(COORDINATOR)
    with transaction(context, "case.held") as opened:
        row = db.session.get_one(Case, logged.case_id)
        facts = records.open_case(context, row)
        records.write_case(
            context, opened.generation, row, replace(facts, hold_since=context.runtime.today())
        )
        opened.note(case=logged.case_id)
    with pytest.raises(Invalid):
        erase_case(founded.context(COORDINATOR), logged.case_id)
    assert not erase_some(later(founded.context(COORDINATOR), 400))
    restore_case(founded.context(COORDINATOR), logged.case_id)


def test_a_hold_is_set_and_lifted_by_coordinators(founded: Founded) -> None:
    """It keeps its first day; lifting it counts as new content, so that no rule takes the case at once."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    with pytest.raises(Forbidden):
        hold_case(founded.context(CASEWORKER), logged.case_id, 1)
    hold_case(founded.context(COORDINATOR), logged.case_id, 1)
    with pytest.raises(Conflict):
        hold_case(founded.context(COORDINATOR), logged.case_id, 1)
    hold_case(later(founded.context(COORDINATOR), 5), logged.case_id, 2)
    held = cases.get_case(founded.context(CASEWORKER), logged.case_id).facts
    assert held.hold_since == founded.runtime.today()
    with pytest.raises(Forbidden):
        release_case(founded.context(CASEWORKER), logged.case_id, 3)
    context = later(founded.context(COORDINATOR), 9)
    release_case(context, logged.case_id, 3)
    free = cases.get_case(founded.context(CASEWORKER), logged.case_id).facts
    assert (free.hold_since, free.touched_on) == (None, context.runtime.today())


def test_an_erased_case_does_not_come_back(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes a case with the id of one that was erased is refused, and nothing is written."""
    logged = _binned(founded)
    erase_case(founded.context(COORDINATOR), logged.case_id)
    assert list(list_erased_cases()) == [logged.case_id]
    before = _rows()
    with monkeypatch.context() as patched:
        patched.setattr(once, "_case_of", lambda _incident_id: logged.case_id)
        with pytest.raises(Conflict):
            incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    assert _rows() == before


def test_imported_rows_go_with_their_case(founded: Founded) -> None:
    """The others stay known, so that the file still brings none of them a second time."""
    mapping = read_mapping(MAPPING)

    def bring_in() -> tuple[int, int]:
        context = founded.context(COORDINATOR)
        report = import_incidents(context, ROWS, mapping, False, lambda _rows: None)
        return report.stored, report.already_stored

    assert bring_in() == (2, 0)
    case_id = db.session.scalars(select(Case.id)).first()
    assert case_id is not None
    bin_case(founded.context(COORDINATOR), case_id, 1)
    assert bring_in() == (0, 2)
    erase_case(founded.context(COORDINATOR), case_id)
    assert _rows()["imported_row"] == 1
    assert bring_in() == (1, 1)


PATHS: dict[str, Callable[[Logged], str]] = {
    "incident_in_case": lambda logged: f"/cases/{logged.case_id}/incidents/new",
    "person": lambda logged: f"/cases/{logged.case_id}/people/{UUID(int=3)}",
    "incident_edit": lambda logged: f"/incidents/{logged.incident_id}",
}


@pytest.mark.parametrize("kind", PATHS)
def test_drafts_of_it_go_when_their_writer_is_seen_again(founded: Founded, kind: str) -> None:
    """They are not shown from the moment on, and deleted with the writer's keys, which alone can tell."""
    logged = _binned(founded)
    kept = founded.context(COLLEAGUE)
    drafts.keep_draft(kept, None, kind, PATHS[kind](logged), {"text": ["half a story"]})
    other = drafts.keep_draft(founded.context(COLLEAGUE), None, "incident", "/incidents/new", {})
    do_all(founded.context(COLLEAGUE))
    assert len(drafts.list_drafts(founded.context(COLLEAGUE))) == 2
    erase_case(founded.context(COORDINATOR), logged.case_id)
    assert [draft.id for draft in drafts.list_drafts(founded.context(COLLEAGUE))] == [other]
    do_all(founded.context(CASEWORKER))
    assert len(list_draft_rows(founded.players[COLLEAGUE].id)) == 2
    do_all(founded.context(COLLEAGUE))
    assert [row.id for row in list_draft_rows(founded.players[COLLEAGUE].id)] == [other]
