"""Any frequency table, protected at the terminal, without database and without signing in."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from casework.cli.files import OUT, check_outputs, read_text, shared, write_text
from casework.cli.signing_in import FILE, stop
from casework.disclosure.frequency.files import read_frequencies
from casework.disclosure.frequency.model import Policy
from casework.disclosure.frequency.protecting import Report, protect_frequencies, round_frequencies
from casework.errors import DisclosureRefused, Invalid


@click.command("protect")
@click.argument("table", type=FILE)
@shared
@click.option("--round", "base", type=click.IntRange(2), help="Round to multiples of this instead of hiding.")
@click.option("--out", required=True, type=OUT, help="The file to publish.")
@click.option("--report", type=OUT, help="A file that tells what was hidden why. Not for publication.")
def protect_command(
    table: Path,
    count: str,
    nested: list[tuple[str, str]],
    threshold: int,
    zeros: str,
    seconds: float,
    base: int | None,
    out: Path,
    report: Path | None,
) -> None:
    """Hide the small counts of TABLE, and as little else as keeps anybody from working them out.

    TABLE is a CSV with a line for each combination of the detailed codes; those without a line are zero.
    Fields are divided by commas, semicolons or tabs, and so are those of the file to publish.
    """
    check_outputs([out, report], [table])
    policy = Policy(threshold, zeros == "published")
    try:
        read = read_frequencies(read_text(table), count, nested)
        made = (
            round_frequencies(read, nested, policy, base, seconds)
            if base
            else protect_frequencies(read, nested, policy, seconds)
        )
    except Invalid as invalid:
        stop([f"{table}: {fault}." for fault in invalid.faults.values()])
    except DisclosureRefused as refused:
        stop([f"Refused: {refused}. Nothing was written."])
    write_text(out, made.text)
    if report:
        write_text(report, json.dumps(asdict(made.report), indent=2) + "\n")
    click.echo(f"{out}: {_sum_up(made.report, base)} Audit {made.report.audit}.")


def _sum_up(report: Report, base: int | None) -> str:
    if base:
        return f"{report.cells} cells, all rounded to multiples of {base}."
    shown = f"{report.primaries} hidden because they are small, {report.secondaries} to shield them"
    proven = report.bound == report.objective
    least = "is the least possible" if proven else f"may be {report.bound} at the least"
    return f"{report.cells} cells, {shown}; the sum of these, {report.objective}, {least}."
