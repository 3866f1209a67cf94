"""Commands: `flask --app run …`; each calls one service."""

from flask import Flask

from casework.cli import auditing, backups, drill, importing, recover, restoring, verifying

COMMANDS = (
    auditing.verify_audit_command,
    backups.backup_command,
    drill.drill_command,
    importing.import_incidents_command,
    recover.recover_command,
    restoring.restore_command,
    verifying.verify_command,
)


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in COMMANDS:
        app.cli.add_command(command)
