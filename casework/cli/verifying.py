"""Verify: open everything, and name what does not open."""

from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import with_appcontext

from casework.cli.importing import _FILE, _sign_in, _stop
from casework.errors import Forbidden
from casework.services.verifying.checking import Failure, Result
from casework.services.verifying.live import verify_live

Verify = Callable[[Callable[[int], None], Callable[[Failure], None], Callable[[int], None]], Result]


@click.command("verify")
@click.option("--login", help="Your login name; asked for when missing.")
@click.option("--passphrase-file", type=_FILE, help="A file that holds your passphrase on its first line.")
@with_appcontext
def verify_command(login: str | None, passphrase_file: Path | None) -> None:
    """Open every record of the database and name each that is hurt, by table and id; exit 1 if any is."""
    context = _sign_in(login, passphrase_file)
    try:
        result = _with_bar(lambda begin, report, advance: verify_live(context, begin, report, advance))
    except Forbidden:
        _stop(["Only a coordinator may verify."])
    if result.failures:
        raise SystemExit(1)


def _with_bar(verify: Verify) -> Result:
    failures: list[Failure] = []
    with click.progressbar(length=1, label="Rows", show_pos=True) as bar:

        def begin(total: int) -> None:
            bar.length = total

        result = verify(begin, failures.append, bar.update)
    for failure in failures:
        click.echo(str(failure))
    closed = f", {result.closed} are others’ alone" if result.closed else ""
    click.echo(f"{result.opened} opened, {result.failures} hurt{closed}.")
    return result
