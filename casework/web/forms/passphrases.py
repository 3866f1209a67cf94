"""Forms that take a passphrase: the proposed one typed back, or a chosen one typed twice."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from casework.services.signing_in.passphrases import Choice

# Neither kept, nor corrected, nor sent to a spelling service.
DISCREET = {"spellcheck": "false", "autocapitalize": "none", "autocorrect": "off", "translate": "no"}
LONGEST = 1024


class TypedBackForm(FlaskForm):
    """The five proposed words, to be typed back."""

    passphrase = StringField(
        _l("Type the five words"),
        [DataRequired(_l("Type the five words that you see above.")), Length(max=LONGEST)],
        render_kw=DISCREET | {"autocomplete": "new-password"},
    )

    def choice(self, suggestion: str) -> Choice:
        """Give what was typed, beside what was proposed."""
        return Choice(self.passphrase.data or "", None, suggestion)


class OwnPassphraseForm(FlaskForm):
    """A passphrase of one's own, typed twice."""

    passphrase = PasswordField(
        _l("New passphrase"),
        [DataRequired(_l("Type the passphrase that you want.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "new-password"},
    )
    repeated = PasswordField(
        _l("The same again"),
        [DataRequired(_l("Type the passphrase a second time.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "new-password"},
    )

    def choice(self, suggestion: str) -> Choice:
        """Give what was typed twice; nothing was proposed."""
        return Choice(self.passphrase.data or "", self.repeated.data or "")
