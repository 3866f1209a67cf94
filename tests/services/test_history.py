"""The history of a case: every change with what stood there before, for those who may open the case."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, update

from casework.domain.act import ActTexts
from casework.domain.followup import FollowUpTexts
from casework.domain.incident import IncidentNarrative
from casework.domain.person import Consent, PersonFacts, PersonIdentity
from casework.domain.revision import Change, Changes, Rewriting
from casework.errors import Conflict, NotFound, Tampered
from casework.services import acts, bin, cases, erasing, holding, incidents, patterns
from casework.services.access import get_case_row
from casework.services.accounts.deciding import tell_one, undecide
from casework.services.attachments import keeping
from casework.services.attachments.adding import add_attachment
from casework.services.attachments.sweeping import erase_removed_file
from casework.services.closing import close_case
from casework.services.followups import writing
from casework.services.followups.purging import purge_some
from casework.services.history.reading import PAGE_SIZE, HistoryPage, RevisionView, read_history
from casework.services.incidents import Logged
from casework.services.membership.leaving import revoke_member
from casework.services.merging.merging import merge
from casework.services.merging.undoing import undo_merge
from casework.services.restricted import restricting
from casework.services.transactions import transaction
from casework.store.database import db
from casework.store.revisions import Revision
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import act_draft, incident_draft, person_draft, task_draft
from tests.support.times import later


def _log(founded: Founded, **draft: object) -> Logged:
    return incidents.log_incident(founded.context(CASEWORKER), incident_draft(**draft))  # type: ignore[arg-type]


def _rename(founded: Founded, case_id: UUID, name: str, login: str = CASEWORKER) -> None:
    context = founded.context(login)
    (person,) = cases.get_case(context, case_id).people
    facts, identity = replace(person.facts, gender="woman"), replace(person.identity, name=name)
    cases.change_person(context, case_id, person.id, person.version, facts, identity)


def _told(founded: Founded, case_id: UUID, login: str = CASEWORKER) -> list[tuple[str, Changes, Changes]]:
    page = read_history(founded.context(login), case_id)
    views = [view for save in page.saves for view in save.revisions]
    return [(view.told.record, view.told.changes, view.identity) for view in views]


def _history(founded: Founded, case_id: UUID) -> HistoryPage:
    return read_history(founded.context(CASEWORKER), case_id)


def _views(founded: Founded, case_id: UUID) -> list[RevisionView]:
    return [view for save in _history(founded, case_id).saves for view in save.revisions]


def _saves(founded: Founded, case_id: UUID) -> list[list[tuple[str, str]]]:
    saves = _history(founded, case_id).saves
    return [[(view.told.record, view.told.deed) for view in save.revisions] for save in saves]


def _rows() -> list[Revision]:
    db.session.rollback()
    return list(db.session.scalars(select(Revision)))


def test_a_person_before_and_after(founded: Founded) -> None:
    """Who somebody is stands under the key of identities alone; who changed it, when, and the rest beside."""
    logged = _log(founded)
    assert _told(founded, logged.case_id) == []
    _rename(founded, logged.case_id, "Teodor V.", COLLEAGUE)
    (save,) = read_history(founded.context(CASEWORKER), logged.case_id).saves
    (view,) = save.revisions
    assert view.identity == {"name": ("Teodor Vulcan", "Teodor V.")}
    assert view.told.changes == {"gender": ("not_asked", "woman")}
    assert view.told.by == founded.players[COLLEAGUE].id
    assert abs(view.told.at - founded.runtime.now()) < timedelta(minutes=5)
    _rename(founded, logged.case_id, "Teodor V.")
    assert len(_rows()) == 1


def test_every_kind_of_change_is_told(founded: Founded) -> None:
    """Incident, tags, follow-up, hold, closing, bin and back, handing over, who may open it: newest first."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    view = incidents.get_incident(context, logged.incident_id)
    draft = replace(
        incident_draft(people=()), narrative=IncidentNarrative("Moved.", "rue Jarry, near the park")
    )
    incidents.change_incident(context, logged.incident_id, view.version, draft)
    pattern = patterns.list_patterns(context)[0].id
    patterns.tag_incidents(founded.context(CASEWORKER), [logged.incident_id], pattern, True)
    task = writing.add_follow_up(founded.context(CASEWORKER), logged.case_id, task_draft())
    writing.tick_off(founded.context(CASEWORKER), logged.case_id, task)
    holding.hold_case(founded.context(), logged.case_id, 1)
    holding.release_case(founded.context(), logged.case_id, 2)
    close_case(founded.context(CASEWORKER), logged.case_id, 3, "done", FollowUpTexts())
    cases.hand_over(founded.context(CASEWORKER), [logged.case_id], founded.players[COLLEAGUE].id)
    bin.bin_case(founded.context(CASEWORKER), logged.case_id, 4)
    bin.restore_case(founded.context(CASEWORKER), logged.case_id)
    told = [(record, set(changes)) for record, changes, _ in _told(founded, logged.case_id)]
    assert told == [
        ("case", {"binned_on"}),
        ("case", {"binned_on"}),
        ("case", {"responsible"}),
        ("case", {"status", "closing_reason"}),
        ("case", {"hold_since"}),
        ("case", {"hold_since"}),
        ("follow_up", {"done_on"}),
        ("follow_up", set()),
        ("incident", {"patterns"}),
        ("incident", {"text", "participations"}),
    ]


def test_what_is_saved_together_is_one_entry(founded: Founded) -> None:
    """An incident, and somebody new in it, come into a case; what began with the case is no change of it."""
    logged = _log(founded)
    assert _saves(founded, logged.case_id) == []
    incidents.log_incident(founded.context(CASEWORKER), incident_draft(), logged.case_id)
    assert _saves(founded, logged.case_id) == [[("incident", "added"), ("person", "added")]]
    close_case(founded.context(CASEWORKER), logged.case_id, 1, "done", FollowUpTexts("", "Moved away."))
    newest = _saves(founded, logged.case_id)[0]
    assert newest == [("case", "changed"), ("follow_up", "added")]


def test_the_steps_of_a_pathway(founded: Founded) -> None:
    """Each is told by itself, with the answers that follow from it; what went for good is told no more."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    before = len(_rows())
    act_id = acts.record_act(context, logged.incident_id, act_draft())
    changed = replace(act_draft("cbsa_action:removed"), texts=ActTexts(badge="0815"))
    acts.change_act(founded.context(COLLEAGUE), logged.incident_id, act_id, 1, changed)
    views = [view for save in _history(founded, logged.case_id).saves for view in save.revisions]
    (one,) = [view.told for view in views if view.told.part == act_id and view.told.deed == "changed"]
    assert one.by == founded.players[COLLEAGUE].id
    assert one.changes["badge"] == ("4711", "0815") and one.changes["code"].new == "removed"  # type: ignore[union-attr]
    acts.remove_act(founded.context(CASEWORKER), logged.incident_id, act_id)
    assert any("removed_on" in view.told.changes for view in _views(founded, logged.case_id))
    acts.record_act(later(founded.context(CASEWORKER), 1), logged.incident_id, act_draft())
    assert act_id not in {view.told.part for view in _views(founded, logged.case_id)}
    assert len(_rows()) > before


def test_files(founded: Founded) -> None:
    """Added, renamed, removed, put back; erased, its name is not kept longer than the file."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    file_id = add_attachment(context, logged.case_id, "notes.txt", "", [b"Two cars.\n"])
    keeping.change_file(founded.context(CASEWORKER), logged.case_id, file_id, 1, "statement.txt", "")
    keeping.remove_file(founded.context(CASEWORKER), logged.case_id, file_id)
    keeping.restore_file(founded.context(CASEWORKER), logged.case_id, file_id)
    told = [(record, set(changes)) for record, changes, _ in _told(founded, logged.case_id)]
    assert told == [
        ("attachment", {"removed_on"}),
        ("attachment", {"removed_on"}),
        ("attachment", {"name"}),
        ("attachment", set()),
    ]
    assert _told(founded, logged.case_id)[2][1] == {"name": ("notes.txt", "statement.txt")}
    keeping.remove_file(founded.context(CASEWORKER), logged.case_id, file_id)
    assert erase_removed_file(later(founded.context(CASEWORKER), 40))
    assert _rows() == []


def test_who_may_open_a_case(founded: Founded) -> None:
    """A team, then those named alone, then everybody again; each with who it is."""
    logged, me = _log(founded), founded.players[CASEWORKER].id
    colleague = founded.players[COLLEAGUE].id
    cases.change_access(founded.context(CASEWORKER), logged.case_id, 1, True, frozenset({colleague}))
    restricting.restrict(founded.context(CASEWORKER), logged.case_id, 2, frozenset())
    restricting.open_up(founded.context(CASEWORKER), logged.case_id, 3, False, frozenset())
    changes = [changes["access"] for _, changes, _ in _told(founded, logged.case_id)]
    both = sorted([me.hex, colleague.hex])
    everybody, team = {"to": "everybody", "members": []}, {"to": "team", "members": both}
    named = {"to": "named", "members": [me.hex]}
    assert changes == [(named, everybody), (team, named), (everybody, team)]


def test_a_member_who_leaves(founded: Founded) -> None:
    """Each of their cases says to whom it went, and that they are in its team no longer."""
    logged = _log(founded, team_only=True, team=frozenset({founded.players[COLLEAGUE].id}))
    revoke_member(founded.context(COORDINATOR), founded.players[CASEWORKER].id, founded.players[COLLEAGUE].id)
    told = [changes for _, changes, _ in _told(founded, logged.case_id, COLLEAGUE)]
    assert [set(changes) for changes in told].count({"responsible"}) == 1
    assert [set(changes) for changes in told].count({"access"}) == 1


def test_a_rule_of_retention_says_that_it_was_one(founded: Founded) -> None:
    """The member whose keys it used moved nothing."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    with transaction(context, "case.binned") as opened:
        bin.put_in_bin(context, opened, get_case_row(context, logged.case_id), "rule")
    bin.restore_case(founded.context(CASEWORKER), logged.case_id)
    assert _told(founded, logged.case_id)[1][1]["swept"] == (0, 1)


def test_a_long_text_costs_what_changed_of_it(founded: Founded) -> None:
    """A word in a hundred thousand characters is a word: nothing of the text is kept twice."""
    long = "They came by the back door. " * 3500
    draft = replace(incident_draft(people=()), narrative=IncidentNarrative(long))
    logged = incidents.log_incident(founded.context(CASEWORKER), draft)
    view = incidents.get_incident(founded.context(CASEWORKER), logged.incident_id)
    draft = replace(draft, narrative=IncidentNarrative(long.strip()[:-10] + "front door."))
    incidents.change_incident(founded.context(CASEWORKER), logged.incident_id, view.version, draft)
    (row,) = _rows()
    assert len(row.narrative_sealed) < 2048
    rewriting = _told(founded, logged.case_id)[0][1]["text"]
    assert isinstance(rewriting, Rewriting)
    assert [piece.kind for piece in rewriting.pieces][:2] == ["left_out", "same"]


def test_a_case_from_before_says_so(founded: Founded) -> None:
    """Its history begins with the first change that was kept; nothing is made up for what was before."""
    logged = _log(founded)
    assert _history(founded, logged.case_id).is_whole
    db.session.close()
    downgrade(revision="0018")
    upgrade()
    assert not _history(founded, logged.case_id).is_whole


def test_what_is_refused_leaves_no_trace(founded: Founded) -> None:
    """A change that loses a race is none."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    (person,) = cases.get_case(context, logged.case_id).people
    with pytest.raises(Conflict):
        cases.change_person(
            context, logged.case_id, person.id, 7, person.facts, replace(person.identity, name="x")
        )
    assert _rows() == []


def test_only_who_may_open_a_case_reads_its_history(founded: Founded) -> None:
    """Of a restricted one the named, under the keys that a change of names makes; the others know nothing."""
    named = frozenset({founded.players[COLLEAGUE].id})
    logged = _log(founded, restricted=True, team=named)
    _rename(founded, logged.case_id, "Abel")
    with pytest.raises(NotFound):
        read_history(founded.context(COORDINATOR), logged.case_id)
    before = _told(founded, logged.case_id, COLLEAGUE)
    (row,) = _rows()
    key, sealed = row.id, (row.identity_sealed, row.narrative_sealed)
    restricting.withdraw(founded.context(CASEWORKER), logged.case_id, 1, founded.players[COLLEAGUE].id)
    (row,) = [row for row in _rows() if row.id == key]
    assert (row.identity_version, row.narrative_version) == (2, 2)
    assert sealed[0] != row.identity_sealed and sealed[1] != row.narrative_sealed
    assert _told(founded, logged.case_id)[1:] == before
    with pytest.raises(NotFound):
        read_history(founded.context(COLLEAGUE), logged.case_id)


def test_a_history_goes_with_its_case(founded: Founded) -> None:
    """In the bin nobody reads it; erased, nothing of it is left."""
    logged = _log(founded)
    _rename(founded, logged.case_id, "Abel")
    bin.bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    with pytest.raises(NotFound):
        read_history(founded.context(CASEWORKER), logged.case_id)
    erasing.erase_case(founded.context(), logged.case_id)
    assert _rows() == []


def test_a_deleted_follow_up_goes_with_its_history(founded: Founded) -> None:
    """What its words were is not kept longer than they are."""
    logged = _log(founded)
    task = writing.add_follow_up(founded.context(CASEWORKER), logged.case_id, task_draft("Call Abel"))
    writing.change_follow_up(founded.context(CASEWORKER), logged.case_id, task, 1, task_draft("Call"))
    assert _told(founded, logged.case_id)[0][1] == {"title": ("Call Abel", "Call")}
    writing.delete_follow_up(founded.context(CASEWORKER), logged.case_id, task)
    assert len(_rows()) == 3
    purge_some(later(founded.context(CASEWORKER), 40))
    assert _rows() == []


def test_a_change_put_under_another_record_is_noticed(founded: Founded) -> None:
    """The row says of which record it is; so does what is sealed."""
    logged = _log(founded)
    _rename(founded, logged.case_id, "Abel")
    statement = update(Revision).values(record_id=logged.incident_id)
    db.session.execute(statement, execution_options={"unlisted": True})
    db.session.commit()
    with pytest.raises(Tampered):
        read_history(founded.context(CASEWORKER), logged.case_id)


def test_pages(founded: Founded) -> None:
    """A long history comes a page at a time; a page that is not there is the last one."""
    logged = _log(founded)
    for number in range(PAGE_SIZE + 1):
        _rename(founded, logged.case_id, f"Abel {number}")
    first = read_history(founded.context(CASEWORKER), logged.case_id)
    assert (len(first.saves), first.page_count, first.total) == (PAGE_SIZE, 2, PAGE_SIZE + 1)
    last = read_history(founded.context(CASEWORKER), logged.case_id, 9)
    assert (last.number, last.saves[0].revisions[0].identity) == (2, {"name": ("Teodor Vulcan", "Abel 0")})


def test_a_merge_and_its_undo_are_told(founded: Founded) -> None:
    """What each of the two said otherwise, and whom the records name; then who stands for themselves."""
    context = founded.context(CASEWORKER)
    asked = PersonFacts(consents={"statistics": Consent("given"), "litigation": Consent()})
    people = tuple(
        replace(person_draft(), identity=PersonIdentity(name=name), facts=asked)
        for name in ("Zoë Ng", "Ng Zoe")
    )
    logged = incidents.log_incident(context, incident_draft(people=people))
    zoe, ng = logged.people
    given = {"statistics": Consent("given")}
    facts = replace(people[0].facts or PersonFacts(), gender="woman", consents=given)
    made = merge(context, (zoe, ng), (1, 1), facts, PersonIdentity(name="Zoë Ng"))
    (save,) = _history(founded, logged.case_id).saves
    of_incident, *told = save.revisions
    before = [{"person": one.hex, "roles": ["passenger"]} for one in (zoe, ng)]
    assert of_incident.told.changes == {
        "participations": (before, [{"person": made.hex, "roles": ["passenger"]}])
    }
    assert {view.told.record_id for view in told} == {made}
    assert not any("consents" in view.told.changes for view in told)  # not asked, and not asked, is the same
    gender = ("not_asked", "woman")
    assert [view.told.changes["gender"] for view in told] == [gender, gender]
    assert {view.told.changes["merged"].new: dict(view.identity) for view in told} == {  # type: ignore[union-attr]
        zoe.hex: {},
        ng.hex: {"name": ("Ng Zoe", "Zoë Ng")},
    }
    assert _history(founded, logged.case_id).aside == {zoe: "Zoë Ng", ng: "Ng Zoe"}
    undo_merge(founded.context(COLLEAGUE), logged.case_id, made)
    save = _history(founded, logged.case_id).saves[0]
    assert save.by == founded.players[COLLEAGUE].id
    changes = {view.told.record_id: dict(view.told.changes) for view in save.revisions}
    back = {"aside": Change(made.hex, None)}
    assert (changes[zoe], changes[ng]) == (back, back)
    assert set(changes[logged.incident_id]) == {"participations"}
    assert _history(founded, logged.case_id).aside == {made: "Zoë Ng"}


def test_that_two_told_one_incident_is_told(founded: Founded) -> None:
    """In the case of the account that does not count, and when it is taken back."""
    one, other, context = _log(founded), _log(founded), founded.context(COLLEAGUE)
    tell_one(context, one.incident_id, other.incident_id)
    undecide(context, one.incident_id, other.incident_id)
    assert [changes for _record, changes, _identity in _told(founded, other.case_id)] == [
        {"account_of": (one.incident_id.hex, None)},
        {"account_of": (None, one.incident_id.hex)},
    ]
    assert _told(founded, one.case_id) == []
