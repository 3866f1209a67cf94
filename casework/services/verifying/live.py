"""Verifying the database in use, with a coordinator's keys."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from casework.domain.permissions import Permission
from casework.services.context import Context
from casework.services.transactions import transaction
from casework.services.verifying.checking import Failure, Result, check_all, count_rows
from casework.services.verifying.keys import keys_of_member
from casework.store.database import db

Begin = Callable[[int], None]


def verify_live(
    context: Context,
    begin: Begin,
    report: Callable[[Failure], None],
    advance: Callable[[int], None],
) -> Result:
    """Open everything that the member can, and write into the audit log how much was hurt.

    `begin` is told how many rows there are, `advance` how many more are done. Raises Forbidden.
    """
    context.require(Permission.MAKE_BACKUPS)
    with _snapshot() as connection:
        begin(count_rows(connection))
        result = check_all(connection, keys_of_member(context), context.runtime.files, report, advance)
    with transaction(context, "database.verified") as opened:
        opened.note(failures=result.failures)
    return result


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """Read as of one moment: a record that is written meanwhile may name a key that was not there before."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
