"""Dismissing a signal: of which series, and why."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField


class DismissForm(FlaskForm):
    """`series` names the signal, `reason` is kept beside it."""

    series = HiddenField()
    reason = TextAreaField(_l("Why it needs no attention"))
