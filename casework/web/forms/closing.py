"""Why a case is closed, or opened again."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField

from casework.domain.followup import FollowUpTexts
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN
from casework.web.forms.coded import radio
from casework.web.forms.posted import read_version


class ReopeningForm(FlaskForm):
    """Words, and the version of the case that the page showed."""

    version = HiddenField()
    words = TextAreaField(_l("In words, if you like"))

    @property
    def read_version(self) -> int:
        """The version of the case that the page showed, of the post alone."""
        return read_version(self.version.raw_data[0] if self.version.raw_data else "")

    def texts(self, title: str) -> FollowUpTexts:
        """Return what was written, as a note under this title; raises Invalid."""
        return FollowUpTexts(title, self.words.data or "")


class ClosingForm(ReopeningForm):
    """With a reason of the list."""

    reason = radio(_l("Why is it closed?"), "closing_reason", without=(UNKNOWN, NOT_ASKED), default="")
