"""The funnel's numbers are those of another engine, and say of how many they are."""

# ruff: noqa: S608 - a query is read as a whole; they hold codes and numbers that these tests made

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.analysis.funnel import Stage
from casework.services.exploring.facets import STEPS
from casework.services.exploring.funnels import GROUPED_BY, ask_funnel
from casework.services.exploring.questions import Question
from tests.services.exploring.duck import Duck
from tests.services.exploring.worlds import World, worlds

_DETAINED = "('held_by_police', 'detained_holding_centre', 'detained_provincial_jail', 'detained_elsewhere')"
_IS = {
    "status_surfaced": "kind = 'status_surfaced' AND code <> 'did_not_come_up'",
    "referral": "kind = 'referral'",
    "detention": f"kind = 'cbsa_action' AND code IN {_DETAINED}",
    "removal": "kind = 'cbsa_action' AND code = 'removed'",
}
_FIELD = {
    "status_surfaced": "status_surfaced",
    "referral": "referral_types",
    "detention": "cbsa_actions",
    "removal": "cbsa_actions",
}
_SAYS = {
    "status_surfaced": "code NOT IN ('unknown', 'not_asked', 'did_not_come_up')",
    "referral": "code NOT IN ('unknown', 'not_asked')",
    "detention": f"code IN {_DETAINED}",
    "removal": "code = 'removed'",
}


def _state(step: str) -> str:
    """Give in SQL what is known of a step of the incident `i`."""
    if step == "contact":
        return "'reached'"
    answers = f"SELECT 1 FROM answer WHERE incident = i.id AND field = '{_FIELD[step]}'"
    acts = f"SELECT 1 FROM act WHERE incident = i.id AND NOT removed AND {_IS[step]}"
    return (
        f"CASE WHEN EXISTS ({answers} AND {_SAYS[step]}) OR EXISTS ({acts}) THEN 'reached' "
        f"WHEN EXISTS ({answers} AND code NOT IN ('unknown', 'not_asked')) THEN 'not_reached' "
        f"WHEN EXISTS ({answers} AND code = 'unknown') THEN 'unknown' ELSE 'not_asked' END"
    )


def _day(step: str) -> str:
    """Give in SQL its first day, or nothing where another act may have come before."""
    if step == "contact":
        return "CASE WHEN length(i.written) = 10 AND i.written[8:8] = '-' THEN i.first END"
    acts = f"FROM act WHERE incident = i.id AND NOT removed AND {_IS[step]}"
    exact = "length(written) = 10 AND written[8:8] = '-'"
    return (
        f"(SELECT CASE WHEN count(*) = count(first) AND min(first) = min(first) FILTER ({exact}) "
        f"THEN min(first) END {acts})"
    )


def _expect(duck: Duck, members: str) -> list[dict[str, Any]]:
    """Count the stages of the incidents that a query gives."""
    columns = ", ".join(
        f"{_state(step)} AS s{at}, ({_day(step)})::DATE AS d{at}" for at, step in enumerate(STEPS)
    )
    duck.ask(
        f"CREATE OR REPLACE TABLE pathway AS SELECT i.id, {columns} FROM incident i WHERE id IN ({members})"
    )
    stages = []
    for at in range(len(STEPS)):
        before = max(at - 1, 0)
        stage: dict[str, Any] = dict(duck.ask(f"SELECT s{at}, count(*) FROM pathway GROUP BY 1"))
        stage["lag"] = duck.ask(
            f"SELECT quantile_cont(d{at} - d0, 0.25) FILTER (d{at} >= d0), "
            f"quantile_cont(d{at} - d0, 0.5) FILTER (d{at} >= d0), "
            f"quantile_cont(d{at} - d0, 0.75) FILTER (d{at} >= d0), "
            f"count(*) FILTER (d{at} >= d0), count(*), count(*) FILTER (d{at} < d0) "
            f"FROM pathway WHERE s{at} = 'reached'"
        )[0]
        stage["came"] = duck.ask(
            f"SELECT count(*), count(*) FILTER (s{at} = 'reached') FROM pathway WHERE s{before} = 'reached'"
        )[0]
        stages.append(stage)
    return stages


def _told(stage: Stage) -> dict[str, Any]:
    counts = {name: getattr(stage, name) for name in ("reached", "not_reached", "unknown", "not_asked")}
    lag = stage.since_start
    told = (*(lag.quartiles or (None, None, None)), lag.known, lag.among, lag.backwards)
    counts = {name: count for name, count in counts.items() if count}
    return counts | {"lag": told, "came": (stage.before, stage.after)}


@settings(deadline=None, max_examples=12)
@given(data=st.data(), world=worlds())
def test_every_stage_is_that_of_another_engine(data: Any, world: World) -> None:
    """Of all incidents and of each group, counts and quartiles; an incident may be in several groups."""
    duck, show = Duck(world), data.draw(st.sampled_from(GROUPED_BY))
    question = Question(show=show, filters=data.draw(st.sampled_from(({}, {"contact_type": ("ticket",)}))))
    funnel = ask_funnel(world.context, question)
    duck.count(question)
    assert [_told(one) for one in funnel.whole] == _expect(duck, "SELECT incident FROM kept")
    groups = duck.list_codes(question, show)
    assert set(funnel.groups) == set(groups)
    for code, stages in funnel.groups.items():
        members = ", ".join(map(str, groups[code]))
        assert [_told(one) for one in stages] == _expect(duck, members)


def test_only_what_is_offered_groups_a_funnel() -> None:
    """A funnel by anything else is a mistake of the program."""
    with pytest.raises(KeyError):
        ask_funnel(None, Question(show="year"))  # type: ignore[arg-type]
