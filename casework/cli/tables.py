"""Any frequency table: protected, or attacked, at the terminal, without database and without signing in."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from casework.cli.signing_in import FILE, stop
from casework.disclosure.frequency.files import read_frequencies
from casework.disclosure.frequency.model import Policy
from casework.disclosure.frequency.protecting import Report, protect_frequencies, round_frequencies
from casework.disclosure.outsider.claims import ask_about_unlisted, read_claims
from casework.disclosure.outsider.findings import Finding, Kind, list_findings
from casework.disclosure.outsider.intervals import Outsider
from casework.disclosure.outsider.knowledge import know
from casework.disclosure.outsider.successive import follow
from casework.disclosure.solver import Deadline
from casework.errors import DisclosureRefused, Invalid

_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
_CONTRADICTED = (
    "The files contradict each other, or themselves: they are not of the same population, or a code stands in"
    " no line. If they are of later and later moments, say --successive."
)
_ZEROS = click.Choice(["published", "suppressible"])


def _split(
    _context: click.Context, _parameter: click.Parameter, pairs: tuple[str, ...]
) -> list[tuple[str, str]]:
    """FINE:COARSE as two columns."""
    found = [pair.rpartition(":")[::2] for pair in pairs]
    if any(not fine or not coarse for fine, coarse in found):
        raise click.BadParameter("write the finer column, a colon, the coarser column")
    return found


def _shared(command: Callable[..., None]) -> Callable[..., None]:
    """The options that both commands have."""
    for option in (
        click.option("--count", default="count", show_default=True, help="The column of the counts."),
        click.option(
            "--nested",
            multiple=True,
            callback=_split,
            metavar="FINE:COARSE",
            help="A column that groups the codes of another; as often as needed.",
        ),
        click.option(
            "--threshold",
            default=5,
            show_default=True,
            type=click.IntRange(2),
            help="Counts below are unsafe.",
        ),
        click.option(
            "--zeros",
            default="published",
            show_default=True,
            type=_ZEROS,
            help="Whether every zero is published, or those that have a line may be hidden as well.",
        ),
        click.option(
            "--time-limit",
            "seconds",
            default=60.0,
            show_default=True,
            type=click.FloatRange(0.1),
            help="In seconds.",
        ),
    ):
        command = option(command)
    return command


@click.command("protect")
@click.argument("table", type=FILE)
@_shared
@click.option("--round", "base", type=click.IntRange(2), help="Round to multiples of this instead of hiding.")
@click.option("--out", required=True, type=_OUT, help="The file to publish.")
@click.option("--report", type=_OUT, help="A file that tells what was hidden why. Not for publication.")
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
    """
    policy = Policy(threshold, zeros == "published")
    try:
        read = read_frequencies(_read(table), count, nested)
        made = (
            round_frequencies(read, nested, policy, base, seconds)
            if base
            else protect_frequencies(read, nested, policy, seconds)
        )
    except Invalid as invalid:
        stop([f"{table}: {fault}." for fault in invalid.faults.values()])
    except DisclosureRefused as refused:
        stop([f"Refused: {refused}. Nothing was written."])
    out.write_text(made.text, "utf-8", newline="")
    if report:
        report.write_text(json.dumps(asdict(made.report), indent=2) + "\n", "utf-8")
    click.echo(f"{out}: {_sum_up(made.report, base)} Audit {made.report.audit}.")


@click.command("attack")
@click.argument("files", nargs=-1, required=True, type=FILE)
@_shared
@click.option("--rounded", type=click.IntRange(2), help="The counts are rounded to multiples of this.")
@click.option(
    "--successive", is_flag=True, help="FILES are of later and later moments, and counts only grow."
)
@click.option("--json", "out", type=_OUT, help="Write every interval to this file.")
def attack_command(
    files: tuple[Path, ...],
    count: str,
    nested: list[tuple[str, str]],
    threshold: int,
    zeros: str,
    seconds: float,
    rounded: int | None,
    successive: bool,
    out: Path | None,
) -> None:
    """Work out what FILES, taken together, give away; ends with 1 where a hidden count can be known.

    Each of FILES is a CSV of long form about the same population: a line for each cell, Total where a
    column is summed, no count where it is hidden. A column that a file does not have is summed over.
    """
    try:
        claims = read_claims([_read(path) for path in files], count, nested)
        claims = ask_about_unlisted(claims)
        claims = follow(claims) if successive else claims
        knowledge = know(claims, zeros_published=zeros == "published", rounded=rounded or 1)
        found = list(list_findings(Outsider(knowledge, Deadline(seconds)), threshold))
    except Invalid as invalid:
        stop([f"{fault}." for fault in invalid.faults.values()])
    except DisclosureRefused as refused:
        if refused.reason == "inconsistent":
            stop([_CONTRADICTED])
        stop([f"No answer: {refused}."])
    if out:
        out.write_text(json.dumps([_describe(finding) for finding in found], indent=2) + "\n", "utf-8")
    unsafe = [finding for finding in found if finding.is_unsafe]
    for finding in found:
        click.echo(_say(finding, threshold))
    click.echo(f"{len(found)} counts looked at, {len(unsafe)} of them given away.")
    if unsafe:
        raise SystemExit(1)


def _sum_up(report: Report, base: int | None) -> str:
    if base:
        return f"{report.cells} cells, all rounded to multiples of {base}."
    shown = f"{report.primaries} hidden because they are small, {report.secondaries} to shield them"
    proven = report.bound == report.objective
    least = "is the least possible" if proven else f"may be {report.bound} at the least"
    return f"{report.cells} cells, {shown}; the sum of these, {report.objective}, {least}."


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        stop([f"{path}: the file is not UTF-8. Save it as CSV with UTF-8."])


def _say(finding: Finding, threshold: int) -> str:
    low, high = finding.bounds
    what = str(low) if low == high else f"{low} to {high}" if high is not None else f"{low} or more"
    said = {
        Kind.PUBLISHED: f"{what} stands there, below {threshold}",
        Kind.UNLISTED: f"{what}, though no line gives it",
        Kind.ADDED: f"grew by {what}",
    }.get(finding.kind, what)
    lines = [f"  {'UNSAFE' if finding.is_unsafe else 'open  '} {finding.label}: {said}"]
    return "\n".join([*lines, *(f"         {sentence}" for sentence in finding.why)])


def _describe(finding: Finding) -> dict[str, object]:
    return {
        "cell": dict(finding.named),
        "kind": finding.kind,
        "low": finding.bounds.low,
        "high": finding.bounds.high,
        "unsafe": finding.is_unsafe,
        "why": list(finding.why),
    }
