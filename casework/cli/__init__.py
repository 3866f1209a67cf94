"""Commands: `flask --app run …`; each calls one service."""

from collections.abc import Sequence

from flask import Flask

from casework.cli import (
    attacking,
    auditing,
    authenticity,
    backups,
    doctor,
    drill,
    importing,
    index,
    moving,
    movingfiles,
    official,
    recover,
    restoring,
    tables,
    verifying,
)

COMMANDS = (
    auditing.verify_audit_command,
    backups.backup_command,
    doctor.doctor_command,
    drill.drill_command,
    importing.import_incidents_command,
    index.index_command,
    moving.move_database_command,
    movingfiles.move_attachments_command,
    official.official_counts_command,
    recover.recover_command,
    restoring.restore_command,
    attacking.attack_command,
    tables.protect_command,
    verifying.verify_command,
    authenticity.verify_release_command,
)
ALONE = {
    attacking.attack_command: "",
    official.official_counts_command: "",
    tables.protect_command: "",
    authenticity.verify_release_command: authenticity.LEDGER,
}
"""Those that need neither a database nor any setting, unless this option is given."""


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in COMMANDS:
        app.cli.add_command(command)


def make_bare(arguments: Sequence[str]) -> Flask | None:
    """An application for one of the commands that need none, where one is among these arguments."""
    chosen = [
        command for command, unless in ALONE.items() if command.name in arguments and unless not in arguments
    ]
    if not chosen:
        return None
    app = Flask("casework")
    app.cli.add_command(chosen[0])
    return app
