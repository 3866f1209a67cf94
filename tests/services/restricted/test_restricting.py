"""Restricted cases: named members open them, nobody else does, and each change of names gives new keys."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from casework.errors import Conflict, Invalid, NotFound, UnknownKey
from casework.services import casekeys, cases, incidents, lists, offers, patterns, sealing, series
from casework.services.casekeyring import open_case_keys
from casework.services.context import Context
from casework.services.incidents import Logged
from casework.services.lists import Filter
from casework.services.membership import leaving
from casework.services.recovery.quorumkeys import open_all
from casework.services.restricted import renewal, restricting, texts
from casework.services.statistics.counting import keep_counting
from casework.services.works import do_all
from casework.store import cases as store
from casework.store.database import db
from casework.store.restricted import list_holders, list_key_seals
from casework.vault.compartments import RECOVERY_ID
from casework.vault.identity import MemberSecret
from casework.vault.keyring import CaseKey
from tests.services.membership.test_coming_back import admit_again, join_again, signed_in
from tests.services.recovery.test_recovering import begin_anew, reopened
from tests.services.recovery.test_renewals import renew
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, PENDING, Founded
from tests.support.audit import open_log
from tests.support.records import incident_draft, person_draft

SECRET = "Told behind a closed door."


def _id(founded: Founded, login: str) -> UUID:
    return founded.players[login].id


def _version(case_id: UUID) -> int:
    db.session.rollback()
    return db.session.get_one(store.Case, case_id).version


def _log(founded: Founded, *named: str) -> Logged:
    """Log a case of the caseworker's; with names, a restricted one."""
    team = frozenset(_id(founded, login) for login in named)
    draft = incident_draft(SECRET, restricted=bool(named), team=team)
    return incidents.log_incident(founded.context(CASEWORKER), draft)


def _restrict(founded: Founded, case_id: UUID, *named: str, by: str = CASEWORKER) -> None:
    team = frozenset(_id(founded, login) for login in named)
    restricting.restrict(founded.context(by), case_id, _version(case_id), team)


def _opens(founded: Founded, login: str, logged: Logged) -> bool:
    try:
        case = cases.get_case(founded.context(login), logged.case_id)
    except NotFound:
        return False
    assert case.incidents[0].narrative.text == SECRET
    assert case.people[0].identity.name == "Teodor Vulcan"
    return True


def _finds(founded: Founded, login: str, text: str = "") -> int:
    wanted = Filter(mine=False, text=text)
    found = lists.list_incidents(founded.context(login), wanted)
    assert found.damaged == 0
    assert lists.list_cases(founded.context(login), wanted).total == found.total
    return found.total


@pytest.mark.parametrize("named", [(), (COLLEAGUE,), (COLLEAGUE, COORDINATOR)])
@pytest.mark.parametrize("at_once", [True, False])
def test_only_the_named_open_it(founded: Founded, named: tuple[str, ...], at_once: bool) -> None:
    """Restricted later, or when it is logged: pages, lists and search have it for the named alone."""
    if at_once and named:
        logged = _log(founded, *named)
    else:
        logged = _log(founded)
        _finds(founded, COORDINATOR, "door")  # in the shared memory, from where it has to go
        _restrict(founded, logged.case_id, *named)
    for login in (CASEWORKER, COLLEAGUE, COORDINATOR):
        may = login in (CASEWORKER, *named)
        assert _opens(founded, login, logged) is may
        for text in ("", "closed door", "teodor", "514 555", logged.reference):
            assert _finds(founded, login, text) == int(may), (login, text)
    line = lists.list_cases(founded.context(CASEWORKER), Filter()).lines[0]
    assert (line.names, line.restricted) == (("Teodor Vulcan",), True)
    assert lists.list_incidents(founded.context(CASEWORKER), Filter()).lines[0].names == ("Teodor Vulcan",)


def _deeds(logged: Logged) -> dict[str, Callable[[Context], Any]]:
    draft, person = incident_draft(), person_draft()
    assert person.facts is not None and person.identity is not None
    facts, identity = person.facts, person.identity
    case, incident = logged.case_id, logged.incident_id
    return {
        "read": lambda context: cases.get_case(context, case),
        "read an incident": lambda context: incidents.get_incident(context, incident),
        "repeat": lambda context: series.get_repeated(context, incident),
        "log": lambda context: incidents.log_incident(context, draft, case),
        "change": lambda context: incidents.change_incident(context, incident, 1, draft),
        "person": lambda context: cases.change_person(context, case, uuid4(), 1, facts, identity),
        "tag": lambda context: patterns.tag_incidents(
            context, [incident], patterns.list_patterns(context)[0].id, True
        ),
        "hand over": lambda context: cases.hand_over(context, [case], context.member_id),
        "limit": lambda context: cases.change_access(context, case, 2, True, frozenset()),
        "restrict": lambda context: restricting.restrict(context, case, 2, frozenset()),
        "grant": lambda context: restricting.grant(context, case, 2, context.member_id),
        "withdraw": lambda context: restricting.withdraw(context, case, 2, context.member_id),
        "open up": lambda context: restricting.open_up(context, case, 2, False, frozenset()),
    }


@pytest.mark.parametrize("login", [COLLEAGUE, COORDINATOR])
def test_for_others_it_does_not_exist(founded: Founded, login: str) -> None:
    """Every deed answers as for a case that there is not; a coordinator is no exception."""
    logged = _log(founded)
    _restrict(founded, logged.case_id)
    for name, act in _deeds(logged).items():
        with pytest.raises(NotFound):
            act(founded.context(login))
            pytest.fail(name)
    assert _opens(founded, CASEWORKER, logged)


def test_keys_are_sealed_to_the_named_and_to_recovery_alone(founded: Founded) -> None:
    """No wrapped key stays; everything lies under the next generation, and each record's version stays."""
    logged = _log(founded)
    before = db.session.scalars(select(store.Person)).one().identity_version
    _restrict(founded, logged.case_id, COLLEAGUE)
    assert not store.list_case_keys(logged.case_id)
    seals = list_key_seals(logged.case_id)
    named = {_id(founded, CASEWORKER), _id(founded, COLLEAGUE), RECOVERY_ID}
    assert {seal.recipient_id for seal in seals} == named and len(seals) == 6
    assert {seal.generation for seal in seals} == {2}
    person = db.session.scalars(select(store.Person)).one()
    assert (person.version, person.identity_version) == (1, before + 1)


def test_opened_up_it_is_as_any_other(founded: Founded) -> None:
    """All read it again, find it by its words, and no seal is left."""
    logged = _log(founded, COLLEAGUE)
    restricting.open_up(founded.context(COLLEAGUE), logged.case_id, 1, False, frozenset())
    assert not list_key_seals(logged.case_id) and len(store.list_case_keys(logged.case_id)) == 2
    for login in (CASEWORKER, COLLEAGUE, COORDINATOR):
        assert _opens(founded, login, logged) and _finds(founded, login, "closed door") == 1
    assert cases.get_case(founded.context(COORDINATOR), logged.case_id).team == frozenset()


def test_opened_up_to_a_team(founded: Founded) -> None:
    """A team and the coordinators read it; whoever does it stays in the team."""
    logged = _log(founded, COLLEAGUE)
    restricting.open_up(founded.context(COLLEAGUE), logged.case_id, 1, True, frozenset())
    assert [_opens(founded, login, logged) for login in (CASEWORKER, COLLEAGUE, COORDINATOR)] == [
        False,
        True,
        True,
    ]


def test_somebody_is_named_and_withdrawn(founded: Founded) -> None:
    """Each time under new keys; the one who accompanied it hands it to who withdraws them."""
    logged = _log(founded)
    _restrict(founded, logged.case_id)
    with pytest.raises(NotFound):
        cases.get_case(founded.context(COORDINATOR), logged.case_id)
    to = _id(founded, COORDINATOR)
    restricting.grant(founded.context(CASEWORKER), logged.case_id, _version(logged.case_id), to)
    assert _opens(founded, COORDINATOR, logged)
    assert {seal.generation for seal in list_key_seals(logged.case_id)} == {3}
    gone = _id(founded, CASEWORKER)
    restricting.withdraw(founded.context(COORDINATOR), logged.case_id, _version(logged.case_id), gone)
    assert not _opens(founded, CASEWORKER, logged) and _opens(founded, COORDINATOR, logged)
    assert list_holders(logged.case_id) == {to}
    assert cases.get_case(founded.context(COORDINATOR), logged.case_id).facts.responsible == to
    events = [entry["event"] for entry in open_log(founded.context()) if entry["event"] != "case.read"]
    assert events[-3:] == ["case.restricted", "case.granted", "case.withdrawn"]


def test_the_last_one_cannot_leave(founded: Founded) -> None:
    """Nobody takes the case's last name off, nor their own while they accompany it; nothing changes."""
    logged = _log(founded)
    _restrict(founded, logged.case_id)
    me = _id(founded, CASEWORKER)
    for named in ((), (COLLEAGUE,)):
        _restrict(founded, logged.case_id, *named)
        with pytest.raises(Invalid) as refused:
            restricting.withdraw(founded.context(CASEWORKER), logged.case_id, _version(logged.case_id), me)
        assert list(refused.value.faults) == ["member"]
    assert _opens(founded, CASEWORKER, logged) and _opens(founded, COLLEAGUE, logged)


@pytest.mark.parametrize("login", [ADVOCATE, PENDING, ""])
def test_only_who_may_read_cases_is_named(founded: Founded, login: str) -> None:
    """An advocate, somebody not admitted and nobody at all are refused at the field, whatever the deed."""
    logged = _log(founded)
    who = _id(founded, login) if login else uuid4()
    context, named = founded.context(CASEWORKER), frozenset({who})
    with pytest.raises(Invalid) as refused:
        restricting.restrict(context, logged.case_id, 1, named)
    assert list(refused.value.faults) == ["team"]
    with pytest.raises(Invalid) as refused:
        incidents.log_incident(context, incident_draft(restricted=True, team=named))
    assert list(refused.value.faults) == ["team"]
    _restrict(founded, logged.case_id)
    with pytest.raises(Invalid) as refused:
        restricting.grant(founded.context(CASEWORKER), logged.case_id, 2, who)
    assert list(refused.value.faults) == ["member"]
    assert _opens(founded, CASEWORKER, logged)


def test_who_comes_too_late_is_told(founded: Founded) -> None:
    """Each deed names the version of the case that was read."""
    logged = _log(founded, COLLEAGUE)
    _restrict(founded, logged.case_id, COLLEAGUE)
    context, who = founded.context(CASEWORKER), _id(founded, COLLEAGUE)
    late: list[Callable[[], None]] = [
        lambda: restricting.restrict(context, logged.case_id, 1, frozenset()),
        lambda: restricting.grant(context, logged.case_id, 1, who),
        lambda: restricting.withdraw(context, logged.case_id, 1, who),
        lambda: restricting.open_up(context, logged.case_id, 1, False, frozenset()),
        lambda: cases.change_access(context, logged.case_id, 2, False, frozenset()),
    ]
    for act in late:
        with pytest.raises(Conflict):
            act()


def test_a_case_that_is_open_has_nobody_to_name(founded: Founded) -> None:
    """Granting, withdrawing and opening up are for restricted cases."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    deeds: list[Callable[[], None]] = [
        lambda: restricting.grant(context, logged.case_id, 1, context.member_id),
        lambda: restricting.withdraw(context, logged.case_id, 1, context.member_id),
        lambda: restricting.open_up(context, logged.case_id, 1, False, frozenset()),
    ]
    for act in deeds:
        with pytest.raises(NotFound):
            act()


def test_the_named_work_in_it(founded: Founded) -> None:
    """They log, change, tag and hand over as ever; to somebody who is not named it cannot go."""
    logged = _log(founded, COLLEAGUE)
    context = founded.context(COLLEAGUE)
    incidents.log_incident(context, incident_draft("Another one."), logged.case_id)
    incidents.change_incident(context, logged.incident_id, 1, incident_draft("Told again.", people=()))
    assert _finds(founded, CASEWORKER, "told again") == 1
    pattern = patterns.list_patterns(context)[0].id
    patterns.tag_incidents(context, [logged.incident_id], pattern, True)
    assert patterns.count_incidents(founded.context(CASEWORKER))[pattern] == 1
    assert pattern not in patterns.count_incidents(founded.context(COORDINATOR))
    cases.hand_over(context, [logged.case_id], context.member_id)
    with pytest.raises(Invalid) as refused:
        cases.hand_over(context, [logged.case_id], _id(founded, COORDINATOR))
    assert list(refused.value.faults) == ["to"]


def test_its_answers_count_in_tables_and_in_merges(founded: Founded) -> None:
    """A table counts it, whoever asks; a coordinator's merge reaches it, and tells nothing of it."""
    tagged = patterns.list_patterns(founded.context())[:2]
    for _ in range(12):
        draft = incident_draft(restricted=True, patterns=(tagged[0].id,))
        incidents.log_incident(founded.context(CASEWORKER), draft)
    advocate = founded.context(ADVOCATE)
    book = advocate.runtime.casebook.facts(advocate.keyring, advocate.runtime.now_seconds())
    assert len(keep_counting(book)) == 12
    first, second = tagged
    assert patterns.merge_pattern(founded.context(), first.id, first.version, second.id) == 0
    assert patterns.count_incidents(founded.context(CASEWORKER)) == {second.id: 12}
    assert lists.list_frequent(founded.context(COORDINATOR), "contact_type", 3) == ()


def test_the_shared_memory_never_holds_its_texts(founded: Founded) -> None:
    """Not before, not after somebody named has searched; nor does it call the records damaged."""
    logged = _log(founded, COLLEAGUE)
    assert _finds(founded, COLLEAGUE, "closed door") == 1
    context = founded.context(COORDINATOR)
    texts = context.runtime.casebook.texts(context.keyring, context.runtime.now_seconds())
    assert not (texts.names or texts.identities or texts.narratives or texts.damaged)
    restricting.open_up(founded.context(COLLEAGUE), logged.case_id, 1, False, frozenset())
    assert _finds(founded, COORDINATOR, "closed door") == 1
    _restrict(founded, logged.case_id)
    assert _finds(founded, COORDINATOR, "closed door") == 0
    context = founded.context(COORDINATOR)
    texts = context.runtime.casebook.texts(context.keyring, context.runtime.now_seconds())
    assert not (texts.names or texts.identities or texts.narratives or texts.damaged)


def test_a_list_without_a_search_opens_no_more_than_it_shows(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys cost public-key operations: two for each restricted case of one's own that is on the page."""
    for _ in range(3):
        _log(founded, COLLEAGUE)
    _log(founded)
    opened, open_key = list[object](), casekeys.open_sealed_key

    def counting(*arguments: Any) -> CaseKey:
        opened.append(arguments)
        return open_key(*arguments)

    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    monkeypatch.setattr(texts, "open_sealed_key", counting)
    lists.list_cases(founded.context(COORDINATOR), Filter(mine=False))
    assert not opened
    page = lists.list_cases(founded.context(COLLEAGUE), Filter(mine=False))
    assert len(opened) == 2 * sum(line.restricted for line in page.lines) <= 4


def test_after_somebody_left_the_others_go_on(founded: Founded) -> None:
    """They read as before; the next write gives new keys, to who is named and still a member."""
    logged, gone = _log(founded, COLLEAGUE, COORDINATOR), _id(founded, COLLEAGUE)
    leaving.revoke_member(founded.context(), gone, None)
    assert not [seal for seal in list_key_seals(logged.case_id) if seal.recipient_id == gone]
    assert _opens(founded, CASEWORKER, logged) and _opens(founded, COORDINATOR, logged)
    view = cases.get_case(founded.context(CASEWORKER), logged.case_id)
    assert view.keyless == {gone} and gone in view.team
    assert {seal.generation for seal in list_key_seals(logged.case_id)} == {1}
    incidents.log_incident(founded.context(CASEWORKER), incident_draft("Later."), logged.case_id)
    assert {seal.generation for seal in list_key_seals(logged.case_id)} == {65_537}
    assert list_holders(logged.case_id) == {_id(founded, CASEWORKER), _id(founded, COORDINATOR)}
    assert _opens(founded, COORDINATOR, logged)
    restricting.withdraw(founded.context(CASEWORKER), logged.case_id, _version(logged.case_id), gone)
    assert not cases.get_case(founded.context(CASEWORKER), logged.case_id).keyless


def test_a_restricted_case_goes_to_no_successor(founded: Founded) -> None:
    """Who takes over the others is not let in by that, and nobody is asked for where there is no other."""
    logged = _log(founded, COLLEAGUE)
    leaving.revoke_member(founded.context(), _id(founded, CASEWORKER), None)
    assert not _opens(founded, COORDINATOR, logged) and _opens(founded, COLLEAGUE, logged)


def test_who_comes_back_is_named_again_first(founded: Founded) -> None:
    """Under a new key, which a coordinator compared, no restricted case opens, whoever writes to it since."""
    logged = _log(founded, COLLEAGUE)
    join_again(founded)
    back = admit_again(founded)
    with pytest.raises(NotFound):
        cases.get_case(signed_in(founded), logged.case_id)
    assert not lists.list_cases(signed_in(founded), Filter(mine=False)).total
    incidents.log_incident(founded.context(COLLEAGUE), incident_draft("Later."), logged.case_id)
    version = _version(logged.case_id)
    restricting.restrict(founded.context(COLLEAGUE), logged.case_id, version, frozenset({back}))
    assert cases.get_case(founded.context(COLLEAGUE), logged.case_id).keyless == {back}
    restricting.grant(founded.context(COLLEAGUE), logged.case_id, _version(logged.case_id), back)
    assert not cases.get_case(signed_in(founded), logged.case_id).keyless
    incidents.log_incident(signed_in(founded), incident_draft("Back."), logged.case_id)


def test_who_would_leave_cases_behind_is_told(founded: Founded) -> None:
    """Counted are the cases that nobody else has the keys of; the preview of a revocation shows it."""
    _log(founded, COLLEAGUE)
    alone = _log(founded)
    _restrict(founded, alone.case_id)
    _log(founded)
    me, other = _id(founded, CASEWORKER), _id(founded, COLLEAGUE)
    assert leaving.look_at_leaving(founded.context(), me).restricted_alone == 1
    assert restricting.count_restricted_alone(other) == 0
    leaving.revoke_member(founded.context(), other, None)
    assert restricting.count_restricted_alone(me) == 2


def test_without_a_seal_no_key_opens(founded: Founded) -> None:
    """Past the rule of access too: the keys are not there."""
    logged = _log(founded, COLLEAGUE)
    with pytest.raises(UnknownKey):
        open_case_keys(founded.context(COORDINATOR), logged.case_id)


def test_who_may_be_offered(founded: Founded) -> None:
    """The ones who may open cases, without oneself."""
    names = [member.display_name for member in offers.list_colleagues(founded.context(CASEWORKER))]
    assert sorted(names) == ["Cora", "Theo"]


def test_after_somebody_left_new_keys_come_by_themselves(founded: Founded) -> None:
    """A session of somebody named makes them in the background, one case at a time; others' cases wait."""
    logged, other = _log(founded, COLLEAGUE), _log(founded, COLLEAGUE)
    leaving.revoke_member(founded.context(), _id(founded, CASEWORKER), None)
    do_all(founded.context(COORDINATOR))
    assert {seal.generation for seal in list_key_seals(logged.case_id)} == {1}
    do_all(founded.context(COLLEAGUE))
    for case in (logged, other):
        assert {seal.generation for seal in list_key_seals(case.case_id)} == {65_537}
        assert _opens(founded, COLLEAGUE, case)
    assert not renewal.renew_own_cases(founded.context(COLLEAGUE))


def test_before_the_emergency_seal_it_is_said_what_waits(founded: Founded) -> None:
    """After new shares, until somebody named was signed in, nobody could open it again: the page warns."""
    logged = _log(founded)
    _restrict(founded, logged.case_id)
    renew(founded)
    assert sealing.look_at_seal(founded.context()).waiting.cases == 1
    do_all(founded.context(CASEWORKER))
    assert sealing.look_at_seal(founded.context()).waiting.cases == 0


def test_a_quorum_that_begins_anew_opens_it(founded: Founded) -> None:
    """The new coordinator is named too, and alone has a key; the names of before stay, to be named again."""
    logged = _log(founded, COLLEAGUE)
    begin_anew(founded)
    context = reopened(founded)
    view = cases.get_case(context, logged.case_id)
    assert view.incidents[0].narrative.text == SECRET
    assert view.keyless == {_id(founded, CASEWORKER), _id(founded, COLLEAGUE)}
    assert view.team == view.keyless | {context.member_id}
    recovery = MemberSecret(founded.players[COORDINATOR].recovery_seed)
    assert open_all(recovery, context.roster).failed == ()
