"""Verify: open everything, and name what does not open."""

from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from casework.cli.drill import ask_for_shares, describe
from casework.cli.signing_in import CODE_HELP, FILE, sign_in, stop
from casework.cli.stopping import stoppable
from casework.errors import BackupFailed, Forbidden, ShareRefused
from casework.services.context import Context
from casework.services.recovery.shareentry import Entered
from casework.services.releases.doubt import find_doubt
from casework.services.verifying.checking import Failure, Result
from casework.services.verifying.files import verify_backup
from casework.services.verifying.live import verify_live
from casework.services.verifying.watched import keep_result

Verify = Callable[[Callable[[int], None], Callable[[Failure], None], Callable[[int], None]], Result]


@click.command("verify")
@click.argument("backup", type=FILE, required=False)
@click.option("--shares-file", type=FILE, help="With a backup: a file with one recovery share a line.")
@click.option("--login", help="Your login name; asked for when missing.")
@click.option("--passphrase-file", type=FILE, help="A file that holds your passphrase on its first line.")
@click.option("--code", help=CODE_HELP)
@with_appcontext
def verify_command(
    backup: Path | None,
    shares_file: Path | None,
    login: str | None,
    passphrase_file: Path | None,
    code: str | None,
) -> None:
    """Open every record, and name each that is hurt by table and id; the exit status is 1 if any is.

    Of the database in use, as the coordinator who signs in; or of a BACKUP, with enough recovery shares.
    """
    failures: list[Failure] = []
    try:
        if backup is not None:
            file, runtime, entered = backup, current_app.extensions["casework"], _ask(shares_file)
            result = _with_bar(lambda *told: verify_backup(runtime, file, entered, *told), failures)
        else:
            context = sign_in(login, passphrase_file, code)
            result = _with_bar(lambda *told: verify_live(context, *told), failures)
            keep_result(context, result, failures)
            _tell_of_doubt(context)
    except Forbidden:
        stop(["Only a coordinator may verify."])
    except ShareRefused as refused:
        stop([describe(refused)])
    except BackupFailed as failed:
        stop([str(failed)])
    if result.failures:
        raise SystemExit(1)


def _tell_of_doubt(context: Context) -> None:
    doubt = find_doubt(context)
    if doubt:
        click.echo(
            f"A backup of {doubt.made_at:%Y-%m-%d} was restored: releases after number {doubt.last} may be"
            " missing from the ledger. Nothing is approved until a coordinator has answered on the page of"
            " releases."
        )


def _ask(shares_file: Path | None) -> Entered:
    with stoppable():
        return enter_shares(shares_file)


def enter_shares(file: Path | None) -> Entered:
    """Read the shares from a file, or ask for one after the other; raises ShareRefused."""
    if file is None:
        return ask_for_shares(Entered())
    entered = Entered()
    for line in file.read_text("utf-8").splitlines():
        if line.strip():
            entered = entered.add(line)
    return entered


def _with_bar(verify: Verify, failures: list[Failure]) -> Result:
    with click.progressbar(length=1, label="Rows", show_pos=True) as bar:

        def begin(total: int) -> None:
            bar.length = total

        result = verify(begin, failures.append, bar.update)
    for failure in failures:
        click.echo(str(failure))
    closed = f", {result.closed} are others’ alone" if result.closed else ""
    click.echo(f"{result.opened} opened, {result.failures} hurt{closed}.")
    return result
