"""One deed for every audit event: prepared first, then done in one call, so that it can be broken."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from casework.domain.followup import FollowUpTexts
from casework.domain.member import MemberProfile
from casework.domain.pattern import PatternDefinition
from casework.domain.permissions import Role
from casework.domain.retention import RetentionRules
from casework.services import (
    bin,
    casefile,
    cases,
    closing,
    drafts,
    erasing,
    holding,
    incidents,
    ownterms,
    patterns,
    portability,
    retention,
    sheets,
)
from casework.services.accounts import deciding as accounts
from casework.services.auditing.anchors import accept_log
from casework.services.auditing.browsing import LogFilter, browse
from casework.services.auditing.expiry import expire, hold_log, release_log
from casework.services.auditing.verifying import verify_log
from casework.services.backups import keeping, making
from casework.services.context import Context
from casework.services.duplicates import deciding
from casework.services.importing.mappingfile import read_mapping
from casework.services.importing.run import import_incidents
from casework.services.lists import Filter
from casework.services.membership import admitting, invitations, leaving, members, rotation
from casework.services.restricted import renewal, restricting
from casework.services.signing_in import authentication, second_factors, session_control, sessions
from casework.services.signing_in.passphrases import Choice
from casework.services.verifying import live
from casework.vault.identity import MemberSecret
from tests.services import deeds_of_acts as acts
from tests.services.attachments import deeds as files
from tests.services.bundles import deeds as bundles
from tests.services.deed import Deed
from tests.services.exploring import deeds as views
from tests.services.followups import deeds as follow_ups
from tests.services.importing import deeds as imports
from tests.services.merging import deeds as merging
from tests.services.official import deeds as official
from tests.services.policies import deeds as policies
from tests.services.recovery import deeds
from tests.services.releases import deeds as releases
from tests.services.reviewing import deeds as reviewing
from tests.services.signals import deeds as signals
from tests.services.stories import deeds as stories
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft, person_draft
from tests.support.secondfactor import SPARE, Device, equip
from tests.support.times import later

WORDS = "eleven blue herons cross slowly"
MAPPING = b"""
source = "a list"
key = "row"
[date]
precision = "unknown"
[fields]
contact_type = "traffic_stop"
police_service = "unknown"
"""
ROWS = b"row\n1\n2\n"


Prepare = Callable[[Founded], Deed]


def _logged(founded: Founded, patterns_set: tuple[patterns.PatternView, ...] = ()) -> incidents.Logged:
    tagged = tuple(view.id for view in patterns_set)
    return incidents.log_incident(founded.context(CASEWORKER), incident_draft(patterns=tagged))


def _views(founded: Founded) -> list[patterns.PatternView]:
    return patterns.list_patterns(founded.context())


def _waiting(founded: Founded) -> invitations.Invitee:
    return next(i for i in invitations.list_invitees(founded.context()) if i.fingerprint)


def _change_passphrase(founded: Founded) -> Deed:
    player = founded.players[CASEWORKER]
    cookie = sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))
    context = founded.context(CASEWORKER)

    def act() -> None:
        authentication.change_passphrase(context, cookie, player.passphrase, Choice(WORDS, WORDS))

    return Deed(act, CASEWORKER, {"member"})


def _change_profile(founded: Founded) -> Deed:
    context = founded.context(ADVOCATE)
    return Deed(lambda: members.change_own_profile(context, MemberProfile("Ada", "fr")), ADVOCATE, {"member"})


def _read_log(founded: Founded) -> Deed:
    context = founded.context()
    return Deed(lambda: browse(context, LogFilter()), COORDINATOR)


def _accept_log(founded: Founded) -> Deed:
    context = founded.context()
    return Deed(lambda: accept_log(context), COORDINATOR, {"member"})


def _hold_log(founded: Founded) -> Deed:
    context = founded.context()
    return Deed(lambda: hold_log(context, None), COORDINATOR, {"organization"})


def _release_log(founded: Founded) -> Deed:
    hold_log(founded.context(), None)
    context = founded.context()
    return Deed(lambda: release_log(context), COORDINATOR, {"organization"})


def _expire_log(founded: Founded) -> Deed:
    context, later = founded.context(), founded.runtime.now() + timedelta(days=3 * 365)
    context = replace(context, runtime=replace(context.runtime, now=lambda: later))
    return Deed(lambda: expire(context, 3), COORDINATOR, {"audit_entry", "organization"})


def _verify_log(founded: Founded) -> Deed:
    context = founded.context()
    return Deed(lambda: verify_log(context), COORDINATOR)


def _change_access(founded: Founded) -> Deed:
    logged, context = _logged(founded), founded.context(CASEWORKER)
    team = frozenset({founded.players[COLLEAGUE].id})

    def act() -> None:
        cases.change_access(context, logged.case_id, 1, True, team)

    return Deed(act, CASEWORKER, {"case", "case_access", "revision"})


def _bin(founded: Founded) -> Deed:
    logged, context = _logged(founded), founded.context(CASEWORKER)
    return Deed(lambda: bin.bin_case(context, logged.case_id, 1), CASEWORKER, {"case", "revision"})


def _restore(founded: Founded) -> Deed:
    logged = _binned(founded)
    context = founded.context(COLLEAGUE)
    return Deed(lambda: bin.restore_case(context, logged.case_id), COLLEAGUE, {"case", "revision"})


def _restricted(founded: Founded) -> tuple[incidents.Logged, Context]:
    draft = incident_draft(restricted=True, team=frozenset({founded.players[COLLEAGUE].id}))
    return incidents.log_incident(founded.context(CASEWORKER), draft), founded.context(CASEWORKER)


_REKEYED = {"case", "case_access", "case_key_seal", "incident", "person", "revision"}


def _restrict(founded: Founded) -> Deed:
    logged, context = _logged(founded), founded.context(CASEWORKER)
    return Deed(
        lambda: restricting.restrict(context, logged.case_id, 1, frozenset()),
        CASEWORKER,
        _REKEYED | {"case_key"},
    )


def _grant(founded: Founded) -> Deed:
    (logged, context), member = _restricted(founded), founded.players[COORDINATOR].id
    return Deed(lambda: restricting.grant(context, logged.case_id, 1, member), CASEWORKER, _REKEYED)


def _rekey(founded: Founded) -> Deed:
    _restricted(founded)
    leaving.revoke_member(founded.context(), founded.players[COLLEAGUE].id, None)
    context, tables = founded.context(CASEWORKER), {"case", "case_key_seal", "incident", "person"}
    return Deed(lambda: renewal.renew_own_cases(context), CASEWORKER, tables)


def _withdraw_from_case(founded: Founded) -> Deed:
    (logged, context), member = _restricted(founded), founded.players[COLLEAGUE].id
    return Deed(lambda: restricting.withdraw(context, logged.case_id, 1, member), CASEWORKER, _REKEYED)


def _open_up(founded: Founded) -> Deed:
    logged, context = _restricted(founded)
    return Deed(
        lambda: restricting.open_up(context, logged.case_id, 1, False, frozenset()),
        CASEWORKER,
        _REKEYED | {"case_key"},
    )


def _binned(founded: Founded) -> incidents.Logged:
    logged = _logged(founded)
    bin.bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    return logged


def _erase(founded: Founded) -> Deed:
    logged = _binned(founded)
    context = founded.context()
    return Deed(
        lambda: erasing.erase_case(context, logged.case_id),
        COORDINATOR,
        {"case", "case_key", "erasure", "fact_index", "incident", "person", "revision"},
    )


def _note_overwritten(founded: Founded) -> Deed:
    logged = _binned(founded)
    erasing.erase_case(founded.context(), logged.case_id)
    context = founded.context(CASEWORKER)
    return Deed(lambda: erasing.mark_overwritten(context, [logged.case_id]), CASEWORKER, {"erasure"})


def _hold(founded: Founded) -> Deed:
    logged, context = _logged(founded), founded.context()
    return Deed(lambda: holding.hold_case(context, logged.case_id, 1), COORDINATOR, {"case", "revision"})


def _decide(decided: Callable[[Context, UUID, UUID], object], before: bool = False) -> Prepare:
    def prepare(founded: Founded) -> Deed:
        context = founded.context(CASEWORKER)
        one, other = (_logged(founded).people[0] for _ in range(2))
        if before:
            deciding.tell_same(context, one, other)
        return Deed(lambda: decided(context, one, other), CASEWORKER, {"person_link"})

    return prepare


def _release(founded: Founded) -> Deed:
    logged = _logged(founded)
    holding.hold_case(founded.context(), logged.case_id, 1)
    context = founded.context()
    return Deed(lambda: holding.release_case(context, logged.case_id, 2), COORDINATOR, {"case", "revision"})


def _close(founded: Founded) -> Deed:
    logged, context = _logged(founded), founded.context(CASEWORKER)
    why = FollowUpTexts("Closed", "They moved away.")
    return Deed(
        lambda: closing.close_case(context, logged.case_id, 1, "wish", why),
        CASEWORKER,
        {"case", "follow_up", "revision"},
    )


def _reopen(founded: Founded) -> Deed:
    logged, context = _logged(founded), founded.context(CASEWORKER)
    closing.close_case(context, logged.case_id, 1, "wish", FollowUpTexts())
    return Deed(
        lambda: closing.reopen_case(context, logged.case_id, 2, FollowUpTexts()),
        CASEWORKER,
        {"case", "revision"},
    )


def _change_retention(founded: Founded) -> Deed:
    context = founded.context()
    rules = RetentionRules(months=24, since=context.runtime.today())
    return Deed(lambda: retention.change_rules(context, 0, rules), COORDINATOR, {"organization"})


def _announce(founded: Founded) -> Deed:
    _logged(founded)
    rules = RetentionRules(months=6, closed_only=False, since=founded.runtime.today())
    retention.change_rules(founded.context(), 0, rules)
    context = later(founded.context(), 190)
    return Deed(lambda: retention.announce_some(context), COORDINATOR, {"case"})


def _hand_over(founded: Founded) -> Deed:
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft(team_only=True))
    context, to = founded.context(), founded.players[COLLEAGUE].id
    return Deed(
        lambda: cases.hand_over(context, [logged.case_id], to),
        COORDINATOR,
        {"case", "case_access", "revision"},
    )


def _read_case(founded: Founded) -> Deed:
    logged, context = _logged(founded), founded.context(COLLEAGUE)
    return Deed(lambda: cases.get_case(context, logged.case_id), COLLEAGUE)


def _keep_draft(founded: Founded) -> Deed:
    context, content = founded.context(CASEWORKER), {"text": ["half"]}
    return Deed(lambda: drafts.keep_draft(context, None, "incident", "/x", content), CASEWORKER, {"draft"})


def _discard_draft(founded: Founded) -> Deed:
    context = founded.context(CASEWORKER)
    draft = drafts.keep_draft(context, None, "incident", "/x", {})
    return Deed(lambda: drafts.discard_draft(context, draft), CASEWORKER, {"draft"})


def _change_incident(founded: Founded) -> Deed:
    logged, context = _logged(founded), founded.context(COLLEAGUE)
    draft = incident_draft("Told again.", people=(person_draft("Somebody else"),))
    return Deed(
        lambda: incidents.change_incident(context, logged.incident_id, 1, draft),
        COLLEAGUE,
        {"case", "incident", "person", "revision"},
    )


def _log_incident(founded: Founded) -> Deed:
    context = founded.context(CASEWORKER)
    return Deed(
        lambda: incidents.log_incident(context, incident_draft(team_only=True)),
        CASEWORKER,
        {"case", "case_access", "case_key", "incident", "person"},
    )


def _import(founded: Founded) -> Deed:
    context, mapping = founded.context(COORDINATOR), read_mapping(MAPPING)
    return Deed(
        lambda: import_incidents(context, ROWS, mapping, False, lambda _rows: None),
        COORDINATOR,
        {"case", "case_key", "import_batch", "imported_row", "incident", "person"},
    )


def _tag(founded: Founded) -> Deed:
    logged, pattern, context = _logged(founded), _views(founded)[0], founded.context(CASEWORKER)
    return Deed(
        lambda: patterns.tag_incidents(context, [logged.incident_id], pattern.id, True),
        CASEWORKER,
        {"case", "incident", "revision"},
    )


def _admit(founded: Founded) -> Deed:
    context, waiting = founded.context(), _waiting(founded)
    return Deed(
        lambda: admitting.admit_member(context, waiting.invitation_id, waiting.fingerprint, waiting.roles),
        COORDINATOR,
        {"epoch_seal", "invitation", "member", "roster_entry"},
    )


def _invite(founded: Founded) -> Deed:
    context, profile = founded.context(), MemberProfile("Noor", "fr")
    return Deed(
        lambda: invitations.invite(context, profile, frozenset({Role.ADVOCATE})), COORDINATOR, {"invitation"}
    )


def _join(founded: Founded) -> Deed:
    link = invitations.invite(founded.context(), MemberProfile("Noor", "fr"), frozenset({Role.ADVOCATE}))
    return Deed(
        lambda: invitations.join(founded.runtime, link, "noor", Choice(WORDS, WORDS)),
        None,
        {"invitation", "member", "session"},
    )


def _withdraw(founded: Founded) -> Deed:
    context, waiting = founded.context(), _waiting(founded)
    return Deed(
        lambda: invitations.withdraw(context, waiting.invitation_id), COORDINATOR, {"invitation", "member"}
    )


def _sign_in(founded: Founded) -> Deed:
    player = founded.players[CASEWORKER]
    return Deed(
        lambda: authentication.sign_in(founded.runtime, player.login, player.passphrase),
        CASEWORKER,
        {"member", "session"},
    )


def _add_own_term(founded: Founded) -> Deed:
    context = founded.context()
    return Deed(
        lambda: ownterms.add_term(context, "place", "other", {"en": "Kahnawà:ke"}), COORDINATOR, {"own_term"}
    )


def _rename_own_term(founded: Founded) -> Deed:
    context = founded.context()
    view = ownterms.add_term(context, "place", "other", {"en": "Kahnawà:ke"})
    deed = partial(ownterms.rename_term, context, view.id, view.version, {"en": "Kahnawake"})
    return Deed(deed, COORDINATOR, {"own_term"})


def _retire_own_term(founded: Founded, retired: bool) -> Deed:
    context = founded.context()
    view = ownterms.add_term(context, "place", "other", {"en": "Kahnawà:ke"})
    deed = partial(ownterms.retire_term, context, view.id, view.version, retired)
    return Deed(deed, COORDINATOR, {"own_term"})


def _merge_own_term(founded: Founded) -> Deed:
    context = founded.context()
    one, other = (ownterms.add_term(context, "place", "other", {"en": name}) for name in ("One", "Two"))
    return Deed(
        lambda: ownterms.merge_term(context, one.id, one.version, other.id), COORDINATOR, {"own_term"}
    )


def _change_pattern(founded: Founded) -> Deed:
    context, view = founded.context(), _views(founded)[0]
    return Deed(
        lambda: patterns.retire_pattern(context, view.id, view.version, True), COORDINATOR, {"pattern"}
    )


def _define_pattern(founded: Founded) -> Deed:
    context, definition = founded.context(), PatternDefinition(name_en="Waiting for hours")
    return Deed(lambda: patterns.define_pattern(context, definition), COORDINATOR, {"pattern"})


def _merge_pattern(founded: Founded) -> Deed:
    first, second = _views(founded)[:2]
    _logged(founded, (first,))
    context = founded.context()
    return Deed(
        lambda: patterns.merge_pattern(context, first.id, first.version, second.id),
        COORDINATOR,
        {"case", "incident", "pattern"},
    )


def _change_person(founded: Founded) -> Deed:
    logged, context = _logged(founded), founded.context(CASEWORKER)
    person, new = cases.get_case(context, logged.case_id).people[0], person_draft("Somebody else")
    assert new.facts is not None and new.identity is not None
    facts, identity = new.facts, new.identity
    return Deed(
        lambda: cases.change_person(context, logged.case_id, person.id, 1, facts, identity),
        CASEWORKER,
        {"case", "person", "revision"},
    )


def _begun(founded: Founded, login: str = CASEWORKER) -> str:
    player = founded.players[login]
    return sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))


def _end_session(founded: Founded) -> Deed:
    context, cookie = founded.context(CASEWORKER), _begun(founded)
    own = session_control.list_own_sessions(context, cookie)[0].id
    return Deed(lambda: session_control.end_own_session(context, own), CASEWORKER, {"session"})


def _end_other_sessions(founded: Founded) -> Deed:
    context, cookie = founded.context(CASEWORKER), _begun(founded)
    _begun(founded)
    return Deed(lambda: session_control.end_other_sessions(context, cookie), CASEWORKER, {"session"})


def _end_sessions_of_member(founded: Founded) -> Deed:
    context, member_id = founded.context(), founded.players[ADVOCATE].id
    _begun(founded, ADVOCATE)
    return Deed(lambda: session_control.end_sessions_of(context, member_id), COORDINATOR, {"session"})


def _back_up(founded: Founded) -> Deed:
    return Deed(lambda: making.make_backup(founded.runtime), None, {"backup"})


def _take_backup(founded: Founded) -> Deed:
    making.make_backup(founded.runtime)
    context = founded.context()
    (backup,) = keeping.list_backups(context)
    return Deed(lambda: keeping.take_copy(context, backup.id), COORDINATOR, {"backup"})


def _revoke(founded: Founded) -> Deed:
    _logged(founded)
    context, leaves, takes = founded.context(), founded.players[CASEWORKER].id, founded.players[COLLEAGUE].id
    return Deed(
        lambda: leaving.revoke_member(context, leaves, takes),
        COORDINATOR,
        {"case", "case_key", "epoch_seal", "member", "recovery_seal", "revision", "roster_entry"},
    )


def _renew(founded: Founded) -> Deed:
    player = founded.players[CASEWORKER]
    link = invitations.invite_again(founded.context(), player.id, frozenset({Role.CASEWORKER}))
    invitations.join(founded.runtime, link, "ines", Choice(WORDS, WORDS))
    context = founded.context()
    waiting = next(one for one in invitations.list_invitees(context) if one.renews)
    return Deed(
        lambda: admitting.admit_member(context, waiting.invitation_id, waiting.fingerprint, waiting.roles),
        COORDINATOR,
        {"epoch_seal", "invitation", "member", "recovery_seal", "roster_entry"},
    )


def _rewrap(founded: Founded) -> Deed:
    _revoke(founded).act()
    context = founded.context(COLLEAGUE)
    return Deed(lambda: rotation.rewrap_some(context), COLLEAGUE, {"case_key"})


def _verify(founded: Founded) -> Deed:
    context = founded.context()
    ignore: Callable[[object], None] = lambda _value: None  # noqa: E731 - nobody looks at the progress
    return Deed(lambda: live.verify_live(context, ignore, ignore, ignore), COORDINATOR)


def _take_records(founded: Founded) -> Deed:
    _logged(founded)
    context = founded.context(CASEWORKER)
    return Deed(lambda: portability.export_records(context, None), CASEWORKER)


def _take_case(founded: Founded) -> Deed:
    case_id, context = _logged(founded).case_id, founded.context(CASEWORKER)
    order = casefile.Order(frozenset(casefile.Part), "Me Fortin", "fr")
    return Deed(lambda: casefile.export_case(context, case_id, order), CASEWORKER)


def _take_cases(founded: Founded) -> Deed:
    _logged(founded)
    context, request = founded.context(CASEWORKER), sheets.Request("xlsx", "fr", ())
    return Deed(lambda: sheets.export_cases(context, Filter(), request), CASEWORKER)


def _take_incidents(founded: Founded) -> Deed:
    _logged(founded)
    context, request = founded.context(CASEWORKER), sheets.Request("csv", "en", ())
    return Deed(lambda: sheets.export_incidents(context, Filter(), request), CASEWORKER)


def _make_recovery_codes(founded: Founded) -> Deed:
    equip(founded.context(CASEWORKER))
    context, words = founded.context(CASEWORKER), founded.players[CASEWORKER].passphrase
    return Deed(
        lambda: second_factors.renew_recovery_codes(context, words, held=SPARE), CASEWORKER, {"member"}
    )


def _remove_second_factor(founded: Founded) -> Deed:
    equip(founded.context(CASEWORKER))
    context, words = founded.context(CASEWORKER), founded.players[CASEWORKER].passphrase
    return Deed(lambda: second_factors.turn_off(context, words, held=SPARE), CASEWORKER, {"member"})


def _set_second_factor(founded: Founded) -> Deed:
    context, words = founded.context(CASEWORKER), founded.players[CASEWORKER].passphrase
    cookie, proposal = second_factors.propose(context, "")
    code = Device.scan(proposal.text).code(founded.runtime.now_seconds())
    return Deed(
        lambda: second_factors.enrol(context, cookie, code, words), CASEWORKER, {"ceremony", "member"}
    )


DEEDS: Mapping[str, Prepare] = {
    "attachment.added": files.add_file,
    "attachment.changed": files.change_file,
    "attachment.erased": files.erase_file,
    "attachment.original_taken": files.take_original,
    "attachment.removed": files.remove_file,
    "attachment.restored": files.restore_file,
    "attachment.taken": files.take_cleaned,
    "attachment.viewed": files.view_preview,
    "account.recovery_codes_made": _make_recovery_codes,
    "account.second_factor_removed": _remove_second_factor,
    "account.second_factor_set": _set_second_factor,
    "account.other_sessions_ended": _end_other_sessions,
    "account.passphrase_changed": _change_passphrase,
    "account.profile_changed": _change_profile,
    "account.session_ended": _end_session,
    "act.changed": acts.change,
    "act.recorded": acts.record,
    "act.removed": acts.remove,
    "act.restored": acts.restore,
    "audit.accepted": _accept_log,
    "audit.expired": _expire_log,
    "audit.held": _hold_log,
    "audit.read": _read_log,
    "audit.released": _release_log,
    "audit.verified": _verify_log,
    "backup.downloaded": _take_backup,
    "backup.written": _back_up,
    "case.access_changed": _change_access,
    "cases.binned": bundles.bin_cases,
    "cases.handed_back": bundles.hand_back,
    "cases.handed_over": bundles.hand_over,
    "cases.restored": bundles.restore_cases,
    "consents.set": bundles.set_consent,
    "consents.taken_back": bundles.take_consent_back,
    "case.announced": _announce,
    "case.binned": _bin,
    "case.closed": _close,
    "case.erased": _erase,
    "case.exported": _take_case,
    "case.granted": _grant,
    "case.handed_over": _hand_over,
    "case.held": _hold,
    "case.opened_up": _open_up,
    "case.read": _read_case,
    "case.released": _release,
    "case.rekeyed": _rekey,
    "case.reopened": _reopen,
    "case.restricted": _restrict,
    "case.withdrawn": _withdraw_from_case,
    "case.restored": _restore,
    "cases.exported": _take_cases,
    "database.verified": _verify,
    "draft.discarded": _discard_draft,
    "draft.kept": _keep_draft,
    "erasures.overwritten": _note_overwritten,
    "follow_up.added": follow_ups.add,
    "follow_up.changed": follow_ups.change,
    "follow_up.deleted": follow_ups.delete,
    "follow_up.done": follow_ups.tick_off,
    "follow_up.reopened": follow_ups.take_up_again,
    "follow_up.restored": follow_ups.restore,
    "follow_ups.purged": follow_ups.purge,
    "import.begun": imports.begin,
    "import.mapping_forgotten": imports.forget,
    "import.mapping_kept": imports.remember,
    "import.undoing": imports.take_out,
    "import.undone": imports.take_some_out,
    "incident.changed": _change_incident,
    "incident.linked": merging.decide(accounts.tell_one),
    "incident.logged": _log_incident,
    "incident.told_apart": merging.decide(accounts.tell_two, is_told=False),
    "incident.undecided": merging.decide(accounts.undecide, before=True),
    "incidents.exported": _take_incidents,
    "incidents.imported": _import,
    "incidents.tagged": _tag,
    "keys.rewrapped": _rewrap,
    "member.admitted": _admit,
    "member.invited": _invite,
    "member.joined": _join,
    "member.renewed": _renew,
    "member.revoked": _revoke,
    "invitation.withdrawn": _withdraw,
    "member.sessions_ended": _end_sessions_of_member,
    "member.signed_in": _sign_in,
    "access_request.added": official.ask,
    "access_request.changed": official.follow,
    "official_count.added": official.add,
    "official_count.changed": official.change,
    "official_count.restored": official.restore,
    "official_count.retired": official.retire,
    "official_counts.imported": official.bring_in,
    "official_counts.undone": official.take_out,
    "own_term.added": _add_own_term,
    "own_term.merged": _merge_own_term,
    "own_term.renamed": _rename_own_term,
    "own_term.restored": partial(_retire_own_term, retired=False),
    "own_term.retired": partial(_retire_own_term, retired=True),
    "pattern.changed": _change_pattern,
    "pattern.defined": _define_pattern,
    "pattern.merged": _merge_pattern,
    "people.purged": merging.purge,
    "person.changed": _change_person,
    "person.linked": _decide(deciding.tell_same),
    "person.merged": merging.merge,
    "person.told_apart": _decide(deciding.tell_apart),
    "person.undecided": _decide(deciding.take_back, before=True),
    "person.unmerged": merging.undo,
    "records.exported": _take_records,
    "policy.added": policies.add,
    "signal.dismissed": signals.dismiss,
    "signal.restored": signals.restore,
    "policy.changed": policies.change,
    "policy.restored": policies.restore,
    "policy.retired": policies.retire,
    "recovery.brought_over": deeds.bring_over,
    "recovery.case_sealed": deeds.seal_case,
    "recovery.drilled": deeds.hold_drill,
    "recovery.renewed": deeds.renew_shares,
    "recovery.sealed": deeds.seal_drafts,
    "release.approved": releases.allow,
    "release.changed": releases.change,
    "release.discarded": releases.discard,
    "release.downloaded": releases.take,
    "release.drafted": releases.begin,
    "release.ledger_accepted": releases.accept,
    "proposal.confirmed": reviewing.confirm,
    "proposal.rejected": reviewing.reject,
    "proposal.taken_back": reviewing.take_back,
    "question.asked": releases.ask,
    "release.previewed": releases.look,
    "release.pulled_back": releases.pull_back,
    "release.returned": releases.give_back,
    "release.submitted": releases.send,
    "release.withdrawn": releases.withdraw,
    "retention.changed": _change_retention,
    "story.approved": stories.allow,
    "story.changed": stories.change,
    "story.discarded": stories.discard,
    "story.downloaded": stories.take,
    "story.drafted": stories.begin,
    "story.pulled_back": stories.pull_back,
    "story.returned": stories.give_back,
    "story.submitted": stories.send,
    "story.withdrawn": stories.withdraw,
    "view.kept": views.keep,
    "view.removed": views.remove,
    "view.restored": views.restore,
}
"""By event. Nothing comes before the founding, nothing can be read after the seal: each has its tests."""
