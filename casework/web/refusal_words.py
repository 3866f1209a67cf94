"""Why there is no table at all, and what whoever asked can do about it: a sentence for each reason."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from casework.errors import DisclosureRefused

_UNMENDABLE = frozenset({"damaged", "bad_document", "not_enough", "no_candidates"})
_FEW_CODES = frozenset({"too_few_cases", "not_enough", "empty"})
"""None and few have one sentence: the difference would tell when the only case was."""

_MISFIT = _l(
    "Some answer in the records does not fit this table: that is a fault of casework, not yours. Choose"
    " another question in its place, and tell whoever looks after the server."
)
_REASONS = {
    "unlike_units": _l(
        "Your earlier releases count the other: incidents instead of people, or people instead of"
        " incidents. Choose under “Count” what they count."
    ),
    "too_much_hidden": _l(
        "More than 40 per cent of a table’s numbers would have to be hidden to protect people."
    ),
    "cannot_protect": _l("A small number could be worked out from the others, even if we hid them."),
    "audit_failed": _l(
        "The finished table was attacked once more, as others could, and a number could be worked out."
        " Take another table, or fewer lines: years in the place of quarters, provinces in the place of"
        " cities."
    ),
    "inconsistent": _l(
        "What earlier releases say does not agree with this one, or with each other. Let a coordinator"
        " verify the database; until then, choose a period that no release has."
    ),
    "solver": _l(
        "The computation ended without a proof, and what is not proven is not shown. Look again; if it"
        " ends like this once more, choose fewer or coarser tables."
    ),
    "time_limit": _l("Checking it took too long. Smaller tables are checked faster."),
    "too_large": _l(
        "It tells more combinations of answers apart than can be checked. Choose fewer tables, or coarser"
        " ones: provinces in the place of cities, groups in the place of single answers."
    ),
    "cannot_round": _l("No rounding keeps all sums true. Choose fewer or coarser tables."),
    "no_candidates": _l("It asks for no table yet. Choose one."),
    "unknown_option": _l(
        "A question with several answers stands alone in its table, over the period of an earlier release"
        " or one that overlaps with none. Choose such a period."
    ),
    "unknown_unit": _l("Choose under “Count” whether incidents or people are counted."),
    "threshold_too_low": _l("Choose a threshold of at least five cases."),
    "bad_document": _l(
        "What an earlier release says could not be read as it was approved, so nothing new can be checked"
        " against it. Let a coordinator verify the database."
    ),
    "damaged": _l(
        "A record could not be opened: it was changed outside casework. "
        "Until it is repaired nothing is counted. Tell whoever looks after the server."
    ),
    "bad_code": _MISFIT,
    "bad_shape": _MISFIT,
    "contradictory_codes": _MISFIT,
    "impossible_not_zero": _MISFIT,
    "not_a_number": _MISFIT,
}
_OTHER = _l("It could not be checked, and what is not checked is not shown.")


def is_mendable(refusal: DisclosureRefused | None) -> bool:
    """Whether other tables or another period might help."""
    return refusal is None or refusal.reason not in _UNMENDABLE


def is_of_few(refusal: DisclosureRefused) -> bool:
    """Whether it is that too little is counted."""
    return refusal.reason in _FEW_CODES


def explain_refusal(refusal: DisclosureRefused, threshold: int) -> str:
    """Say why there is no table at all, and what to do; nothing of it tells of a count."""
    if is_of_few(refusal):
        return str(_("Fewer than %(threshold)s cases stand behind it, or none.", threshold=threshold))
    return str(_REASONS.get(refusal.reason, _OTHER))
