"""How a file of a case is told of: its kind, why there is no cleaned copy, its name when it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from casework.errors import Invalid
from casework.evidence.kinds import Family, ending_of, list_endings
from casework.evidence.refusals import DAMAGED, NO_WAY, PROTECTED, TOO_MANY_PIXELS, TOO_MUCH
from casework.services.attachments.adding import TOO_LARGE
from casework.services.attachments.keeping import FileView, Given, list_files
from casework.services.context import Context
from casework.web.forms.attachments import UploadForm

FAMILIES: Mapping[Family, Any] = {
    Family.AUDIO: _l("Recording"),
    Family.EMAIL: _l("E-mail"),
    Family.IMAGE: _l("Picture"),
    Family.OFFICE: _l("Office document"),
    Family.PDF: _l("PDF"),
    Family.TEXT: _l("Text"),
    Family.VIDEO: _l("Film"),
}

UNCLEANED: Mapping[str, Any] = {
    NO_WAY: _l("casework does not clean files of this kind."),
    DAMAGED: _l("No cleaned copy could be made: the file does not read as what it says it is."),
    PROTECTED: _l("No cleaned copy could be made: the file is protected by a passphrase."),
    TOO_MANY_PIXELS: _l("No cleaned copy could be made: the picture has more than 64 million points."),
    TOO_MUCH: _l("No cleaned copy could be made: it would have taken too much memory or time."),
}


@dataclass(slots=True)
class Taken:
    """What came of the files of a form: the names of those kept, and why others were not, by field."""

    kept: list[str] = field(default_factory=list)
    refused: dict[str, list[str]] = field(default_factory=dict)
    too_large: bool = False

    def refuse(self, name: str, invalid: Invalid) -> None:
        """Note why the file of that name was refused; what is wrong with the note of all is said once."""
        self.too_large = self.too_large or TOO_LARGE in invalid.faults.values()
        for where, fault in invalid.faults.items():
            why = str(gettext(fault))
            if where != "note":
                where = "file"
                why = gettext("%(name)s: %(why)s", name=name, why=why) if name else why
            faults = self.refused.setdefault(where, [])
            if why not in faults:
                faults.append(why)


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as pages show it."""

    view: FileView

    @property
    def kind(self) -> str:
        """What it is, in the reader's language."""
        return str(FAMILIES[self.view.family])

    @property
    def reason(self) -> str:
        """Why there is no cleaned copy; empty where there is one."""
        return str(UNCLEANED.get(self.view.facts.uncleaned, "")) if self.view.facts.uncleaned else ""

    @property
    def short_hash(self) -> str:
        """The first eight digits of the original's SHA-256."""
        return self.view.facts.original.sha256[:8]


def describe(view: FileView) -> FileLine:
    """Return a file as pages show it."""
    return FileLine(view)


def name_outside(given: Given) -> str:
    """Return what a copy is called where it goes: the cleaned one says so, and ends as its kind does."""
    name, copy, facts = given.facts.name, given.copy, given.facts
    if copy == facts.original:
        return name
    stem, dot, ending = name.rpartition(".")
    if copy.kind != facts.kind or not dot:
        stem, ending = stem or name, ending_of(copy.kind)
    said = gettext("cleaned")  # not within the braces, where nobody finds it to translate
    return f"{stem}-{said}.{ending}"


def accept_types() -> str:
    """Return what browsers are to offer first; whatever is chosen, its bytes decide."""
    return ",".join(list_endings())


def files_section(context: Context, case_id: UUID, form: UploadForm | None = None) -> dict[str, Any]:
    """Return what the template `cases/_files.html` shows."""
    files = list_files(context, case_id)
    return {
        "files": [describe(view) for view in files.present],
        "removed_files": [describe(view) for view in files.removed],
        "upload_form": form or UploadForm(formdata=None),
        "most_bytes": context.runtime.limits.file_bytes,
        "accept": accept_types(),
    }
