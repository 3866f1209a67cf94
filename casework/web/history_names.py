"""What the ids in a case's history stand for, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext

from casework.domain import revision
from casework.domain.act import Act
from casework.domain.moments import Moment
from casework.services.attachments.keeping import FilesOfCase
from casework.services.followups.reading import CaseFollowUps, FollowUpView
from casework.services.patterns import PatternView
from casework.web.case_page import CasePage
from casework.web.deadlines import write_when
from casework.web.forms.acts import name_kind
from casework.web.language import label, language, vague_date
from casework.web.ownwords import say_answer


@dataclass(frozen=True)
class Names:
    """By id, as 32 hex digits: members, patterns, and each kind of record of the case."""

    members: Mapping[str, str]
    patterns: Mapping[str, str]
    people: Mapping[str, str]
    incidents: Mapping[str, str]
    acts: Mapping[str, Act]
    follow_ups: Mapping[str, str]
    files: Mapping[str, str]

    def of_record(self, told: revision.Revision) -> str:
        """Say which record a change is of."""
        key = told.record_id.hex
        if told.part is not None:
            return self._of_act(told.part.hex)
        match told.record:
            case revision.PERSON:
                return self.of_person(key)
            case revision.INCIDENT:
                name = self.incidents.get(key, "")
                return str(gettext("Incident: %(name)s", name=name) if name else gettext("An incident"))
            case revision.FOLLOW_UP:
                return self.follow_ups.get(key) or str(gettext("A follow-up that is not there any more"))
            case revision.ATTACHMENT:
                name = self.files.get(key, "")
                return str(gettext("File: %(name)s", name=name) if name else gettext("A file"))
        return str(gettext("The case"))

    def of_person(self, key: str) -> str:
        """Name somebody."""
        if key not in self.people:
            return str(gettext("Somebody whose record is not there any more"))
        return self.people[key] or str(gettext("Somebody without a name"))

    def of_member(self, key: str) -> str:
        """Name a member."""
        return self.members.get(key) or str(gettext("A former member"))

    def _of_act(self, key: str) -> str:
        act = self.acts.get(key)
        what = f"{name_kind(act.kind)}, {label(act.code, act.list_name)}" if act else ""
        return str(gettext("Step: %(name)s", name=what) if what else gettext("A step of the pathway"))


def name_all(
    page: CasePage,
    patterns: Iterable[PatternView],
    after: CaseFollowUps,
    files: FilesOfCase,
    aside: Mapping[UUID, str],
) -> Names:
    """Name all that a case's history may tell of; `aside` are people's records that lie aside."""
    incidents = page.case.incidents
    return Names(
        members={member.hex: name for member, name in page.members.items()},
        patterns={view.id.hex: view.definition.name(language()) for view in patterns},
        people={person.hex: name for person, name in aside.items()}
        | {person.hex: view.identity.name for person, view in page.people.items()},
        incidents={
            one.id.hex: f"{say_answer(one.facts, 'contact_type')}, {vague_date(one.facts.date)}"
            for one in incidents
        },
        acts={act.id.hex: act for one in incidents for act in one.facts.acts},
        follow_ups={one.id.hex: _name_follow_up(one) for one in (*after.ahead, *after.past)},
        files={one.id.hex: one.facts.name for one in (*files.present, *files.removed)},
    )


def _name_follow_up(view: FollowUpView) -> str:
    kind, when = label(view.facts.kind, "follow_up_kind"), view.facts.when
    if view.texts.title:
        return str(gettext("%(kind)s: %(title)s", kind=kind, title=view.texts.title))
    return kind if when == Moment.unknown() else f"{kind}, {write_when(when)}"
