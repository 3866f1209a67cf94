"""A pattern's rule in words, for those who decide whether to tag."""

from collections.abc import Iterator

from flask_babel import gettext as _

from casework.domain.coded import FIELDS
from casework.domain.rules import RULE_FIELDS, Condition, Rule
from casework.domain.vocabulary import code_list
from casework.web.language import labels, language


def rule_in_words(rule: Rule) -> list[str]:
    """Return one sentence for each condition; all of them have to hold."""
    return [sentence for condition in rule for sentence in _sentences(condition)]


def _sentences(condition: Condition) -> Iterator[str]:
    list_name = RULE_FIELDS[condition.field]
    name = FIELDS[condition.field].list_name if condition.field in FIELDS else list_name
    field = code_list(name).labels[language()]
    any_of, none_of = (labels(codes, list_name) for codes in (condition.any_of, condition.none_of))
    if len(condition.any_of) == 1:
        yield str(_("%(field)s: %(answer)s", field=field, answer=any_of))
    elif condition.any_of:
        yield str(_("%(field)s: one of %(answers)s", field=field, answers=any_of))
    if condition.none_of:
        yield str(_("%(field)s: none of %(answers)s", field=field, answers=none_of))
