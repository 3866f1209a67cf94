"""One incident told by two members: found, linked, counted once, taken back."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.person import Consent, PersonIdentity
from casework.errors import Forbidden, Invalid, NotFound
from casework.services import bin, erasing, records
from casework.services.accounts.deciding import tell_one, tell_two, undecide
from casework.services.accounts.reviewing import find_accounts, list_accounts, review
from casework.services.accounts.whoiswho import ask_who, is_unsaid
from casework.services.cases import change_person, get_case
from casework.services.context import Context
from casework.services.duplicates.deciding import tell_same
from casework.services.incidents import (
    IncidentDraft,
    Logged,
    PersonDraft,
    change_incident,
    get_incident,
    log_incident,
)
from casework.services.restricted.restricting import choose_access
from casework.services.statistics.counting import keep_counting
from casework.store.cases import Incident, find_record
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft, person_draft
from tests.support.times import later

NAIMA = PersonIdentity(name="Naïma Benali", birth_date="1988-03-14", uci="1122-3344")
AMAL = PersonIdentity(name="Amal Haddad")
ANSWERS = {"contact_type": "traffic_stop", "police_service": "spvm", "place": "verdun"}


def _draft(date: str = "2026-05-04", named: PersonIdentity | None = None, **answers: Any) -> IncidentDraft:
    people = (replace(person_draft(), identity=named),) if named else ()
    draft = incident_draft(people=people)
    return replace(draft, date=VagueDate.parse(date), answers=ANSWERS | answers)


def _log(founded: Founded, draft: IncidentDraft, by: str = CASEWORKER, case_id: UUID | None = None) -> Logged:
    return log_incident(founded.context(by), draft, case_id)


def _pairs(context: Context) -> list[set[UUID]]:
    return [{pair.left.id, pair.right.id} for pair in review(context).pairs]


def _counted(context: Context) -> list[UUID]:
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    return sorted(one.id for one in keep_counting(book).values())


def _say(context: Context, logged: Logged, answer: str) -> None:
    """Write down what somebody, alone in a case, says to statistics."""
    (someone,) = get_case(context, logged.case_id).people
    facts = replace(someone.facts, consents={"statistics": Consent(answer)})
    change_person(context, logged.case_id, someone.id, someone.version, facts, someone.identity)


def _told(context: Context, incident_id: UUID) -> list[tuple[UUID, bool]]:
    return [(one.id, one.is_main) for one in list_accounts(context, [incident_id]).get(incident_id, ())]


@pytest.mark.parametrize(
    ("date", "answers", "is_found"),
    [
        ("2026-05-04", {}, True),
        ("2026-05-05", {}, False),
        ("2026-05", {}, False),  # without anybody in both, the day has to be known
        ("2026-05-04", {"police_service": "unknown"}, False),
        ("2026-05-04", {"place": "not_asked"}, False),
        ("2026-05-04", {"contact_type": "fare_check"}, False),
    ],
)
def test_without_anybody_in_common_day_place_service_and_contact_have_to_be_the_same(
    founded: Founded, date: str, answers: dict[str, Any], is_found: bool
) -> None:
    """Each of them known, and of both."""
    one, other = _log(founded, _draft()), _log(founded, _draft(date, **answers), COLLEAGUE)
    assert _pairs(founded.context(COORDINATOR)) == (
        [{one.incident_id, other.incident_id}] if is_found else []
    )


@pytest.mark.parametrize(
    ("date", "answers", "is_found"),
    [
        ("2026-05", {"place": "not_asked"}, True),
        ("2026-05-04", {"contact_type": "ticket", "police_service": "unknown"}, True),
        ("2026-spring", {}, False),  # longer than a month
        ("2026-05-06", {}, False),
        ("2026-05-04", {"police_service": "spl"}, False),
        ("2026-05-04", {"contact_type": "victim_or_complainant_report"}, False),
    ],
)
def test_with_one_person_in_both_nothing_may_speak_against_it(
    founded: Founded, date: str, answers: dict[str, Any], is_found: bool
) -> None:
    """Linked, or probably the same; one may call a stop what another calls a ticket."""
    one = _log(founded, _draft(named=NAIMA))
    other = _log(founded, _draft(date, named=PersonIdentity(name="Naima B."), **answers), COLLEAGUE)
    assert _pairs(founded.context(COORDINATOR)) == []
    tell_same(founded.context(CASEWORKER), one.people[0], other.people[0])
    expected = [{one.incident_id, other.incident_id}] if is_found else []
    assert _pairs(founded.context(COORDINATOR)) == expected
    probable = _log(founded, _draft(date, named=NAIMA, **answers))
    assert ({one.incident_id, probable.incident_id} in _pairs(founded.context(COORDINATOR))) == is_found


def test_what_is_new_is_compared_before_it_is_saved(founded: Founded) -> None:
    """Within a case by who is in it already; in others by whom they probably are."""
    one = _log(founded, _draft(named=NAIMA))
    context, person = founded.context(COLLEAGUE), one.people[0]
    new = IncidentFacts(
        date=VagueDate.parse("2026-05"),
        contact_type="ticket",
        police_service="unknown",
        participations=(Participation(person),),
        logged_on=context.runtime.today(),
        logged_by=context.member_id,
    )
    (found,) = find_accounts(context, new, {})
    assert (found.right.id, found.right.reference) == (one.incident_id, one.reference)
    assert found.alike == {"person"}
    unknown = UUID(int=7)
    stranger = replace(new, participations=(Participation(unknown),))
    assert find_accounts(context, stranger, {}) == []
    assert [pair.right.id for pair in find_accounts(context, stranger, {unknown: [person]})] == [
        one.incident_id
    ]


def test_two_accounts_count_once_as_the_main_one_tells_it(founded: Founded) -> None:
    """Linked, they leave the list; each keeps its case, author and words; the main one can be another."""
    one = _log(founded, _draft(named=NAIMA))
    other = _log(founded, _draft(named=PersonIdentity(name="Wendell")), COLLEAGUE)
    context = founded.context(CASEWORKER)
    before = [get_incident(context, each.incident_id) for each in (one, other)]
    assert _counted(context) == sorted([one.incident_id, other.incident_id])
    tell_one(context, one.incident_id, other.incident_id)
    assert _pairs(context) == []
    assert _counted(context) == [one.incident_id]
    assert _told(context, other.incident_id) == [(one.incident_id, True), (other.incident_id, False)]
    tell_one(context, other.incident_id, one.incident_id)
    assert _counted(context) == [other.incident_id]
    assert _told(context, one.incident_id) == [(other.incident_id, True), (one.incident_id, False)]
    undecide(context, one.incident_id, other.incident_id)
    assert _counted(context) == sorted([one.incident_id, other.incident_id])
    assert _pairs(context) == [{one.incident_id, other.incident_id}]
    after = [get_incident(context, each.incident_id) for each in (one, other)]
    assert [(view.facts, view.narrative) for view in after] == [
        (view.facts, view.narrative) for view in before
    ]


def test_told_apart_they_are_not_asked_about_again(founded: Founded) -> None:
    """Until that is taken back; a link goes by it too."""
    one, other = _log(founded, _draft()), _log(founded, _draft())
    context, pair = founded.context(CASEWORKER), (one.incident_id, other.incident_id)
    tell_one(context, *pair)
    tell_two(context, *reversed(pair))
    assert _pairs(context) == [] and _told(context, pair[0]) == []
    undecide(context, *pair)
    assert _pairs(context) == [{*pair}]
    with pytest.raises(NotFound):
        undecide(context, *pair)
    tell_two(context, *pair)
    tell_one(context, *pair)
    assert _told(context, pair[1]) == [(pair[0], True), (pair[1], False)]


def test_a_third_account_joins_the_others(founded: Founded) -> None:
    """Whichever of them it is linked with; the one that leaves takes nobody along that it should not."""
    a, b, c = (_log(founded, _draft()).incident_id for _ in range(3))
    context = founded.context(CASEWORKER)
    tell_one(context, a, b)
    tell_one(context, c, b)
    assert _told(context, a)[0] == (c, True)
    assert {one for one, _ in _told(context, a)} == {a, b, c}
    undecide(context, a, b)
    assert {one for one, _ in _told(context, c)} in ({b, c}, {a, c})


def test_within_one_case_two_members_may_have_told_it_too(founded: Founded) -> None:
    """The same day, the same person of the case."""
    one = _log(founded, _draft(named=NAIMA))
    again = replace(_draft(), people=(PersonDraft(person_id=one.people[0], roles=("driver",)),))
    other = _log(founded, again, COLLEAGUE, one.case_id)
    context = founded.context(CASEWORKER)
    assert _pairs(context) == [{one.incident_id, other.incident_id}]
    tell_one(context, one.incident_id, other.incident_id)
    assert _counted(context) == [one.incident_id]


def test_a_form_that_changes_an_account_keeps_the_link(founded: Founded) -> None:
    """What a form does not tell is carried over."""
    one, other = _log(founded, _draft()), _log(founded, _draft())
    context = founded.context(CASEWORKER)
    tell_one(context, one.incident_id, other.incident_id)
    view = get_incident(context, other.incident_id)
    change_incident(context, view.id, view.version, _draft("2026-05-05"))
    assert _told(context, other.incident_id) == [(one.incident_id, True), (other.incident_id, False)]


@pytest.mark.parametrize("erased", [False, True])
def test_without_the_main_account_the_other_counts(founded: Founded, erased: bool) -> None:
    """Its case in the bin, or erased: no account is lost; out of the bin it counts again."""
    one, other = _log(founded, _draft(named=NAIMA)), _log(founded, _draft(named=NAIMA))
    context = founded.context(COORDINATOR)
    tell_one(context, one.incident_id, other.incident_id)
    bin.bin_case(context, one.case_id, 1)
    assert _counted(context) == [other.incident_id]
    assert _told(context, other.incident_id) == []
    if erased:
        erasing.erase_case(context, one.case_id)
        assert _counted(context) == [other.incident_id]
    else:
        bin.restore_case(context, one.case_id)
        assert _counted(context) == [one.incident_id]


@pytest.mark.parametrize("erased", [False, True])
@pytest.mark.parametrize("first", [0, 1])
def test_two_accounts_without_their_main_one_are_one(founded: Founded, erased: bool, first: int) -> None:
    """They can be told apart and linked again; with the main one back, all three are one again."""
    main, *others = (_log(founded, _draft(named=NAIMA)) for _ in range(3))
    context = founded.context(COORDINATOR)
    one, other = (others[first].incident_id, others[1 - first].incident_id)
    for each in (one, other):
        tell_one(context, main.incident_id, each)
    bin.bin_case(context, main.case_id, 1)
    if erased:
        erasing.erase_case(context, main.case_id)
    assert len(_counted(context)) == 1 and {each for each, _ in _told(context, one)} == {one, other}
    tell_one(context, one, other)
    assert _counted(context) == [one]
    tell_one(context, other, one)
    assert _told(context, one) == [(other, True), (one, False)]
    undecide(context, one, other)
    assert len(_counted(context)) == 2
    with pytest.raises(NotFound):
        undecide(context, one, other)
    tell_one(context, one, other)
    assert _counted(context) == [one]
    if not erased:
        bin.restore_case(context, main.case_id)
        assert _counted(context) == [main.incident_id]


@pytest.mark.parametrize("by_itself", [False, True])
def test_an_erased_account_that_stood_between_two_joins_them_still(founded: Founded, by_itself: bool) -> None:
    """Also where the days in the bin were over, and where whoever erases may not open the others."""
    draft = replace(_draft(named=NAIMA), team_only=True)
    first, middle, last = (_log(founded, draft) for _ in range(3))
    context, theirs = founded.context(COORDINATOR), founded.context(CASEWORKER)
    tell_one(theirs, last.incident_id, middle.incident_id)
    bin.bin_case(theirs, last.case_id, 1)
    tell_one(theirs, middle.incident_id, first.incident_id)
    bin.restore_case(theirs, last.case_id)
    assert _counted(context) == [last.incident_id]
    version = get_case(theirs, first.case_id).version
    choose_access(theirs, first.case_id, version, frozenset({theirs.member_id}), restricted=True)
    bin.bin_case(theirs, middle.case_id, 1)
    if by_itself:
        assert not erasing.erase_some(founded.context(COLLEAGUE))
        erasing.erase_some(later(founded.context(COLLEAGUE), founded.runtime.limits.bin_days + 1))
    else:
        erasing.erase_case(context, middle.case_id)
    assert _counted(context) == [last.incident_id]
    assert _told(theirs, first.incident_id) == [(last.incident_id, True), (first.incident_id, False)]


def test_who_may_have_said_no_in_an_erased_account_does_not_count(founded: Founded) -> None:
    """Nobody can say any more whether it was them: until a new answer is written down, it is a no."""
    said = {"given": _log(founded, _draft(named=NAIMA)), "refused": _log(founded, _draft(named=AMAL))}
    context = founded.context(COORDINATOR)
    one, other = said["given"], said["refused"]
    for answer, logged in said.items():
        _say(context, logged, answer)
    tell_one(context, one.incident_id, other.incident_id)
    bin.bin_case(context, other.case_id, get_case(context, other.case_id).version)
    assert _counted(context) == []
    erasing.erase_case(context, other.case_id)
    assert _counted(context) == []
    for answer in ("not_asked", "given"):
        _say(context, one, answer)
    assert _counted(context) == [one.incident_id]


def test_what_joins_two_accounts_joins_them_from_the_bin_too(founded: Founded) -> None:
    """What was linked over it counts once, and undoing is met with an answer."""
    a, b, c = (_log(founded, _draft(named=NAIMA)) for _ in range(3))
    context = founded.context(COORDINATOR)
    tell_one(context, b.incident_id, c.incident_id)
    tell_one(context, a.incident_id, b.incident_id)
    bin.bin_case(context, b.case_id, 1)
    assert _counted(context) == [a.incident_id]
    undecide(context, a.incident_id, c.incident_id)
    assert _counted(context) == sorted([a.incident_id, c.incident_id])


@pytest.mark.parametrize("access", ["team_only", "restricted"])
def test_a_case_that_is_not_theirs_shows_nowhere(founded: Founded, access: str) -> None:
    """A stranger to one of both cases learns of no pair and no account, and decides nothing."""
    seen = _log(founded, _draft(named=NAIMA))
    team = frozenset({founded.players[CASEWORKER].id})
    limits: dict[str, Any] = {"team": team, access: True}
    limited = replace(_draft(named=NAIMA), **limits)
    hidden = _log(founded, limited)
    owner, stranger = founded.context(CASEWORKER), founded.context(COLLEAGUE)
    assert _pairs(stranger) == []
    new = get_incident(stranger, seen.incident_id).facts
    assert {pair.right.id for pair in find_accounts(stranger, new, {})} == {seen.incident_id}
    tell_one(owner, seen.incident_id, hidden.incident_id)
    assert _told(stranger, seen.incident_id) == [(seen.incident_id, True)]
    assert len(_told(owner, seen.incident_id)) == 2
    for decide in (tell_one, tell_two, undecide):
        with pytest.raises(NotFound):
            decide(stranger, seen.incident_id, hidden.incident_id)
        with pytest.raises(NotFound):
            decide(stranger, hidden.incident_id, seen.incident_id)
    assert _counted(owner) == _counted(stranger) == [seen.incident_id]


def test_nobody_is_one_with_another_over_a_case_that_is_not_theirs(founded: Founded) -> None:
    """Also while that case lies in the bin: that two incidents are alike would tell who stands in it."""
    unlike = {"police_service": "unknown", "place": "not_asked"}
    one, other = (_log(founded, _draft(named=PersonIdentity(name=name), **unlike)) for name in ("Ada", "Zoé"))
    team = frozenset({founded.players[CASEWORKER].id})
    limited = replace(_draft("2020-01-01", named=NAIMA), team_only=True, team=team)
    hidden, owner = _log(founded, limited), founded.context(CASEWORKER)
    for seen in (one, other):
        tell_same(owner, seen.people[0], hidden.people[0])
    assert _pairs(owner) == [{one.incident_id, other.incident_id}]
    assert _pairs(founded.context(COLLEAGUE)) == []
    bin.bin_case(founded.context(COORDINATOR), hidden.case_id, 1)
    assert _pairs(founded.context(COLLEAGUE)) == []


def test_who_edits_no_cases_decides_nothing(founded: Founded) -> None:
    """An advocate gets statistics alone."""
    one, other = _log(founded, _draft()), _log(founded, _draft())
    for decide in (tell_one, tell_two, undecide):
        with pytest.raises(Forbidden):
            decide(founded.context(ADVOCATE), one.incident_id, other.incident_id)
    with pytest.raises(Forbidden):
        review(founded.context(ADVOCATE))


def test_nothing_in_plain_says_which_incident_is_which(founded: Founded) -> None:
    """The link stands in a sealed answer alone."""
    one, other = _log(founded, _draft()), _log(founded, _draft())
    context = founded.context(CASEWORKER)
    tell_one(context, one.incident_id, other.incident_id)
    row = find_record(Incident, other.incident_id)
    assert row is not None
    assert records.open_incident(context, row).account_of == one.incident_id
    plain = {column.name for column in Incident.__table__.columns} - {"coded_sealed", "narrative_sealed"}
    assert one.incident_id not in {getattr(row, name) for name in plain}
    assert (
        one.incident_id.bytes not in row.coded_sealed and one.incident_id.hex.encode() not in row.coded_sealed
    )


def test_nobody_is_one_with_themselves(founded: Founded) -> None:
    """Nor with what is not there."""
    one = _log(founded, _draft()).incident_id
    for other in (one, UUID(int=5)):
        with pytest.raises(NotFound):
            tell_one(founded.context(CASEWORKER), one, other)


@pytest.mark.parametrize("access", ["team_only", "restricted"])
def test_an_account_that_not_all_may_read_does_not_count_for_one_that_they_read(
    founded: Founded, access: str
) -> None:
    """That theirs does not count would tell them of it; the other way round nothing shows."""
    context, stranger = founded.context(CASEWORKER), founded.context(COLLEAGUE)
    team = frozenset({founded.players[CASEWORKER].id})
    limits: dict[str, Any] = {"team": team, access: True}
    closed = _log(founded, replace(_draft(named=NAIMA), **limits)).incident_id
    seen, again = (_log(founded, _draft(named=NAIMA)).incident_id for _ in range(2))
    with pytest.raises(Invalid) as refused:
        tell_one(context, closed, seen)
    assert set(refused.value.faults) == {"main"}
    assert _told(context, seen) == []
    tell_one(context, seen, again)
    tell_one(context, seen, closed)
    assert {one for one, _is_main in _told(context, seen)} == {seen, again, closed}
    assert _told(stranger, seen) == [(seen, True), (again, False)]
    with pytest.raises(Invalid):
        tell_one(context, closed, seen)
    assert _told(stranger, seen) == [(seen, True), (again, False)]


@pytest.mark.parametrize("access", ["team_only", "restricted"])
def test_who_is_who_is_not_told_over_somebody_of_a_closed_case(founded: Founded, access: str) -> None:
    """Two who are one over a third are so for those alone who may open the third's case; others are asked."""
    context, stranger = founded.context(CASEWORKER), founded.context(COLLEAGUE)
    limits: dict[str, Any] = {"team": frozenset({founded.players[CASEWORKER].id}), access: True}
    closed = _log(founded, replace(_draft(named=NAIMA), **limits)).people[0]
    one, other = (_log(founded, _draft(named=NAIMA)) for _ in range(2))
    tell_one(context, one.incident_id, other.incident_id)
    for each in (one, other):
        tell_same(context, each.people[0], closed)
    accounts = [[get_incident(who, each.incident_id) for each in (one, other)] for who in (context, stranger)]
    assert ask_who(context, *accounts[0]).known == [(one.people[0], other.people[0])]
    assert ask_who(stranger, *accounts[1]).known == []
    assert is_unsaid(stranger, one.incident_id, other.incident_id)
    assert not is_unsaid(context, one.incident_id, other.incident_id)
