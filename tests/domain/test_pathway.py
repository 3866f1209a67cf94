"""The pathway: acts and answers in step, and steps in the order of time as far as it is known."""

import datetime as dt
from dataclasses import replace
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.act import Act
from casework.domain.coded import FIELDS, require_answers
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts
from casework.domain.moments import Moment
from casework.domain.pathway import (
    ANSWERED_IN,
    STEPS,
    Step,
    carry_acts,
    in_order,
    standing,
    steps_reached,
    tell_pathway,
    with_acts,
)
from casework.errors import Invalid

from .strategies import acts_of, bare_incidents, several_acts

MEMBER = UUID(int=7)
DAY = dt.date(2026, 11, 16)

BARE = IncidentFacts(
    date=VagueDate.parse("2026-11-15"),
    contact_type="traffic_stop",
    police_service="spvm",
    logged_on=DAY,
    logged_by=MEMBER,
)


def _act(what: str, when: str = "unknown") -> Act:
    kind, _colon, code = what.partition(":")
    return Act(id=uuid4(), kind=kind, code=code, when=Moment.parse(when), added_on=DAY, added_by=MEMBER)


def _told(*acts: Act) -> list[str]:
    return [f"{act.kind}:{act.code}" for act in _in_order(acts)]


def _in_order(acts: tuple[Act, ...] | list[Act]) -> list[Act]:
    return [step.act for step in in_order([Step(act.kind, act) for act in acts]) if step.act]


def test_time_where_it_is_known_else_the_pathway() -> None:
    """A dated consequence comes before a later referral; what can have been at once follows the steps."""
    assert _told(
        _act("cbsa_action:removed", "2026-06"),
        _act("referral:status_check"),
        _act("contact:traffic_stop", "2026-05-04T09:10"),
        _act("cbsa_action:attended", "2026-05-04"),
        _act("referral:status_check", "2026-05-04T09:30"),
        _act("consequence:job_loss", "2026-05-03"),
    ) == [
        "consequence:job_loss",
        "contact:traffic_stop",
        "referral:status_check",
        "referral:status_check",
        "cbsa_action:attended",
        "cbsa_action:removed",
    ]


@given(st.lists(acts_of(), unique_by=lambda act: act.id, max_size=8), st.randoms())
def test_order(acts: list[Act], random: Random) -> None:
    """Nothing is lost, what certainly came before stands before, whatever order they are given in."""
    ordered = _in_order(acts)
    assert sorted(act.id for act in ordered) == sorted(act.id for act in acts)
    shuffled = list(acts)
    random.shuffle(shuffled)
    assert _in_order(shuffled) == ordered
    for place, later in enumerate(ordered):
        for earlier in ordered[:place]:
            one, other = later.when.date.span(), earlier.when.date.span()
            assert one is None or other is None or not one[1] < other[0]
            if later.when.time and earlier.when.time and later.when.date == earlier.when.date:
                assert earlier.when.time <= later.when.time


@given(bare_incidents, several_acts)
def test_every_act_is_among_the_answers(facts: IncidentFacts, acts: list[Act]) -> None:
    """Answers stay answers that a form could give, and taking the acts out again leaves what was before."""
    told = with_acts(facts, acts)
    for field in ANSWERED_IN.values():
        require_answers(FIELDS[field], getattr(told, field))
    for act in standing(acts):
        if act.kind in ANSWERED_IN:
            answers = getattr(told, ANSWERED_IN[act.kind])
            exclusive = act.code in ("unknown", "no_action", "did_not_come_up")
            assert act.code in answers or (exclusive and answers != ("not_asked",))
    assert with_acts(told, told.acts) == told
    assert with_acts(told, ()) == facts
    assert carry_acts(replace(told, acts=(), besides=()), told) == told


def test_an_act_takes_the_place_of_not_asked_and_unknown() -> None:
    """Removed, it gives the place back; a code that was ticked by itself stays."""
    act = _act("cbsa_action:attended")
    for before in (("not_asked",), ("unknown",), ("no_action",)):
        told = with_acts(replace(BARE, cbsa_actions=before), [act])
        assert told.cbsa_actions == ("attended",)
        assert with_acts(told, [replace(act, removed_on=DAY)]).cbsa_actions == before
    ticked = with_acts(replace(BARE, cbsa_actions=("attended",)), [act])
    assert with_acts(ticked, ()).cbsa_actions == ("attended",)
    asked = with_acts(BARE, [_act("referral:unknown")])
    assert asked.referral_types == ("unknown",)
    assert with_acts(asked, [*asked.acts, _act("referral:status_check")]).referral_types == ("status_check",)


def test_a_form_keeps_the_acts() -> None:
    """What a form adds stays when the act goes; what it leaves out is refused by field."""
    told = with_acts(BARE, [_act("cbsa_action:attended"), _act("consequence:job_loss")])
    form = replace(BARE, cbsa_actions=("investigation", "attended"), consequences=("job_loss",))
    saved = carry_acts(form, told)
    assert saved.acts == told.acts
    assert with_acts(saved, ()).cbsa_actions == ("investigation",)
    assert with_acts(saved, ()).consequences == ("not_asked",)
    for change in ({"cbsa_actions": ("removed",)}, {"cbsa_actions": ("unknown",)}):
        with pytest.raises(Invalid) as refusal:
            carry_acts(replace(form, **change), told)  # type: ignore[arg-type]
        assert set(refusal.value.faults) == {"cbsa_actions"}
    with pytest.raises(Invalid) as refusal:
        carry_acts(BARE, told)
    assert set(refusal.value.faults) == {"cbsa_actions", "consequences"}


def test_steps_reached() -> None:
    """By an answer, or by an act of which only the kind is known; never by one that was not."""
    assert steps_reached(BARE) == (True, False, False, False, False)
    told = with_acts(BARE, [_act("referral:unknown"), _act("cbsa_action:no_action")])
    assert steps_reached(told) == (True, False, True, False, False)
    quiet = with_acts(BARE, [_act("status_surfaced:did_not_come_up")])
    assert quiet.status_surfaced == ("did_not_come_up",)
    assert steps_reached(quiet) == steps_reached(BARE)
    assert steps_reached(with_acts(told, [replace(act, removed_on=DAY) for act in told.acts])) == (
        True, False, False, False, False
    )  # fmt: skip
    assert len(STEPS) == 5


def test_answers_of_which_no_act_tells_are_told_too() -> None:
    """They stand at their place in the pathway, without those that an act tells of."""
    did = ("investigation", "attended")
    facts = replace(BARE, status_surfaced=("officer_asked",), cbsa_actions=did, raised_by="officer")
    told = with_acts(facts, [_act("cbsa_action:attended", "2026-05-04"), _act("contact:traffic_stop")])
    assert [(step.kind, step.act is not None, step.codes) for step in tell_pathway(told)] == [
        ("contact", True, ()),
        ("status_surfaced", False, ("officer_asked",)),
        ("cbsa_action", True, ()),
        ("cbsa_action", False, ("investigation",)),
    ]
    alone = tell_pathway(replace(BARE, detention_grounds=("identity",)))
    assert [(step.kind, step.codes) for step in alone] == [("cbsa_action", ())]
    assert tell_pathway(BARE) == []
