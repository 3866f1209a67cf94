"""Lists as a member has them on the screen, as files for a spreadsheet: what they may see, and no more."""

from dataclasses import dataclass
from enum import StrEnum

from casework.domain.languages import LANGUAGES
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.reports.sheets import rows
from casework.reports.sheets.rows import CaseEntry, IncidentEntry, Sheet
from casework.reports.sheets.writing import MOST_ROWS, Imprint, write_csv, write_xlsx
from casework.services import lists
from casework.services.casefile import FinishedFile
from casework.services.context import Context
from casework.services.exploring.listing import list_behind
from casework.services.exploring.questions import Question
from casework.services.lists import CaseLine, Filter, IncidentLine, Page
from casework.services.membership.members import name_everybody
from casework.services.organization import get_organization_profile
from casework.services.ownterms import get_term_book
from casework.services.patterns import list_patterns
from casework.services.transactions import transaction


class Kind(StrEnum):
    """The kinds of file."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """What is wanted: the kind of file, the language of its labels, the filters in words."""

    kind: str
    language: str
    filters: tuple[str, ...]


def export_cases(context: Context, wanted: Filter, request: Request) -> FinishedFile:
    """Return every case that fits, made in memory; the audit log has how many left.

    Raises Forbidden unless the member showed a moment ago who they are, Invalid naming `kind`.
    """
    _require(context, request)
    found = lists.list_cases(context, wanted, whole=True)
    names = name_everybody(context)
    entries = (
        CaseEntry(
            line.facts,
            line.names,
            line.latest,
            names.get(line.facts.responsible, ""),
            _open_to(line),
            line.counted,
        )
        for line in found.lines
    )
    sheet = rows.list_cases(entries, request.language, get_term_book(context))
    return _finish(context, "cases.exported", sheet, request, found.damaged)


def export_incidents(context: Context, wanted: Filter, request: Request) -> FinishedFile:
    """Return every incident that fits, in its coded answers; as `export_cases`."""
    _require(context, request)
    return _export(context, lists.list_incidents(context, wanted, whole=True), request)


def export_found(context: Context, question: Question, request: Request) -> FinishedFile:
    """Return every incident behind an answer of the explorer; as `export_incidents`."""
    _require(context, request)
    return _export(context, list_behind(context, question, whole=True), request)


def _export(context: Context, found: Page[IncidentLine], request: Request) -> FinishedFile:
    patterns = {view.id: view.definition.name(request.language) for view in list_patterns(context)}
    entries = (
        IncidentEntry(
            line.facts,
            line.reference,
            line.names,
            tuple(patterns[one] for one in line.facts.patterns if one in patterns),
            line.counted,
        )
        for line in found.lines
    )
    sheet = rows.list_incidents(entries, request.language, get_term_book(context))
    return _finish(context, "incidents.exported", sheet, request, found.damaged)


def _require(context: Context, request: Request) -> None:
    context.require(Permission.EXPORT_RECORDS)
    context.require_confirmed()
    if request.kind not in list(Kind) or request.language not in LANGUAGES:
        raise Invalid(kind=N_("Choose one of the listed answers."))


def _finish(context: Context, event: str, sheet: Sheet, request: Request, damaged: int) -> FinishedFile:
    if request.kind == Kind.XLSX and len(sheet.rows) > MOST_ROWS:
        raise Invalid(kind=N_("These are too many rows for an Excel file. Choose CSV, or narrow the list."))
    moment = context.runtime.now().astimezone(context.runtime.timezone)
    imprint = Imprint(
        organization=get_organization_profile(context).name,
        made_by=name_everybody(context)[context.member_id],
        made_at=moment,
        filters=request.filters,
        damaged=damaged,
        language=request.language,
    )
    with transaction(context, event) as opened:
        opened.note(count=len(sheet.rows))
    # Written when the log has it: should this fail, the log says too much rather than too little.
    write = write_xlsx if request.kind == Kind.XLSX else write_csv
    return FinishedFile(f"casework-{sheet.name}-{moment:%Y%m%d}.{request.kind}", write(sheet, imprint))


def _open_to(line: CaseLine) -> str:
    return "named" if line.restricted else "team" if line.team_only else "all"
