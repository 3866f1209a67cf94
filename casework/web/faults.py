"""Puts what a service could not take onto the form that asked, in the reader's language."""

from flask import flash
from flask_babel import gettext
from flask_wtf import FlaskForm

from casework.errors import Invalid, TooSoon
from casework.web.patience import ask_for_patience


def flash_faults(invalid: Invalid) -> None:
    """Say what is wrong, translated, on the page that comes next: for a button that has no form around it."""
    flash(words_of(invalid), "bad")


def words_of(invalid: Invalid) -> str:
    """Return what is wrong, translated, without the names of fields."""
    return " ".join(str(gettext(fault)) for fault in invalid.faults.values())


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
