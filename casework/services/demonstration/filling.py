"""Makes the fictional organization, its members and all their cases."""

from dataclasses import replace
from datetime import timedelta

from casework.domain.dates import VagueDate
from casework.domain.member import MemberProfile
from casework.domain.organization import OrganizationProfile
from casework.domain.permissions import Role
from casework.domain.policy import PolicyEvent
from casework.domain.vocabulary import OTHER
from casework.errors import ConfigError, NotFound
from casework.services.context import Context, build_context
from casework.services.demonstration.drafting import keep_drafts
from casework.services.demonstration.following import follow_cases, is_followed
from casework.services.demonstration.members import (
    ADVOCATE,
    CASEWORKER,
    COORDINATOR,
    DEMONSTRATION_MEMBERS,
    DemonstrationMember,
)
from casework.services.demonstration.plan import DAYS, INCIDENTS, plan_cases
from casework.services.demonstration.publishing import publish_story
from casework.services.demonstration.releasing import release_numbers
from casework.services.demonstration.sources import world
from casework.services.demonstration.stepping import tell_steps
from casework.services.demonstration.withdrawing import withdraw_consents
from casework.services.demonstration.writing import write_cases
from casework.services.founding import found_organization
from casework.services.membership import admitting, invitations
from casework.services.membership.members import list_members
from casework.services.organization import is_demonstration, is_founded
from casework.services.ownterms import add_term, list_terms
from casework.services.patterns import add_starter_patterns
from casework.services.policies.reading import list_events
from casework.services.policies.writing import add_event
from casework.services.runtime import Runtime
from casework.services.signing_in import sessions
from casework.services.signing_in.authentication import sign_in
from casework.services.signing_in.passphrases import Choice
from casework.store import cases as store
from casework.vault.identity import MemberSecret

_OWN_PLACES = ({"en": "Kahnawà:ke", "fr": "Kahnawà:ke"}, {"en": "Saint-Jérôme"})
ORGANIZATION = OrganizationProfile("Collectif Traverse", ("en", "fr", "es"), "en")


def fill_demonstration(runtime: Runtime) -> None:
    """Make the fictional organization, its members and cases; what is there already stays.

    A run that was interrupted is finished by running it again. Raises ConfigError where the data folder
    holds a real organization.
    """
    if not is_founded():
        coordinator = _found(runtime)
    elif not is_demonstration():
        raise ConfigError("INSTANCE_PATH", "this folder holds a real organisation, and no demonstration")
    elif len(store.list_changed_coded(store.Incident, after=0)) >= INCIDENTS and is_followed():
        return
    else:
        coordinator = _sign_in(runtime, COORDINATOR)
    add_starter_patterns(coordinator)
    _add_terms(coordinator)
    _add_directive(coordinator)
    caseworker = _bring_in_the_others(coordinator) or _sign_in(runtime, CASEWORKER)
    writers = {Role.CASEWORKER: _anew(caseworker), Role.COORDINATOR: _anew(coordinator)}
    keep_drafts(writers[Role.CASEWORKER])
    write_cases(writers, plan_cases(runtime.today()))
    tell_steps(writers)
    withdraw_consents(writers)  # before the release, which early in a year has people of the newest cases
    release_numbers({**writers, Role.ADVOCATE: _sign_in(runtime, ADVOCATE)})
    publish_story(writers)
    follow_cases(writers)


def _found(runtime: Runtime) -> Context:
    secret = MemberSecret.generate()
    member_id = found_organization(
        runtime,
        ORGANIZATION,
        MemberProfile(COORDINATOR.display_name, COORDINATOR.language),
        COORDINATOR.login,
        COORDINATOR.passphrase,
        secret,
        # Nobody keeps shares of it: what is lost here can be invented again.
        MemberSecret.generate().public,
        is_demonstration=True,
    )
    return build_context(runtime, member_id, secret)


def _add_terms(coordinator: Context) -> None:
    """Add places of the organization's own; those it has already stay."""
    present = {view.term.label_en for view in list_terms(coordinator)}
    for labels in _OWN_PLACES:
        if labels["en"] not in present:
            add_term(coordinator, "place", OTHER, labels)


def _add_directive(coordinator: Context) -> None:
    """Add the policy date of the invented directive that the incidents follow, unless it is there."""
    if any(view.version for view in list_events(coordinator)):
        return
    told = world()["directive"]
    day = coordinator.runtime.today() - timedelta(days=round(DAYS * (1 - told["after"])))
    shipped = next(view.event for view in list_events(coordinator) if view.event.rule)
    services, date = tuple(told["services"]), VagueDate.on(day)
    add_event(coordinator, PolicyEvent(**told["texts"], services=services, date=date, rule=shipped.rule))


def _bring_in_the_others(coordinator: Context) -> Context | None:
    """Bring in who is missing; returns the caseworker as they joined, None where they had before."""
    present = {view.display_name for view in list_members(coordinator)}
    joined = {
        member.role: _bring_in(_anew(coordinator), member)
        for member in DEMONSTRATION_MEMBERS
        if member.display_name not in present
    }
    return joined.get(Role.CASEWORKER)


def _bring_in(coordinator: Context, member: DemonstrationMember) -> Context | None:
    joined = None
    invitees = invitations.list_invitees(coordinator)
    # An interrupted run may have left somebody waiting for admission.
    if not any(one.has_joined for one in invitees):
        profile = MemberProfile(member.display_name, member.language)
        link = invitations.invite(coordinator, profile, frozenset({member.role}))
        choice = Choice(member.passphrase, member.passphrase)
        joined = _take_over(
            coordinator.runtime, invitations.join(coordinator.runtime, link, member.login, choice)
        )
        invitees = invitations.list_invitees(coordinator)
    waiting = next(one for one in invitees if one.has_joined)
    # No screen stands open here that somebody could have found.
    confirmed = replace(coordinator, is_confirmed=True)
    admitting.admit_member(confirmed, waiting.invitation_id, waiting.fingerprint, waiting.roles)
    return joined


def _sign_in(runtime: Runtime, member: DemonstrationMember) -> Context:
    return _take_over(runtime, sign_in(runtime, member.login, member.passphrase))


def _take_over(runtime: Runtime, cookie: str) -> Context:
    """Return whose session this is, and end it: no browser will ever hold the cookie."""
    context = sessions.resolve(runtime, cookie)
    sessions.sign_out(runtime, cookie)
    if not isinstance(context, Context):
        raise NotFound("demonstration member")
    return context


def _anew(context: Context) -> Context:
    """Return the same member as the roster has them now."""
    return build_context(context.runtime, context.member_id, context.secret)
