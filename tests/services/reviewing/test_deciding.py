"""Deciding about proposals: confirmed, rejected, taken back, and what one meets that others did meanwhile."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from casework.domain.pattern import RETIRED
from casework.errors import Forbidden
from casework.services.bin import bin_case
from casework.services.context import Context
from casework.services.history.reading import read_history
from casework.services.incidents import IncidentDraft, change_incident, get_incident
from casework.services.patterns import change_pattern, list_patterns, merge_pattern, tag_incidents
from casework.services.reviewing.deciding import Decision, Met, decide, undo
from casework.services.reviewing.waiting import list_waiting
from tests.services.reviewing.deeds import propose, transit
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft

CONFIRMED, REJECTED = Decision.CONFIRMED, Decision.REJECTED


def waiting(context: Context) -> list[UUID]:
    """Return the incidents for which something waits, in the order of the queue."""
    return [one.incident.id for one in list_waiting(context, list_patterns(context))]


def say(founded: Founded, incident_id: UUID, decision: Decision, login: str = CASEWORKER) -> Met | None:
    """Decide about what is proposed for an incident as it stands now."""
    context, view = founded.context(login), transit(founded)
    version = get_incident(founded.context(CASEWORKER), incident_id).version
    return decide(context, incident_id, view.id, decision, (version, view.version))


def test_what_is_confirmed_is_set_and_waits_no_longer(founded: Founded) -> None:
    """Nothing was set before, and the incident says nothing else."""
    incident_id, view = propose(founded), transit(founded)
    context = founded.context(CASEWORKER)
    before = get_incident(context, incident_id).facts
    assert (before.patterns, waiting(context)) == ((), [incident_id])
    assert say(founded, incident_id, CONFIRMED) is None
    assert get_incident(context, incident_id).facts == replace(before, patterns=(view.id,))
    assert waiting(context) == []


def test_what_is_rejected_is_not_proposed_again_and_not_set(founded: Founded) -> None:
    """Also after the incident and the pattern were changed; somebody may still set it by hand."""
    incident_id, view = propose(founded), transit(founded)
    context = founded.context(CASEWORKER)
    assert say(founded, incident_id, REJECTED) is None
    seen = get_incident(context, incident_id)
    assert (seen.facts.patterns, seen.facts.rejected, waiting(context)) == ((), (view.id,), [])
    draft = replace(incident_draft(), answers={**_answers(seen.facts), "police_service": "sq"}, people=())
    change_incident(context, incident_id, seen.version, draft)
    assert get_incident(context, incident_id).facts.rejected == (view.id,)
    renamed = replace(view.definition, name_en="On the bus")
    change_pattern(founded.context(), view.id, view.version, renamed)
    assert waiting(context) == []
    tag_incidents(context, [incident_id], view.id, True)
    facts = get_incident(context, incident_id).facts
    assert (facts.patterns, facts.rejected) == ((view.id,), ())


def _answers(facts: object) -> dict[str, str | tuple[str, ...]]:
    return {name: getattr(facts, name) for name in ("contact_type", "police_service", "referral_types")}


def test_a_form_that_sets_what_was_rejected_wins(founded: Founded) -> None:
    """A pattern is never both."""
    incident_id, view, context = propose(founded), transit(founded), founded.context(CASEWORKER)
    say(founded, incident_id, REJECTED)
    seen = get_incident(context, incident_id)
    draft: IncidentDraft = replace(
        incident_draft(), answers=_answers(seen.facts), people=(), patterns=(view.id,)
    )
    change_incident(context, incident_id, seen.version, draft)
    facts = get_incident(context, incident_id).facts
    assert (facts.patterns, facts.rejected) == ((view.id,), ())


@pytest.mark.parametrize("decision", Decision)
def test_a_decision_is_taken_back(founded: Founded, decision: Decision) -> None:
    """The incident is as before, and it waits again."""
    incident_id, view, context = propose(founded), transit(founded), founded.context(CASEWORKER)
    before = get_incident(context, incident_id).facts
    say(founded, incident_id, decision)
    assert undo(context, incident_id, view.id, decision) is None
    assert get_incident(context, incident_id).facts == before
    assert waiting(context) == [incident_id]
    assert undo(context, incident_id, view.id, decision) is Met.NO_LONGER


@pytest.mark.parametrize(("theirs", "met"), [(CONFIRMED, Met.CONFIRMED), (REJECTED, Met.REJECTED)])
def test_what_somebody_decided_meanwhile_is_said_and_stays(
    founded: Founded, theirs: Decision, met: Met
) -> None:
    """Neither a decision nor its undoing touches theirs, and nothing is written."""
    incident_id, view = propose(founded), transit(founded)
    say(founded, incident_id, theirs, COORDINATOR)
    before = get_incident(founded.context(CASEWORKER), incident_id)
    other = REJECTED if theirs is CONFIRMED else CONFIRMED
    mine = founded.context(CASEWORKER)
    for decision in Decision:
        assert decide(mine, incident_id, view.id, decision, (1, view.version)) is met
    assert undo(mine, incident_id, view.id, other) is met
    assert get_incident(mine, incident_id) == before


def test_what_was_changed_since_it_was_shown_is_shown_again(founded: Founded) -> None:
    """The incident, or the pattern: nobody confirms what they did not read."""
    incident_id, view, context = propose(founded), transit(founded), founded.context(CASEWORKER)
    seen = get_incident(context, incident_id)
    draft = replace(incident_draft("Another story."), answers=_answers(seen.facts), people=())
    change_incident(context, incident_id, seen.version, draft)
    assert decide(context, incident_id, view.id, CONFIRMED, (seen.version, view.version)) is Met.CHANGED
    version = get_incident(context, incident_id).version
    renamed = replace(view.definition, definition_en="Another meaning.")
    change_pattern(founded.context(), view.id, view.version, renamed)
    assert decide(context, incident_id, view.id, REJECTED, (version, view.version)) is Met.CHANGED
    assert waiting(context) == [incident_id]


def test_what_no_rule_proposes_is_not_decided(founded: Founded) -> None:
    """The answers changed, the pattern was retired, or no rule ever held: a queue sets no other pattern."""
    incident_id, view, context = propose(founded), transit(founded), founded.context(CASEWORKER)
    others = [one for one in list_patterns(context) if one.id != view.id]
    for other in others:
        met = decide(context, incident_id, other.id, CONFIRMED, (1, other.version))
        assert met is Met.NO_LONGER
    retired = replace(view.definition, status=RETIRED)
    change_pattern(founded.context(), view.id, view.version, retired)
    assert waiting(context) == []
    assert decide(context, incident_id, view.id, CONFIRMED, (1, view.version + 1)) is Met.NO_LONGER
    assert get_incident(context, incident_id).facts.patterns == ()


def test_what_is_gone_or_closed_to_the_member_is_not_there(founded: Founded) -> None:
    """In the bin, in a case of others, or never: one answer for all, in the queue too."""
    binned, closed = propose(founded), propose(founded, team_only=True)
    view, context = transit(founded), founded.context(COLLEAGUE)
    case_id = get_incident(founded.context(CASEWORKER), binned).case_id
    bin_case(founded.context(CASEWORKER), case_id, 1)
    assert waiting(context) == []
    assert waiting(founded.context(CASEWORKER)) == [closed]
    for incident_id in (binned, closed, uuid4()):
        assert decide(context, incident_id, view.id, CONFIRMED, (1, view.version)) is Met.GONE
        assert undo(context, incident_id, view.id, CONFIRMED) is Met.GONE
    assert decide(context, closed, uuid4(), CONFIRMED, (1, 1)) is Met.GONE


def test_in_a_restricted_case_those_who_are_named_decide(founded: Founded) -> None:
    """A coordinator who is not named does not know of it."""
    incident_id = propose(founded, restricted=True)
    assert waiting(founded.context(COORDINATOR)) == []
    assert say(founded, incident_id, REJECTED, COORDINATOR) is Met.GONE
    assert say(founded, incident_id, REJECTED) is None


def test_an_advocate_decides_nothing(founded: Founded) -> None:
    """They have no permission for it."""
    incident_id, view = propose(founded), transit(founded)
    with pytest.raises(Forbidden):
        decide(founded.context(ADVOCATE), incident_id, view.id, CONFIRMED, (1, view.version))
    with pytest.raises(Forbidden):
        undo(founded.context(ADVOCATE), incident_id, view.id, CONFIRMED)


def test_the_history_of_the_case_tells_of_it(founded: Founded) -> None:
    """What was rejected, and by whom."""
    incident_id, view, context = propose(founded), transit(founded), founded.context(CASEWORKER)
    say(founded, incident_id, REJECTED, COORDINATOR)
    case_id = get_incident(context, incident_id).case_id
    told = read_history(context, case_id).saves[0]
    assert told.by == founded.players[COORDINATOR].id
    assert told.revisions[0].told.changes["rejected"] == ([], [view.id.hex])


def test_a_merge_lets_go_of_what_was_rejected(founded: Founded) -> None:
    """Where the one is set that takes the other's place, it is not rejected too."""
    incident_id, view, context = propose(founded), transit(founded), founded.context(CASEWORKER)
    say(founded, incident_id, REJECTED)
    old = next(one for one in list_patterns(context) if one.id != view.id)
    tag_incidents(context, [incident_id], old.id, True)
    merge_pattern(founded.context(), old.id, old.version, view.id)
    facts = get_incident(context, incident_id).facts
    assert (facts.patterns, facts.rejected) == ((view.id,), ())
