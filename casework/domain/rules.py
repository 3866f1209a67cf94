"""Rules that propose a pattern: which answers an incident has to have. A rule never tags by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casework.errors import Invalid

from .coded import INCIDENT_FIELDS
from .documents import read_list, unreadable
from .incident import IncidentFacts
from .messages import N_
from .vocabulary import code_list, grouping

RULE_FIELDS = {
    **{field.name: field.list_name for field in INCIDENT_FIELDS},
    "contact_group": "contact_group",
    "police_level": "police_level",
    "cbsa_outcomes": "cbsa_outcome",
    "roles": "role",
}
"""The fields that a condition may name, with the list its codes come from; `roles` are everybody's."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when the field has one of `any_of` (if any are named) and none of `none_of`.

    Raises `Invalid(rule=…)` for an unknown field or code, or a condition that says nothing.
    """

    field: str
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a condition that could never be understood later."""
        if self.field not in RULE_FIELDS:
            raise Invalid(rule=N_("Choose a field that a rule can ask about."))
        codes = code_list(RULE_FIELDS[self.field])
        if not (self.any_of or self.none_of):
            raise Invalid(rule=N_("Choose at least one answer for each condition."))
        if any(code not in codes for code in (*self.any_of, *self.none_of)):
            raise Invalid(rule=N_("Choose one of the listed answers."))

    def holds(self, facts: IncidentFacts) -> bool:
        """Tell whether `facts` fulfil this one condition."""
        given = answers(facts, self.field)
        wanted = not self.any_of or not given.isdisjoint(self.any_of)
        return wanted and given.isdisjoint(self.none_of)


Rule = tuple[Condition, ...]
"""All conditions have to hold; the empty rule proposes nothing."""


def matches(rule: Rule, facts: IncidentFacts) -> bool:
    """Tell whether the rule proposes its pattern for this incident."""
    return bool(rule) and all(condition.holds(facts) for condition in rule)


def answers(facts: IncidentFacts, field: str) -> frozenset[str]:
    """Give the codes that `facts` have for a field of `RULE_FIELDS`."""
    if field == "contact_group":
        return frozenset({facts.contact_group})
    if field == "police_level":
        return frozenset({grouping("police_service", "level")[facts.police_service]})
    if field == "cbsa_outcomes":
        outcomes = grouping("cbsa_action", "outcome")
        return frozenset(outcomes[action] for action in facts.cbsa_actions)
    if field == "roles":
        return frozenset(role for participation in facts.participations for role in participation.roles)
    given: str | tuple[str, ...] = getattr(facts, field)
    return frozenset({given} if isinstance(given, str) else given)


def rule_to_document(rule: Rule) -> list[dict[str, Any]]:
    """Give the plain form of a rule."""
    return [
        {"field": condition.field, "any_of": list(condition.any_of), "none_of": list(condition.none_of)}
        for condition in rule
    ]


def rule_from_document(entries: Iterable[Any]) -> Rule:
    """Read what `rule_to_document` gave; raises `Invalid` for anything else."""
    conditions = []
    for entry in entries:
        if type(entry) is not dict or entry.keys() != {"field", "any_of", "none_of"}:
            raise unreadable()
        try:
            any_of, none_of = read_list(entry["any_of"]), read_list(entry["none_of"])
            condition = Condition(entry["field"], tuple(any_of), tuple(none_of))
        except TypeError:
            raise unreadable() from None
        conditions.append(condition)
    return tuple(conditions)
