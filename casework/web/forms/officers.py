"""The fields that say who the officers were, what they drove and what they said."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, TextAreaField

from casework.domain.act import ActTexts

OFFICER_TEXTS = ("officer", "badge", "unit", "plate", "said")


class OfficerFields(Form):
    """As far as it is known; all of it is sealed like the story."""

    officer = StringField(_l("Name or description of the officer"))
    badge = StringField(_l("Badge number"))
    unit = StringField(_l("Unit or station"))
    plate = StringField(_l("Number or plate of the car"))
    said = TextAreaField(_l("What was done and said, and by whom"))

    def read_texts(self) -> ActTexts:
        """Return what is known in words; raises Invalid."""
        return ActTexts(**{name: self[name].data or "" for name in OFFICER_TEXTS})
