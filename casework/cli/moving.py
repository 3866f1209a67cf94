"""Move the database into another one: from SQLite to PostgreSQL, say, or back."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext

from casework.addresses import read_database
from casework.cli.signing_in import FILE, stop
from casework.errors import MoveRefused
from casework.services.moving import MovedRows, Progress, move_database, verify_move

_DIGITS = 16


@click.command("move-database")
@click.option("--to-file", type=FILE, help="A file with the address of the new database on its first line.")
@click.option("--verify", is_flag=True, help="Compare the two as they are, and change nothing.")
@click.option("--anew", is_flag=True, help="Throw away what an earlier attempt has brought, and begin again.")
@with_appcontext
def move_database_command(to_file: Path | None, verify: bool, anew: bool) -> None:
    """Copy DATABASE_URL row by row into an empty database, and compare; stop casework first.

    Its address, as DATABASE_URL would have it, is asked for, or comes from a file: it may hold a password.
    Stopped or killed, it goes on where it was. The exit status is 1 where the two differ.
    """
    if verify and anew:
        stop(["You said --verify, which changes nothing, and --anew. Say one of the two."])
    address = _read_address(to_file)
    runtime = current_app.extensions["casework"]
    try:
        with _bar() as progress:
            if verify:
                moved = verify_move(runtime, address, progress)
            else:
                moved = move_database(runtime, address, progress, anew)
    except MoveRefused as refused:
        stop([str(refused)])
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nStopped. What was moved stays: run move-database again to go on.", err=True)
        raise SystemExit(1) from None
    _tell(moved, verify)


def _read_address(file: Path | None) -> str:
    try:
        if file is not None:
            return read_database(file.read_text("utf-8").partition("\n")[0])
        return read_database(click.prompt("Address of the new database (it is not shown)", hide_input=True))
    except ValueError as error:
        stop([f"The address of the new database {error}."])


@contextmanager
def _bar() -> Iterator[Progress]:
    """Draw how far it is, each step in a line of its own, where somebody looks."""
    with ExitStack() as drawn:
        bars: list[Any] = []  # click does not name their type

        def step(label: str, total: int) -> None:
            drawn.close()
            bars[:] = [
                drawn.enter_context(click.progressbar(length=total, label=f"{label:9}", show_pos=True))
            ]

        yield Progress(step, lambda count: bars[0].update(count))


def _tell(moved: MovedRows, is_verify: bool) -> None:
    tables = sorted(moved.tables, key=lambda table: table.table)
    width = max(len(table.table) for table in tables)
    for table in tables:
        here, there = table.rows
        digest = table.digests[0][:_DIGITS] if table.is_equal else "DIFFERS"
        click.echo(f"{table.table:{width}}  {here:>9}  {there:>9}  {digest}")
        for line in table.named:
            click.echo(f"  {table.table} {line}")
        if table.differing > len(table.named):
            click.echo(f"  and {table.differing - len(table.named)} more")
    if moved.lost_files is None:
        click.echo("The files of cases were not looked at, for their store is away: casework verify does.")
    for attachment_id in moved.lost_files or ():
        click.echo(f"The original of attachment {attachment_id} is not where files lie: verify says more.")
    if not moved.is_equal:
        _stop_unequal(sum(table.differing for table in tables), is_verify)
    total = sum(table.rows[0] for table in tables)
    click.echo(f"{total} rows in {len(tables)} tables, equal on both sides.")
    if not is_verify:
        click.echo("Now set DATABASE_URL to the new database, and start casework: docs/moving.md.")


def _stop_unequal(differing: int, is_verify: bool) -> NoReturn:
    click.echo("1 row differs." if differing == 1 else f"{differing} rows differ.", err=True)
    if not is_verify:
        click.echo("The new database stays a half, on which casework does not start.", err=True)
        click.echo("Run move-database --anew, and look whether both disks are sound.", err=True)
    raise SystemExit(1)
