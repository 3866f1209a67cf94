"""Forms of recovery shares: how many there are, and one of them typed from its sheet."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from casework.domain.quorum import PROPOSED, USUAL, Quorum
from casework.web.forms.coded import choose
from casework.web.forms.passphrases import DISCREET
from casework.web.forms.posted import read_version
from casework.web.forms.proof import ProofForm

_ANOTHER = "another"
_NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


def _code(quorum: Quorum) -> str:
    return f"{quorum.threshold}-{quorum.shares}"


class QuorumForm(FlaskForm):
    """How many sheets there are to be, and how many of them open."""

    quorum = RadioField(
        _l("How many sheets, and how many of them open?"),
        [DataRequired(_l("Choose one of them."))],
        choices=[
            *(
                choose(
                    _code(one), _l("%(threshold)s of %(shares)s", threshold=one.threshold, shares=one.shares)
                )
                for one in PROPOSED
            ),
            choose(_ANOTHER, _l("Another number")),
        ],
        default=_code(USUAL),
    )
    shares = StringField(
        _l("Another number: in all"),
        [Length(max=10)],
        description=_l("From 2 to 16."),
        render_kw=_NUMBER,
    )
    threshold = StringField(
        _l("Another number: that open"),
        [Length(max=10)],
        description=_l("At least 2."),
        render_kw=_NUMBER,
    )

    def chosen(self) -> Quorum:
        """Give what was chosen; raises Invalid naming `shares` or `threshold`."""
        for one in PROPOSED:
            if self.quorum.data == _code(one):
                return one
        return Quorum(read_version(self.threshold.data), read_version(self.shares.data))

    def fill(self, quorum: Quorum) -> None:
        """Show what was chosen before."""
        if quorum in PROPOSED:
            self.quorum.data = _code(quorum)
        else:
            self.quorum.data = _ANOTHER
            self.shares.data, self.threshold.data = str(quorum.shares), str(quorum.threshold)


class RenewalForm(QuorumForm, ProofForm):
    """The number of new sheets, and who asks for them."""


class ShareForm(FlaskForm):
    """A recovery share, from its sheet: typed, pasted, or scanned."""

    words = TextAreaField(
        _l("The words of this share, in order"),
        [DataRequired(_l("Type the words from your sheet.")), Length(max=2000)],
        description=_l("Typed, or read from the sheet’s square code by a scanner. Capitals do not matter."),
        render_kw=DISCREET | {"autocomplete": "off"},
    )
