"""Asking whether a file is authentic."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField


class CheckForm(FlaskForm):
    """A file that somebody has."""

    file = FileField(
        _l("File"),
        description=_l("As it was downloaded, with its name. Up to 20 MB. It is looked at and kept nowhere."),
        render_kw={"required": True},
    )
