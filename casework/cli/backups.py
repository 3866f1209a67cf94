"""Backups at the terminal, or by a timer: nobody signs in for them."""

import click
from flask import current_app
from flask.cli import with_appcontext

from casework.cli.signing_in import stop
from casework.errors import BackupFailed
from casework.services.backups.elsewhere import copy_elsewhere
from casework.services.backups.making import make_backup


@click.command("backup")
@with_appcontext
def backup_command() -> None:
    """Write a backup, delete those that have expired, copy them to BACKUP_COPY_TO. Nobody signs in."""
    held = current_app.extensions["casework"]
    try:
        made = make_backup(held)
        click.echo(f"{made} ({made.stat().st_size} bytes)")
        copy_elsewhere(held, held.backup_copy_to)
    except BackupFailed as failed:
        stop([str(failed)])
