"""The pathway that an incident set off: contact, status surfaced, referral, CBSA action, consequence."""

from .incident import IncidentFacts
from .vocabulary import NOT_ASKED, UNKNOWN

STEPS = ("contact", "status_surfaced", "referral", "cbsa_action", "consequence")

_SILENT = {NOT_ASKED, UNKNOWN, "no_action"}


def steps_reached(facts: IncidentFacts) -> tuple[bool, ...]:
    """Tell for each of `STEPS` whether the incident is known to have reached it."""
    answers = (facts.status_surfaced, facts.referral_types, facts.cbsa_actions, facts.consequences)
    return (True, *(bool(set(codes) - _SILENT) for codes in answers))
