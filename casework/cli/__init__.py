"""Commands: `flask --app run …`; each calls one service."""

from flask import Flask

from casework.cli import attacking, auditing, backups, drill, importing, recover, restoring, tables, verifying

COMMANDS = (
    auditing.verify_audit_command,
    backups.backup_command,
    drill.drill_command,
    importing.import_incidents_command,
    recover.recover_command,
    restoring.restore_command,
    attacking.attack_command,
    tables.protect_command,
    verifying.verify_command,
)
ALONE = (attacking.attack_command, tables.protect_command)
"""Those that need neither a database nor any setting."""


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in COMMANDS:
        app.cli.add_command(command)


def make_bare(name: str) -> Flask | None:
    """An application for one of the commands that need none, else None."""
    chosen = [command for command in ALONE if command.name == name]
    if not chosen:
        return None
    app = Flask("casework")
    app.cli.add_command(chosen[0])
    return app
