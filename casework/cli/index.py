"""The coded index: made anew, and held against the records."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from casework.cli.signing_in import CODE_HELP, FILE, sign_in, stop
from casework.errors import Conflict, IndexUnusable, UnknownKey
from casework.services.index.checking import Verified, verify_index
from casework.services.index.folding import rebuild

_REASONS = {
    "damaged": "A record does not open: verify names it. Until it is mended the records themselves are read.",
    "hurt": "The index does not open. It is made anew by itself; `index rebuild` does it now.",
}
_login = click.option("--login", help="Your login name; asked for when missing.")
_passphrase = click.option(
    "--passphrase-file", type=FILE, help="A file that holds your passphrase on its first line."
)
_code = click.option("--code", help=CODE_HELP)


@click.group("index")
def index_command() -> None:
    """The coded index, from which tables are counted: it holds nothing that the records do not."""


@index_command.command("rebuild")
@_login
@_passphrase
@_code
@with_appcontext
def rebuild_command(login: str | None, passphrase_file: Path | None, code: str | None) -> None:
    """Make the index anew from the records."""
    try:
        cases = rebuild(sign_in(login, passphrase_file, code))
    except UnknownKey:
        stop(["You have no key to coded answers."])
    except Conflict:
        stop(["Somebody else changed the index meanwhile. Try again."])
    except IndexUnusable as unusable:
        stop([_REASONS.get(unusable.reason, unusable.reason)])
    click.echo(f"{cases} cases are in the index.")


@index_command.command("verify")
@_login
@_passphrase
@_code
@with_appcontext
def verify_command(login: str | None, passphrase_file: Path | None, code: str | None) -> None:
    """Open every record that the index tells of, and compare; the exit status is 1 where anything differs."""
    try:
        verified = verify_index(sign_in(login, passphrase_file, code))
    except UnknownKey:
        stop(["You have no key to coded answers."])
    for line in _describe(verified):
        click.echo(line)
    if not verified.is_sound:
        raise SystemExit(1)


def _describe(verified: Verified) -> list[str]:
    if verified.reason:
        return [_REASONS.get(verified.reason, verified.reason)]
    return [
        *(f"differs from its records: case {case_id}" for case_id in verified.differing),
        *(f"not in the index: case {case_id}" for case_id in verified.missing),
        *([f"{verified.surplus} columns belong to nothing."] if verified.surplus else ()),
        f"{verified.cases} cases in the index, {verified.changed_since} changed since.",
    ]
