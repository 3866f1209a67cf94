"""The form of the emergency seal."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from casework.web.forms.auth import code_field
from casework.web.forms.passphrases import DISCREET, LONGEST


class SealForm(FlaskForm):
    """Who one is, once more, and what one is about to do, written out."""

    organization_name = StringField(
        _l("Name of the organisation"),
        [DataRequired(_l("Type the name of the organisation.")), Length(max=200)],
        description=_l("As it stands at the top of this page."),
        render_kw=DISCREET,
    )
    passphrase = PasswordField(
        _l("Your passphrase"),
        [DataRequired(_l("Type your passphrase.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    code = code_field(_l("Code"), _l("Six digits from your app, or one of your recovery codes."))

    def typed(self) -> tuple[str, str, str]:
        """Give passphrase, name and code; without a second factor the code is empty."""
        code = self.code.data if self.code else ""
        return self.passphrase.data or "", self.organization_name.data or "", code or ""
