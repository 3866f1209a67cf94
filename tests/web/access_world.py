"""What the access tests knock at: one of each record, with words in it that must not come out."""

from dataclasses import dataclass
from uuid import UUID

from casework.domain.dates import VagueDate
from casework.domain.followup import DETENTION, TASK, FollowUpTexts
from casework.domain.incident import IncidentNarrative
from casework.domain.member import MemberProfile
from casework.domain.moments import Moment
from casework.domain.permissions import Role
from casework.domain.person import Consent, PersonFacts, PersonIdentity
from casework.domain.storydraft import Details, StoryTexts
from casework.services import bin, cases, drafts, erasing, incidents, ownterms, patterns
from casework.services.acts import record_act
from casework.services.attachments.adding import add_attachment
from casework.services.backups.keeping import list_backups
from casework.services.backups.making import make_backup
from casework.services.bundles.keeping import choose
from casework.services.context import Context
from casework.services.followups.writing import FollowUpDraft, add_follow_up
from casework.services.importing.plan import Plan
from casework.services.importing.remembering import remember_mapping
from casework.services.incidents import IncidentDraft, PersonDraft
from casework.services.membership import invitations
from casework.services.official.counts import add_count
from casework.services.official.requests import add_request
from casework.services.policies.writing import add_event
from casework.services.releases.drafting import create_release
from casework.services.signals.dismissing import keep_dismissal
from casework.services.signing_in import session_control, sessions
from casework.services.stories.writing import create_story
from tests.services.exploring.deeds import kept, view_draft
from tests.services.importing.lists import bring_in, send, try_list, write_list
from tests.services.official.written import asked, count
from tests.services.releases.written import draft as release_draft
from tests.services.stories.written import draft as story_draft
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.files import photo
from tests.support.records import act_draft, dismissal, policy_event

SECRETS = ("Quetzalina", "zibeline", "Xanthippe", "ypsilon")
ENOUGH = 12  # incidents of one kind, so that a table of them may be published


@dataclass(frozen=True)
class World:
    """What an address can name: the case in `ids` is the caseworker's, the one in `own` the stranger's."""

    ids: dict[str, str]
    own: dict[str, str]


def stock(founded: Founded) -> World:
    """Log a team-only case of the caseworker and one of the stranger, a draft, two invitations."""
    owner, stranger = founded.context(CASEWORKER), founded.context(COLLEAGUE)
    coordinator = founded.context(COORDINATOR)
    theirs, own = _log_secret(owner, SECRETS[0], SECRETS[1]), _log_secret(stranger, "Olga", "ours")
    for _ in range(ENOUGH):
        incidents.log_incident(owner, _draft("", "", team_only=False))
    fields = {"text": [SECRETS[2]], "exact_place": [SECRETS[3]]}
    draft_id = drafts.keep_draft(owner, None, "incident", "/incidents/new", fields)
    link = invitations.invite(coordinator, MemberProfile("Noor", "en"), frozenset({Role.CASEWORKER}))
    joined = next(one for one in invitations.list_invitees(coordinator) if one.fingerprint)
    return World(
        theirs
        | {
            **_bring_in(coordinator),
            "backup_id": str(_backup(coordinator)),
            "bundle_id": str(choose(owner, [UUID(theirs["case_id"])], {})),
            "draft_id": str(draft_id),
            "erasure_id": _erase(coordinator),
            "filename": "casework.css",
            "invitation_id": str(joined.invitation_id),
            "link": link,
            "member_id": str(founded.players[ADVOCATE].id),
            "session_id": str(_session(founded, owner)),
            "view_id": str(kept(founded, draft=view_draft(is_shared=False))),
            "term_id": str(ownterms.add_term(coordinator, "place", "other", {"en": "Kahnawà:ke"}).id),
            "count_id": str(add_count(coordinator, count())),
            "request_id": str(add_request(coordinator, asked())),
            "name": "release-1-en.xlsx",
            "release_id": str(create_release(coordinator, release_draft())),
            "event_id": str(add_event(coordinator, policy_event())),
            "dismissal_id": str(keep_dismissal(coordinator, dismissal())),
            "pattern_id": str(patterns.list_patterns(coordinator)[0].id),
        },
        own,
    )


def _backup(coordinator: Context) -> UUID:
    make_backup(coordinator.runtime)
    return list_backups(coordinator)[0].id


def _bring_in(coordinator: Context) -> dict[str, str]:
    """Bring a list in, remember its mapping, and send another that was tried and waits."""
    batch_id = bring_in(coordinator, write_list())
    upload = try_list(coordinator, send(coordinator, write_list(copies=2)))
    mapping_id = remember_mapping(coordinator, "Mardi", ["No"], Plan("another list"))
    return {"batch_id": str(batch_id), "upload_id": str(upload.id), "mapping_id": str(mapping_id)}


def _session(founded: Founded, owner: Context) -> UUID:
    cookie = sessions.start_session(founded.runtime, owner.member_id, owner.secret)
    return session_control.list_own_sessions(owner, cookie)[0].id


def _log_secret(context: Context, name: str, text: str) -> dict[str, str]:
    logged = incidents.log_incident(context, _draft(name, text, team_only=True))
    person = cases.get_case(context, logged.case_id).people[0]
    attachment_id = add_attachment(context, logged.case_id, f"{name}.jpg", text, [photo()])
    task = FollowUpDraft(kind=TASK, texts=FollowUpTexts(title=text, words=name))
    detention = FollowUpDraft(kind=DETENTION, when=Moment.parse("2026-05-04T09:30"), person=person.id)
    act_id = record_act(context, logged.incident_id, act_draft())
    another = incidents.log_incident(context, _draft(f"{name} again", text, team_only=False), logged.case_id)
    return {
        "act_id": str(act_id),
        "attachment_id": str(attachment_id),
        "detention_id": str(add_follow_up(context, logged.case_id, detention)),
        "follow_up_id": str(add_follow_up(context, logged.case_id, task)),
        "case_id": str(logged.case_id),
        "incident_id": str(logged.incident_id),
        "other_incident_id": str(another.incident_id),
        "story_id": str(_tell(context, logged.case_id, text)),
        "other_person_id": str(another.people[0]),
        "person_id": str(person.id),
    }


def _tell(context: Context, case_id: UUID, text: str) -> UUID:
    """Write a story of a case."""
    told = {"en": StoryTexts(text, text)}
    return create_story(context, case_id, story_draft(texts=told, details=Details()))


def _erase(coordinator: Context) -> str:
    """Log a case, and erase it."""
    logged = incidents.log_incident(coordinator, _draft("Gone", "gone", team_only=True))
    bin.bin_case(coordinator, logged.case_id, 1)
    erasing.erase_case(coordinator, logged.case_id)
    return str(logged.case_id)


def _draft(name: str, text: str, team_only: bool) -> IncidentDraft:
    someone = PersonDraft(
        identity=PersonIdentity(name=name),
        facts=PersonFacts(consents={"statistics": Consent("given"), "story": Consent("given")}),
        roles=("passenger",),
    )
    return IncidentDraft(
        date=VagueDate.parse("2026-05"),
        answers={"contact_type": "traffic_stop", "police_service": "unknown"},
        narrative=IncidentNarrative(text, ""),
        people=(someone,),
        team_only=team_only,
    )


def nobody(argument: str) -> str:
    """Return an id that is well formed and names nothing, or a link that opens nothing."""
    return str(UUID(int=7)) if argument.endswith("_id") else "nothing"
