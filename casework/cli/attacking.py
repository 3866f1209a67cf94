"""Published tables attacked at the terminal, without database and without signing in."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from casework.cli.files import OUT, check_outputs, read_text, shared, write_text
from casework.cli.signing_in import FILE, stop
from casework.disclosure.outsider.attacking import Attack
from casework.disclosure.outsider.claims import Kind, say
from casework.disclosure.outsider.findings import Finding
from casework.disclosure.outsider.tagging import Tags
from casework.disclosure.solver import Deadline
from casework.errors import DisclosureRefused, Invalid

_EACH: Final = 100
_CONTRADICTED = (
    "The files contradict each other, or themselves: they are not of the same population, or a code stands in"
    " no line. If they are of later and later moments, say --successive."
)


def _split_percents(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """COLUMN[:OF] as the column and those that are summed."""
    found = {}
    for value in values:
        column, _colon, summed = value.partition(":")
        found[column] = tuple(name for name in summed.split(",") if name)
    return found


def _split_tags(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> Tags | None:
    """COLUMN[:NONE,UNKNOWN] as the column and the codes that exclude all others."""
    if len(values) > 1:
        raise click.BadParameter("one column of tags at a time can be looked at")
    parts = [value.partition(":") for value in values]
    return next((Tags(column, tuple(filter(None, alone.split(",")))) for column, _, alone in parts), None)


@click.command("attack")
@click.argument("files", nargs=-1, required=True, type=FILE)
@shared
@click.option("--rounded", type=click.IntRange(2), help="Counts are rounded to multiples of this.")
@click.option(
    "--successive", is_flag=True, help="FILES are of later and later moments, and counts only grow."
)
@click.option(
    "--outcome",
    "outcomes",
    multiple=True,
    metavar="COLUMN",
    help="Find groups that are all of one code of it; as often as needed.",
)
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="COLUMN",
    help="A column that makes such groups; without it every other does.",
)
@click.option(
    "--percent",
    "percents",
    multiple=True,
    callback=_split_percents,
    metavar="COLUMN[:OF]",
    help="Whole per cents of the total, or of the sum over the columns OF (a,b); as often as needed.",
)
@click.option(
    "--tags",
    multiple=True,
    callback=_split_tags,
    metavar="COLUMN[:NONE,UNKNOWN]",
    help="A column of which one unit may have several codes; but those named here it has alone.",
)
@click.option(
    "--insider",
    "insiders",
    is_flag=True,
    help="Attack as somebody of each cell too, who knows of themselves.",
)
@click.option("--json", "out", type=OUT, help="Write every interval to this file.")
def attack_command(
    files: tuple[Path, ...],
    zeros: str,
    seconds: float,
    rounded: int | None,
    out: Path | None,
    **options: Any,
) -> None:
    """Work out what FILES, taken together, give away; ends with 1 where a hidden count can be known.

    Each of FILES is a CSV of long form about the same population: a line for each cell, Total where a
    column is summed, no count where it is hidden. A column that a file does not have is summed over.
    """
    check_outputs([out], files)
    attack = Attack(zeros_published=zeros == "published", rounded=rounded or 1, **options)
    found = _carry_out(attack, files, seconds)
    if out:
        write_text(out, json.dumps([_describe(finding) for finding in found], indent=2) + "\n")
    unsafe = [finding for finding in found if finding.is_unsafe]
    for finding in found:
        click.echo(_say(finding, attack.threshold))
    click.echo(f"{len(found)} counts looked at, {len(unsafe)} of them given away.")
    if unsafe:
        raise SystemExit(1)


def _carry_out(attack: Attack, files: Sequence[Path], seconds: float) -> list[Finding]:
    texts = [read_text(path) for path in files]
    try:
        return list(attack.carry_out(texts, Deadline(seconds), _Telling()))
    except Invalid as invalid:
        stop([f"{_name_file(str(fault), files)}." for fault in invalid.faults.values()])
    except DisclosureRefused as refused:
        if refused.reason == "inconsistent":
            stop([_CONTRADICTED])
        stop([f"No answer: {refused}."])


def _name_file(fault: str, files: Sequence[Path]) -> str:
    """The engine knows files by their number alone."""
    for number, path in enumerate(files, 1):
        if fault.startswith(begun := f"file {number}: "):
            return f"{path}: {fault.removeprefix(begun)}"
    return fault


class _Telling:
    """A sign of life where there is much to do."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self) -> None:
        self._count += 1
        if self._count % _EACH == 0:
            click.echo(f"{self._count} counts looked at so far", err=True)


def _say(finding: Finding, threshold: int) -> str:
    low, high = finding.bounds
    what = str(low) if low == high else f"{low} to {high}" if high is not None else f"{low} or more"
    said = {
        Kind.PUBLISHED: f"{what} stands there, below {threshold}",
        Kind.UNLISTED: f"{what}, though no line gives it",
        Kind.ADDED: f"grew by {what}",
        Kind.PERCENT: f"{what}, by the per cents",
        Kind.COMPLEMENT: f"{what} without it",
        Kind.GAP: f"{what} with an answer, but without it",
        Kind.INSIDER: f"{what} others, to somebody of {say(finding.insider or ())}",
        Kind.OUTCOME: f"{what} of this group can be anything else",
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
        **({} if finding.insider is None else {"insider": dict(finding.insider)}),
    }
