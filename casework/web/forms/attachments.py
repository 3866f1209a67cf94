"""Forms of a case's files."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, MultipleFileField, StringField, TextAreaField

from casework.domain.attachment import NAME_CHARACTERS, NOTE_CHARACTERS
from casework.services.attachments.keeping import FileView
from casework.web.forms.posted import read_version


class UploadForm(FlaskForm):
    """Files to add. The note comes first: whatever stands behind a file is not read."""

    note = StringField(
        _l("Note"),
        description=_l("Who it is from, what it shows. It can be changed later."),
        render_kw={"maxlength": NOTE_CHARACTERS, "autocomplete": "off"},
    )
    file = MultipleFileField(_l("Files"))


class FileForm(FlaskForm):
    """The name and the note of a file."""

    version = HiddenField()
    name = StringField(_l("Name"), render_kw={"maxlength": NAME_CHARACTERS, "autocomplete": "off"})
    note = TextAreaField(_l("Note"), render_kw={"maxlength": NOTE_CHARACTERS})

    @property
    def read_version(self) -> int:
        """The version that the page showed."""
        return read_version(self.version.data)


def facts_of(view: FileView) -> dict[str, Any]:
    """Return what the form of a file shows."""
    return {"version": str(view.version), "name": view.facts.name, "note": view.facts.note}
