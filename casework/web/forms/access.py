"""The three answers to who may open a case, as forms have them."""

from flask_babel import gettext
from wtforms import RadioField

from casework.domain.messages import N_
from casework.errors import Invalid
from casework.web.forms.coded import Choices, choose

ALL, TEAM, RESTRICTED = "all", "team", "restricted"


def offer_access() -> Choices:
    """List the answers."""
    return [
        choose(ALL, str(gettext("All caseworkers"))),
        choose(TEAM, str(gettext("A team, and the coordinators"))),
        choose(
            RESTRICTED,
            str(gettext("Only people you name, without even the coordinators (restricted)")),
        ),
    ]


def name_access(team_only: bool, restricted: bool) -> str:
    """Return the answer that stands for a case."""
    return RESTRICTED if restricted else TEAM if team_only else ALL


def read_access(field: RadioField) -> dict[str, bool]:
    """Return what was answered, as services take it; raises Invalid for an answer that there is not.

    A misread answer must never open a case to more people than was meant.
    """
    if field.data not in (ALL, TEAM, RESTRICTED):
        raise Invalid(**{field.short_name: N_("Choose one of the listed answers.")})
    return {"team_only": field.data == TEAM, "restricted": field.data == RESTRICTED}
