"""Every reason for which a table is refused: a permanent code, and the sentence in English.

No sentence and no number names a count that is not safe to publish.
"""

from types import MappingProxyType

from casework.errors import DisclosureRefused

REASONS = MappingProxyType(
    {
        "audit_failed": "the final audit found a number in the finished table that could be worked out",
        "bad_code": "a unit carries a code that its dimension does not list",
        "bad_document": "the stored table is not one that this engine wrote",
        "bad_shape": "the columns, the case ids or the mask differ in length, shape or type",
        "cannot_round": "no rounding of all counts keeps all sums true",
        "cannot_protect": "a small number could be worked out even if all else were hidden",
        "contradictory_codes": "a unit carries no code, or carries an exclusive code beside another",
        "empty": "nothing is counted in this table",
        "impossible_not_zero": "a cell that is marked impossible holds units",
        "inconsistent": "the published numbers do not add up",
        "no_candidates": "no table was given",
        "not_a_number": "a count is not a whole number",
        "solver": "the solver stopped without a proven answer",
        "threshold_too_low": "a release needs a threshold of at least {lowest}",
        "time_limit": "protecting the table took longer than {seconds} seconds",
        "too_few_cases": "the whole table holds fewer than {threshold} cases",
        "too_large": "the table has more than {most} cells",
        "too_much_hidden": "{percent} per cent of the non-zero cells would be hidden; {most} is the most",
        "unknown_option": "an option has a value that the engine does not know",
        "unlike_units": "earlier releases of this ledger count another unit",
        "unknown_unit": "the unit is none of those that can be counted",
    }
)


def refusal(reason: str, **numbers: int) -> DisclosureRefused:
    """The error to raise for a reason of `REASONS`."""
    return DisclosureRefused(reason, REASONS[reason].format(**numbers), **numbers)
