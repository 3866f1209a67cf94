"""Which of the published figures are shown: of which service and year, and whether only what is in doubt."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

from casework.domain.folding import fold
from casework.services.official.counts import OfficialCountView
from casework.web.forms.coded import choose
from casework.web.language import language

DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; `service` as `key_of` names it, empty for all; `year` 0 for all."""

    service: str = ""
    year: int = 0
    doubtful: bool = False

    @property
    def count(self) -> int:
        """Count the filters in force."""
        return bool(self.service) + bool(self.year) + self.doubtful


class OfficialFilterForm(FlaskForm):
    """The filter bar of the official counts; an answer that is none narrows nothing."""

    class Meta:
        """It changes nothing."""

        csrf = False

    service = SelectField(_l("Police service"), default="", validate_choice=False)
    year = SelectField(_l("Year"), default="", validate_choice=False)
    which = SelectField(_l("Which figures"), default="", validate_choice=False)

    @classmethod
    def read(cls, views: Sequence[OfficialCountView]) -> "OfficialFilterForm":
        """Return the filter of this request, with what there is to choose from."""
        form = cls(formdata=request.args)
        groups: dict[str, list[OfficialCountView]] = {}
        for view in views:
            groups.setdefault(view.count.who, []).append(view)
        services = [(key_of(told), told[0].count.service_label(language())) for told in groups.values()]
        services.sort(key=lambda item: fold(item[1]))
        years = {year for view in views for year in range(view.count.first.year, view.count.last.year + 1)}
        form.service.choices = [choose("", str(_("All"))), *(choose(*one) for one in services)]
        form.year.choices = [
            choose("", str(_("All"))),
            *(choose(str(year), str(year)) for year in sorted(years, reverse=True)),
        ]
        form.which.choices = [
            choose("", str(_("All"))),
            choose(DOUBTFUL, str(_("Those that contradict another, or themselves"))),
        ]
        meant = {told[0].count.who: key_of(told) for told in groups.values()}
        by_id = {view.id.hex: meant[view.count.who] for view in views if view.id is not None}
        form.service.data = by_id.get(form.service.data or "", form.service.data)
        return form

    def to_asked(self) -> Asked:
        """Return what is asked for."""
        offered = {str(value) for value, *_rest in self.service.iter_choices()}
        year = self.year.data or ""
        return Asked(
            service=self.service.data if self.service.data in offered else "",
            year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0,
            doubtful=self.which.data == DOUBTFUL,
        )


def key_of(told: Sequence[OfficialCountView]) -> str:
    """Name a service in an address: by its code, else by the id of a figure, never by its words."""
    return told[0].count.service or min(view.id.hex for view in told if view.id is not None)
