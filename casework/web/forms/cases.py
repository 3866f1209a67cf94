"""Forms of the case page: one person, and who may open the case."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField

from casework.domain.messages import N_
from casework.errors import Invalid
from casework.services.cases import CaseView
from casework.services.incidents import PersonDraft
from casework.services.membership.members import MemberView
from casework.web.faults import show_faults
from casework.web.forms.access import name_access, offer_access, read_access
from casework.web.forms.coded import choose
from casework.web.forms.followups import name_incidents
from casework.web.forms.people import DetailsFields, ParticipantForm
from casework.web.forms.posted import read_drafts, read_id, read_ids, read_optional_id, read_version


class PersonForm(DetailsFields, FlaskForm):
    """One person of a case: who they are, coded facts, consents."""

    draft = HiddenField()
    earlier = HiddenField()
    version = HiddenField()
    base = HiddenField()

    @property
    def read_version(self) -> int:
        """The version of the person that the form was filled from."""
        return _posted(self.version)


class NewPersonForm(ParticipantForm, FlaskForm):
    """Somebody new in a case, and the incident that they had a part in."""

    draft = HiddenField()
    earlier = HiddenField()
    once = HiddenField()
    incident = RadioField(_l("In which incident?"), choices=[], validate_choice=False)

    def offer(self, case: CaseView) -> None:
        """Give the form the incidents of the case; the newest one is chosen."""
        self.incident.choices = name_incidents(case)
        newest = case.incidents[-1].id.hex if case.incidents else ""
        self.incident.data = self.incident.data or newest

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape; an empty form is nobody."""
        sound = super().validate(extra_validators)
        if sound and not self.counts:
            self.show(Invalid(name=N_("Write a name, or what to call them.")))
        return not self.errors

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them."""
        show_faults(self, invalid)

    def to_draft(self) -> PersonDraft:
        """Return the person, who is written once; raises Invalid."""
        return replace(super().to_draft(), form_id=read_optional_id(self.once.data))

    @property
    def kept_as(self) -> list[UUID]:
        """The drafts that this form was kept as."""
        return read_drafts(self)


class AccessForm(FlaskForm):
    """Who may open a case."""

    version = HiddenField()
    access = RadioField(_l("Who may open this case?"), choices=lambda: offer_access(), validate_choice=False)
    team = SelectMultipleField(_l("Who else is in the team or named?"), choices=[], validate_choice=False)

    def offer(self, colleagues: list[MemberView]) -> None:
        """Give the form the members whom a team may hold."""
        self.team.choices = [choose(member.id.hex, member.display_name) for member in colleagues]

    @property
    def chosen(self) -> dict[str, bool]:
        """Whether a team may open the case, or the named alone, as services take it."""
        return read_access(self.access)

    @property
    def members(self) -> frozenset[UUID]:
        """The chosen team, or the named; raises Invalid."""
        return frozenset(read_ids(self.team)) if any(self.chosen.values()) else frozenset()

    @property
    def read_version(self) -> int:
        """The version of the case that the form was filled from."""
        return _posted(self.version)


class NamingForm(FlaskForm):
    """One member to name in a restricted case, or to name no longer."""

    version = HiddenField()
    member = HiddenField()

    @property
    def read_member(self) -> UUID:
        """The member; raises NotFound."""
        return read_id(self.member.data, "member")

    @property
    def read_version(self) -> int:
        """The version of the case that the page showed."""
        return _posted(self.version)


class HandOverForm(FlaskForm):
    """Who accompanies a case from now on; `was` is who did when the form was filled."""

    was = HiddenField()
    to = RadioField(_l("Who accompanies this case from now on?"), choices=[], validate_choice=False)

    def offer(self, members: list[MemberView]) -> None:
        """Give the form the members who may accompany the case."""
        self.to.choices = [choose(member.id.hex, member.display_name) for member in members]

    @property
    def read_was(self) -> UUID:
        """Who accompanied the case when the form was filled; raises NotFound."""
        return read_id(self.was.raw_data[0] if self.was.raw_data else "", "case")

    @property
    def chosen(self) -> UUID:
        """The chosen member; raises Invalid."""
        member_id = read_optional_id(self.to.data)
        if member_id is None:
            raise Invalid(to=N_("Choose who accompanies the case from now on."))
        return member_id


class HandAllOverForm(FlaskForm):
    """Who accompanies the cases from now on that nobody does."""

    to = RadioField(_l("Who accompanies these cases from now on?"), choices=[], validate_choice=False)

    def offer(self, members: list[MemberView]) -> None:
        """Give the form the members who may accompany cases."""
        self.to.choices = [choose(member.id.hex, member.display_name) for member in members]

    @property
    def chosen(self) -> UUID:
        """The chosen member; raises Invalid."""
        member_id = read_optional_id(self.to.data)
        if member_id is None:
            raise Invalid(to=N_("Choose who accompanies these cases from now on."))
        return member_id


def access_of(case: CaseView) -> dict[str, object]:
    """Return what the form of access shows of a case."""
    team = [member.hex for member in case.team]
    return {"version": case.version, "access": name_access(case.team_only, case.restricted), "team": team}


def _posted(version: HiddenField) -> int:
    # Of the post alone: where the field is missing, its data is the version that stands now.
    return read_version(version.raw_data[0] if version.raw_data else "")
