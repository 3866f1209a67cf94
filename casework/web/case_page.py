"""A case as a story: who, what happened in which order, what is agreed to, which patterns fit."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext

from casework.domain.act import ActTexts
from casework.domain.counting import incident_counts, people_counting
from casework.domain.folding import fold
from casework.domain.pathway import Step, tell_pathway
from casework.domain.permissions import Permission, may
from casework.domain.person import CASEWORK, GIVEN, STATISTICS, WITHDRAWN, may_count
from casework.services.accounts.doubts import Doubt
from casework.services.accounts.reviewing import Account, list_accounts, list_doubts_in
from casework.services.accounts.whoiswho import is_unsaid
from casework.services.cases import CaseView, IncidentStory
from casework.services.context import Context
from casework.services.membership.members import MemberView, list_members, name_everybody
from casework.services.merging.undoing import find_obstacle
from casework.services.patterns import PatternView, list_patterns
from casework.services.records import PersonView
from casework.services.releases.standing import Left, list_releases_with
from casework.web.language import language

Tag = tuple[UUID, str]


@dataclass(frozen=True)
class Told:
    """An incident of the story with its patterns; `missing` are those who keep it from being counted."""

    incident: IncidentStory
    confirmed: Sequence[Tag]
    proposed: Sequence[Tag]
    missing: Sequence[PersonView]

    @property
    def pathway(self) -> Sequence[Step]:
        """What the incident set off, in order."""
        return tell_pathway(self.incident.facts)

    def texts_of(self, act_id: UUID) -> ActTexts:
        """What is known of an act in words."""
        return self.incident.narrative.of_act(act_id)


@dataclass(frozen=True)
class Named:
    """Somebody named in a restricted case; without a name whoever is a member no longer."""

    id: UUID
    name: str
    is_keyless: bool
    is_reader: bool


@dataclass(frozen=True)
class CasePage:
    """What the page of a case shows. `members` are all, `nameable` those whom a restricted case can name.

    `releases` are those that left before somebody took their consent to statistics back, by person;
    `accounts` has every account of an incident that is told more than once, `unsaid` those of which nobody
    has said who is in both; `doubts` has whoever may have said no in another one. `obstacles` has, for who
    was merged, why that cannot be taken back, "" where it can.
    """

    case: CaseView
    title: str
    told: Sequence[Told]
    tags: Sequence[Tag]
    people: Mapping[UUID, PersonView]
    members: Mapping[UUID, str]
    accounts: Mapping[UUID, Sequence[Account]]
    doubts: Mapping[UUID, Sequence[Doubt]]
    unsaid: Mapping[UUID, Sequence[UUID]]
    obstacles: Mapping[UUID, str]
    named: Sequence[Named]
    nameable: Sequence[MemberView]
    releases: Mapping[UUID, Sequence[Left]]

    @property
    def counted(self) -> int:
        """How many incidents count in statistics."""
        consenting = people_counting({person.id: person.facts for person in self.case.people})
        consenting -= self.doubts.keys()
        own = [told.incident for told in self.told if self.counts_itself(told.incident.id)]
        return sum(incident_counts(incident.facts, consenting) for incident in own)

    def counts_itself(self, incident_id: UUID) -> bool:
        """Whether no other account of an incident counts for it."""
        told = self.accounts.get(incident_id)
        return told is None or any(one.is_main and one.id == incident_id for one in told)

    @property
    def opened_after(self) -> int:
        """How many incidents happened before the collective opened the case."""
        spans = [told.incident.facts.date.span() for told in self.told]
        return sum(span is not None and span[0] <= self.case.facts.opened_on for span in spans)

    @property
    def unagreed(self) -> list[PersonView]:
        """Those of whom no agreement to litigation is kept."""
        return [one for one in self.case.people if one.facts.consent("litigation").answer != GIVEN]

    @property
    def uncountable(self) -> list[PersonView]:
        """Those who withdrew, here or in another record, and who stand in a release without agreeing."""
        return [
            one
            for one in self.case.people
            if one.facts.consent(STATISTICS).answer == WITHDRAWN
            or one.facts.is_overruled
            or self.releases.get(one.id)
        ]

    @property
    def doubtful(self) -> list[PersonView]:
        """Those who agreed, and do not count for as long as it is in doubt whether they said no elsewhere."""
        return [one for one in self.case.people if one.id in self.doubts and may_count(one.facts)]

    @property
    def unaccompanying(self) -> list[PersonView]:
        """Those who took back that the collective works on their case."""
        return [one for one in self.case.people if one.facts.consent(CASEWORK).answer == WITHDRAWN]

    @property
    def team(self) -> str:
        """The names of the team."""
        return ", ".join(sorted(self.members[member] for member in self.case.team if member in self.members))

    @property
    def heirs_alone(self) -> bool:
        """Whether nobody named but the reader has the keys of a restricted case."""
        return not any(one.name and not one.is_keyless and not one.is_reader for one in self.named)

    @property
    def responsible(self) -> str:
        """The name of who accompanies the case; empty for a former member."""
        return self.members.get(self.case.facts.responsible, "")

    def names(self, people: Sequence[PersonView]) -> str:
        """The names of some of the people."""
        unnamed = str(gettext("somebody without a name"))
        return ", ".join(person.identity.name or unnamed for person in people)


def tell(context: Context, case: CaseView) -> CasePage:
    """Describe the page of a case."""
    patterns, members = list_patterns(context), list_members(context)
    names = {member.id: member.display_name for member in members}
    people = {person.id: person for person in case.people}
    doubts = list_doubts_in(context, case.id)
    stories = [_tell(incident, patterns, people, doubts.keys()) for incident in case.incidents]
    accounts = list_accounts(context, [incident.id for incident in case.incidents])
    return CasePage(
        case=case,
        title=_title(case),
        told=stories,
        tags=list(dict.fromkeys(tag for incident in stories for tag in incident.confirmed)),
        people=people,
        members=name_everybody(context),
        accounts=accounts,
        doubts=doubts,
        unsaid={
            incident_id: [one.id for one in told if is_unsaid(context, incident_id, one.id)]
            for incident_id, told in accounts.items()
        },
        obstacles={
            one.id: find_obstacle(context, case.id, one.id) for one in case.people if one.facts.merged
        },
        named=_list_named(context, case, names) if case.restricted else (),
        nameable=[
            one for one in members if one.id not in case.team and may(one.roles, Permission.READ_CASES)
        ],
        releases=_list_releases(context, case),
    )


def _list_releases(context: Context, case: CaseView) -> Mapping[UUID, Sequence[Left]]:
    """List the releases that somebody's figures stand in who no longer agrees: mostly there is nobody."""
    gone = any(person.facts.no_longer_counts for person in case.people)
    return list_releases_with(context, case.id) if gone else {}


def _list_named(context: Context, case: CaseView, names: Mapping[UUID, str]) -> list[Named]:
    """List who is named, oneself first, former members last."""
    named = [
        Named(member, names.get(member, ""), member in case.keyless, member == context.member_id)
        for member in case.team
    ]
    return sorted(named, key=lambda one: (not one.is_reader, not one.name, fold(one.name)))


def _tell(
    incident: IncidentStory,
    patterns: Sequence[PatternView],
    people: Mapping[UUID, PersonView],
    doubtful: Set[UUID],
) -> Told:
    facts = incident.facts
    concerned = [people[part.person_id] for part in facts.participations]
    return Told(
        incident,
        [_tag(view) for view in patterns if view.id in facts.patterns],
        [_tag(view) for view in patterns if view.is_proposed_for(facts)],
        [person for person in concerned if not may_count(person.facts) or person.id in doubtful],
    )


def _tag(view: PatternView) -> Tag:
    return view.id, view.definition.name(language())


def _title(case: CaseView) -> str:
    names = [person.identity.name for person in _as_told(case) if person.identity.name]
    if not names:
        return case.facts.reference
    if len(names) == 1:
        return names[0]
    return str(gettext("%(others)s and %(last)s", others=", ".join(names[:-1]), last=names[-1]))


def _as_told(case: CaseView) -> list[PersonView]:
    """Return the people of a case in the order in which its incidents tell of them, the oldest first."""
    told = [part.person_id for story in case.incidents for part in story.facts.participations]
    places = {person_id: place for place, person_id in reversed(list(enumerate(told)))}
    return sorted(case.people, key=lambda person: places.get(person.id, len(told)))
