"""Moving the files of cases to where the settings say now: nobody signs in for it."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from casework.cli.signing_in import FILE, stop
from casework.errors import ConfigError, MoveRefused
from casework.services.attachments.moving import MovedFiles, move_here


@click.command("move-attachments")
@click.option("--from", "source", required=True, help="Where they lie till now: folder, or an s3:// address.")
@click.option("--key-file", type=FILE, help="The key to that address, where it is not ATTACHMENTS_KEY_FILE.")
@with_appcontext
def move_attachments_command(source: str, key_file: Path | None) -> None:
    """Move the sealed files of cases to where ATTACHMENTS_URL says, to the data folder where it is not set.

    Each is compared before it is deleted where it was; one that no record names stays there. Stop casework,
    change the setting, run this, start. Killed, it goes on where it was.
    """
    try:
        moved = _move(source, key_file or current_app.config["ATTACHMENTS_KEY_FILE"])
    except (ConfigError, MoveRefused) as error:
        stop([str(error)])
    click.echo("1 file was moved." if moved.files == 1 else f"{moved.files} files were moved.")
    if moved.left:
        were = "1 file" if moved.left == 1 else f"{moved.left} files"
        click.echo(
            f"Left where it lay, since no record in this database names it: {were}. docs/operating.md."
        )
    if moved.missing:
        stop([f"Of {moved.missing} files of cases no original lies there: make verify names them."])


def _move(source: str, key_file: Path) -> MovedFiles:
    with click.progressbar(length=0, label="Files") as bar:

        def begin(count: int) -> None:
            bar.length = count

        return move_here(current_app.extensions["casework"], source, key_file, begin, bar.update)
