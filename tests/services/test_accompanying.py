"""Who accompanies a case, and the day of its last new content."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from casework.domain.case import CaseFacts
from casework.errors import Invalid
from casework.services import cases, incidents, lists, patterns
from casework.services.context import Context
from casework.services.incidents import Logged
from casework.store import cases as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import CASE_CODED
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, PENDING, Founded
from tests.support.records import incident_draft, person_draft


def _later(founded: Founded, days: int, login: str = CASEWORKER) -> Context:
    context = founded.context(login)
    now = context.runtime.now() + timedelta(days=days)
    return replace(context, runtime=replace(context.runtime, now=lambda: now))


def _facts(founded: Founded, case_id: UUID) -> CaseFacts:
    return cases.get_case(founded.context(COORDINATOR), case_id).facts


def _log_more(context: Context, logged: Logged) -> None:
    incidents.log_incident(context, incident_draft(), logged.case_id)


def _change_incident(context: Context, logged: Logged) -> None:
    incidents.change_incident(context, logged.incident_id, 1, incident_draft("Told again.", people=()))


def _change_person(context: Context, logged: Logged) -> None:
    person, new = cases.get_case(context, logged.case_id).people[0], person_draft("Somebody else")
    assert new.facts is not None and new.identity is not None
    cases.change_person(context, logged.case_id, person.id, 1, new.facts, new.identity)


@pytest.mark.parametrize("write", [_log_more, _change_incident, _change_person])
def test_new_content_touches_the_case(founded: Founded, write: Callable[[Context, Logged], None]) -> None:
    """Logging and changing note the day; the version by which editors meet stays."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    context = _later(founded, 40)
    write(context, logged)
    now = cases.get_case(founded.context(COORDINATOR), logged.case_id)
    assert now.facts.touched_on == context.runtime.today()
    assert now.facts.opened_on == now.facts.touched_on - timedelta(days=40)
    assert now.version == 1


def test_reading_tagging_and_handing_over_are_no_new_content(founded: Founded) -> None:
    """What only looks at a case, or sorts it, does not keep it from its end."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    context = _later(founded, 40)
    cases.get_case(context, logged.case_id)
    pattern = patterns.list_patterns(context)[0].id
    patterns.tag_incidents(context, [logged.incident_id], pattern, True)
    cases.hand_over(context, [logged.case_id], founded.players[COLLEAGUE].id)
    facts = _facts(founded, logged.case_id)
    assert facts.touched_on == facts.opened_on


def test_an_old_document_is_written_anew_with_the_next_content(founded: Founded) -> None:
    """A case sealed under schema 1 opens in lists and pages, and gets the newest when it is touched."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    context = founded.context(CASEWORKER)
    document = _facts(founded, logged.case_id).to_document() | {"schema": 1}
    document = {key: document[key] for key in ("schema", "reference", "status", "opened_on", "opened_by")}
    row = db.session.get_one(store.Case, logged.case_id)
    row.coded_sealed = context.keyring.seal(CASE_CODED, row.id, 1, documents.encode(document))
    db.session.commit()
    context.runtime.casebook.drop_all()
    assert lists.list_cases(founded.context(CASEWORKER), lists.Filter()).total == 1
    _log_more(_later(founded, 3), logged)
    facts = _facts(founded, logged.case_id)
    assert (facts.responsible, facts.touched_on - facts.opened_on) == (facts.opened_by, timedelta(days=3))


def test_a_case_that_was_handed_over_is_the_others(founded: Founded) -> None:
    """It is in the other's own cases; of a team's case they join the team, else it would be lost to them."""
    logged = incidents.log_incident(founded.context(COORDINATOR), incident_draft(team_only=True))
    assert lists.list_cases(founded.context(COLLEAGUE), lists.Filter(mine=False)).total == 0
    cases.hand_over(founded.context(COORDINATOR), [logged.case_id], founded.players[COLLEAGUE].id)
    assert lists.list_cases(founded.context(COLLEAGUE), lists.Filter()).total == 1
    assert _facts(founded, logged.case_id).opened_by == founded.players[COORDINATOR].id


@pytest.mark.parametrize("login", [ADVOCATE, PENDING, ""])
def test_only_who_opens_cases_accompanies_one(founded: Founded, login: str) -> None:
    """An advocate, somebody not admitted and nobody at all are refused, and nothing changes."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    to = founded.players[login].id if login else uuid4()
    with pytest.raises(Invalid) as refused:
        cases.hand_over(founded.context(CASEWORKER), [logged.case_id], to)
    assert list(refused.value.faults) == ["to"]
    assert _facts(founded, logged.case_id).responsible == founded.players[CASEWORKER].id
