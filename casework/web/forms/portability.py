"""The form that takes records elsewhere."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField
from wtforms.validators import DataRequired, Length

from casework.web.forms.passphrases import LONGEST


class ExportRecordsForm(FlaskForm):
    """The member's passphrase once more, whether files go along, and whether all shall be in plain."""

    without_files = BooleanField(
        _l("Without the files of cases"),
        description=_l("For a slow line, or a small disk. The records are in it all the same."),
    )
    plain = BooleanField(
        _l("Not sealed: whoever finds the file can read it"),
        description=_l(
            "Only for a program that cannot open age files. Delete the file as soon as it is read."
        ),
    )
    passphrase = PasswordField(
        _l("Your passphrase"),
        [DataRequired(_l("Type the passphrase that you sign in with.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
