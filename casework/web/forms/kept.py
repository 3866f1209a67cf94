"""What every form of a record has that is kept as a draft and saved once: its version, its drafts, its id."""

from typing import Self
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import HiddenField

from casework.errors import Invalid
from casework.web.faults import show_faults
from casework.web.forms.posted import read_drafts, read_optional_id


class KeptRecordForm(FlaskForm):
    """A form of one record: `version` is the one that it was filled from, empty of a new record."""

    version = HiddenField()
    draft = HiddenField()
    earlier = HiddenField()
    once = HiddenField()

    @property
    def kept_as(self) -> list[UUID]:
        """The drafts that this form was kept as."""
        return read_drafts(self)

    @property
    def form_id(self) -> UUID | None:
        """The id of this form."""
        return read_optional_id(self.once.data)

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them."""
        show_faults(self, invalid)

    def at(self, version: int) -> Self:
        """Say which version the form is filled from."""
        self.version.data = str(version)
        return self
