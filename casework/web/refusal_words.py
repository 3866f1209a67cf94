"""Why there is no table at all, and what whoever asked can do about it: a sentence for each reason."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from casework.domain.releasedraft import Names, ReleaseDraft
from casework.errors import DisclosureRefused
from casework.reports.labels import Labels
from casework.reports.publication import words
from casework.services.statistics.dimensions import get_dimension
from casework.web.language import language

_UNMENDABLE = frozenset({"damaged", "bad_document", "not_enough", "no_candidates"})
_FEW_CODES = frozenset({"too_few_cases", "not_enough", "empty"})
"""None and few have one sentence: the difference would tell when the only case was."""
_ADVISED = frozenset({"audit_failed", "too_large"})
"""What coarser tables mend: `advise` says which."""

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
    "too_large": _l("It tells more combinations of answers apart than can be checked."),
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


def is_advised(refusal: DisclosureRefused | None) -> bool:
    """Whether what `explain_refusal` says of it ends with `advise`."""
    return refusal is not None and refusal.reason in _ADVISED


def explain_refusal(refusal: DisclosureRefused, threshold: int, draft: ReleaseDraft | None = None) -> str:
    """Say why there is no table at all, and what to do; nothing of it tells of a count.

    `draft` is what was asked: with it the advice is of its own tables.
    """
    if is_of_few(refusal):
        return str(_("Fewer than %(threshold)s cases stand behind it, or none.", threshold=threshold))
    why = str(_REASONS.get(refusal.reason, _OTHER))
    return f"{why} {advise(draft)}" if is_advised(refusal) else why


def advise(draft: ReleaseDraft | None) -> str:
    """Say what could be asked for in the place of these tables: nothing that they do not have."""
    if draft is None:
        return str(_("Choose fewer or coarser tables, or another period."))
    coarser = dict.fromkeys(pair for names in draft.tables for pair in _coarser(names, draft))
    if coarser:
        forms = ", ".join(_name_step(pair, draft) for pair in coarser)
        return str(_("Choose coarser lines: %(forms)s.", forms=forms))
    if any(len(names) > 1 for names in draft.tables):
        return str(_("Choose one question for a table in the place of two, or another period."))
    if len(draft.tables) > 1:
        return str(_("Choose fewer tables, or another period."))
    return str(_("Choose another table, or another period."))


def _coarser(names: Names, draft: ReleaseDraft) -> Iterator[tuple[str, str]]:
    """Give each question of a table that has a coarser one which the table does not have yet."""
    for name in names:
        coarse = get_dimension(name).coarser
        is_told = coarse != "year" or len(draft.period.years()) > 1
        if coarse and is_told and coarse not in names:
            yield name, coarse


def _name_step(step: tuple[str, str], draft: ReleaseDraft) -> str:
    name, coarse = (
        _("“%(table)s”", table=words.name_table((one,), Labels(language(), draft.period, {}))) for one in step
    )
    return str(_("%(instead)s in the place of %(table)s", instead=coarse, table=name))
