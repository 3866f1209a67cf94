"""What WTForms says of a field by itself, in our words and in the page's language."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

_CHOOSE = _l("Choose one of the listed answers.")
_SHORTER = _l("Write this shorter: there is room for %(max)d characters.")

# By the sentence as WTForms has it; the singular stands for both. None of ours repeats what was posted.
_WORDS: Mapping[str, Any] = {
    "Field cannot be longer than %(max)d character.": _SHORTER,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "Not a valid choice.": _CHOOSE,
    "'%(value)s' is not a valid choice for this field.": _CHOOSE,
}


class OurWords:
    """Stands where Flask-WTF looks for the translations of WTForms."""

    def ugettext(self, text: str) -> str:
        """Return our sentence; for one that we have none for, that the field was not understood."""
        return str(_WORDS.get(text) or gettext("This was not understood. Write or choose it again."))

    def ungettext(self, singular: str, _plural: str, _number: int) -> str:
        """Return our sentence, which fits any number."""
        return self.ugettext(singular)


def init_app(app: Flask) -> None:
    """Let the forms of every request speak in our words."""
    app.before_request(_bring)


def _bring() -> None:
    request.wtforms_translations = OurWords()  # type: ignore[attr-defined]
