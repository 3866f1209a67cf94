"""The recovery drill at a terminal: shares are typed one after the other, and nothing of them stays."""

import sys

import click
from flask.cli import with_appcontext

from casework.cli.signing_in import CODE_HELP, sign_in, stop
from casework.domain.recovery import REFUSALS
from casework.errors import Forbidden, ShareRefused
from casework.services.recovery import drills
from casework.services.recovery.shareentry import Entered, correct

_FEW = 2
_CLEAR_WITH_HISTORY = "\033[H\033[2J\033[3J"


@click.command("drill")
@click.option("--login", help="Your login name; asked for when missing.")
@click.option("--code", help=CODE_HELP)
@with_appcontext
def drill_command(login: str | None, code: str | None) -> None:
    """Prove that a quorum of recovery shares opens everything; nothing changes but the date of the drill."""
    context = sign_in(login, None, code)
    try:
        entered = ask_for_shares(drills.begin_entering(context))
        opened = drills.drill(context, entered)
    except Forbidden:
        stop(["Only a coordinator may hold a drill."])
    except ShareRefused as refused:
        stop([describe(refused)])
    if opened.failed:
        stop(["The sheets are right. These do not open with them:", *opened.failed])
    what = f"{opened.epoch_keys} keys, {opened.cases} restricted cases, {opened.drafts} drafts."
    click.echo(f"The shares open {'' if opened.waiting.total else 'everything: '}{what}")
    if opened.waiting.total:
        click.echo(
            f"Sealed to earlier sheets only: {opened.waiting.cases} restricted cases,"
            f" {opened.waiting.drafts} drafts. Keep those sheets."
            " Members, Recovery shares says whom this waits for."
        )
    click.echo("Nothing was changed but the date of the drill.")


def ask_for_shares(entered: Entered) -> Entered:
    """Ask until enough shares are entered; one that cannot be taken is told, and asked for again.

    Where one or two words are wrong only these are asked for.
    """
    typed = ""
    while not entered.is_complete:
        typed = typed or _ask_share(entered)
        try:
            entered = entered.add(typed)
        except ShareRefused as refused:
            click.echo(describe(refused), err=True)
            typed = _ask_words(typed, refused)
        else:
            typed = ""
            click.echo(
                f"Share {entered.numbers[-1]} is entered: {len(entered.shares)} of {entered.threshold}."
            )
    return entered


def _ask_share(entered: Entered) -> str:
    which = "another sheet" if entered.shares else "a sheet"
    typed: str = click.prompt(f"Words of {which}, on one line")
    wipe_screen()
    return typed


def _ask_words(typed: str, refused: ShareRefused) -> str:
    """Return the share with other words where some are wrong, or nothing: then all of it is typed again.

    A whole share may be the answer too: whoever pastes it has not read the question.
    """
    if refused.reason not in ("unknown", "changed") or len(refused.numbers) > _FEW:
        return ""
    words: dict[int, str] = {}
    for number in refused.numbers:
        asked = f"Word {number} on the sheet (Enter: type all again)"
        word: str = click.prompt(asked, default="", show_default=False)
        wipe_screen()
        if len(word.split()) != 1:
            if word.strip():
                click.echo("That is more than one word: it is read as all words of a sheet.", err=True)
            return word.strip()
        words[number] = word
    return correct(typed, words)


def describe(refused: ShareRefused) -> str:
    """Say why a share cannot be taken."""
    return REFUSALS[refused.reason] % {"numbers": ", ".join(str(number) for number in refused.numbers)}


def wipe_screen() -> None:
    """Take the words off the screen, and out of what can be scrolled back to."""
    if sys.stdout.isatty():
        click.echo(_CLEAR_WITH_HISTORY, nl=False)
