"""Adding a term of the organization's own, renaming it, and merging it into another one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired

from casework.domain.languages import WRITTEN_IN
from casework.domain.ownterm import LISTS
from casework.domain.vocabulary import NOT_ASKED, OTHER, UNKNOWN, code_list
from casework.services.ownterms import OwnTermView, can_stand_for
from casework.web.forms.coded import Choices, choose, offer
from casework.web.forms.offers import sort_names
from casework.web.forms.posted import read_optional_id
from casework.web.language import language

LABELS = tuple(f"label_{code}" for code in WRITTEN_IN)


def offer_lists() -> Choices:
    """List the code lists that take own terms."""
    return [choose(name, code_list(name).labels[language()]) for name in LISTS]


class LabelFields(FlaskForm):
    """What a term is called; one language is enough."""

    label_en = StringField(_l("In English"))
    label_fr = StringField(_l("In French"))
    label_es = StringField(_l("In Spanish"))

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by language."""
        return {code: self[f"label_{code}"].data or "" for code in WRITTEN_IN}


class AddForm(LabelFields):
    """A new term: of which list, below which of its answers."""

    list_name = SelectField(_l("List"), choices=offer_lists, validate_choice=False)
    parent = SelectField(_l("Counts as"), default=OTHER, validate_choice=False)

    def offer(self) -> "AddForm":
        """Set the choices to the answers of the list."""
        self.parent.choices = offer(self.list_name.data or "", (UNKNOWN, NOT_ASKED)) if self.has_list else []
        return self

    @property
    def has_list(self) -> bool:
        """Whether a list was chosen that takes own terms."""
        return self.list_name.data in LISTS


class RenameForm(LabelFields):
    """The labels of a term, and the version that they were read of."""

    version = HiddenField()

    def fill(self, view: OwnTermView) -> "RenameForm":
        """Show a term as it stands."""
        self.version.data = str(view.version)
        for name in LABELS:
            self[name].data = getattr(view.term, name)
        return self


class RetireTermForm(FlaskForm):
    """The version that was seen, and whether the term is to be retired or brought back."""

    version = HiddenField()
    retired = HiddenField()


class MergeTermForm(FlaskForm):
    """Which term this one is to be read as."""

    version = HiddenField()
    into = SelectField(
        _l("Read it as"),
        [InputRequired(_l("Choose another term in use, below the same answer."))],
        validate_choice=False,
    )

    def offer(self, merged: OwnTermView, views: Iterable[OwnTermView]) -> Any:
        """Set the choices: every other term in use below the same answer."""
        self.version.data = self.version.data or str(merged.version)
        others = [view for view in views if view.id != merged.id and can_stand_for(view.term, merged.term)]
        names = sort_names({view.id.hex: view.term.label(language()) for view in others})
        self.into.choices = [
            choose("", str(gettext("Choose"))),
            *(choose(value, name) for value, name in names),
        ]

    @property
    def into_id(self) -> UUID:
        """Return the chosen one; nobody's id when it is none."""
        return read_optional_id(self.into.data) or UUID(int=0)
