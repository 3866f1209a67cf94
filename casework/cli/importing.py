"""Importing incidents from a CSV file."""

import os
from collections import Counter
from pathlib import Path
from tempfile import NamedTemporaryFile

import click
from flask.cli import with_appcontext

from casework.cli.signing_in import CODE_HELP, FILE, sign_in, stop
from casework.errors import Forbidden, Invalid
from casework.services.importing.mapping import ImportMapping
from casework.services.importing.mappingfile import read_mapping
from casework.services.importing.rows import RefusedRow
from casework.services.importing.run import Report, count_rows, import_incidents

_SHOWN_REFUSALS = 20


@click.command("import-incidents")
@click.argument("file", type=FILE)
@click.option("--mapping", "mapping_file", type=FILE, required=True, help="TOML: see docs/import.md.")
@click.option("--dry-run", is_flag=True, help="Read and report, store nothing.")
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write refused rows here.")
@click.option("--login", help="Your login name; asked for when missing.")
@click.option("--passphrase-file", type=FILE, help="A file that holds your passphrase on its first line.")
@click.option("--code", help=CODE_HELP)
@with_appcontext
def import_incidents_command(
    file: Path,
    mapping_file: Path,
    dry_run: bool,
    report_file: Path | None,
    login: str | None,
    passphrase_file: Path | None,
    code: str | None,
) -> None:
    """Import the rows of a CSV FILE as incidents; a row that is in already is left alone."""
    _keep_files_private()
    try:
        mapping, content = read_mapping(mapping_file.read_bytes()), file.read_bytes()
        context = sign_in(login, passphrase_file, code)
        total = count_rows(context, content, mapping)
        with click.progressbar(length=total, label="Rows", show_pos=True) as bar:
            report = import_incidents(context, content, mapping, dry_run, bar.update)
    except Forbidden:
        stop(["Only a coordinator may import."])
    except Invalid as fault:
        stop([f"{field}: {words}" for field, words in fault.faults.items()])
    _print_report(report, mapping, dry_run)
    if report_file is not None:
        _write_report(report_file, report)
    if report.refused:
        raise SystemExit(1)


def _print_report(report: Report, mapping: ImportMapping, dry_run: bool) -> None:
    verb = "would be imported" if dry_run else "imported"
    click.echo(f"{report.stored} {verb}, {report.already_stored} in already, {len(report.refused)} refused.")
    if not mapping.counts:
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
        stop([f"The report was not written: {error.strerror}. Of the import everything is as said above."])


def _describe(row: RefusedRow) -> str:
    return f"row {row.number}: " + "; ".join(f"{field}: {words}" for field, words in row.faults.items())
