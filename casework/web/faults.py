"""Puts what a service could not take onto the form that asked, in the reader's language."""

from flask_babel import gettext
from flask_wtf import FlaskForm

from casework.errors import Invalid, TooSoon
from casework.web.patience import ask_for_patience


def show_faults(form: FlaskForm, invalid: Invalid) -> None:
    """Add each fault, translated, to the field of its name, and to the form where there is no such field."""
    if isinstance(invalid, TooSoon):
        form.form_errors.append(ask_for_patience(invalid))
    for name, fault in invalid.faults.items():
        # msgids come from domain and services, where N_ or tools mark them for extraction.
        text = str(gettext(fault))
        if name in form:
            form[name].errors = [*form[name].errors, text]
        else:
            form.form_errors.append(text)
