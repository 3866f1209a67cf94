"""Who one is, once more, in the form of a deed that a session alone does not suffice for."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField
from wtforms.validators import DataRequired, Length

from casework.services.context import Context
from casework.services.membership.invitations import Invitee
from casework.web.forms.auth import code_field
from casework.web.forms.passphrases import LONGEST


class ProofForm(FlaskForm):
    """The passphrase, and a code of the second factor; what is not asked for is None."""

    passphrase = PasswordField(
        _l("Your passphrase"),
        [DataRequired(_l("Type the passphrase that you sign in with.")), Length(max=LONGEST)],
        description=_l("Once more, in case somebody else sits at your screen."),
        render_kw={"autocomplete": "current-password"},
    )
    code = code_field(_l("Code"), _l("Six digits from your app, or one of your recovery codes."))

    def ask(self, context: Context) -> None:
        """Ask for what is needed: nothing of who has typed it a moment ago."""
        if context.is_confirmed or not context.has_second_factor:
            del self.code
        if context.is_confirmed:
            del self.passphrase

    def proof(self) -> tuple[str, str]:
        """Give passphrase and code, empty where they were not asked for."""
        passphrase = self.passphrase.data if self.passphrase else ""
        return passphrase or "", (self.code.data if self.code else "") or ""


class AdmitForm(ProofForm):
    """Fingerprint and roles as they were shown, so that others than those are noticed."""

    fingerprint = HiddenField()
    roles = HiddenField()

    def show(self, one: Invitee) -> None:
        """Keep what stands on the page."""
        self.fingerprint.data, self.roles.data = one.fingerprint, ",".join(one.roles)

    def shown(self) -> tuple[str, list[str]]:
        """Give what stood on the page."""
        return self.fingerprint.data or "", (self.roles.data or "").split(",")
