"""Forms of the second factor in one's account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import DataRequired, Length

from casework.web.forms.auth import code_field
from casework.web.forms.passphrases import LONGEST


class ConfirmForm(FlaskForm):
    """The passphrase once more, and a code of the second factor in force, where there is one."""

    passphrase = PasswordField(
        _l("Your passphrase"),
        [DataRequired(_l("Type the passphrase that you sign in with.")), Length(max=LONGEST)],
        description=_l("Once more, in case somebody else sits at your screen."),
        render_kw={"autocomplete": "current-password"},
    )

    held = code_field(
        _l("Code of the second factor you have now"),
        _l("Six digits from your app, or one of your recovery codes."),
    )

    def ask_only(self, has_second_factor: bool) -> None:
        """Ask for a code of the one in force only where there is one."""
        if not has_second_factor:
            del self.held

    def typed(self) -> tuple[str, str]:
        """Give passphrase and that code, which is empty where there is none."""
        return self.passphrase.data or "", (self.held.data if self.held else "") or ""


class EnrolForm(ConfirmForm):
    """A code of the new secret, and the passphrase."""

    code = code_field(_l("Code"), _l("The six digits that the app shows now."))
