"""What the independent reader reads: a database that the services of casework made, with all its formats."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from casework.domain.member import MemberProfile
from casework.domain.pattern import PatternDefinition
from casework.domain.permissions import Role
from casework.domain.quorum import Quorum
from casework.domain.retention import RetentionRules
from casework.services import bin, cases, drafts, erasing, incidents, ownterms, patterns, retention, works
from casework.services.attachments.adding import add_attachment
from casework.services.auditing import anchors, expiry
from casework.services.backups.folder import BACKUP, LEDGER, list_files
from casework.services.backups.making import make_backup
from casework.services.context import Context, build_context
from casework.services.exploring import views
from casework.services.exploring.questions import Question
from casework.services.exploring.views import ViewDraft
from casework.services.followups.writing import add_follow_up
from casework.services.importing import remembering
from casework.services.importing.plan import Plan
from casework.services.incidents import Logged
from casework.services.index.folding import rebuild
from casework.services.membership import admitting, invitations, leaving
from casework.services.official.counts import add_count
from casework.services.official.requests import add_request
from casework.services.policies.writing import add_event
from casework.services.recovery import renewals
from casework.services.recovery.sharing import Sharing
from casework.services.signals.dismissing import keep_dismissal
from casework.services.signing_in.passphrases import Choice
from casework.store.database import empty_log
from casework.vault.identity import MemberSecret
from tests.services.importing.lists import bring_in, write_list
from tests.services.membership.test_coming_back import NEW_WORDS, admit_again
from tests.services.official.written import asked, count
from tests.services.releases.written import draft, release
from tests.services.stories.written import publish
from tests.support.application import (
    CASEWORKER,
    COLLEAGUE,
    COORDINATOR,
    PENDING,
    Founded,
    Player,
    Template,
    build_app,
    close,
)
from tests.support.counted import log_many
from tests.support.files import photo
from tests.support.records import dismissal, incident_draft, person_draft, policy_event, task_draft
from tests.support.secondfactor import Device, equip

OPEN, CLOSED, LATER = (
    "Stopped at the corner.",
    "Told behind a closed door.",
    "Stopped again, after somebody left.",
)
EMAIL = "t@example.org"
TO_DO = "Ask for a copy of what the officer wrote"
DRAFTED = "Half a sentence, and then the bus came."
QUORUM = Quorum(3, 5)


@dataclass(frozen=True)
class Story:
    """The database as it stands in the end, with what opens it and what was entered.

    `before` is a copy of the database from before anybody left, `after` one from years later.
    """

    file: Path
    before: Path
    after: Path
    halves: tuple[bytes, bytes]
    players: dict[str, Player]
    words: dict[str, str]
    shares: tuple[str, ...]
    old_shares: tuple[str, ...]
    device: Device
    open_case: Logged
    restricted: Logged
    later: Logged
    erased: Logged
    follow_ups: tuple[UUID, UUID]
    attached: UUID
    files: Mapping[str, bytes]
    backup: bytes
    ledger: bytes
    link: str

    def hex(self, login: str) -> str:
        """Return a member's id."""
        return self.players[login].id.hex


@contextmanager
def tell(template: Template, folder: Path, bytecode_folder: Path) -> Iterator[Story]:
    """Live through it once."""
    with template.copy(folder) as settings:
        app = build_app(folder, bytecode_folder, **settings)
        with app.app_context():
            story = _live(Founded(app, dict(template.players)), folder)
        close(app)
        yield story


def _live(founded: Founded, folder: Path) -> Story:
    open_case = incidents.log_incident(founded.context(CASEWORKER), incident_draft(OPEN))
    attached = add_attachment(founded.context(CASEWORKER), open_case.case_id, "corner.jpg", "", [photo()])
    team = frozenset({founded.players[COLLEAGUE].id})
    closed = incident_draft(CLOSED, (person_draft("Abel Quiet"),), restricted=True, team=team)
    restricted = incidents.log_incident(founded.context(COLLEAGUE), closed)
    follow_ups = (
        add_follow_up(founded.context(CASEWORKER), open_case.case_id, task_draft(TO_DO)),
        add_follow_up(founded.context(COLLEAGUE), restricted.case_id, task_draft(TO_DO)),
    )
    for login, logged in ((CASEWORKER, open_case), (COLLEAGUE, restricted)):
        _rename(founded.context(login), logged)
    patterns.define_pattern(
        founded.context(), PatternDefinition(name_en="Corner stops", definition_en="At corners.")
    )
    add_event(founded.context(), policy_event())
    keep_dismissal(founded.context(), dismissal())
    ownterms.add_term(founded.context(), "place", "other", {"en": "Kahnawà:ke"})
    add_count(founded.context(), count())
    add_request(founded.context(), asked())
    bring_in(founded.context(), write_list())
    remembering.remember_mapping(founded.context(), "Tuesday lists", ["No"], Plan("a list"))
    views.keep_view(founded.context(), ViewDraft("Tickets by year", "explore", Question(by="year"), True))
    log_many(founded.context(CASEWORKER), ["spvm"] * 7 + ["sq"] * 6)
    release(founded, draft([("police_service",)]))
    publish(founded)
    _admit_pending(founded)
    before = _copy(folder, "before.sqlite")
    leaving.revoke_member(founded.context(), founded.players[PENDING].id, None)
    _come_back(founded)
    works.do_all(founded.context())
    later = incidents.log_incident(founded.context(), incident_draft(LATER))
    drafts.keep_draft(founded.context(), None, "incident", "/incidents/new", {"text": [DRAFTED]})
    device, sharing = equip(founded.context(COLLEAGUE)), _draw_shares(founded)
    for login in (COORDINATOR, COLLEAGUE):
        works.do_all(founded.context(login))
    erased = _tidy_up(founded)
    link = invitations.invite(founded.context(), MemberProfile("Noor", "fr"), frozenset({Role.ADVOCATE}))
    make_backup(founded.runtime)
    (backup,), (ledger,) = (list_files(founded.runtime.backup_folder, kind) for kind in (BACKUP, LEDGER))
    rebuild(founded.context(COORDINATOR))
    now = _copy(folder, "now.sqlite")
    _expire(founded)
    words = {login: player.passphrase for login, player in founded.players.items()} | {CASEWORKER: NEW_WORDS}
    return Story(
        file=now,
        after=_copy(folder, "after.sqlite"),
        before=before,
        halves=((folder / "host.key").read_bytes(), (folder / "host.part").read_bytes()),
        players=dict(founded.players),
        words=words,
        shares=sharing.shares,
        old_shares=founded.players[COORDINATOR].recovery_shares,
        device=device,
        open_case=open_case,
        restricted=restricted,
        later=later,
        erased=erased,
        follow_ups=follow_ups,
        attached=attached,
        files={path.name: path.read_bytes() for path in (folder / "attachments").glob("*/*")},
        backup=backup.read_bytes(),
        ledger=ledger.read_bytes(),
        link=link,
    )


def _rename(context: Context, logged: Logged) -> None:
    (person,) = cases.get_case(context, logged.case_id).people
    identity = replace(person.identity, email=EMAIL)
    cases.change_person(context, logged.case_id, person.id, person.version, person.facts, identity)


def _admit_pending(founded: Founded) -> None:
    (invitee,) = [one for one in invitations.list_invitees(founded.context()) if one.fingerprint]
    admitting.admit_member(founded.context(), invitee.invitation_id, invitee.fingerprint or "", invitee.roles)


def _come_back(founded: Founded) -> None:
    caseworker = founded.players[CASEWORKER].id
    link = invitations.invite_again(founded.context(), caseworker, frozenset({Role.CASEWORKER}))
    invitations.join(founded.runtime, link, CASEWORKER, Choice(NEW_WORDS, NEW_WORDS))
    admit_again(founded)


def _draw_shares(founded: Founded) -> Sharing:
    context = founded.context()
    cookie = renewals.begin_renewal(context, "", QUORUM)
    sharing = renewals.get_sharing(context, cookie)
    for share in sharing.shares:
        renewals.confirm_share(context, cookie, share)
    renewals.finish_renewal(context, cookie)
    return sharing


def _tidy_up(founded: Founded) -> Logged:
    logged = incidents.log_incident(founded.context(), incident_draft())
    bin.bin_case(founded.context(), logged.case_id, 1)
    erasing.erase_case(founded.context(), logged.case_id)
    context = founded.context()
    retention.change_rules(context, 0, RetentionRules(months=24, since=context.runtime.today()))
    anchors.accept_log(founded.context())
    return logged


def _expire(founded: Founded) -> None:
    player, later = founded.players[COORDINATOR], founded.runtime.now() + timedelta(days=5000)
    runtime, secret = replace(founded.runtime, now=lambda: later), MemberSecret(player.seed)
    due = expiry.find_due(build_context(runtime, player.id, secret))
    assert due
    expiry.expire(build_context(runtime, player.id, secret), due.through - 5)


def _copy(folder: Path, name: str) -> Path:
    empty_log()
    copied = folder / name
    copied.write_bytes((folder / "casework.sqlite").read_bytes())
    return copied
