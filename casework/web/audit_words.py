"""What an entry of the audit log says, as a sentence for people. Every event needs one here."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from casework.services.auditing.entries import AuditBody
from casework.services.auditing.groups import Group
from casework.services.auditing.naming import Names
from casework.web.figures import name_asked
from casework.web.language import before_stop, format_number, language

GROUPS: Mapping[Group, Any] = {
    Group.READING: _l("Reading"),
    Group.RECORDS: _l("Cases, incidents, people"),
    Group.PATTERNS: _l("Patterns"),
    Group.EXPORTS: _l("Statistics, exports, backups"),
    Group.ACCESS: _l("Signing in, accounts"),
    Group.MEMBERS: _l("Members"),
    Group.ORGANIZATION: _l("Organisation and log"),
}

SENTENCES: Mapping[str, Any] = {
    "access_request.added": _l("%(who)s noted a request for access to information."),
    "access_request.changed": _l("%(who)s changed a request for access to information."),
    "account.other_sessions_ended": _l("%(who)s ended their other sessions."),
    "account.passphrase_changed": _l("%(who)s changed their passphrase."),
    "account.profile_changed": _l("%(who)s changed their name or language."),
    "account.recovery_codes_made": _l("%(who)s made new recovery codes."),
    "account.second_factor_removed": _l("%(who)s turned their second factor off."),
    "account.second_factor_set": _l("%(who)s set up a second factor."),
    "account.session_ended": _l("%(who)s ended one of their sessions."),
    "act.changed": _l("%(who)s changed a step of the pathway in %(case)s."),
    "act.recorded": _l("%(who)s recorded a step of the pathway in %(case)s."),
    "act.removed": _l("%(who)s removed a step of the pathway in %(case)s."),
    "act.restored": _l("%(who)s brought back a step of the pathway in %(case)s."),
    "attachment.added": _l("%(who)s added a file to %(case)s."),
    "attachment.changed": _l("%(who)s changed the name or note of a file in %(case)s."),
    "attachment.erased": _l("A removed file of %(case)s was erased, in a session of %(who)s."),
    "attachment.original_taken": _l("%(who)s downloaded the original of a file in %(case)s."),
    "attachment.removed": _l("%(who)s removed a file from %(case)s."),
    "attachment.restored": _l("%(who)s put a removed file back into %(case)s."),
    "attachment.taken": _l("%(who)s downloaded the cleaned copy of a file in %(case)s."),
    "attachment.viewed": _l("%(who)s looked at the preview of a file in %(case)s."),
    "audit.accepted": _l("%(who)s took the audit log as it is, up to entry %(through)s."),
    "audit.expired": _l("%(who)s removed expired entries of the log, up to entry %(through)s."),
    "audit.held": _l("%(who)s had the log held: no entry expires."),
    "audit.released": _l("%(who)s ended the hold of the log: entries expire again."),
    "audit.read": _l("%(who)s read the audit log."),
    "audit.verified": _l(
        "%(who)s verified the audit log up to entry %(through)s. Faults found: %(findings)s."
    ),
    "backup.downloaded": _l("%(who)s downloaded a backup."),
    "backup.restored": _l("%(who)s restored a backup. Cases erased again: %(cases)s."),
    "backup.written": _l("%(who)s wrote a backup."),
    "case.access_changed": _l("%(who)s changed who may open %(case)s."),
    "case.announced": _l("While %(who)s was signed in, %(case)s was announced: a rule is to take it."),
    "case.binned": _l("%(who)s moved %(case)s to the bin."),
    "case.closed": _l("%(who)s closed %(case)s."),
    "case.erased": _l("%(who)s erased %(case)s."),
    "case.exported": _l(
        "%(who)s took %(case)s along as a PDF. People: %(people)s, incidents: %(incidents)s, "
        "follow-up: %(follow_ups)s, consents: %(consents)s, list of files: %(files)s."
    ),
    "case.granted": _l("%(who)s named %(member)s in the restricted %(case)s."),
    "case.handed_over": _l("%(who)s handed over %(case)s to %(to)s."),
    "case.held": _l("%(who)s put %(case)s on legal hold."),
    "case.opened_up": _l("%(who)s took the restriction off %(case)s."),
    "case.read": _l("%(who)s opened %(case)s."),
    "case.rekeyed": _l("The restricted %(case)s, in which %(who)s is named, got new keys."),
    "case.reopened": _l("%(who)s opened %(case)s again."),
    "case.released": _l("%(who)s lifted the legal hold on %(case)s."),
    "case.restored": _l("%(who)s took %(case)s out of the bin."),
    "case.restricted": _l("%(who)s restricted %(case)s to named members."),
    "case.withdrawn": _l("%(who)s no longer names %(member)s in the restricted %(case)s."),
    "cases.binned": _l("%(who)s moved several cases to the bin: %(count)s."),
    "cases.exported": _l("%(who)s took a list of cases along: %(count)s."),
    "cases.handed_back": _l("%(who)s took a handing over of several cases back: %(count)s."),
    "cases.handed_over": _l("%(who)s handed several cases over to %(to)s: %(count)s."),
    "cases.restored": _l("%(who)s took several cases out of the bin again: %(count)s."),
    "consents.set": _l(
        "%(who)s recorded one answer about consent for several people: %(people)s, in %(cases)s cases."
    ),
    "consents.taken_back": _l(
        "%(who)s took an answer about consent back for several people: %(people)s, in %(cases)s cases."
    ),
    "database.verified": _l("%(who)s checked that every record opens. Hurt: %(failures)s."),
    "draft.discarded": _l("%(who)s discarded a draft."),
    "draft.kept": _l("%(who)s kept a draft."),
    "erasures.overwritten": _l(
        "While %(who)s was signed in, the traces of erased cases were overwritten: %(count)s."
    ),
    "follow_up.added": _l("%(who)s added a follow-up in %(case)s."),
    "follow_up.changed": _l("%(who)s changed a follow-up in %(case)s."),
    "follow_up.deleted": _l("%(who)s deleted a follow-up in %(case)s."),
    "follow_up.done": _l("%(who)s ticked off a follow-up in %(case)s."),
    "follow_up.reopened": _l("%(who)s took up a follow-up again in %(case)s."),
    "follow_up.restored": _l("%(who)s brought back a follow-up in %(case)s."),
    "follow_ups.purged": _l(
        "While %(who)s was signed in, follow-ups deleted long ago went for good: %(count)s."
    ),
    "import.begun": _l("%(who)s began to bring a list in."),
    "import.mapping_forgotten": _l("%(who)s forgot a mapping of lists."),
    "import.mapping_kept": _l("%(who)s remembered a mapping of lists."),
    "import.undoing": _l("%(who)s had a list taken out again."),
    "import.undone": _l("Cases of a list were taken out again, in a session of %(who)s: %(count)s."),
    "incident.changed": _l("%(who)s changed an incident in %(case)s."),
    "incident.linked": _l("%(who)s said that an incident in %(case)s was told by another member too."),
    "incident.logged": _l("%(who)s logged an incident in %(case)s."),
    "incident.told_apart": _l("%(who)s said that an incident in %(case)s is not the same as another."),
    "incident.undecided": _l("%(who)s took back what was said of an incident in %(case)s and another."),
    "incidents.exported": _l("%(who)s took a list of incidents along: %(count)s."),
    "incidents.imported": _l("%(who)s imported incidents: %(count)s."),
    "incidents.tagged": _l(
        "%(who)s set or took off the pattern “%(pattern)s”. Incidents changed: %(incidents)s."
    ),
    "invitation.withdrawn": _l("%(who)s withdrew an invitation."),
    "keys.rewrapped": _l("%(count)s case keys were wrapped under new keys, in a session of %(who)s."),
    "member.admitted": _l("%(who)s admitted %(member)s."),
    "member.invited": _l("%(who)s invited somebody."),
    "member.joined": _l("%(who)s joined by an invitation."),
    "member.sessions_ended": _l("%(who)s ended the sessions of %(member)s."),
    "member.renewed": _l("%(who)s admitted %(member)s again, under a new key."),
    "member.revoked": _l("%(who)s ended the membership of %(member)s. Cases handed over: %(cases)s."),
    "member.signed_in": _l("%(who)s signed in."),
    "official_count.added": _l("%(who)s entered an official count."),
    "official_count.changed": _l("%(who)s changed an official count."),
    "official_count.restored": _l("%(who)s brought an official count back."),
    "official_count.retired": _l("%(who)s retired an official count."),
    "official_counts.imported": _l("%(who)s imported official counts: %(count)s."),
    "official_counts.undone": _l("%(who)s took official counts of a list out again: %(count)s."),
    "organization.founded": _l("%(who)s founded the organisation here."),
    "organization.recovered": _l("%(who)s began anew with a quorum of recovery shares."),
    "organization.sealed": _l("%(who)s put the emergency seal on."),
    "own_term.added": _l("%(who)s added the term “%(term)s”."),
    "own_term.renamed": _l("%(who)s renamed a term; it is “%(term)s” now."),
    "own_term.restored": _l("%(who)s brought the term “%(term)s” back."),
    "own_term.retired": _l("%(who)s retired the term “%(term)s”."),
    "own_term.merged": _l("%(who)s merged the term “%(term)s” into “%(into)s”."),
    "signal.dismissed": _l("%(who)s dismissed a signal."),
    "signal.restored": _l("%(who)s took the dismissal of a signal back."),
    "policy.added": _l("%(who)s added the policy date “%(policy)s”."),
    "policy.changed": _l("%(who)s changed the policy date “%(policy)s”."),
    "policy.restored": _l("%(who)s brought the policy date “%(policy)s” back."),
    "policy.retired": _l("%(who)s retired the policy date “%(policy)s”."),
    "pattern.changed": _l("%(who)s changed the pattern “%(pattern)s”."),
    "pattern.defined": _l("%(who)s defined the pattern “%(pattern)s”."),
    "pattern.merged": _l("%(who)s merged the pattern “%(pattern)s” into “%(into)s”."),
    "proposal.confirmed": _l("%(who)s confirmed the proposed pattern “%(pattern)s” in %(case)s."),
    "proposal.rejected": _l("%(who)s rejected the proposed pattern “%(pattern)s” in %(case)s."),
    "proposal.taken_back": _l("%(who)s took back what they decided about “%(pattern)s” in %(case)s."),
    "people.purged": _l(
        "While %(who)s was signed in, records that merges had laid aside went for good: %(count)s."
    ),
    "person.changed": _l("%(who)s changed a person in %(case)s."),
    "person.linked": _l("%(who)s said that somebody in %(case)s also stands in another case."),
    "person.merged": _l("%(who)s merged two records of a person of %(case)s, one of them maybe elsewhere."),
    "person.told_apart": _l("%(who)s said that somebody in %(case)s is not somebody in another case."),
    "person.undecided": _l("%(who)s took back what was said of somebody in %(case)s and in another case."),
    "person.unmerged": _l("%(who)s took a merge of two records back in %(case)s."),
    "recovery.brought_over": _l(
        "%(who)s sealed to the shares in force what earlier shares opened: %(cases)s restricted cases,"
        " %(drafts)s drafts."
    ),
    "recovery.case_sealed": _l(
        "The restricted %(case)s, in which %(who)s is named, was sealed to the new shares."
    ),
    "recovery.drilled": _l("%(who)s held a recovery drill: the shares opened all that is sealed to them."),
    "recovery.renewed": _l("%(who)s put new recovery shares in force."),
    "recovery.sealed": _l("What %(who)s had written was sealed to the new recovery shares: %(count)s."),
    "question.asked": _l("%(who)s asked for one number: %(table)s, %(period)s."),
    "records.exported": _l(
        "%(who)s exported records. Cases: %(cases)s, people: %(people)s, incidents: %(incidents)s,"
        " files: %(files)s."
    ),
    "release.approved": _l("%(who)s approved release %(number)s."),
    "release.changed": _l("%(who)s changed a release that was not approved."),
    "release.discarded": _l("%(who)s threw the draft of a release away."),
    "release.downloaded": _l("%(who)s downloaded a file of release %(number)s."),
    "release.drafted": _l("%(who)s began a release."),
    "release.ledger_accepted": _l(
        "%(who)s looked for releases after number %(number)s, which a restore may have lost."
    ),
    "release.previewed": _l("%(who)s looked at the numbers of a release before it was approved."),
    "release.pulled_back": _l("%(who)s took a release back that waited for approval."),
    "release.returned": _l("%(who)s gave a release back to be changed."),
    "release.submitted": _l("%(who)s asked for the approval of a release."),
    "release.withdrawn": _l("%(who)s withdrew a release."),
    "retention.changed": _l("%(who)s changed the rules of retention."),
    "story.approved": _l("%(who)s approved story %(number)s, of %(case)s."),
    "story.changed": _l("%(who)s changed a story of %(case)s that was not approved."),
    "story.discarded": _l("%(who)s threw the draft of a story of %(case)s away."),
    "story.downloaded": _l("%(who)s downloaded a file of story %(number)s."),
    "story.drafted": _l("%(who)s began a story of %(case)s."),
    "story.pulled_back": _l("%(who)s took a story of %(case)s back that waited for approval."),
    "story.returned": _l("%(who)s gave a story of %(case)s back to be changed."),
    "story.submitted": _l("%(who)s asked for the approval of a story of %(case)s."),
    "story.withdrawn": _l("%(who)s withdrew story %(number)s."),
    "view.kept": _l("%(who)s kept a view of the explorer."),
    "view.removed": _l("%(who)s removed a view of the explorer."),
    "view.restored": _l("%(who)s brought a view of the explorer back."),
}


# The same without a member's keys: by a timer, at the server, or after a screen had locked.
BY_NOBODY: Mapping[str, Any] = {
    "backup.written": _l("A backup was written, by a timer or at the server."),
    "draft.kept": _l("A form that was sent after its screen had locked was kept as a draft."),
}


def write_sentence(body: AuditBody, names: Names) -> str:
    """Say what was done, by whom and to what, in the reader's language."""
    unknown = _l("%(who)s did what this version has no words for: %(event)s.")
    sentence = SENTENCES.get(body.event, unknown)
    if body.member is None:
        sentence = BY_NOBODY.get(body.event, sentence)
    said = str(sentence) % _Values(body, names)
    # A name at its end may bring its own stop.
    return before_stop(said) if said.endswith("..") else said


def case_of(body: AuditBody, names: Names) -> tuple[UUID, str] | None:
    """Return the id and reference of the case that an entry is about, if the reader may open it."""
    case_id = _id(body.fields.get("case"))
    return (case_id, names.cases[case_id]) if case_id in names.openable else None


class _Values(dict[str, str]):
    """What stands in the gaps of a sentence, worked out when a sentence asks for it."""

    def __init__(self, body: AuditBody, names: Names) -> None:
        super().__init__(who=_who(body, names), event=body.event)
        self._body, self._names = body, names

    def __missing__(self, gap: str) -> str:
        value = self._body.fields.get(gap)
        if isinstance(value, int) and self._body.event == "case.exported":
            return str(_("yes") if value else _("no"))
        if isinstance(value, int):
            return format_number(value)
        found = _id(value)
        if gap == "case":
            reference = self._names.cases.get(found)
            if reference is None:
                return str(_("a case that is not open to you"))
            return str(_("case %(reference)s", reference=reference))
        if self._body.event == "question.asked":
            return name_asked(gap, str(value), str(self._body.fields.get("answer", "")))
        if gap in ("member", "to"):
            return self._names.members.get(found) or str(_("somebody"))
        if term := self._names.own_terms.get(found):
            return term.label(language())
        if policy := self._names.policies.get(found):
            return policy.name(language())
        pattern = self._names.patterns.get(found)
        return pattern.name(language()) if pattern else "?"


def _who(body: AuditBody, names: Names) -> str:
    """Return who did it; an entry without a member may say in its fields whom it is about."""
    return names.members.get(body.member or _id(body.fields.get("member"))) or str(_("Somebody"))


def _id(value: object) -> UUID:
    """Return the id in a field; where there is none, one that nothing has."""
    try:
        return UUID(hex=value) if isinstance(value, str) else UUID(int=0)
    except ValueError:
        return UUID(int=0)
