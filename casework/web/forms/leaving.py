"""Forms for members who leave or come back."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import DataRequired

from casework.domain.permissions import Role
from casework.services.membership.leaving import Leaving
from casework.services.membership.members import MemberView
from casework.web.forms.coded import choose
from casework.web.forms.proof import ProofForm
from casework.web.roles import ROLE_NAMES


class RevokeForm(ProofForm):
    """Who takes over the open cases of a member who leaves."""

    successor = SelectField(
        _l("Who takes over the open cases?"),
        description=_l("They become responsible for each of them, and join its team."),
    )

    def offer(self, members: Sequence[MemberView], seen: Leaving) -> None:
        """Offer the members who may open cases; nobody where there is nothing to take over."""
        able = [one for one in members if one.id in seen.may_succeed]
        nobody = choose("", gettext("Choose a member") if seen.open_cases else gettext("Nobody"))
        self.successor.choices = [nobody, *(choose(one.id.hex, one.display_name) for one in able)]

    @property
    def successor_id(self) -> UUID | None:
        """Whom the form names."""
        return UUID(hex=self.successor.data) if self.successor.data else None


class InviteAgainForm(ProofForm):
    """The roles of a member who comes back."""

    roles = SelectMultipleField(
        _l("Roles"),
        [DataRequired(_l("Choose at least one role."))],
        choices=[choose(role.value, name) for role, name in ROLE_NAMES.items()],
        description=_l("Those that they had are ticked."),
    )

    def chosen_roles(self) -> frozenset[Role]:
        """Give the roles that were ticked."""
        return frozenset(Role(role) for role in self.roles.data or [])
