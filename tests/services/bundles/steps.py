"""What the tests of deeds on many cases do again and again."""

from dataclasses import replace
from uuid import UUID

from casework.domain.person import Consent, PersonFacts
from casework.services import cases, incidents
from casework.services.bundles import doing, foreseeing, keeping
from casework.services.bundles.deeds import Deed, Stay
from casework.services.bundles.handing import Handing
from casework.services.bundles.keeping import Outcome
from casework.services.context import Context
from casework.services.incidents import Logged, PersonDraft
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.support.records import incident_draft, person_draft


def log(founded: Founded, login: str = CASEWORKER, **asked: object) -> Logged:
    """Log a case of one incident."""
    return incidents.log_incident(founded.context(login), incident_draft(**asked))  # type: ignore[arg-type]


def somebody(consent: Consent | None) -> tuple[PersonDraft]:
    """Return somebody new, with this answer about statistics."""
    facts = PersonFacts(consents={"statistics": consent} if consent else {})
    return (replace(person_draft(), facts=facts),)


def choose(context: Context, *chosen: Logged) -> UUID:
    """Choose these cases."""
    return keeping.choose(context, [one.case_id for one in chosen], {})


def do(context: Context, bundle_id: UUID, deed: Deed) -> Outcome:
    """Count, and do what was counted."""
    seen = foreseeing.foresee(context, keeping.get_bundle(context, bundle_id), deed).generation
    doing.do(context, bundle_id, deed, seen)
    return outcome_of(context, bundle_id)


def undo(context: Context, bundle_id: UUID) -> Outcome:
    """Take it back."""
    doing.undo(context, bundle_id)
    return outcome_of(context, bundle_id)


def outcome_of(context: Context, bundle_id: UUID) -> Outcome:
    """Return what was done."""
    outcome = keeping.get_bundle(context, bundle_id).outcome
    assert outcome is not None
    return outcome


def counts(outcome: Outcome) -> dict[Stay, int]:
    """Return how many stayed, by reason."""
    return {stay: len(lines) for stay, lines in outcome.stays.items()}


def handing(founded: Founded, login: str = COLLEAGUE, by: str = CASEWORKER) -> Handing:
    """Return the deed that lets this member accompany cases."""
    return Handing(founded.players[login].id, founded.context(by).roster)


def responsible_for(founded: Founded, logged: Logged, login: str = CASEWORKER) -> UUID:
    """Return who accompanies a case."""
    return cases.get_case(founded.context(login), logged.case_id).facts.responsible


def consent_in(founded: Founded, logged: Logged, purpose: str = "statistics") -> Consent:
    """Return the answer of the only person of a case."""
    return cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0].facts.consent(purpose)
