"""Looking whether anything is wrong with the server: nobody signs in for it."""

import json
from datetime import UTC, date, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from casework.services.doctor.examining import examine
from casework.services.doctor.findings import TITLES, Finding, Size, State, Value, gravest
from casework.services.doctor.gathering import gather_facts

_SHOWN = 20
_MARKS = {
    State.FINE: "fine",
    State.UNKNOWN: "not known",
    State.WARNING: "WARNING",
    State.WRONG: "WRONG",
}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")
@with_appcontext
def doctor_command(as_json: bool) -> None:
    """Look at disks, memory, keys, rights, backups, clock and database; ends with 1 if something is wrong.

    Run it as casework's own account. Nobody signs in, and nothing is changed.
    """
    extensions = current_app.extensions
    facts = gather_facts(extensions["casework"], extensions["casework.surroundings"])
    findings = examine(facts)
    if as_json:
        told = {
            "state": gravest(findings),
            "at": facts.now.isoformat(),
            "checks": list(map(_spell, findings)),
        }
        click.echo(json.dumps(told))
    else:
        for finding in findings:
            _print(finding)
    if gravest(findings) == State.WRONG:
        raise SystemExit(1)


def _print(finding: Finding) -> None:
    click.echo(f"{_MARKS[finding.state]:<10} {TITLES[finding.check]}: {_say(finding)}")
    for line in (finding.advice, *finding.where[:_SHOWN]):
        if line:
            click.echo(f"{'':<10}   {line}")
    if len(finding.where) > _SHOWN:
        click.echo(f"{'':<10}   … and {len(finding.where) - _SHOWN} more")


def _spell(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check,
        "state": finding.state,
        "sentence": _say(finding),
        "advice": finding.advice,
        "where": finding.where,
    }


def _say(finding: Finding) -> str:
    values = {name: _write(value) for name, value in finding.values.items()}
    return finding.sentence % values if values else finding.sentence


def _write(value: Value) -> str:
    match value:
        case Size():
            return f"{value.bytes / 1e9:.1f} GB" if value.bytes >= 1e9 else f"{value.bytes / 1e6:.0f} MB"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        case date():
            return value.isoformat()
    return str(value)
