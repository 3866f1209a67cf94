"""What changed in a case: newest first, by day, all that was saved together as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, render_template, request
from flask_babel import gettext

from casework.domain.permissions import Permission
from casework.domain.revision import ADDED
from casework.services import cases
from casework.services.attachments.keeping import list_files
from casework.services.context import Context
from casework.services.followups.reading import read_follow_ups
from casework.services.history.reading import HistoryPage, SaveView, read_history
from casework.services.patterns import list_patterns
from casework.web.access import requires
from casework.web.case_page import CasePage, tell
from casework.web.history_names import Names, name_all
from casework.web.history_words import Row, is_by_rule, list_rows, tell_merge
from casework.web.identity import get_context

pages = Blueprint("history", __name__)


class Told(NamedTuple):
    """One change: of which record, whether it came in then, its fields, and of a merge a sentence."""

    record: str
    is_added: bool
    rows: Sequence[Row]
    merge: str


class Save(NamedTuple):
    """What somebody saved at once."""

    by: str
    view: SaveView
    changes: Sequence[Told]


@dataclass(frozen=True)
class Day:
    """What was saved on one day, newest first."""

    day: date
    saves: Sequence[Save]


@pages.get("/cases/<uuid:case_id>/history")
@requires(Permission.READ_CASES)
def show(case_id: UUID) -> str:
    """Show a page of what changed in a case."""
    context = get_context()
    page = tell(context, cases.get_case(context, case_id))
    found = read_history(context, case_id, _page_number())
    days = _lay_out(context, page, found)
    return render_template("cases/history.html", page=page, found=found, days=days)


def _page_number() -> int:
    asked = request.args.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _lay_out(context: Context, page: CasePage, found: HistoryPage) -> list[Day]:
    after, files = read_follow_ups(context, page.case.id), list_files(context, page.case.id)
    names = name_all(page, list_patterns(context), after, files, found.aside)
    zone = context.runtime.timezone
    by_day = groupby(found.saves, key=lambda save: save.at.astimezone(zone).date())
    return [Day(day, [_tell(save, names) for save in saves]) for day, saves in by_day]


def _tell(save: SaveView, names: Names) -> Save:
    by_rule = any(is_by_rule(view) for view in save.revisions)
    by = str(gettext("A rule of retention")) if by_rule else names.of_member(save.by.hex)
    told = [
        Told(
            names.of_record(view.told),
            view.told.deed == ADDED,
            list_rows(view, names),
            tell_merge(view, by, names),
        )
        for view in save.revisions
    ]
    return Save(by, save, told)
