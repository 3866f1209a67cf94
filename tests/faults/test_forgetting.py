"""After an erasure, a restriction, an end of membership or the seal no memory of a process names anybody."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from casework.analysis.duplicates.people import Described
from casework.domain.person import PersonIdentity
from casework.services import bin, erasing, lists
from casework.services.context import Context
from casework.services.duplicates.reviewing import find_likely, review
from casework.services.followups.agenda import look_ahead
from casework.services.followups.writing import add_follow_up
from casework.services.incidents import Logged, log_incident
from casework.services.membership.leaving import revoke_member
from casework.services.restricted import restricting
from casework.services.sealing import finish_seal
from casework.services.signing_in.sessions import sweep
from casework.store.cases import Case
from casework.store.database import db
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.heap import find_on_heap
from tests.support.records import incident_draft, person_draft, task_draft

# Written backwards, so that this module is no place where they stand.
_NAME, _SPELLED, _PHONE = "olebmigzaD irutpolxeW", "olebmigzaD irrutpolxeW", "7138462 615"
_WORDS = ("irutpolxew", "olebmigzad", "rtplxb", "lbmjsd")


def _left() -> list[str]:
    """Return where the canary still stands: as written, as heard, or by its number."""
    db.session.remove()
    return find_on_heap(_WORDS, [int(_PHONE[::-1].replace(" ", "")[-7:])])


def _identity() -> PersonIdentity:
    return PersonIdentity(name=_NAME[::-1], birth_date="1907-04-13", phone=_PHONE[::-1])


def _log(founded: Founded, restricted: bool = False) -> Logged:
    """Log the canary, with a text and a follow-up that name it."""
    people = (replace(person_draft(), identity=_identity()),)
    team = frozenset({founded.players[CASEWORKER].id, founded.players[COLLEAGUE].id})
    draft = incident_draft(
        _NAME[::-1], people=people, restricted=restricted, team=team if restricted else frozenset()
    )
    logged = log_incident(founded.context(CASEWORKER), draft)
    add_follow_up(founded.context(CASEWORKER), logged.case_id, task_draft(_NAME[::-1]))
    return logged


def _use(founded: Founded) -> None:
    """Let every memory be filled, as members do who look for doubles, search and see what is due."""
    for login in (CASEWORKER, COLLEAGUE, COORDINATOR):
        context = founded.context(login)
        review(context)
        find_likely(context, Described(_NAME[::-1], "1907-04-13", _PHONE[::-1]))
        for text in (_NAME[::-1], _SPELLED[::-1]):
            lists.list_incidents(context, lists.Filter(mine=False, text=text))
        lists.list_cases(context, lists.Filter(mine=False))
        look_ahead(context, everybodys=True)
        bin.list_bin(context)


def _version(case_id: UUID) -> int:
    return db.session.get_one(Case, case_id).version


def _erase(founded: Founded, case_id: UUID) -> None:
    bin.bin_case(founded.context(), case_id, _version(case_id))
    _use(founded)
    erasing.erase_case(founded.context(), case_id)


def _restrict(founded: Founded, case_id: UUID) -> None:
    restricting.restrict(founded.context(CASEWORKER), case_id, _version(case_id), frozenset())


def _seal(founded: Founded, _case_id: UUID) -> None:
    finish_seal(founded.runtime)


def _revoke(founded: Founded, _case_id: UUID) -> None:
    if founded.players[COLLEAGUE].id in founded.context().roster.active:
        revoke_member(founded.context(), founded.players[COLLEAGUE].id, founded.players[CASEWORKER].id)


@pytest.mark.parametrize("deed", [_erase, _restrict, _seal, _revoke])
@pytest.mark.parametrize("again", [False, True], ids=["alone", "twice"])
def test_nothing_is_left_in_memory(
    founded: Founded, deed: Callable[[Founded, UUID], None], again: bool
) -> None:
    """Not in a book, a comparison, nor in what some function remembers; also before anybody looks again."""
    log_incident(founded.context(CASEWORKER), incident_draft())
    logged = [_log(founded) for _ in range(1 + again)]
    _use(founded)
    for case in logged:
        deed(founded, case.case_id)
    assert _left() == []


def test_the_walk_finds_what_is_there(founded: Founded) -> None:
    """Or the tests above would pass with anything."""
    _log(founded)
    _use(founded)
    assert {"dict", "array in People"} <= set(_left())


def test_a_restricted_name_is_in_no_memory_after_a_request(founded: Founded) -> None:
    """Neither for those who are named, nor once one of them is withdrawn; and then nobody else is told."""
    logged = _log(founded, restricted=True)
    _use(founded)
    assert _left() == []
    case_id = logged.case_id
    withdrawn = founded.players[COLLEAGUE].id
    restricting.withdraw(founded.context(CASEWORKER), case_id, _version(case_id), withdrawn)
    _use(founded)
    assert _left() == []
    assert _offered(founded.context(COLLEAGUE)) == 0


def _offered(context: Context) -> int:
    """Return in how many places a member is told of the canary."""
    found = len(find_likely(context, Described(_NAME[::-1], "1907-04-13", _PHONE[::-1])))
    found += lists.list_incidents(context, lists.Filter(mine=False, text=_SPELLED[::-1])).total
    return found + len(review(context).pairs)


def test_who_was_taken_out_of_a_team_is_offered_nothing(founded: Founded) -> None:
    """The shared memory goes on holding it for the others."""
    for _ in range(2):
        logged = _log(founded)
        _use(founded)
        team = frozenset({founded.players[CASEWORKER].id})
        restricting.choose_access(
            founded.context(CASEWORKER), logged.case_id, _version(logged.case_id), team, True
        )
    assert _offered(founded.context(COLLEAGUE)) == 0
    assert _offered(founded.context(CASEWORKER)) > 0


@pytest.mark.parametrize("deed", [_erase, _restrict])
def test_another_process_forgets_within_a_minute(
    founded: Founded, deed: Callable[[Founded, UUID], None]
) -> None:
    """It has not heard of the deed, and nobody asks it anything; its sweep forgets what is out of date."""
    logged = _log(founded)
    _use(founded)
    other = founded.app.extensions["casework"].casebook
    founded.app.extensions["casework"] = replace(founded.runtime, casebook=type(other)())
    deed(founded, logged.case_id)
    founded.app.extensions["casework"] = replace(founded.runtime, casebook=other)
    founded.client(CASEWORKER)  # somebody is signed in, so that not everything goes
    sweep(founded.runtime)
    assert _left() == []
