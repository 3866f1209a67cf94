"""The form that takes a list along."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from casework.services.sheets import Kind
from casework.web.forms.coded import choose
from casework.web.forms.proof import ProofForm


class SheetForm(ProofForm):
    """The kind of file; the filter comes back in hidden fields."""

    kind = RadioField(
        _l("Kind of file"),
        choices=lambda: [
            choose(Kind.XLSX.value, str(_l("Excel, for people"))),
            choose(Kind.CSV.value, str(_l("CSV, for programs"))),
        ],
        default=Kind.XLSX.value,
        validate_choice=False,
    )
