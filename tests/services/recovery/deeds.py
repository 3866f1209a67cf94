"""The deeds around the recovery shares, as tests/services/deeds.py has the others."""

from casework.domain.quorum import USUAL
from casework.services import drafts, incidents
from casework.services.recovery import drills, earlier, renewals, seals
from casework.services.recovery.shareentry import Entered
from tests.services.deed import Deed
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.records import incident_draft


def hold_drill(founded: Founded) -> Deed:
    """Prove that a quorum opens everything."""
    shares, context = founded.players[COORDINATOR].recovery_shares, founded.context()
    return Deed(lambda: drills.drill(context, Entered.of(shares[:2])), COORDINATOR, {"organization"})


def renew_shares(founded: Founded) -> Deed:
    """Put new shares in force, each typed back."""
    context = founded.context()
    cookie = renewals.begin_renewal(context, "", USUAL)
    for share in renewals.get_sharing(context, cookie).shares:
        renewals.confirm_share(context, cookie, share)
    return Deed(
        lambda: renewals.finish_renewal(context, cookie),
        COORDINATOR,
        {"ceremony", "epoch_seal", "member", "organization", "recovery_seal", "roster_entry"},
    )


def seal_drafts(founded: Founded) -> Deed:
    """Seal one's drafts to new shares."""
    drafts.keep_draft(founded.context(CASEWORKER), None, "incident", "/x", {"text": ["half"]})
    renew_shares(founded).act()
    context = founded.context(CASEWORKER)
    return Deed(lambda: seals.seal_own_drafts(context), CASEWORKER, {"draft"})


def seal_case(founded: Founded) -> Deed:
    """Give a restricted case keys that are sealed to new shares."""
    named = founded.context(CASEWORKER)
    draft = incident_draft(restricted=True, team=frozenset({named.member_id}))
    incidents.log_incident(named, draft)
    renew_shares(founded).act()
    context = founded.context(CASEWORKER)
    return Deed(
        lambda: seals.seal_restricted_case(context),
        CASEWORKER,
        {"case", "case_key_seal", "incident", "person"},
    )


def bring_over(founded: Founded) -> Deed:
    """Seal to new shares, with the old ones, what waits."""
    named, shares = founded.context(CASEWORKER), founded.players[COORDINATOR].recovery_shares
    incidents.log_incident(named, incident_draft(restricted=True, team=frozenset({named.member_id})))
    drafts.keep_draft(founded.context(CASEWORKER), None, "incident", "/x", {"text": ["half"]})
    renew_shares(founded).act()
    context = founded.context()
    return Deed(
        lambda: earlier.bring_over(context, Entered.of(shares[:2])),
        COORDINATOR,
        {"case", "case_key_seal", "draft", "incident", "person"},
    )
