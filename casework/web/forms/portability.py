"""The form that takes records elsewhere."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from casework.web.forms.proof import ProofForm


class ExportRecordsForm(ProofForm):
    """Whether files go along, and whether all shall be in plain."""

    without_files = BooleanField(
        _l("Without the files of cases"),
        description=_l("For a slow line, or a small disk. The records are in it all the same."),
    )
    plain = BooleanField(
        _l("Not sealed: whoever finds the file can read it"),
        description=_l(
            "Only for a program that cannot open age files. Delete the file as soon as it is read."
        ),
    )
