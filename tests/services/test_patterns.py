"""Patterns: defined, changed, retired, merged, counted."""

from dataclasses import replace
from uuid import UUID

import pytest

from casework.domain.pattern import ACTIVE, MERGED, RETIRED, PatternDefinition
from casework.errors import Conflict, Forbidden, Invalid, NotFound
from casework.services import incidents, patterns
from casework.services.context import Context
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft

FERRY = PatternDefinition(
    name_en="Ferry to CBSA", name_fr="Du traversier à l’ASFC", definition_en="A ferry check."
)


def define(founded: Founded, definition: PatternDefinition = FERRY) -> UUID:
    """Define a pattern as the coordinator."""
    return patterns.define_pattern(founded.context(), definition)


def carried(context: Context, incident_id: UUID) -> tuple[UUID, ...]:
    """Return the patterns of an incident."""
    return incidents.get_incident(context, incident_id).facts.patterns


def test_a_defined_pattern_is_listed_as_written(founded: Founded) -> None:
    """Every member who logs reads it."""
    pattern_id = define(founded)
    view = patterns.get_pattern(founded.context(CASEWORKER), pattern_id)
    assert (view.definition, view.version) == (FERRY, 1)
    assert view in patterns.list_patterns(founded.context(CASEWORKER))


def test_two_patterns_do_not_share_a_name(founded: Founded) -> None:
    """In any language, whatever the case; the fault names the field."""
    define(founded)
    with pytest.raises(Invalid) as invalid:
        define(founded, PatternDefinition(name_fr="DU TRAVERSIER À L’ASFC"))
    assert set(invalid.value.faults) == {"name_fr"}


def test_a_change_keeps_the_rule_and_the_older_version_loses(founded: Founded) -> None:
    """Who read the first version does not overwrite the second."""
    before = patterns.list_patterns(founded.context())[0]
    renamed = replace(before.definition, name_en="Another name")
    patterns.change_pattern(founded.context(), before.id, before.version, renamed)
    after = patterns.get_pattern(founded.context(), before.id)
    assert (after.definition.name_en, after.definition.rule) == ("Another name", before.definition.rule)
    with pytest.raises(Conflict):
        patterns.change_pattern(founded.context(), before.id, before.version, before.definition)


def test_a_retired_pattern_stays_where_it_is_and_comes_back(founded: Founded) -> None:
    """It is set on no other incident meanwhile."""
    pattern_id = define(founded)
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft(patterns=(pattern_id,)))
    other = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    patterns.retire_pattern(founded.context(), pattern_id, 1, retired=True)
    assert patterns.get_pattern(founded.context(), pattern_id).definition.status == RETIRED
    assert carried(founded.context(CASEWORKER), logged.incident_id) == (pattern_id,)
    with pytest.raises(Invalid):
        patterns.tag_incidents(founded.context(CASEWORKER), [other.incident_id], pattern_id, True)
    patterns.retire_pattern(founded.context(), pattern_id, 2, retired=False)
    assert patterns.get_pattern(founded.context(), pattern_id).definition.status == ACTIVE


def test_merging_moves_every_incident(founded: Founded) -> None:
    """Those of a team too; one that carried both carries the other once."""
    old, new = define(founded), define(founded, PatternDefinition(name_en="Crossing to CBSA"))
    drafts = [
        incident_draft(patterns=(old,)),
        incident_draft(patterns=tuple(sorted((old, new), key=str)), team_only=True),
        incident_draft(patterns=(new,)),
        incident_draft(),
    ]
    logged = [incidents.log_incident(founded.context(CASEWORKER), draft).incident_id for draft in drafts]
    assert patterns.merge_pattern(founded.context(), old, 1, new) == 2
    context = founded.context(CASEWORKER)
    assert [carried(context, incident_id) for incident_id in logged] == [(new,), (new,), (new,), ()]
    merged = patterns.get_pattern(context, old).definition
    assert (merged.status, merged.merged_into) == (MERGED, new)


def test_a_merged_pattern_stays_merged(founded: Founded) -> None:
    """It is not brought back, not merged again, and takes no other."""
    old, new = define(founded), define(founded, PatternDefinition(name_en="Crossing to CBSA"))
    third = define(founded, PatternDefinition(name_en="Bridge to CBSA"))
    patterns.merge_pattern(founded.context(), old, 1, new)
    with pytest.raises(Invalid):
        patterns.retire_pattern(founded.context(), old, 2, retired=False)
    with pytest.raises(Invalid):
        patterns.merge_pattern(founded.context(), old, 2, third)
    with pytest.raises(Invalid) as invalid:
        patterns.merge_pattern(founded.context(), third, 1, old)
    assert set(invalid.value.faults) == {"into"}


@pytest.mark.parametrize("into", ["itself", "nobody"])
def test_a_merge_needs_another_pattern(founded: Founded, into: str) -> None:
    """Neither itself nor one that does not exist."""
    pattern_id = define(founded)
    with pytest.raises(Invalid):
        patterns.merge_pattern(
            founded.context(), pattern_id, 1, pattern_id if into == "itself" else UUID(int=5)
        )


def test_a_merge_of_an_older_version_changes_nothing(founded: Founded) -> None:
    """Somebody else redefined it meanwhile."""
    old, new = define(founded), define(founded, PatternDefinition(name_en="Crossing to CBSA"))
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft(patterns=(old,)))
    with pytest.raises(Conflict):
        patterns.merge_pattern(founded.context(), old, 9, new)
    assert carried(founded.context(CASEWORKER), logged.incident_id) == (old,)


def test_counts_follow_what_a_member_may_know_of(founded: Founded) -> None:
    """A colleague outside the team does not see it in a number; the coordinator does."""
    pattern_id = define(founded)
    context = founded.context(CASEWORKER)
    incidents.log_incident(context, incident_draft(patterns=(pattern_id,)))
    incidents.log_incident(context, incident_draft(patterns=(pattern_id,), team_only=True))
    counts = [
        patterns.count_incidents(founded.context(login)).get(pattern_id)
        for login in (CASEWORKER, COLLEAGUE, COORDINATOR)
    ]
    assert counts == [2, 1, 2]


def test_only_coordinators_manage(founded: Founded) -> None:
    """A caseworker reads."""
    pattern_id = define(founded)
    context = founded.context(CASEWORKER)
    for attempt in (
        lambda: patterns.define_pattern(context, PatternDefinition(name_en="Mine")),
        lambda: patterns.change_pattern(context, pattern_id, 1, FERRY),
        lambda: patterns.retire_pattern(context, pattern_id, 1, retired=True),
        lambda: patterns.merge_pattern(context, pattern_id, 1, pattern_id),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_an_unknown_pattern_is_not_found(founded: Founded) -> None:
    """By every way to it."""
    context = founded.context()
    for attempt in (
        lambda: patterns.get_pattern(context, UUID(int=5)),
        lambda: patterns.change_pattern(context, UUID(int=5), 1, FERRY),
        lambda: patterns.merge_pattern(context, UUID(int=5), 1, UUID(int=6)),
    ):
        with pytest.raises(NotFound):
            attempt()
