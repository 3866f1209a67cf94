"""What the commands for files of long form have in common."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import click

from casework.cli.signing_in import stop

OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
_ZEROS = click.Choice(["published", "suppressible"])


def split_pair(
    _context: click.Context, _parameter: click.Parameter, pairs: tuple[str, ...]
) -> list[tuple[str, str]]:
    """FINE:COARSE as two columns."""
    found = [pair.rpartition(":")[::2] for pair in pairs]
    if any(not fine or not coarse for fine, coarse in found):
        raise click.BadParameter("write the finer column, a colon, the coarser column")
    return found


def shared(command: Callable[..., None]) -> Callable[..., None]:
    """The options that both commands have."""
    for option in (
        click.option("--count", default="count", show_default=True, help="The column of the counts."),
        click.option(
            "--nested",
            multiple=True,
            callback=split_pair,
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


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, or an end with what to do."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        stop([f"{path}: the file is not UTF-8. Save it as CSV with UTF-8."])


def check_outputs(outputs: Sequence[Path | None], inputs: Sequence[Path]) -> None:
    """End, with what to do, where a file that is to be written is one that is read, or stands twice.

    So too where it has no folder: this is asked before anything is worked out.
    """
    taken = {path.resolve(): "is read: name another file to write to" for path in inputs}
    for path in filter(None, outputs):
        if path.resolve() in taken:
            stop([f"{path}: this file {taken[path.resolve()]}."])
        if not path.resolve().parent.is_dir():
            stop([f"{path}: there is no folder {path.parent}. Make it first."])
        taken[path.resolve()] = "stands twice among those to write: name two"


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all, or end with why it cannot be written."""
    begun = path.with_name(f".{path.name}.part")
    try:
        begun.write_text(text, "utf-8", newline="")
        begun.replace(path)
    except OSError as error:
        with suppress(OSError):
            begun.unlink()
        stop([f"{path}: it could not be written ({error.strerror})."])
