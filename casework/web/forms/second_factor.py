"""Forms of the second factor in one's account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import DataRequired, Length

from casework.web.forms.auth import code_field
from casework.web.forms.passphrases import LONGEST


class ConfirmForm(FlaskForm):
    """The passphrase once more."""

    passphrase = PasswordField(
        _l("Your passphrase"),
        [DataRequired(_l("Type the passphrase that you sign in with.")), Length(max=LONGEST)],
        description=_l("Once more, in case somebody else sits at your screen."),
        render_kw={"autocomplete": "current-password"},
    )


class EnrolForm(ConfirmForm):
    """A code of the new secret, and the passphrase."""

    code = code_field(_l("Code"), _l("The six digits that the app shows now."))
