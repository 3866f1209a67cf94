"""Rules over coded fields: they propose, and read back as written."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from casework.domain.incident import Participation
from casework.domain.rules import (
    RULE_FIELDS,
    Condition,
    Rule,
    answers,
    matches,
    rule_from_document,
    rule_to_document,
)
from casework.domain.vocabulary import code_list
from casework.errors import Invalid

from .test_incident import STOP


def test_all_conditions_have_to_hold() -> None:
    """One condition that fails is enough to propose nothing."""
    ticket, passenger = Condition("contact_group", ("ticket",)), Condition("roles", ("passenger", "driver"))
    removed = Condition("cbsa_actions", ("removed",))
    assert matches((ticket, passenger), STOP)
    assert not matches((ticket, passenger, removed), STOP)


def test_a_condition_may_exclude() -> None:
    """`none_of` fails as soon as one of its codes is among the answers, `any_of` or not."""
    assert matches((Condition("consequences", none_of=("charges_or_fine",)),), STOP)
    fined = replace(STOP, consequences=("job_loss", "charges_or_fine"))
    assert not matches((Condition("consequences", none_of=("charges_or_fine",)),), fined)
    assert not matches((Condition("consequences", ("job_loss",), ("charges_or_fine",)),), fined)


def test_the_empty_rule_proposes_nothing() -> None:
    """A pattern without a rule is only ever set by hand."""
    assert not matches((), STOP)


def test_derived_fields() -> None:
    """Group, level, outcomes and everybody's roles are there for a rule to ask about."""
    facts = replace(
        STOP,
        cbsa_actions=("held_by_police", "detained_elsewhere", "bond"),
        participations=(
            Participation(UUID(int=1), ("driver",)),
            Participation(UUID(int=2), ("victim", "source")),
        ),
    )
    assert answers(facts, "contact_group") == {"ticket"}
    assert answers(facts, "police_level") == {"municipal"}
    assert answers(facts, "cbsa_outcomes") == {"detained", "conditions"}
    assert answers(facts, "roles") == {"driver", "victim", "source"}
    assert answers(replace(STOP, participations=()), "roles") == frozenset()


@pytest.mark.parametrize("field", RULE_FIELDS)
def test_each_field_answers_with_codes_of_its_list(field: str) -> None:
    """Whatever field a rule may name, an incident answers it from that field's list."""
    codes = code_list(RULE_FIELDS[field])
    assert answers(STOP, field)
    assert all(code in codes for code in answers(STOP, field))
    assert matches((Condition(field, codes.codes),), STOP)


@pytest.mark.parametrize(
    ("field", "any_of", "none_of"),
    [("narrative", ("x",), ()), ("roles", (), ()), ("roles", ("secret",), ()), ("roles", (), ("secret",))],
)
def test_a_condition_that_could_not_be_understood_is_refused(
    field: str, any_of: tuple[str, ...], none_of: tuple[str, ...]
) -> None:
    """Unknown fields and codes, and conditions that say nothing, are refused."""
    with pytest.raises(Invalid) as refusal:
        Condition(field, any_of, none_of)
    assert set(refusal.value.faults) == {"rule"}


def test_a_rule_reads_back_as_written() -> None:
    """The plain form of a rule is the rule."""
    rule: Rule = (
        Condition("roles", ("victim", "witness")),
        Condition("referral_types", none_of=("not_asked",)),
    )
    assert rule_to_document(rule)[0] == {"field": "roles", "any_of": ["victim", "witness"], "none_of": []}
    assert rule_from_document(rule_to_document(rule)) == rule


@pytest.mark.parametrize(
    "entry",
    [[], {}, {"field": "roles", "any_of": ["victim"]}, {"field": [], "any_of": ["victim"], "none_of": []},
     {"field": "roles", "any_of": "", "none_of": ["victim"]},
     {"field": "roles", "any_of": [[]], "none_of": []},
     {"field": "roles", "any_of": ["secret"], "none_of": []}],
)  # fmt: skip
def test_anything_else_is_refused(entry: Any) -> None:
    """A condition that `rule_to_document` could not have given is refused."""
    with pytest.raises(Invalid):
        rule_from_document([entry])
