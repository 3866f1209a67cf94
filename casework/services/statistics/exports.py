"""Tables that leave the organization: numbered, kept sealed, given out again byte for byte."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from casework.disclosure import ProtectedTable, serialise
from casework.domain.languages import LANGUAGES
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import DisclosureRefused, Invalid, NotFound
from casework.reports.labels import Labels
from casework.reports.table_csv import Imprint, write_csv
from casework.services.context import Context
from casework.services.organization import get_organization_profile
from casework.services.releases.standing import list_left
from casework.services.statistics.compose import Composed, compose
from casework.services.statistics.selection import Selection
from casework.services.statistics.withdrawals import (
    Publication,
    Withdrawals,
    count_somebodies,
    find_standing,
    has_withdrawn_since,
    list_standing_with,
    list_withdrawals,
)
from casework.services.transactions import transaction
from casework.store import exports as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import STATISTICS_EXPORT

NEW_FOR = timedelta(days=30)
"""How long the start page tells of a withdrawal."""


@dataclass(frozen=True, slots=True)
class ExportLine:
    """An export in the list of those that were made."""

    id: UUID
    number: int
    exported_at: datetime
    language: str
    selection: Selection

    @property
    def publication(self) -> Publication:
        """What of it matters to those whose figures stand in it."""
        return Publication(self.exported_at, (self.selection.period,))


@dataclass(frozen=True, slots=True)
class ExportFile:
    """The file itself; its name tells its number and nothing else."""

    number: int
    content: bytes

    @property
    def name(self) -> str:
        """Return the name to save it under."""
        return f"casework-table-{self.number}.csv"


def export_table(context: Context, selection: Selection, language: str) -> ExportFile:
    """Make the CSV file of a selection, in one of our languages, and keep it sealed under the next number.

    Raises DisclosureRefused when no table is safe, Invalid naming `language`.
    """
    context.require(Permission.EXPORT_STATISTICS)
    if language not in LANGUAGES:
        raise Invalid(language=N_("Choose one of the listed answers."))
    # Protecting takes seconds at worst: before the transaction, so that nobody waits for its lock.
    composed = compose(context, selection)
    if composed.table is None:
        raise composed.refusal or DisclosureRefused("empty")
    with transaction(context, "statistics.exported") as opened:
        earlier = store.list_exports()
        number = earlier[0].number + 1 if earlier else 1
        content = _write(context, composed, composed.table, selection, number, language)
        export_id = uuid4()
        document = _document(context, composed.table, selection, number, language, content)
        db.session.add(
            store.StatisticsExport(
                id=export_id,
                number=number,
                version=1,
                export_sealed=context.keyring.seal(
                    STATISTICS_EXPORT, export_id, 1, documents.encode(document)
                ),
            )
        )
        opened.note(export=export_id)
    return ExportFile(number, content)


def list_exports(context: Context) -> list[ExportLine]:
    """Return every export, newest first."""
    context.require(Permission.EXPORT_STATISTICS)
    return _list(context)


def find_withdrawals(context: Context) -> Mapping[UUID, Withdrawals]:
    """Return by export whose figures stand in it though they no longer agree, where there is anybody."""
    context.require(Permission.EXPORT_STATISTICS)
    return {line.id: withdrawals for line, withdrawals in find_standing(context, _list(context))}


def count_newly_withdrawn(context: Context) -> int:
    """Count those whose agreement went in the last `NEW_FOR` and whose figures stand in what left.

    Of the cases that the member may open.
    """
    since = context.runtime.now() - NEW_FOR
    if not context.may(Permission.EXPORT_STATISTICS) or not has_withdrawn_since(context, since):
        return 0
    left = [line.publication for line in _list(context)] + [one.publication for one in list_left(context)]
    found = list_withdrawals(context, left)
    people = (one for withdrawals in found for one in withdrawals.people)
    return count_somebodies(context, (one for one in people if one.noted_at and one.noted_at >= since))


def list_tables_with(context: Context, case_id: UUID) -> Mapping[UUID, Sequence[ExportLine]]:
    """Return by person of a case the exports that their figures stand in though they no longer agree.

    For whoever may open the case, not only for those who export. Oldest first.
    """
    context.require(Permission.READ_CASES)
    return list_standing_with(context, _list(context)[::-1], case_id)


def _list(context: Context) -> list[ExportLine]:
    lines = []
    for row in store.list_exports():
        document = _open(context, row)
        lines.append(
            ExportLine(
                row.id,
                document["number"],
                datetime.fromisoformat(document["exported_at"]),
                document["language"],
                Selection.from_document(document["definition"]),
            )
        )
    return lines


def get_export(context: Context, export_id: UUID) -> ExportFile:
    """Return an earlier export exactly as it left; raises NotFound."""
    context.require(Permission.EXPORT_STATISTICS)
    row = store.find_export(export_id)
    if row is None:
        raise NotFound("export")
    document = _open(context, row)
    return ExportFile(document["number"], document["file"].encode("utf-8"))


def _write(
    context: Context,
    composed: Composed,
    table: ProtectedTable,
    selection: Selection,
    number: int,
    language: str,
) -> bytes:
    labels = Labels(language, selection.period, composed.pattern_names(language))
    imprint = Imprint(
        number=number,
        made_on=context.runtime.today(),
        organization_name=get_organization_profile(context).name,
        asked=selection.names,
        period=selection.period,
    )
    return write_csv(table, labels, imprint)


def _document(
    context: Context, table: ProtectedTable, selection: Selection, number: int, language: str, content: bytes
) -> dict[str, Any]:
    """What the later ledger starts from: the question, and the table with what was hidden, as published."""
    return {
        "schema": 1,
        "number": number,
        "exported_at": context.runtime.now().isoformat(timespec="seconds"),
        "exported_by": context.member_id.hex,
        "language": language,
        "definition": selection.to_document(),
        "table": serialise(table),
        "file": content.decode("utf-8"),
    }


def _open(context: Context, row: store.StatisticsExport) -> Mapping[str, Any]:
    return documents.decode(context.keyring.open(STATISTICS_EXPORT, row.id, row.version, row.export_sealed))
