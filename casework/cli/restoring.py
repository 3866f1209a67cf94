"""Restore: a backup into an empty data folder, and then a new beginning with the same shares."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from casework.cli.drill import describe
from casework.cli.recover import go_on_with
from casework.cli.signing_in import FILE, stop
from casework.cli.stopping import UNCHANGED, stoppable
from casework.cli.verifying import enter_shares
from casework.errors import BackupFailed, ShareRefused, Tampered
from casework.services.backups.ledger import needs_other_shares
from casework.services.recovery import recovering
from casework.services.recovery.shareentry import Entered
from casework.services.restorechecks import find_ledger, look_first
from casework.services.restoring import (
    InDoubt,
    Restored,
    finish,
    is_begun,
    restore,
)
from casework.services.runtime import Runtime

_NO_LEDGER = [
    "There is no ledger beside the backup: nobody can tell what was erased or revoked since.",
    "Name one with --ledger FILE. If there is none any more, say --without-ledger.",
]


@click.command("restore")
@click.argument("backup", type=FILE, required=False)
@click.option("--ledger", type=FILE, help="The newest ledger; else that beside the backup is taken.")
@click.option("--without-ledger", is_flag=True, help="There is none: what was erased may come back.")
@click.option("--shares-file", type=FILE, help="A file with one recovery share a line, for the backup.")
@click.option("--ledger-shares-file", type=FILE, help="The same for the ledger, where it needs others.")
@with_appcontext
def restore_command(
    backup: Path | None,
    ledger: Path | None,
    without_ledger: bool,
    shares_file: Path | None,
    ledger_shares_file: Path | None,
) -> None:
    """Bring a BACKUP into this data folder, which has to be empty, and begin anew from it.

    What was erased since the backup is erased again, and who was revoked stays so, as the ledger says. It is
    opened by the shares in force when it was made; the ledger, where new ones were drawn since, by those.
    """
    if backup is None:
        stop(["Say which backup:", '  make restore ARGS="FILE.age --ledger LEDGER.age"'])
    if ledger and without_ledger:
        stop(["You named a ledger, and said --without-ledger. Say one of the two; nothing was changed."])
    ledger = None if without_ledger else ledger or find_ledger(backup)
    if ledger is None and not without_ledger:
        stop(_NO_LEDGER)
    with stoppable(_say_how_far):
        _restore(backup, ledger, shares_file, ledger_shares_file)


def _say_how_far() -> str:
    if is_begun():
        return "Stopped half way. Nothing else starts in this data folder: restore again, from the start."
    return UNCHANGED


def _restore(
    backup: Path, ledger: Path | None, shares_file: Path | None, ledger_shares_file: Path | None
) -> None:
    runtime: Runtime = current_app.extensions["casework"]
    try:
        look_first(backup, ledger)
        click.echo("First the shares that were in force when the backup was made.", err=True)
        entered = enter_shares(shares_file)
        for_ledger = _enter_for_ledger(ledger, entered, ledger_shares_file) if ledger else None
        restored = _with_bar(runtime, backup, ledger, entered, for_ledger)
        quorum = recovering.open_with(entered.open(recovering.find_recovery_key()))
    except ShareRefused as refused:
        stop([describe(refused)])
    except (BackupFailed, Tampered) as failed:
        stop([str(failed)])
    _tell(restored)
    if for_ledger:
        click.echo("The older shares, those of the backup, are in force again: draw new ones afterwards.")
    click.echo("Nobody can sign in yet: begin anew now. If you stop here, restore again from the start.")
    go_on_with(runtime, quorum, restored.revoked)
    finish(runtime)


def _enter_for_ledger(ledger: Path, entered: Entered, file: Path | None) -> Entered | None:
    """Ask for the shares of the ledger where those of the backup do not open it."""
    if not needs_other_shares(ledger, entered):
        return None
    click.echo("New shares were drawn since: the ledger opens with the newer sheets. Enter enough of those.")
    click.echo("If there are not enough: stop with Ctrl and C, and restore with --without-ledger.")
    return enter_shares(file)


def _with_bar(
    runtime: Runtime, backup: Path, ledger: Path | None, entered: Entered, for_ledger: Entered | None
) -> Restored:
    with click.progressbar(length=1, label="Rows", show_pos=True) as bar:

        def begin(total: int) -> None:
            bar.length = total

        return restore(runtime, backup, ledger, entered, begin, bar.update, _confirm_erased, for_ledger)


def _confirm_erased(doubt: InDoubt) -> bool:
    """Let people decide what to erase again where the ledger alone says so: that can be forged."""
    count = _count(len(doubt.cases), "case")
    if doubt.is_bin:
        click.echo(f"\n{count} went when the days in the bin were over, in a caseworker’s session.")
        click.echo("No coordinator has signed for that, and the backup still has this:")
    else:
        click.echo(f"\nErased, says the ledger, but nobody who may erase has signed for it: {count}.")
        click.echo("Somebody may have put them there to be rid of them. The backup still has them:")
    for case_id, reference in doubt.cases.items():
        click.echo(f"  {reference or 'a case that does not open'}  ({case_id})")
    if doubt.is_bin:
        return click.confirm("Erase them again?", default=True)
    return click.confirm("Do you know of each that it was erased, and want it gone?", default=False)


def _tell(restored: Restored) -> None:
    click.echo(f"The backup is of {restored.made_at:%Y-%m-%d %H:%M} UTC.")
    click.echo("Releases approved after that are not in it: the page of releases asks you to look for them.")
    if restored.ledger_at is None:
        click.echo("Without a ledger: look for what was erased or revoked since, and do it again.")
        return
    click.echo(
        f"The ledger is of {restored.ledger_at:%Y-%m-%d %H:%M} UTC:"
        f" {_count(restored.erased, 'case')} erased again,"
        f" {_count(len(restored.revoked), 'membership')} ended again."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
