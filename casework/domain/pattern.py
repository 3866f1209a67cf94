"""A pattern: a tag with a definition, in a vocabulary that the coordinators keep."""

from collections.abc import Set
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

from casework.errors import Invalid

from .documents import Document, read_text, read_uuid, require_same, require_shape, unreadable
from .folding import clean_line
from .incident import IncidentFacts
from .messages import N_
from .rules import Condition, Rule, matches, rule_from_document, rule_to_document
from .vocabulary import code_list, read_data

ACTIVE = "active"
RETIRED = "retired"
MERGED = "merged"

# The sealed document has exactly these (docs/vault-format.md): a further language needs its next schema.
_WRITTEN_IN = ("en", "fr", "es")
_TEXTS = tuple(f"{kind}_{code}" for kind in ("name", "definition") for code in _WRITTEN_IN)
_KEYS = frozenset({"schema", *_TEXTS, "status", "merged_into", "starter", "rule"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternDefinition:
    """What a pattern is called and means, in at least one language, and the rule that proposes it.

    `merged_into` is the pattern that a merged one now counts as; `starter` is the permanent key of a
    starter pattern, or None for one of the organization's own. A retired pattern stays on the incidents
    that have it and is offered for no other.
    """

    name_en: str = ""
    name_fr: str = ""
    name_es: str = ""
    definition_en: str = ""
    definition_fr: str = ""
    definition_es: str = ""
    status: str = ACTIVE
    merged_into: UUID | None = None
    starter: str | None = None
    rule: Rule = ()

    def __post_init__(self) -> None:
        """Tidy the texts; `Invalid` names what is missing or does not fit together."""
        for name in _TEXTS:
            clean = clean_line(getattr(self, name), name, longest=80 if name.startswith("name") else 2000)
            object.__setattr__(self, name, clean)
        if not (self.name_en or self.name_fr or self.name_es):
            raise Invalid(name_en=N_("Write a name in at least one language."))
        if self.status not in code_list("pattern_status"):
            raise Invalid(status=N_("Choose one of the listed answers."))
        if (self.status == MERGED) != (self.merged_into is not None):
            raise Invalid(merged_into=N_("Choose the pattern that this one is merged into."))

    def name(self, language: str) -> str:
        """Give the name in `language`, or in the first language that has one."""
        return self._text("name", language)

    def definition(self, language: str) -> str:
        """Give the definition in `language`, or in the first language that has one; it may be empty."""
        return self._text("definition", language)

    def proposes(self, facts: IncidentFacts) -> bool:
        """Tell whether the pattern is in use and its rule fits this incident."""
        return self.status == ACTIVE and matches(self.rule, facts)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        document: Document = {"schema": 1, **{name: getattr(self, name) for name in _TEXTS}}
        document["status"] = self.status
        document["merged_into"] = self.merged_into.hex if self.merged_into else None
        document["starter"] = self.starter
        document["rule"] = rule_to_document(self.rule)
        return document

    @classmethod
    def from_document(cls, document: Document) -> "PatternDefinition":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given."""
        require_shape(document, _KEYS)
        merged_into, starter = document["merged_into"], document["starter"]
        rule: Any = document["rule"]
        if type(rule) is not list:
            raise unreadable()
        try:
            pattern = cls(
                **{name: read_text(document, name) for name in _TEXTS},
                status=read_text(document, "status"),
                merged_into=None if merged_into is None else read_uuid(merged_into),
                starter=None if starter is None else read_text(document, "starter"),
                rule=rule_from_document(rule),
            )
        except Invalid:
            raise unreadable() from None
        require_same(document, pattern.to_document())
        return pattern

    def _text(self, kind: str, language: str) -> str:
        codes = sorted(_WRITTEN_IN, key=lambda code: code != language)
        texts = [getattr(self, f"{kind}_{code}") for code in codes]
        return next((text for text in texts if text), "")


def set_patterns(facts: IncidentFacts, add: Set[UUID], remove: Set[UUID]) -> IncidentFacts:
    """Put patterns on an incident and take others off; what is put on is rejected no longer."""
    patterns = (set(facts.patterns) - remove) | add
    return replace(facts, patterns=_sort(patterns), rejected=_sort(set(facts.rejected) - patterns))


def reject(facts: IncidentFacts, pattern: UUID) -> IncidentFacts:
    """Say that a pattern does not fit an incident: it is not proposed there again."""
    rejected = {*facts.rejected, pattern} - set(facts.patterns)
    return replace(facts, rejected=_sort(rejected))


def take_back(facts: IncidentFacts, pattern: UUID) -> IncidentFacts:
    """Forget what was decided about a pattern: it is neither set nor rejected."""
    rejected = set(facts.rejected) - {pattern}
    return replace(set_patterns(facts, set(), {pattern}), rejected=_sort(rejected))


def carry_rejected(facts: IncidentFacts, before: IncidentFacts) -> IncidentFacts:
    """Take over into `facts` as a form gave them what was rejected, but for what the form sets."""
    return replace(facts, rejected=_sort(set(before.rejected) - set(facts.patterns)))


def _sort(patterns: Set[UUID]) -> tuple[UUID, ...]:
    return tuple(sorted(patterns, key=str))


@cache
def starter_patterns() -> tuple[PatternDefinition, ...]:
    """List the patterns that a new organization starts with; each has its key in `starter`."""
    return tuple(_starter(key, entry) for key, entry in read_data("starter_patterns")["patterns"].items())


def _starter(key: str, entry: dict[str, Any]) -> PatternDefinition:
    rule = tuple(
        Condition(condition["field"], tuple(condition.get("any_of", ())), tuple(condition.get("none_of", ())))
        for condition in entry["rule"]
    )
    return PatternDefinition(**{name: entry[name] for name in _TEXTS}, starter=key, rule=rule)
