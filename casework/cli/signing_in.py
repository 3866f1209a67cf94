"""Signing in at a terminal, and stopping with a sentence: what the commands of members have in common."""

from pathlib import Path
from typing import NoReturn

import click
from flask import current_app

from casework.errors import CaseworkError, Forbidden, Invalid, TooSoon, WrongPassphrase
from casework.services.context import Context
from casework.services.organization import is_founded
from casework.services.signing_in.terminal import open_at_terminal

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
CODE_HELP = "A code of your second factor, if you have one; asked for when missing."


def sign_in(login: str | None, passphrase_file: Path | None, code: str | None) -> Context:
    """Return who is at the terminal; whatever was not given as an option is asked for."""
    runtime = current_app.extensions["casework"]
    if runtime.is_sealed:
        stop(
            ["The organisation is sealed: nobody can sign in. Only make recover opens it: docs/recovery.md."]
        )
    if runtime.is_closed:
        stop(["The host key of this database is not here. Put it back, or recover: docs/recovery.md."])
    if not is_founded():
        stop(["No organisation has been founded here: open casework in a browser first."])
    login = login or click.prompt("Login name")
    if passphrase_file is not None:
        passphrase = passphrase_file.read_text("utf-8").partition("\n")[0]
    else:
        passphrase = click.prompt("Passphrase", hide_input=True)
    try:
        return open_at_terminal(runtime, login, passphrase, lambda: code or click.prompt("Code"))
    except TooSoon as soon:
        stop([f"Too many tries did not fit. Wait {soon.seconds} s, then try again."])
    except WrongPassphrase:
        stop(["The login name or the passphrase is not right."])
    except Invalid:
        stop(["The code does not fit, or was used already. Wait for the next one."])
    except Forbidden as refusal:
        stop([_why(refusal)])
    except CaseworkError as error:
        stop([f"casework refuses to open its records: {type(error).__name__}."])


def stop(lines: list[str]) -> NoReturn:
    """Say this on the error stream, and end with 2."""
    for line in lines:
        click.echo(line, err=True)
    raise SystemExit(2)


def _why(refusal: Forbidden) -> str:
    if str(refusal) == "second factor":
        return "Set up your second factor first: sign in to casework in a browser."
    return "A coordinator has to admit you first."
