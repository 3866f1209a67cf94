"""What is due, for whom: the member's own, or everybody's, and never of a case that is not theirs to know."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from casework.errors import Forbidden
from casework.services import bin, cases, erasing
from casework.services.context import Context
from casework.services.followups import agenda as looking
from casework.services.followups import writing
from casework.services.followups.agenda import MOST, Agenda, look_ahead
from casework.services.followups.book import FollowUpBook
from casework.services.followups.writing import add_follow_up
from casework.services.incidents import log_incident
from casework.services.membership import leaving
from casework.services.restricted import restricting
from casework.store.database import db
from casework.store.followups import FollowUp, list_changed_follow_ups
from tests.services.followups.times import NOON, context_at
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import detention_draft, incident_draft, person_draft, review_draft, task_draft


def _case(founded: Founded, login: str = CASEWORKER, **options: object) -> UUID:
    return log_incident(founded.context(login), incident_draft(**options)).case_id  # type: ignore[arg-type]


def _titles(agenda: Agenda) -> dict[str, list[str]]:
    names = ("overdue", "soon", "week", "undated")
    return {name: [line.title for line in getattr(agenda, name)] for name in names if getattr(agenda, name)}


def _look(founded: Founded, login: str = CASEWORKER, everybodys: bool = False) -> Agenda:
    return look_ahead(context_at(founded, login), everybodys)


def _is_empty(agenda: Agenda) -> bool:
    return not _titles(agenda) and not agenda.later


def _ids(agenda: Agenda) -> list[UUID]:
    return [line.id for group in (agenda.overdue, agenda.soon, agenda.week) for line in group]


def test_tasks_stand_where_their_time_puts_them(founded: Founded) -> None:
    """Late from its minute on, or once its day is over; then two days, a week, later, and no date."""
    case_id, context = _case(founded), context_at(founded)
    for title, due in {
        "yesterday": "2026-11-24", "an hour ago": "2026-11-25T11:00", "today": "2026-11-25",
        "in 48 hours": "2026-11-27T12:00", "after": "2026-11-27T12:01", "in a week": "2026-12-02T12:00",
        "later": "2026-12-03", "some day": "",
    }.items():  # fmt: skip
        add_follow_up(context, case_id, task_draft(title, due))
    agenda = _look(founded)
    assert _titles(agenda) == {
        "overdue": ["yesterday", "an hour ago"],
        "soon": ["today", "in 48 hours"],
        "week": ["after", "in a week"],
        "undated": ["some day"],
    }
    assert agenda.later == 1
    assert agenda.soon[0].names == ("Teodor Vulcan",)


def test_a_detention_stands_on_the_day_until_its_review_is_recorded(founded: Founded) -> None:
    """Soon, then late and never dropped, then moved by the review, then gone with the release."""
    case_id, context = _case(founded), context_at(founded)
    detention = add_follow_up(context, case_id, detention_draft("2026-11-24T14:05"))

    def lines(days: float) -> tuple[list[UUID], list[UUID], list[UUID]]:
        agenda = look_ahead(context_at(founded, now=NOON + timedelta(days=days)))
        groups = agenda.overdue, agenda.soon, agenda.week
        return tuple([line.id for line in group] for group in groups)  # type: ignore[return-value]

    assert lines(0) == ([], [detention], [])
    assert lines(2) == lines(400) == ([detention], [], [])
    (line,) = _look(founded).soon
    assert line.review is not None and (line.review.number, line.review.is_exact) == (1, True)
    review = add_follow_up(context, case_id, review_draft(detention, "2026-11-25T10:00"))
    assert lines(0) == ([], [], [detention])
    writing.delete_follow_up(context, case_id, review)
    assert lines(0) == ([], [detention], [])
    add_follow_up(context, case_id, review_draft(detention, "2026-11-25T10:00", "released"))
    assert lines(0) == ([], [], [])


def test_each_sees_what_is_theirs(founded: Founded) -> None:
    """What is assigned to them, and what is nobody's in the cases that they accompany."""
    mine, theirs = _case(founded), _case(founded, COLLEAGUE)
    context, colleague = founded.context(CASEWORKER), founded.players[COLLEAGUE].id
    add_follow_up(context, mine, task_draft("mine"))
    add_follow_up(context, mine, task_draft("for the colleague", assigned_to=colleague))
    add_follow_up(context, theirs, task_draft("in the colleague’s case"))
    assert _titles(_look(founded)) == {"soon": ["mine"]}
    seen = _titles(_look(founded, COLLEAGUE))["soon"]
    assert sorted(seen) == ["for the colleague", "in the colleague’s case"]
    assert len(_titles(_look(founded, COORDINATOR, everybodys=True))["soon"]) == 3
    assert _is_empty(_look(founded, COORDINATOR))
    with pytest.raises(Forbidden):
        look_ahead(founded.context(ADVOCATE))


def test_whoever_cannot_open_the_case_any_more_has_nothing_to_do_in_it(founded: Founded) -> None:
    """It falls to who accompanies the case."""
    case_id, colleague = _case(founded), founded.players[COLLEAGUE].id
    add_follow_up(founded.context(CASEWORKER), case_id, task_draft("call", assigned_to=colleague))
    assert _is_empty(_look(founded))
    cases.change_access(founded.context(CASEWORKER), case_id, 1, True, frozenset())
    assert _titles(_look(founded)) == {"soon": ["call"]}
    assert _is_empty(_look(founded, COLLEAGUE, everybodys=True))


def test_a_restricted_case_shows_nothing_to_others(founded: Founded) -> None:
    """Neither its dates nor its words, to no coordinator either; who is named has both."""
    case_id = _case(founded)
    context = context_at(founded)
    add_follow_up(context, case_id, task_draft("quiet"))
    detention = add_follow_up(context, case_id, detention_draft("2026-11-24T14:05"))
    assert len(_ids(_look(founded, COORDINATOR, everybodys=True))) == 2
    restricting.restrict(founded.context(CASEWORKER), case_id, 1, frozenset())
    for login in (COORDINATOR, COLLEAGUE):
        agenda = _look(founded, login, everybodys=True)
        assert _is_empty(agenda) and agenda.damaged == 0
    agenda = _look(founded)
    assert {line.id: line.title for line in agenda.soon}[detention] == ""
    assert "quiet" in [line.title for line in agenda.soon]
    book = context.runtime.casebook.follow_ups(context.keyring, 0)
    assert "quiet" not in book.titles.values()
    add_follow_up(context_at(founded), case_id, task_draft("quieter"))
    assert "quieter" in [line.title for line in _look(founded).soon]
    restricting.open_up(founded.context(CASEWORKER), case_id, 2, False, frozenset())
    shown = [line.title for line in _look(founded, COORDINATOR, everybodys=True).soon]
    assert sorted(shown) == ["", "quiet", "quieter"]


def test_the_bin_takes_them_along_and_brings_them_back(founded: Founded) -> None:
    """Erased, they are in no memory either."""
    case_id, context = _case(founded), founded.context(CASEWORKER)
    add_follow_up(context, case_id, task_draft("call"))
    bin.bin_case(founded.context(CASEWORKER), case_id, 1)
    assert _is_empty(_look(founded))
    bin.restore_case(founded.context(CASEWORKER), case_id)
    assert _titles(_look(founded)) == {"soon": ["call"]}
    bin.bin_case(founded.context(CASEWORKER), case_id, 3)
    erasing.erase_case(founded.context(COORDINATOR), case_id)
    assert _is_empty(_look(founded, COORDINATOR, everybodys=True))
    context = founded.context(COORDINATOR)
    book = context.runtime.casebook.follow_ups(context.keyring, 0)
    assert (dict(book.follow_ups), dict(book.titles)) == ({}, {})


def test_who_leaves_hands_over_what_they_had_to_do(founded: Founded) -> None:
    """With their cases, and in those of others; a clock goes on with whoever accompanies the case now."""
    theirs, mine = _case(founded, COLLEAGUE), _case(founded)
    colleague, caseworker = founded.players[COLLEAGUE].id, founded.players[CASEWORKER].id
    context = context_at(founded)
    add_follow_up(context, theirs, task_draft("theirs"))
    add_follow_up(context, theirs, task_draft("named", assigned_to=colleague))
    add_follow_up(context, mine, task_draft("lent", assigned_to=colleague))
    add_follow_up(context, theirs, detention_draft("2026-11-24T14:05"))
    assert _is_empty(_look(founded))
    leaving.revoke_member(founded.context(COORDINATOR), colleague, caseworker)
    agenda = _look(founded)
    assert sorted(line.title for line in agenda.soon) == ["", "lent", "named", "theirs"]
    assert {line.owner for line in agenda.soon} == {caseworker}
    assert all(line.facts.assigned_to is None for line in agenda.soon)


def test_a_clock_that_nobody_sees_to_is_the_coordinators(founded: Founded) -> None:
    """A closed case stays with a member who left; what is due in it is not lost."""
    case_id = _case(founded, COLLEAGUE)
    add_follow_up(context_at(founded), case_id, detention_draft("2026-11-24T14:05"))
    leaving.revoke_member(
        founded.context(COORDINATOR), founded.players[COLLEAGUE].id, founded.players[CASEWORKER].id
    )
    cases.hand_over(founded.context(COORDINATOR), [case_id], founded.players[CASEWORKER].id)
    leaving.revoke_member(
        founded.context(COORDINATOR), founded.players[CASEWORKER].id, founded.players[COORDINATOR].id
    )
    assert len(_look(founded, COORDINATOR).soon) == 1


def test_a_hurt_follow_up_is_told_of(founded: Founded) -> None:
    """It may be a clock: the page says that one is missing; the others stand."""
    case_id, context = _case(founded), founded.context(CASEWORKER)
    hurt = add_follow_up(context, case_id, task_draft("hurt"))
    add_follow_up(context, case_id, task_draft("sound"))
    row = db.session.get_one(FollowUp, hurt)
    row.coded_sealed = row.coded_sealed[:-1]
    db.session.commit()
    founded.runtime.casebook.drop_all()
    agenda = _look(founded)
    assert (_titles(agenda), agenda.damaged) == ({"soon": ["sound"]}, 1)
    assert _look(founded, COORDINATOR, everybodys=True).damaged == 1


def test_only_what_is_new_is_read_again(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """The book follows the generation."""
    case_id = _case(founded, people=(person_draft("Zoë Ng"),))
    for number in range(3):
        add_follow_up(founded.context(CASEWORKER), case_id, task_draft(f"task {number}"))
    _look(founded)
    read: list[int] = []

    def count(after: int) -> object:
        rows = list_changed_follow_ups(after)
        read.append(len(rows))
        return rows

    monkeypatch.setattr("casework.services.followups.book.list_changed_follow_ups", count)
    writing.tick_off(founded.context(CASEWORKER), case_id, _look(founded).soon[0].id)
    assert len(_look(founded).soon) == 2
    assert read == [1]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_zone_of_the_organization_decides_what_a_day_is(founded: Founded) -> None:
    """A task for today is late when the day is over there."""
    case_id = _case(founded)
    add_follow_up(context_at(founded), case_id, task_draft("today", "2026-11-25"))

    def late(at: str) -> bool:
        context: Context = context_at(founded, now=_moment(at))
        return bool(look_ahead(context).overdue)

    assert not late("2026-11-25T23:59:00-05:00")
    assert late("2026-11-26T00:00:00-05:00")


def test_a_long_list_is_cut_but_no_review(founded: Founded) -> None:
    """The latest tasks are left out and counted, until all are asked for; a review always stands there."""
    case_id, context = _case(founded), context_at(founded)
    for number in range(MOST + 2):
        add_follow_up(context, case_id, task_draft(f"{number:02}", "2026-11-20"))
    add_follow_up(context, case_id, detention_draft("2026-11-22T12:00"))
    agenda = _look(founded)
    assert agenda.more == 3
    assert len(agenda.overdue) == MOST
    assert agenda.overdue[-1].review is not None
    whole = look_ahead(context_at(founded), whole=True)
    assert (whole.more, len(whole.overdue)) == (0, MOST + 3)


def test_what_was_worked_out_lasts_until_a_follow_up_changes(founded: Founded) -> None:
    """Saving something else reads no deadline again; saving a follow-up does."""
    case_id, context = _case(founded), context_at(founded)
    add_follow_up(context, case_id, task_draft("first", "2026-11-25"))

    def read() -> FollowUpBook:
        return context.runtime.casebook.follow_ups(context.keyring, context.runtime.now_seconds())

    before = read().deadlines(context.runtime.timezone)
    _case(founded)
    assert read().deadlines(context.runtime.timezone) is before
    add_follow_up(context, case_id, task_draft("second", "2026-11-25"))
    assert len(read().deadlines(context.runtime.timezone)) == 2


def test_looking_near_finds_all_that_is_ones_own(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever accompanies, is assigned, is named, or coordinates: as if every case were asked about."""
    ids = {login: founded.players[login].id for login in (CASEWORKER, COLLEAGUE, COORDINATOR, ADVOCATE)}
    for login in (CASEWORKER, COLLEAGUE):
        context, case_id = context_at(founded, login), _case(founded, login)
        for name, assigned in {"nobody": None, **ids}.items():
            if name != ADVOCATE:
                add_follow_up(context, case_id, task_draft(f"{login} for {name}", assigned_to=assigned))
        team = _case(founded, login, team_only=True, team=frozenset({ids[login]}))
        add_follow_up(context, team, task_draft(f"team of {login}"))
    add_follow_up(context_at(founded), _case(founded), detention_draft("2026-11-24T14:05"))
    leaving.revoke_member(founded.context(COORDINATOR), ids[COLLEAGUE], ids[CASEWORKER])
    near = {login: _titles(_look(founded, login)) for login in (CASEWORKER, COORDINATOR)}
    monkeypatch.setattr(
        looking, "_find_near", lambda _context, facts, _book: {id_.int for id_ in facts.cases}
    )
    assert near == {login: _titles(_look(founded, login)) for login in (CASEWORKER, COORDINATOR)}
    assert near[CASEWORKER] and near[COORDINATOR]
