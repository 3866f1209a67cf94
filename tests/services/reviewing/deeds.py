"""One of each decision about a proposal, for the tests that break deeds."""

from dataclasses import replace
from uuid import UUID

from casework.services.incidents import log_incident
from casework.services.patterns import PatternView, list_patterns
from casework.services.reviewing.deciding import Decision, decide, undo
from tests.services.deed import Deed
from tests.support.application import CASEWORKER, Founded
from tests.support.records import incident_draft

TABLES = {"case", "incident", "revision"}
ANSWERS = {"contact_type": "fare_check", "police_service": "spvm", "referral_types": ("status_check",)}
"""What the rule of “Transit to CBSA” needs, and no other."""


def propose(founded: Founded, login: str = CASEWORKER, **kept: bool) -> UUID:
    """Log an incident for which one pattern is proposed."""
    draft = replace(incident_draft(**kept), answers=ANSWERS)  # type: ignore[arg-type]
    return log_incident(founded.context(login), draft).incident_id


def transit(founded: Founded) -> PatternView:
    """Return the pattern that is proposed."""
    views = list_patterns(founded.context())
    return next(view for view in views if view.definition.starter == "transit_to_cbsa")


def confirm(founded: Founded, decision: Decision = Decision.CONFIRMED) -> Deed:
    """Confirm what is proposed."""
    incident_id, view, context = propose(founded), transit(founded), founded.context(CASEWORKER)
    return Deed(
        lambda: decide(context, incident_id, view.id, decision, (1, view.version)), CASEWORKER, TABLES
    )


def reject(founded: Founded) -> Deed:
    """Reject it."""
    return confirm(founded, Decision.REJECTED)


def take_back(founded: Founded) -> Deed:
    """Take the decision back."""
    incident_id, view, context = propose(founded), transit(founded), founded.context(CASEWORKER)
    decide(context, incident_id, view.id, Decision.REJECTED, (1, view.version))
    return Deed(lambda: undo(context, incident_id, view.id, Decision.REJECTED), CASEWORKER, TABLES)
