"""Forms of inviting and joining."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length

from casework.domain.member import MemberProfile
from casework.domain.permissions import Role
from casework.web.forms.coded import choose
from casework.web.forms.passphrases import DISCREET, OwnPassphraseForm, TypedBackForm
from casework.web.language import SCREEN_LANGUAGES
from casework.web.roles import ROLE_NAMES


class InviteForm(FlaskForm):
    """Who is invited, to do what."""

    display_name = StringField(
        _l("Name"),
        [DataRequired(_l("Write the name that the others should see.")), Length(max=80)],
        description=_l("As the other members will see it. It can be changed later."),
        render_kw={"autocomplete": "off"},
    )
    roles = SelectMultipleField(
        _l("Roles"),
        [DataRequired(_l("Choose at least one role."))],
        choices=[choose(role.value, name) for role, name in ROLE_NAMES.items()],
        description=_l("A member may hold several. Each opens only what it needs."),
    )
    language = RadioField(
        _l("Language of the invitation"),
        [DataRequired(_l("Choose a language."))],
        choices=[choose(code, name) for code, name in SCREEN_LANGUAGES.items()],
    )

    def profile(self) -> MemberProfile:
        """Give the member to be; raises Invalid as the profile does."""
        return MemberProfile(self.display_name.data or "", self.language.data or "")

    def chosen_roles(self) -> frozenset[Role]:
        """Give the roles that were ticked."""
        return frozenset(Role(role) for role in self.roles.data or [])


def _login() -> Field:
    return StringField(
        _l("Choose a login name"),
        [DataRequired(_l("Choose a name to sign in with.")), Length(max=80)],
        description=_l("What you will type to sign in. Nobody can read it in the database."),
        render_kw=DISCREET | {"autocomplete": "username"},
    )


class JoinTypedBackForm(TypedBackForm):
    """A login name, and the proposed passphrase typed back."""

    login = _login()


class JoinOwnForm(OwnPassphraseForm):
    """A login name, and a passphrase of one's own."""

    login = _login()
