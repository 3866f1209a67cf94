"""Importing incidents from a CSV file."""

import os
from collections import Counter
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext

from casework.errors import CaseworkError, Forbidden, Invalid, TooSoon, WrongPassphrase
from casework.services.context import Context
from casework.services.importing.mapping import ImportMapping, read_mapping
from casework.services.importing.rows import RefusedRow
from casework.services.importing.run import Report, count_rows, import_incidents
from casework.services.terminal import open_at_terminal

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SHOWN_REFUSALS = 20


@click.command("import-incidents")
@click.argument("file", type=_FILE)
@click.option("--mapping", "mapping_file", type=_FILE, required=True, help="TOML: see docs/import.md.")
@click.option("--dry-run", is_flag=True, help="Read and report, store nothing.")
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write refused rows here.")
@click.option("--login", help="Your login name; asked for when missing.")
@click.option("--passphrase-file", type=_FILE, help="A file that holds your passphrase on its first line.")
@with_appcontext
def import_incidents_command(
    file: Path,
    mapping_file: Path,
    dry_run: bool,
    report_file: Path | None,
    login: str | None,
    passphrase_file: Path | None,
) -> None:
    """Import the rows of a CSV FILE as incidents; a row that is in already is left alone."""
    _keep_files_private()
    try:
        mapping, content = read_mapping(mapping_file.read_bytes()), file.read_bytes()
        context = _sign_in(login, passphrase_file)
        total = count_rows(context, content, mapping)
        with click.progressbar(length=total, label="Rows", show_pos=True) as bar:
            report = import_incidents(context, content, mapping, dry_run, bar.update)
    except Forbidden:
        _stop(["Only a coordinator may import."])
    except Invalid as fault:
        _stop([f"{field}: {words}" for field, words in fault.faults.items()])
    _print_report(report, mapping, dry_run)
    if report_file is not None:
        _write_report(report_file, report)
    if report.refused:
        raise SystemExit(1)


def _sign_in(login: str | None, passphrase_file: Path | None) -> Context:
    if current_app.extensions["casework"].is_closed:
        _stop(["The host key of this database is not here. Put it back, or recover: docs/recovery.md."])
    login = login or click.prompt("Login name")
    if passphrase_file is not None:
        passphrase = passphrase_file.read_text("utf-8").partition("\n")[0]
    else:
        passphrase = click.prompt("Passphrase", hide_input=True)
    try:
        return open_at_terminal(current_app.extensions["casework"], login, passphrase)
    except TooSoon as soon:
        _stop([f"Too many tries did not fit. Wait {soon.seconds} s, then try again."])
    except WrongPassphrase:
        _stop(["The login name or the passphrase is not right."])
    except Forbidden:
        _stop(["A coordinator has to admit you first."])
    except CaseworkError as error:
        _stop([f"casework refuses to open its records: {type(error).__name__}."])


def _print_report(report: Report, mapping: ImportMapping, dry_run: bool) -> None:
    verb = "would be imported" if dry_run else "imported"
    click.echo(f"{report.stored} {verb}, {report.already_stored} in already, {len(report.refused)} refused.")
    if mapping.consents.get("statistics") != "given":
        click.echo("The mapping states no consent to statistics: these rows count in no table.")
    reasons = Counter(f"{field}: {words}" for row in report.refused for field, words in row.faults.items())
    for reason, count in reasons.most_common(_SHOWN_REFUSALS):
        click.echo(f"  {count} × {reason}")
    if len(reasons) > _SHOWN_REFUSALS:
        click.echo("  … and others; --report FILE writes them all.")


def _keep_files_private() -> None:
    """Whatever the command writes while records are open is its account's alone."""
    before = os.umask(0o077)
    click.get_current_context().call_on_close(lambda: os.umask(before))


def _write_report(path: Path, report: Report) -> None:
    """Write the refused rows for this account alone, in the place of what was there: they quote the file."""
    lines = "".join(f"{line}\n" for line in map(_describe, report.refused))
    try:
        # A file made here has mode 600, whatever the one had that it replaces.
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            file.write(lines)
        os.replace(file.name, path)
    except OSError as error:
        _stop([f"The report was not written: {error.strerror}. Of the import everything is as said above."])


def _describe(row: RefusedRow) -> str:
    return f"row {row.number}: " + "; ".join(f"{field}: {words}" for field, words in row.faults.items())


def _stop(lines: list[str]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    raise SystemExit(2)
