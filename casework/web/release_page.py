"""What the pages of releases say of them, and how far they are."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from casework.domain.period import Period
from casework.domain.release import Release, State
from casework.domain.releasedraft import Names
from casework.errors import DisclosureRefused
from casework.reports.labels import Labels
from casework.reports.publication import words
from casework.reports.publication.formats import File
from casework.web.language import language
from casework.web.statistics_page import explain_refusal

STATES = {
    State.DRAFT: _l("Draft"),
    State.SUBMITTED: _l("Waits for approval"),
    State.RETURNED: _l("Given back"),
    State.APPROVED: _l("Approved"),
    State.WITHDRAWN: _l("Withdrawn"),
    State.REPLACED: _l("Replaced"),
}

# What a file is called that has no entry here: by its name.
KINDS = {
    "pdf": _l("Document (PDF)"),
    "html": _l("Web page (HTML)"),
    "xlsx": _l("Workbook (XLSX)"),
    "official": _l("Official counts (CSV)"),
    "csv": _l("CSV"),
    "png-column": _l("chart for a column (PNG)"),
    "svg-column": _l("chart for a column (SVG)"),
    "png-page": _l("chart for a page (PNG)"),
    "svg-page": _l("chart for a page (SVG)"),
    "png-landscape": _l("wide card (PNG)"),
    "png-square": _l("square card (PNG)"),
    "png-portrait": _l("tall card (PNG)"),
    "json": _l("Release (JSON)"),
    "codebook": _l("Codebook (CSV)"),
    "datapackage": _l("Data package (JSON)"),
}


def file_in_words(file: File) -> str:
    """Say what a file is."""
    kind = str(KINDS.get(file.kind, file.name))
    if file.table is None or file.is_chart:
        return kind
    return str(_("Table %(number)s (%(kind)s)", number=file.table + 1, kind=kind))


def state_in_words(release: Release) -> str:
    """Say how far a release is."""
    return str(STATES[release.state])


def title_of(release: Release) -> str:
    """Return its title in the reader's language, or the first that has one."""
    return release.draft.text("title", language()) or str(_("Release without a title"))


def table_in_words(names: Names, period: Period) -> str:
    """Say what a table crosses."""
    return words.name_table(names, Labels(language(), period, {}))


def question_in_words(release: Release) -> str:
    """Say what is counted, and over which period."""
    return words.ask(release.draft.unit, release.draft.period, language())


def refusal_in_words(refusal: DisclosureRefused, threshold: int) -> str:
    """Say why nothing can be shown."""
    if refusal.reason == "unlike_units":
        return str(_("Earlier releases count something else, incidents or people. All count one of them."))
    if refusal.reason == "not_enough":
        return str(_("Fewer than %(threshold)s cases stand behind it, or none.", threshold=threshold))
    return explain_refusal(refusal, threshold)
