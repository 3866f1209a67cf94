"""Follow-ups: who may write them, what is refused, what becomes of them with their case."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from casework.domain.followup import DETENTION, FollowUpTexts
from casework.domain.moments import Moment
from casework.errors import Conflict, Forbidden, Invalid, NotFound
from casework.services import bin, cases, erasing, holding
from casework.services.context import Context
from casework.services.drafts import keep_draft, list_drafts
from casework.services.followups import purging, writing
from casework.services.followups.reading import get_follow_up, read_follow_ups
from casework.services.followups.writing import FollowUpDraft, add_follow_up
from casework.services.incidents import log_incident
from casework.services.transactions import Transaction, transaction
from casework.store.followups import count_follow_ups
from tests.services.followups.times import NOON, context_at
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, PENDING, Founded
from tests.support.records import detention_draft, incident_draft, person_draft, review_draft, task_draft


def _case(founded: Founded, **options: object) -> UUID:
    return log_incident(founded.context(CASEWORKER), incident_draft(**options)).case_id  # type: ignore[arg-type]


def test_what_was_added_is_read(founded: Founded) -> None:
    """Facts and words come back; an open task stands ahead, a note behind; the case counts as touched."""
    case_id, context = _case(founded), context_at(founded)
    task = add_follow_up(context, case_id, task_draft())
    note = add_follow_up(
        context, case_id, FollowUpDraft(kind="note", texts=FollowUpTexts(words="She called back."))
    )
    read = read_follow_ups(founded.context(COLLEAGUE), case_id)
    assert [view.id for view in read.ahead] == [task]
    assert [view.id for view in read.past] == [note]
    assert read.ahead[0].texts == task_draft().texts
    assert read.ahead[0].facts.due == Moment.parse("2026-11-26T14:05")
    assert read.ahead[0].facts.added_by == founded.players[CASEWORKER].id
    assert read.past[0].texts.words == "She called back."
    assert cases.get_case(context, case_id).facts.touched_on == NOON.date()


def test_strangers_and_readers(founded: Founded) -> None:
    """A case of another team is not there; an advocate, who reads no case, is refused."""
    case_id = _case(founded, team_only=True)
    task = add_follow_up(founded.context(CASEWORKER), case_id, task_draft())
    deeds: list[Callable[[Context], object]] = [
        lambda context: add_follow_up(context, case_id, task_draft()),
        lambda context: writing.change_follow_up(context, case_id, task, 1, task_draft()),
        lambda context: writing.tick_off(context, case_id, task),
        lambda context: writing.take_up_again(context, case_id, task),
        lambda context: writing.delete_follow_up(context, case_id, task),
        lambda context: writing.restore_follow_up(context, case_id, task),
        lambda context: get_follow_up(context, case_id, task),
        lambda context: read_follow_ups(context, case_id),
    ]
    for deed in deeds:
        with pytest.raises(NotFound):
            deed(founded.context(COLLEAGUE))
        with pytest.raises(Forbidden):
            deed(founded.context(ADVOCATE))
    assert len(read_follow_ups(founded.context(COORDINATOR), case_id).ahead) == 1


def test_a_follow_up_is_found_in_its_own_case_alone(founded: Founded) -> None:
    """Its id beside another case's is nothing."""
    one, other = _case(founded), _case(founded)
    context = founded.context(CASEWORKER)
    task = add_follow_up(context, one, task_draft())
    for deed in (writing.tick_off, writing.delete_follow_up, get_follow_up):
        with pytest.raises(NotFound):
            deed(context, other, task)
    detention = add_follow_up(context, one, detention_draft())
    with pytest.raises(NotFound):
        add_follow_up(context, other, review_draft(detention))
    with pytest.raises(NotFound):
        add_follow_up(context, one, review_draft(task))


def test_the_slower_of_two_is_told(founded: Founded) -> None:
    """Nothing is overwritten."""
    case_id, context = _case(founded), founded.context(CASEWORKER)
    task = add_follow_up(context, case_id, task_draft())
    writing.change_follow_up(founded.context(COLLEAGUE), case_id, task, 1, task_draft("Theirs"))
    with pytest.raises(Conflict):
        writing.change_follow_up(context, case_id, task, 1, task_draft("Mine"))
    view = get_follow_up(context, case_id, task).view
    assert (view.texts.title, view.version) == ("Theirs", 2)


def test_a_change_keeps_what_it_is_and_who_added_it(founded: Founded) -> None:
    """Kind, day and author of the first version stay, done or not."""
    case_id = _case(founded)
    task = add_follow_up(founded.context(CASEWORKER), case_id, task_draft())
    writing.tick_off(founded.context(CASEWORKER), case_id, task)
    note = replace(task_draft("Changed"), kind="note")
    writing.change_follow_up(founded.context(COLLEAGUE), case_id, task, 2, note)
    facts = get_follow_up(founded.context(COLLEAGUE), case_id, task).view.facts
    assert (facts.kind, facts.added_by) == ("task", founded.players[CASEWORKER].id)
    assert facts.done_by == founded.players[CASEWORKER].id


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"person": uuid4()}, "person"),
        ({"incident": uuid4()}, "incident"),
        ({"assigned_to": uuid4()}, "assigned_to"),
        ({"texts": FollowUpTexts()}, "title"),
    ],
)
def test_what_does_not_belong_is_refused(founded: Founded, changed: dict[str, object], field: str) -> None:
    """The field is named, and nothing is stored."""
    case_id = _case(founded)
    with pytest.raises(Invalid) as refused:
        add_follow_up(founded.context(CASEWORKER), case_id, replace(task_draft(), **changed))  # type: ignore[arg-type]
    assert refused.value.faults.keys() == {field}
    assert count_follow_ups() == 0


@pytest.mark.parametrize("options", [{"team_only": True}, {"restricted": True}])
def test_nobody_is_assigned_who_may_not_open_the_case(founded: Founded, options: dict[str, bool]) -> None:
    """Of a team, of the named; an advocate or somebody not admitted never is."""
    case_id, context = _case(founded, **options), founded.context(CASEWORKER)
    for login in (COLLEAGUE, ADVOCATE, PENDING):
        with pytest.raises(Invalid) as refused:
            add_follow_up(context, case_id, task_draft(assigned_to=founded.players[login].id))
        assert refused.value.faults.keys() == {"assigned_to"}
    add_follow_up(context, case_id, task_draft(assigned_to=founded.players[CASEWORKER].id))


def test_ticking_off_and_taking_up_again(founded: Founded) -> None:
    """Done says by whom and when; taken up again it is as before. A note cannot be done."""
    case_id, context = _case(founded), context_at(founded, COLLEAGUE)
    task = add_follow_up(context, case_id, task_draft())
    writing.tick_off(context, case_id, task)
    done = get_follow_up(context, case_id, task).view.facts
    assert (done.done_on, done.done_by) == (NOON.date(), context.member_id)
    writing.take_up_again(context, case_id, task)
    assert get_follow_up(context, case_id, task).view.facts.is_open
    note = add_follow_up(context, case_id, FollowUpDraft(kind="note", texts=FollowUpTexts(words="Said.")))
    with pytest.raises(NotFound):
        writing.tick_off(context, case_id, note)


def test_a_deleted_one_comes_back_as_it_was(founded: Founded) -> None:
    """Gone from the case at once; a second deletion finds nothing, nor does a second return."""
    case_id, context = _case(founded), founded.context(CASEWORKER)
    task = add_follow_up(context, case_id, task_draft())
    writing.delete_follow_up(context, case_id, task)
    assert read_follow_ups(context, case_id).ahead == []
    with pytest.raises(NotFound):
        writing.delete_follow_up(context, case_id, task)
    with pytest.raises(NotFound):
        get_follow_up(context, case_id, task)
    writing.restore_follow_up(context, case_id, task)
    assert get_follow_up(context, case_id, task).view.texts == task_draft().texts
    with pytest.raises(NotFound):
        writing.restore_follow_up(context, case_id, task)


def test_what_was_deleted_goes_for_good_after_the_days_of_the_bin(founded: Founded) -> None:
    """Not before, and not while the case is on legal hold."""
    case_id = _case(founded)
    task = add_follow_up(context_at(founded), case_id, task_draft())
    writing.delete_follow_up(context_at(founded), case_id, task)
    later = NOON + timedelta(days=31)
    purging.purge_some(context_at(founded, now=NOON + timedelta(days=30)))
    holding.hold_case(context_at(founded, COORDINATOR, later), case_id, 1)
    purging.purge_some(context_at(founded, now=later))
    assert count_follow_ups() == 1
    holding.release_case(context_at(founded, COORDINATOR, later), case_id, 2)
    purging.purge_some(context_at(founded, now=later))
    assert count_follow_ups() == 0


def test_what_went_for_good_is_not_looked_for_again(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The book forgets it, more than go at once go all, and the next look takes no lock."""
    monkeypatch.setattr(purging, "_AT_ONCE", 2)
    case_id, context = _case(founded), context_at(founded)
    tasks = [add_follow_up(context, case_id, task_draft()) for _number in range(4)]
    for task in tasks[:3]:
        writing.delete_follow_up(context, case_id, task)
    later = context_at(founded, now=NOON + timedelta(days=31))
    assert purging.purge_some(later)
    assert not purging.purge_some(later)
    book = later.runtime.casebook.follow_ups(later.keyring, later.runtime.now_seconds())
    assert (set(book.follow_ups), set(book.deleted)) == ({tasks[3]}, set())
    monkeypatch.setattr(purging, "transaction", lambda *_args: pytest.fail("it was locked"))
    assert not purging.purge_some(later)


def _hold(founded: Founded, case_id: UUID, _task: UUID) -> None:
    holding.hold_case(founded.context(COORDINATOR), case_id, 1)


def _bin(founded: Founded, case_id: UUID, _task: UUID) -> None:
    bin.bin_case(founded.context(CASEWORKER), case_id, 1)


def _restore(founded: Founded, case_id: UUID, task: UUID) -> None:
    writing.restore_follow_up(founded.context(CASEWORKER), case_id, task)


def _delete_anew(founded: Founded, case_id: UUID, task: UUID) -> None:
    _restore(founded, case_id, task)
    later = context_at(founded, now=NOON + timedelta(days=31))
    writing.delete_follow_up(later, case_id, task)


@pytest.mark.parametrize("meanwhile", [_hold, _bin, _restore, _delete_anew])
def test_what_happens_just_before_the_lock_counts(
    founded: Founded, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Founded, UUID, UUID], None]
) -> None:
    """A hold, the bin, a return, another deletion between the look and the lock: it stays."""
    case_id = _case(founded)
    task = add_follow_up(context_at(founded), case_id, task_draft())
    writing.delete_follow_up(context_at(founded), case_id, task)
    later, lock = context_at(founded, now=NOON + timedelta(days=31)), transaction

    def lock_late(context: Context, event: str) -> AbstractContextManager[Transaction]:
        meanwhile(founded, case_id, task)
        return lock(context, event)

    with monkeypatch.context() as patch:
        patch.setattr(purging, "transaction", lock_late)
        assert not purging.purge_some(later)
    assert count_follow_ups() == 1


def test_erasing_a_case_takes_its_follow_ups(founded: Founded) -> None:
    """No row of them stays."""
    case_id, context = _case(founded), founded.context(COORDINATOR)
    detention = add_follow_up(context, case_id, detention_draft())
    add_follow_up(context, case_id, review_draft(detention))
    bin.bin_case(context, case_id, 1)
    erasing.erase_case(founded.context(COORDINATOR), case_id)
    assert count_follow_ups() == 0


def test_saving_drops_the_draft_of_its_form(founded: Founded) -> None:
    """As with other forms."""
    case_id, context = _case(founded), founded.context(CASEWORKER)
    draft = keep_draft(context, None, "follow_up", f"/cases/{case_id}/follow-ups/new", {"title": ["Half"]})
    add_follow_up(context, case_id, task_draft(), kept_as=[draft])
    assert list_drafts(context) == []


def test_a_detention_starts_a_clock_and_a_review_moves_it(founded: Founded) -> None:
    """Two people of one case have a clock each; a release ends one of them."""
    logged = log_incident(
        founded.context(CASEWORKER), incident_draft(people=(person_draft("Zoë"), person_draft("Abel")))
    )
    context = context_at(founded)
    abel, zoe = (person.id for person in cases.get_case(context, logged.case_id).people)
    first = add_follow_up(context, logged.case_id, detention_draft("2026-11-24T14:05", zoe))
    second = add_follow_up(context, logged.case_id, detention_draft("2026-11-25", abel))
    zoes, abels = read_follow_ups(context, logged.case_id).clocks
    assert (zoes.detention.id, zoes.due.number, zoes.due.is_exact) == (first, 1, True)
    assert zoes.due.due_at.isoformat() == "2026-11-26T19:05:00+00:00"
    assert (abels.detention.id, abels.due.is_exact) == (second, False)
    assert abels.due.due_at.isoformat() == "2026-11-27T05:00:00+00:00"
    add_follow_up(context, logged.case_id, review_draft(first, "2026-11-25T10:00"))
    end = FollowUpDraft(kind="release", when=Moment.parse("2026-11-25"), detention=second)
    add_follow_up(context, logged.case_id, end)
    (moved,) = read_follow_ups(context, logged.case_id).clocks
    assert (moved.detention.id, moved.due.number) == (first, 2)
    assert moved.due.due_at.isoformat() == "2026-12-02T15:00:00+00:00"


def test_a_detention_needs_a_date_and_a_review_comes_after_it(founded: Founded) -> None:
    """Else the clock would count from nothing."""
    case_id, context = _case(founded), context_at(founded)
    with pytest.raises(Invalid) as refused:
        add_follow_up(context, case_id, FollowUpDraft(kind=DETENTION))
    assert refused.value.faults.keys() == {"day"}
    with pytest.raises(Invalid) as refused:
        add_follow_up(context, case_id, detention_draft("2026-11-25T12:01"))
    assert refused.value.faults.keys() == {"time"}
    detention = add_follow_up(context, case_id, detention_draft("2026-11-24T14:05"))
    with pytest.raises(Invalid) as refused:
        add_follow_up(context, case_id, review_draft(detention, "2026-11-24T09:00"))
    assert refused.value.faults.keys() == {"day"}
