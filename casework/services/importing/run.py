"""Storing what was read, in batches; every row once, however often the file is imported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from uuid import UUID, uuid4

from casework.domain.permissions import Permission
from casework.services.context import Context
from casework.services.importing.answers import ReadRow, RefusedRow
from casework.services.importing.batches import BatchFacts, add_batch, seal_batch
from casework.services.importing.keys import KeyedRow, key_rows, part_known
from casework.services.importing.mapping import ImportMapping
from casework.services.importing.rows import read_rows
from casework.services.importing.storing import store_rows
from casework.services.transactions import transaction
from casework.store import imports as store

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
    rows that are in already are left alone. What a run stores is one batch, which can be undone. `progress`
    is told of each transaction's rows. Raises Invalid when the file or its heading does not fit, Forbidden
    without the right to import.
    """
    context.require(Permission.IMPORT_INCIDENTS)
    report, refused, batch_id = Report(), [], uuid4()
    rows = read_rows(content, mapping, context.runtime.today(), context.member_id)
    while piece := list(islice(rows, BATCH_ROWS)):
        refused += [row for row in piece if isinstance(row, RefusedRow)]
        rows_read = key_rows(context, mapping, (row for row in piece if isinstance(row, ReadRow)))
        fresh, _known = part_known(rows_read)
        stored = _store(context, batch_id, mapping, fresh) if fresh and not dry_run else len(fresh)
        report = replace(
            report,
            stored=report.stored + stored,
            already_stored=report.already_stored + len(rows_read) - stored,
        )
        progress(len(piece))
    return replace(report, refused=tuple(refused))


def _store(context: Context, batch_id: UUID, mapping: ImportMapping, rows: list[KeyedRow]) -> int:
    with transaction(context, "incidents.imported") as opened:
        batch = store.find_batch(batch_id)
        if batch is None:
            facts = BatchFacts(source=mapping.source)
            batch = add_batch(context, batch_id, facts, store.DONE, UUID(int=0))
        else:
            facts = BatchFacts.of(context, batch)
        stored = len(store_rows(context, opened, batch_id, rows))
        so_far = facts.stored + stored
        facts = replace(facts, rows=facts.rows + len(rows), stored=so_far, incidents=so_far)
        seal_batch(context, batch, facts)
        opened.note(batch=batch_id, count=stored)
    return stored
