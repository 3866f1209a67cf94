"""Forms of one's own account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, Length

from casework.domain.member import MemberProfile
from casework.web.forms.coded import choose
from casework.web.forms.passphrases import LONGEST, OwnPassphraseForm, TypedBackForm
from casework.web.language import SCREEN_LANGUAGES


class ProfileForm(FlaskForm):
    """Display name and language."""

    display_name = StringField(
        _l("Your name"),
        [DataRequired(_l("Write the name that the others should see.")), Length(max=80)],
        description=_l("As the other members see it."),
        render_kw={"autocomplete": "nickname"},
    )
    language = RadioField(
        _l("Language of your screens"),
        [DataRequired(_l("Choose a language."))],
        choices=[choose(code, name) for code, name in SCREEN_LANGUAGES.items()],
    )

    def profile(self) -> MemberProfile:
        """Give what was entered; raises Invalid as the profile does."""
        return MemberProfile(self.display_name.data or "", self.language.data or "")

    def fill(self, profile: MemberProfile) -> None:
        """Show the profile as it is."""
        self.display_name.data, self.language.data = profile.display_name, profile.language


def _current() -> Field:
    return PasswordField(
        _l("Your passphrase until now"),
        [DataRequired(_l("Type the passphrase that you sign in with now.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class ChangeTypedBackForm(TypedBackForm):
    """The passphrase in force, and the proposed one typed back."""

    current = _current()


class ChangeOwnForm(OwnPassphraseForm):
    """The passphrase in force, and one of one's own typed twice."""

    current = _current()
