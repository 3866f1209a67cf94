"""Moving the whole database into another one, SQLite or PostgreSQL: row by row, resumable, and compared.

Every row is ciphertext before and after: no key is needed, and nobody signs in. Files of cases stay
where they are, in the data folder or a bucket.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError

from casework.errors import ConfigError, MoveRefused
from casework.services.runtime import Runtime
from casework.store.alone import hold_source, hold_target, is_same, reading
from casework.store.attachments import list_copied_ids
from casework.store.comparing import Compared, compare_table
from casework.store.copies import CopyFailed
from casework.store.database import db, name_database
from casework.store.moving import (
    Origin,
    begin,
    copy_table,
    count_rows,
    find_mark,
    find_origin,
    finish,
    is_empty,
    is_half_moved,
    list_tables,
    read_revisions,
)
from casework.store.reaching import list_heads
from casework.store.scratch import migrate
from casework.store.sealedfiles import ORIGINAL, FilesAway

_NO_RIGHT = "42501"
"""PostgreSQL's code of an insufficient privilege."""
_SAME = "That is the database in use, not another one."


@dataclass(frozen=True, slots=True)
class Progress:
    """Whom to tell how far it is: `step` what begins, and with how many rows; `advance` how many more."""

    step: Callable[[str, int], None]
    advance: Callable[[int], None]


@dataclass(frozen=True, slots=True)
class MovedRows:
    """What both sides hold, table by table, and the attachments whose original is not where files lie.

    `lost_files` is None where that place did not answer.
    """

    tables: Sequence[Compared]
    lost_files: Sequence[UUID] | None

    @property
    def is_equal(self) -> bool:
        """Whether every row is the same on both sides."""
        return all(table.is_equal for table in self.tables)


def move_database(runtime: Runtime, target_url: str, progress: Progress, anew: bool = False) -> MovedRows:
    """Copy every row that is not there yet into another database, then compare all of them.

    The old database is only read. The new one has to be empty, or half moved from the same old one; `anew`
    throws such a half away, as happens by itself where the old one was written to since. Killed at any
    moment, it leaves the new one empty or marked as half: casework does not start on it, and moving again
    goes on from there. Where the two differ in the end, the mark stays. Raises MoveRefused with a sentence.
    """
    with _both(target_url) as (source, target, origin):
        if not _may_go_on(target, origin) or anew:
            begin(target, origin)
        try:
            migrate(target, "head")
        except CopyFailed:
            raise MoveRefused("The new database is of a newer casework.") from None
        progress.step("Moving", count_rows(source))
        for table in list_tables():
            copy_table(source, target, table, progress.advance)
        moved = _compare(runtime, source, target, progress)
        if moved.is_equal:
            finish(target)
        return moved


def verify_move(runtime: Runtime, target_url: str, progress: Progress) -> MovedRows:
    """Compare the two databases as they stand, and change neither. Raises MoveRefused with a sentence."""
    with _both(target_url, may_make=False) as (source, target, _origin):
        with reading(target) as connection:
            if read_revisions(connection) != list_heads():
                raise MoveRefused("There is no database of this casework's version in the new place.")
        return _compare(runtime, source, target, progress)


def refuse_half_moved() -> None:
    """Raise ConfigError where a move into the database in use was not finished: nothing starts on a half.

    A database that cannot be read is none of this function's: whoever loads the host key says so.
    """
    try:
        is_half = is_half_moved()
    except DBAPIError:
        return
    if is_half:
        db.session.remove()
        db.engine.dispose()
        raise ConfigError(
            name_database(),
            "a move into this database was not finished: run move-database again, on the old one",
        )


@contextmanager
def _both(target_url: str, may_make: bool = True) -> Iterator[tuple[Connection, Engine, Origin]]:
    """Hold both databases; a refusal of either in the middle is told without its words."""
    source_url = db.engine.url
    if make_url(target_url) == source_url:
        raise MoveRefused(_SAME)
    db.session.remove()
    db.engine.dispose()  # our own connections are somebody else's too
    try:
        with hold_source(source_url) as source:
            origin = _look_first(source)
            with hold_target(make_url(target_url), may_make) as target:
                if is_same(source, target):
                    raise MoveRefused(_SAME)
                yield source, target, origin
    except DBAPIError as error:
        raise MoveRefused(_say_why(error)) from None


def _say_why(error: DBAPIError) -> str:
    """Say what a database's refusal means; the driver's own words may hold what stands in a row."""
    if getattr(error.orig, "sqlstate", None) == _NO_RIGHT:
        return (
            "The account may not do in one of the two databases what this takes: it has to own the new one,"
            " and what is in the old one. What was moved stays: run move-database again."
        )
    return (
        f"A database failed ({type(error.orig).__name__}): a disk is full, a server has gone, or"
        " rows are damaged. What was moved stays: run move-database again."
    )


def _look_first(source: Connection) -> Origin:
    revisions = read_revisions(source)
    origin = find_origin(source) if revisions == list_heads() else None
    if revisions and revisions != list_heads():
        raise MoveRefused(
            "The old database is not of this casework's version: start casework once on it, or upgrade."
        )
    if origin is None:
        raise MoveRefused("There is nothing to move: no organisation has been founded here.")
    return origin


def _may_go_on(target: Engine, origin: Origin) -> bool:
    """Return whether what is there is a beginning of what is to come; raises MoveRefused on others' rows."""
    mark = find_mark(target)
    if mark is None:
        if not is_empty(target):
            raise MoveRefused(
                "The new database is not empty. Name one that is: nothing in this one was changed."
            )
        return False
    if mark.organization_id != origin.organization_id:
        raise MoveRefused("The new database is half moved from another organisation's. Nothing was changed.")
    with target.connect() as connection:
        return mark == origin and read_revisions(connection) == list_heads()


def _compare(runtime: Runtime, source: Connection, target: Engine, progress: Progress) -> MovedRows:
    progress.step("Comparing", count_rows(source))
    with reading(target) as connection:
        tables = [compare_table(source, connection, table, progress.advance) for table in list_tables()]
    return MovedRows(tables, _list_lost(runtime, list_copied_ids(source)))


def _list_lost(runtime: Runtime, known: set[UUID]) -> Sequence[UUID] | None:
    """Return the attachments without an original; None where the files are away, which no move waits for."""
    try:
        names = list(runtime.files.list_names())
    except FilesAway:
        return None
    return sorted(known - {name.attachment_id for name in names if name.copy == ORIGINAL})
