"""The form that takes one case along: which parts, for whom, in which language."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired

from casework.services.casefile import LONGEST_RECIPIENT, Order, Part
from casework.web.forms.coded import Choices, choose
from casework.web.forms.proof import ProofForm
from casework.web.language import SCREEN_LANGUAGES


class CaseFileForm(ProofForm):
    """What the file holds; nothing is chosen beforehand but what happened."""

    made_for = StringField(
        _l("For whom"),
        validators=[DataRequired(_l("Write for whom the file is, for example the lawyer’s name."))],
        description=_l("The lawyer’s name, or their office. It stands on every page."),
        render_kw={"maxlength": LONGEST_RECIPIENT, "autocomplete": "off"},
    )
    parts = SelectMultipleField(
        _l("What is in it"),
        validators=[DataRequired(_l("Choose at least one part."))],
        choices=lambda: offer_parts(),
        validate_choice=False,
        default=(Part.INCIDENTS.value, Part.FOLLOW_UPS.value),
        description=_l("What you leave out is named as left out; names may still stand in what was told."),
    )
    language = RadioField(
        _l("Language of the headings"),
        choices=lambda: [choose(code, name) for code, name in SCREEN_LANGUAGES.items()],
        validate_choice=False,
        description=_l("What was typed stays as it was typed."),
    )

    def order(self) -> Order:
        """Give what was chosen; what is no part at all is none."""
        chosen = frozenset(Part(value) for value in self.parts.data or () if value in list(Part))
        return Order(chosen, self.made_for.data or "", self.language.data or "")


def offer_parts() -> Choices:
    """List the parts in the order of the file."""
    return [
        choose(Part.PEOPLE.value, gettext("People: names, how to reach them, who they are")),
        choose(Part.INCIDENTS.value, gettext("Incidents: what happened, in answers and in words")),
        choose(Part.FOLLOW_UPS.value, gettext("Follow-up: deadlines, hearings, tasks, notes, detentions")),
        choose(Part.CONSENTS.value, gettext("Consents: what they agreed to, and when")),
        choose(Part.FILES.value, gettext("A list of the files, without the files themselves")),
    ]
