"""Forms of the case page: one person, and who may open the case."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField

from casework.services.members import MemberView
from casework.web.forms.coded import choose
from casework.web.forms.incidents import TEAM
from casework.web.forms.offers import offer_access
from casework.web.forms.people import DetailsFields
from casework.web.forms.posted import read_ids, read_version


class PersonForm(DetailsFields, FlaskForm):
    """One person of a case: who they are, coded facts, consents."""

    draft = HiddenField()
    earlier = HiddenField()
    version = HiddenField()

    @property
    def read_version(self) -> int:
        """The version of the person that the form was filled from."""
        return _posted(self.version)


class AccessForm(FlaskForm):
    """Who may open a case."""

    version = HiddenField()
    access = RadioField(_l("Who may open this case?"), choices=lambda: offer_access(), validate_choice=False)
    team = SelectMultipleField(_l("Who is in the team, beside you?"), choices=[], validate_choice=False)

    def offer(self, colleagues: list[MemberView]) -> None:
        """Give the form the members whom a team may hold."""
        self.team.choices = [choose(member.id.hex, member.display_name) for member in colleagues]

    @property
    def is_team_only(self) -> bool:
        """Whether only a team may open the case."""
        return bool(self.access.data == TEAM)

    @property
    def members(self) -> frozenset[UUID]:
        """The chosen team; raises Invalid."""
        return frozenset(read_ids(self.team)) if self.is_team_only else frozenset()

    @property
    def read_version(self) -> int:
        """The version of the case that the form was filled from."""
        return _posted(self.version)


def _posted(version: HiddenField) -> int:
    # Of the post alone: where the field is missing, its data is the version that stands now.
    return read_version(version.raw_data[0] if version.raw_data else "")
