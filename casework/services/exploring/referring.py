"""The referrals of an incident: each that an act tells of, and each answer of which no act tells."""

from casework.domain.incident import IncidentFacts
from casework.domain.pathway import standing
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN

_SILENT = (NOT_ASKED, UNKNOWN)


def list_referrals(facts: IncidentFacts) -> list[str]:
    """Return the type of each referral, in the order of acts, then of answers; `unknown` where an act's is.

    Whoever answered that they do not know of one tells of none.
    """
    acts = [act.code for act in standing(facts.acts) if act.kind == "referral"] if facts.acts else []
    return acts + [code for code in facts.referral_types if code not in acts and code not in _SILENT]
