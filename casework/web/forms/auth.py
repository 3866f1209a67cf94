"""Forms of signing in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from casework.web.forms.passphrases import DISCREET, LONGEST


def code_field(label: str, description: str = "") -> Field:
    """Make the field for a code."""
    # Longer than any code, so that a slip of the fingers is told, not cut off.
    return StringField(
        label,
        [DataRequired(_l("Type the code.")), Length(max=40)],
        description=description,
        render_kw=DISCREET | {"autocomplete": "one-time-code", "inputmode": "text"},
    )


class UnlockForm(FlaskForm):
    """The passphrase alone: whose screen it is, the session knows."""

    next = HiddenField()
    passphrase = PasswordField(
        _l("Passphrase"),
        [DataRequired(_l("Type your passphrase.")), Length(max=LONGEST)],
        description=_l("Capitals and accents do not matter."),
        render_kw={"autocomplete": "current-password"},
    )


class SignInForm(FlaskForm):
    """Login name and passphrase."""

    next = HiddenField()
    login = StringField(
        _l("Login name"),
        [DataRequired(_l("Type the name that you sign in with.")), Length(max=200)],
        render_kw=DISCREET | {"autocomplete": "username"},
    )
    passphrase = PasswordField(
        _l("Passphrase"),
        [DataRequired(_l("Type your passphrase.")), Length(max=LONGEST)],
        description=_l("Capitals and accents do not matter."),
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(FlaskForm):
    """The second page of signing in."""

    next = HiddenField()
    code = code_field(_l("Code"), _l("Six digits from your app, or one of your recovery codes."))
