"""Storing what was read, in batches; every row once, however often the file is imported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from uuid import UUID, uuid4

from casework.domain.case import CaseFacts
from casework.domain.incident import Participation
from casework.domain.permissions import Permission
from casework.services import records
from casework.services.context import Context
from casework.services.importing.answers import ReadRow, RefusedRow
from casework.services.importing.mapping import ImportMapping
from casework.services.importing.rows import read_rows
from casework.services.incidents import draw_references
from casework.services.records import NewCase
from casework.services.transactions import Transaction, transaction
from casework.store import cases as store
from casework.store.database import db
from casework.store.imports import ImportedRow, list_imported
from casework.vault.fields import Compartment

BATCH_ROWS = 200

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of each row: counts of those stored and of those that an earlier import had stored."""

    stored: int = 0
    already_stored: int = 0
    refused: Sequence[RefusedRow] = field(default_factory=tuple)


def count_rows(context: Context, content: bytes, mapping: ImportMapping) -> int:
    """Count the file's rows; raises Invalid as `import_incidents` does."""
    today = context.runtime.today()
    return sum(1 for _row in read_rows(content, mapping, today, context.member_id))


def import_incidents(
    context: Context, content: bytes, mapping: ImportMapping, dry_run: bool, progress: Progress
) -> Report:
    """Import a file: each row becomes a case with one person and one incident.

    A dry run reports the same and stores nothing. A run that was interrupted is finished by running it again:
    rows that are in already are left alone. `progress` is told of each batch's rows. Raises Invalid when the
    file or its heading does not fit, Forbidden without the right to import.
    """
    context.require(Permission.IMPORT_INCIDENTS)
    report, refused = Report(), []
    rows = read_rows(content, mapping, context.runtime.today(), context.member_id)
    while batch := list(islice(rows, BATCH_ROWS)):
        readable = [row for row in batch if isinstance(row, ReadRow)]
        refused += [row for row in batch if isinstance(row, RefusedRow)]
        keys = {_row_key(context, mapping, row): row for row in readable}
        fresh = _not_imported(keys)
        stored = _store(context, fresh) if fresh and not dry_run else len(fresh)
        report = replace(
            report,
            stored=report.stored + stored,
            already_stored=report.already_stored + len(keys) - stored,
        )
        progress(len(batch))
    return replace(report, refused=tuple(refused))


def _row_key(context: Context, mapping: ImportMapping, row: ReadRow) -> bytes:
    source = mapping.source.encode()
    label = b"import row" + len(source).to_bytes(4, "big") + source + row.key.encode()
    # Epoch 1 for good: a rotation must not make an imported row look new.
    return context.keyring.derive(Compartment.CODED, label, epoch=1)


def _not_imported(rows: dict[bytes, ReadRow]) -> dict[bytes, ReadRow]:
    known = list_imported(rows)
    return {key: row for key, row in rows.items() if key not in known}


def _store(context: Context, rows: dict[bytes, ReadRow]) -> int:
    with transaction(context, "incidents.imported") as opened:
        # Again, now that nobody else writes: another run may have been here since.
        rows = _not_imported(rows)
        cases = [
            records.make_case(context, opened.generation, _new_case(context, reference), False, frozenset())
            for reference in draw_references(context, len(rows))
        ]
        records.add_cases(cases)
        incidents = [
            _add_row(context, opened, case, row) for case, row in zip(cases, rows.values(), strict=True)
        ]
        db.session.flush()
        db.session.add_all(
            ImportedRow(key_hmac=key, incident_id=incident)
            for key, incident in zip(rows, incidents, strict=True)
        )
        opened.note(count=len(rows))
    return len(rows)


def _new_case(context: Context, reference: str) -> CaseFacts:
    return CaseFacts.opened(reference, context.runtime.today(), context.member_id)


def _add_row(context: Context, opened: Transaction, case: NewCase, row: ReadRow) -> UUID:
    person = store.Person(id=uuid4(), case_id=case.row.id)
    records.write_person(context, opened.generation, case.keys, person, row.person, row.identity)
    incident = store.Incident(id=uuid4(), case_id=case.row.id)
    participations = (Participation(person.id, row.roles),)
    records.write_incident_facts(
        context, opened.generation, incident, replace(row.incident, participations=participations)
    )
    records.write_narrative(case.keys, incident, row.narrative)
    db.session.add_all((person, incident))
    return incident.id
