"""Forms of the backups."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import DataRequired, Length

from casework.web.forms.passphrases import LONGEST


class DownloadForm(FlaskForm):
    """The member's own passphrase once more: a session that somebody else sits at must not do."""

    passphrase = PasswordField(
        _l("Your passphrase"),
        [DataRequired(_l("Type the passphrase that you sign in with.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
