"""Many at once, on both databases: nothing is lost, nothing grows older, the log has no gap."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select

from casework.errors import Conflict
from casework.services import cases, drafts, incidents, lists, patterns
from casework.services.context import Context
from casework.services.importing.mappingfile import read_mapping
from casework.services.importing.run import import_incidents
from casework.services.lists import Filter
from casework.services.restricted import restricting
from casework.services.signing_in import authentication
from casework.store.cases import Incident
from casework.store.database import db
from casework.store.head import get_generation
from casework.store.imports import ImportedRow
from tests.services.deeds import MAPPING
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.records import incident_draft
from tests.support.together import all_at_once

THREADS = 8
EDITORS = 20
Result = TypeVar("Result")


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """Both."""
    return str(request.param)


def _at_once(founded: Founded, deeds: Sequence[Callable[[], Result]]) -> list[Result | Exception]:
    """Do all of this at the same moment, each in a thread with an app context of its own."""
    return all_at_once([(founded.app, deed) for deed in deeds])


def _writer(founded: Founded, number: int) -> Context:
    return founded.context(CASEWORKER if number % 2 else COLLEAGUE)


def test_logging_at_once_loses_nothing(founded: Founded) -> None:
    """Every incident is there, with a reference of its own; the log has each, in one gapless chain."""
    before, entries = get_generation(), len(open_log(founded.context()))

    def log(number: int) -> Callable[[], list[incidents.Logged]]:
        return lambda: [
            incidents.log_incident(_writer(founded, number), incident_draft(f"told by {number}, {turn}"))
            for turn in range(3)
        ]

    results = _at_once(founded, [log(number) for number in range(THREADS)])
    logged = [one for result in results if isinstance(result, list) for one in result]
    assert len(logged) == len({one.reference for one in logged}) == THREADS * 3, results
    page = lists.list_incidents(founded.context(), Filter(mine=False))
    assert page.total == THREADS * 3
    for number in range(THREADS):
        assert lists.list_incidents(founded.context(), Filter(mine=False, text=f"by {number},")).total == 3
    assert get_generation() == before + THREADS * 3
    generations = list(db.session.scalars(select(Incident.generation)))
    assert len(set(generations)) == THREADS * 3
    log_entries = open_log(founded.context(COORDINATOR))[entries:]
    assert [entry["event"] for entry in log_entries] == ["incident.logged"] * THREADS * 3


@pytest.mark.parametrize("restricted", [False, True])
def test_of_twenty_editors_one_wins(founded: Founded, restricted: bool) -> None:
    """Whoever saves the version that was read wins; everybody else is told, and what won stays.

    What the others wrote is still theirs: the page shows it beside what won.
    """
    team = frozenset({founded.players[COLLEAGUE].id})
    first = incident_draft(people=(), restricted=restricted, team=team if restricted else frozenset())
    logged = incidents.log_incident(founded.context(CASEWORKER), first)
    for version in range(1, 4):

        def save(number: int, version: int = version) -> Callable[[], int]:
            draft = incident_draft(f"version {version} of {number}", people=())

            def act() -> int:
                incidents.change_incident(_writer(founded, number), logged.incident_id, version, draft)
                return number

            return act

        results = _at_once(founded, [save(number) for number in range(EDITORS)])
        winners = [result for result in results if isinstance(result, int)]
        assert len(winners) == 1 and sum(isinstance(r, Conflict) for r in results) == EDITORS - 1, results
        seen = incidents.get_incident(founded.context(CASEWORKER), logged.incident_id)
        assert (seen.version, seen.narrative.text) == (version + 1, f"version {version} of {winners[0]}")
    open_log(founded.context(COORDINATOR))


def test_writing_while_names_change_loses_nothing(founded: Founded) -> None:
    """New keys, made while others log into the case, seal all that is there; every text opens afterwards."""
    team = frozenset({founded.players[COLLEAGUE].id})
    first = incident_draft("told at first", restricted=True, team=team)
    logged, to = incidents.log_incident(founded.context(CASEWORKER), first), founded.players[COORDINATOR].id

    def write(number: int) -> Callable[[], int]:
        def act() -> int:
            for turn in range(3):
                draft = incident_draft(f"told by {number}, {turn}", people=())
                incidents.log_incident(_writer(founded, number), draft, logged.case_id)
            return 3

        return act

    def rename() -> int:
        for deed in (restricting.grant, restricting.withdraw) * 3:
            version = cases.get_case(founded.context(CASEWORKER), logged.case_id).version
            deed(founded.context(CASEWORKER), logged.case_id, version, to)
        return 0

    results = _at_once(founded, [*(write(number) for number in range(4)), rename])
    assert all(isinstance(result, int) for result in results), results
    for login in (CASEWORKER, COLLEAGUE):
        case = cases.get_case(founded.context(login), logged.case_id)
        told = {incident.narrative.text for incident in case.incidents}
        assert told == {"told at first", *(f"told by {n}, {turn}" for n in range(4) for turn in range(3))}
        page = lists.list_incidents(founded.context(login), Filter(mine=False, text="told"))
        assert (page.total, page.damaged) == (13, 0)


def test_tags_set_at_once_are_all_there(founded: Founded) -> None:
    """Setting different patterns on the same incident is no conflict, and none is lost."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    chosen = patterns.list_patterns(founded.context())[:THREADS]

    def tag(number: int) -> Callable[[], int]:
        pattern_id = chosen[number].id
        return lambda: len(
            patterns.tag_incidents(_writer(founded, number), [logged.incident_id], pattern_id, True)
        )

    assert _at_once(founded, [tag(number) for number in range(len(chosen))]) == [1] * len(chosen)
    seen = incidents.get_incident(founded.context(CASEWORKER), logged.incident_id)
    assert set(seen.facts.patterns) == {view.id for view in chosen}
    assert set(patterns.count_incidents(founded.context())) == {view.id for view in chosen}


def test_an_import_run_twice_at_once_imports_once(founded: Founded) -> None:
    """Each row becomes one incident, whichever run stored it; together they report each row once."""
    mapping = read_mapping(MAPPING)
    content = b"row\n" + b"".join(b"%d\n" % number for number in range(450))

    def run() -> int:
        return import_incidents(founded.context(COORDINATOR), content, mapping, False, lambda _n: None).stored

    results = _at_once(founded, [run] * THREADS)
    assert all(isinstance(result, int) for result in results), results
    assert sum(result for result in results if isinstance(result, int)) == 450
    assert run() == 0
    assert len(list(db.session.scalars(select(ImportedRow.key_hmac)))) == 450
    assert len(list(db.session.scalars(select(Incident.id)))) == 450
    entries = open_log(founded.context(COORDINATOR))
    assert sum(e["fields"]["count"] for e in entries if e["event"] == "incidents.imported") == 450


def test_a_reader_sees_what_was_committed_and_never_less(founded: Founded) -> None:
    """Each look shows every write that was finished before it, and never less than the look before."""
    finished, done = [0], threading.Event()

    def write() -> int:
        try:
            for _ in range(15):
                incidents.log_incident(founded.context(CASEWORKER), incident_draft())
                finished[0] += 1
        finally:
            done.set()
        return 0

    def read() -> int:
        seen = looks = 0
        while not done.is_set() or not looks:
            least = max(seen, finished[0])
            # A new context of its own, as each request has.
            with founded.app.app_context():
                page = lists.list_incidents(founded.context(COLLEAGUE), Filter(mine=False))
            assert page.total >= least, (page.total, least)
            assert all(line.names == ("Teodor Vulcan",) for line in page.lines)
            seen, looks = page.total, looks + 1
        return looks

    results = _at_once(founded, [write, *[read] * 4])
    assert all(isinstance(result, int) for result in results), results


def test_drafts_kept_while_somebody_saves(founded: Founded) -> None:
    """Keeping drafts neither fails nor makes a save fail."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft(people=()))

    def keep() -> UUID:
        draft = None
        for turn in range(5):
            draft = drafts.keep_draft(
                founded.context(CASEWORKER), draft, "incident", "/x", {"n": [str(turn)]}
            )
        assert draft is not None
        return draft

    def save() -> UUID:
        for version in range(1, 6):
            incidents.change_incident(
                founded.context(COLLEAGUE), logged.incident_id, version, incident_draft(people=())
            )
        return logged.incident_id

    results = _at_once(founded, [keep, keep, save])
    assert all(isinstance(result, UUID) for result in results), results
    assert [draft.fields for draft in drafts.list_drafts(founded.context(CASEWORKER))] == [{"n": ["4"]}] * 2
    assert cases.get_case(founded.context(CASEWORKER), logged.case_id).incidents


def test_signing_in_at_once_moves_one_pin(founded: Founded) -> None:
    """Several sign-ins at the same moment all succeed, none waits for another for ever."""
    player = founded.players[CASEWORKER]
    before = founded.context(CASEWORKER).roster.number
    results = _at_once(
        founded, [lambda: authentication.sign_in(founded.runtime, player.login, player.passphrase)] * 4
    )
    assert all(isinstance(result, str) for result in results), results
    assert founded.context(CASEWORKER).roster.number == before
