"""Forms of the first run."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length

from casework.domain.member import MemberProfile, clean_login
from casework.domain.organization import OrganizationProfile
from casework.services.ceremony import Founder
from casework.web.forms.coded import choose
from casework.web.forms.passphrases import DISCREET
from casework.web.language import SCREEN_LANGUAGES


class OrganizationForm(FlaskForm):
    """Who sets up what."""

    name = StringField(
        _l("Name of your organisation"),
        [DataRequired(_l("Write the name of the organisation.")), Length(max=200)],
        description=_l("As your members know it. Only they can read it."),
        render_kw={"autocomplete": "organization"},
    )
    languages = SelectMultipleField(
        _l("Languages you work in"),
        [DataRequired(_l("Choose at least one language."))],
        choices=[choose(code, name) for code, name in SCREEN_LANGUAGES.items()],
        description=_l("Everybody chooses their own language for the screens."),
    )
    display_name = StringField(
        _l("Your name"),
        [DataRequired(_l("Write the name that the others should see.")), Length(max=80)],
        description=_l("As the others should see it. It need not be your legal name."),
        render_kw={"autocomplete": "nickname"},
    )
    login = StringField(
        _l("Your login name"),
        [DataRequired(_l("Choose a name to sign in with.")), Length(max=80)],
        description=_l("What you will type to sign in. Nobody can read it in the database."),
        render_kw=DISCREET | {"autocomplete": "username"},
    )

    def founder(self, language: str) -> Founder:
        """Give what was entered; raises Invalid as the profiles do."""
        languages = tuple(code for code in SCREEN_LANGUAGES if code in (self.languages.data or []))
        first = language if language in languages else (*languages, "")[0]
        return Founder(
            OrganizationProfile(self.name.data or "", languages, first),
            MemberProfile(self.display_name.data or "", language),
            clean_login(self.login.data or ""),
        )

    def fill(self, founder: Founder) -> None:
        """Show what was entered before."""
        self.name.data = founder.organization.name
        self.languages.data = list(founder.organization.languages)
        self.display_name.data = founder.coordinator.display_name
        self.login.data = founder.login
