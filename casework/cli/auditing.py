"""Verifying the audit log at the terminal."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from casework.cli.signing_in import CODE_HELP, FILE, sign_in, stop
from casework.errors import Forbidden
from casework.services.auditing.findings import WORDS
from casework.services.auditing.verifying import Anchor, Report, verify_log
from casework.services.auditing.watched import keep_report

_SHOWN = 200


@click.command("verify-audit")
@click.option(
    "--anchor", "anchors", multiple=True, help="NUMBER:HASH, as noted by a backup or an earlier run."
)
@click.option("--login", help="Your login name; asked for when missing.")
@click.option("--passphrase-file", type=FILE, help="A file that holds your passphrase on its first line.")
@click.option("--code", help=CODE_HELP)
@with_appcontext
def verify_audit_command(
    anchors: tuple[str, ...], login: str | None, passphrase_file: Path | None, code: str | None
) -> None:
    """Check the audit log, and every row of the database against it; ends with 1 where something is wrong."""
    noted = [_read_anchor(anchor) for anchor in anchors]
    context = sign_in(login, passphrase_file, code)
    try:
        with click.progressbar(length=1, label="Entries and rows", show_pos=True) as bar:

            def advance(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            report = verify_log(context, noted, advance)
            keep_report(context, report)
    except Forbidden:
        stop(["Only a coordinator can read the audit log."])
    _print_report(report)
    if report.findings:
        raise SystemExit(1)


def _read_anchor(typed: str) -> Anchor:
    sequence, _colon, hash_ = typed.partition(":")
    try:
        noted = int(sequence), bytes.fromhex(hash_)
    except ValueError:
        noted = 0, b""
    if noted[0] < 1 or len(noted[1]) != 32:
        stop(["--anchor: write the number of an entry, a colon, and its hash in 64 hex digits."])
    return noted


def _print_report(report: Report) -> None:
    for finding in report.findings[:_SHOWN]:
        click.echo(f"  {WORDS[finding.fault] % finding.values}")
    if len(report.findings) > _SHOWN:
        click.echo(f"  … and {len(report.findings) - _SHOWN} more.")
    click.echo(f"Faults found: {len(report.findings)}.")
    click.echo(f"Entries {report.first} to {report.last} were checked, and {report.rows} rows against them.")
    click.echo(f"The key of a member vouches for everything up to entry {report.vouched}.")
    if report.older_rows:
        click.echo(f"Not covered: {report.older_rows} rows that are older than the log.")
    if report.unread:
        click.echo(f"Not covered: {report.unread} entries under keys that you were not given.")
    click.echo(f"To check later that nothing was cut off, note: --anchor {report.last}:{report.hash.hex()}")
