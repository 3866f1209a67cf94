"""One damaged record: the lists open without it and say so, statistics wait, and only it stays closed."""

from typing import Any

import pytest

from casework.errors import DisclosureRefused, Tampered
from casework.services import incidents as incident_services
from casework.services import lists, patterns
from casework.services.context import Context
from casework.services.lists import Filter
from casework.services.releases.composing import compose
from casework.services.releases.offering import offer
from casework.store.cases import Incident, find_record
from casework.store.database import db
from tests.faults.damage import damaged
from tests.faults.scene import Scene
from tests.services.releases.test_asking import question
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR
from tests.support.records import incident_draft

CODED = ("case.coded_sealed", "person.coded_sealed", "incident.coded_sealed")
TEXTS = ("case_key.key_sealed", "person.identity_sealed", "incident.narrative_sealed")
ATTACKS = ("body", "epoch", "emptied", "swapped row", "swapped column", "version raised")
LISTS = ("/", "/cases?who=all", "/incidents?who=all")
BANNER = "could not be opened"


def _context(scene: Scene, login: str = CASEWORKER) -> Context:
    """Begin anew, as a request of a new process does."""
    db.session.remove()
    return scene.context(login)


def _get(scene: Scene, login: str, path: str) -> Any:
    """Open a page as a new process would."""
    scene.runtime.casebook.drop_all()
    return scene.founded.client(login).get(path, follow_redirects=True)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("where", CODED + TEXTS)
def test_lists_open_without_what_is_damaged(scene: Scene, where: str, attack: str) -> None:
    """They count it, and show every other record."""
    everything = Filter(mine=False)
    before = lists.list_incidents(_context(scene), everything)
    assert before.damaged == 0
    with damaged(scene, where, attack):
        incidents = lists.list_incidents(_context(scene), everything)
        cases = lists.list_cases(_context(scene), everything)
        assert incidents.damaged == cases.damaged >= 1
        assert {line.id for line in incidents.lines} >= {
            line.id for line in before.lines if line.case_id != scene.cases[0]
        }
        assert scene.cases[1] in {line.id for line in cases.lines}
        if where.startswith("incident."):
            assert scene.incidents[0] not in {line.id for line in incidents.lines}
        if where.startswith("case."):
            assert scene.cases[0] not in {line.id for line in cases.lines}


@pytest.mark.parametrize("where", CODED + TEXTS)
def test_the_pages_of_lists_say_so(scene: Scene, where: str) -> None:
    """A plain sentence and no content; the log form works, and put back the sentence is gone."""
    with damaged(scene, where, "body"):
        for path in LISTS:
            answer = _get(scene, CASEWORKER, path)
            assert answer.status_code == 200, path
            assert BANNER in answer.text, path
        for path in ("/incidents/new", f"/cases/{scene.cases[1]}"):
            assert _get(scene, CASEWORKER, path).status_code == 200, path
        assert _get(scene, COORDINATOR, "/patterns").status_code == 200
    for path in LISTS:
        assert BANNER not in _get(scene, CASEWORKER, path).text, path


@pytest.mark.parametrize("where", CODED)
def test_statistics_wait_for_a_damaged_coded_record(scene: Scene, where: str) -> None:
    """What a sum without it lacks would tell of it: no number, and its own reason."""
    with damaged(scene, where, "body"):
        context = _context(scene, ADVOCATE)
        closed = offer(context).closed
        assert closed and closed.reason == "damaged"
        book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
        with pytest.raises(DisclosureRefused, match="damaged"):
            compose(book, question().to_draft(5))
        page = _get(scene, ADVOCATE, "/statistics")
        assert page.status_code == 200
        assert "Until it is repaired nothing is counted." in page.text


@pytest.mark.parametrize("where", TEXTS)
def test_statistics_need_no_texts(scene: Scene, where: str) -> None:
    """They hold no key of them."""
    with damaged(scene, where, "body"):
        refusal = offer(_context(scene, ADVOCATE)).closed
        assert refusal is None or refusal.reason != "damaged"


def test_no_pattern_is_merged_over_a_damaged_incident(scene: Scene) -> None:
    """Whether it carries the pattern cannot be told."""
    with damaged(scene, "incident.coded_sealed", "body"):
        context = _context(scene, COORDINATOR)
        first, second = (patterns.get_pattern(context, pattern_id) for pattern_id in scene.patterns)
        with pytest.raises(Tampered):
            patterns.merge_pattern(context, first.id, first.version, second.id)


def test_nothing_is_saved_over_a_damaged_narrative(scene: Scene) -> None:
    """A change that could be saved would destroy what an expert may still bring back."""
    with damaged(scene, "incident.narrative_sealed", "body"):
        context = _context(scene)
        row = find_record(Incident, scene.incidents[0])
        assert row is not None
        before, version = row.narrative_sealed, row.version
        with pytest.raises(Tampered):
            incident_services.change_incident(context, scene.incidents[0], version, incident_draft())
        db.session.rollback()
        assert row.narrative_sealed == before
