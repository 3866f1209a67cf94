"""Beginning anew with a quorum of recovery shares, at the server's own console only."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext

from casework.cli.drill import ask_for_shares, describe, wipe_screen
from casework.cli.signing_in import stop
from casework.cli.stopping import stoppable
from casework.domain.languages import ENGLISH, LANGUAGES
from casework.domain.member import MemberProfile, clean_login
from casework.errors import CaseworkError, Invalid, ShareRefused, Tampered
from casework.services.recovery import recovering
from casework.services.recovery.recovering import NewCoordinator, Quorum, Recovered
from casework.services.recovery.shareentry import Entered
from casework.services.recovery.waiting import list_waiting
from casework.services.runtime import Runtime
from casework.services.signing_in.passphrases import Choice, generate


@click.command("recover")
@with_appcontext
def recover_command() -> None:
    """Open the records with recovery shares: a new coordinator and host key, the others invited anew.

    Stop casework first. Until the last question nothing is changed; docs/recovery.md goes through it.
    """
    with stoppable():
        _recover(current_app.extensions["casework"])


def _recover(runtime: Runtime) -> None:
    try:
        expected = recovering.find_recovery_key()
        quorum = recovering.open_with(ask_for_shares(Entered()).open(expected))
    except ShareRefused as refused:
        stop([describe(refused)])
    except Tampered:
        stop(["There is no organisation here, or its list of members was changed. Nothing was done."])
    go_on_with(runtime, quorum)


def go_on_with(runtime: Runtime, quorum: Quorum, revoked: Collection[UUID] = ()) -> None:
    """Ask who begins anew, and let them; `revoked` are members of before who stay so."""
    click.echo(f"The shares open {len(list(quorum.keyring.epoch_keys()))} keys.")
    if quorum.closed:
        click.echo(f"These do not open, and what lies under them stays closed: {', '.join(quorum.closed)}.")
        click.confirm("Go on, and leave closed what lies under them?", abort=True)
    quorum = _ask_earlier(quorum)
    who = _ask_who(runtime, quorum)
    click.confirm(
        "Every session ends, and nobody else can sign in until you have invited them again. Go on?",
        abort=True,
    )
    _begin_anew(runtime, quorum, who, revoked)


def _begin_anew(runtime: Runtime, quorum: Quorum, who: NewCoordinator, revoked: Collection[UUID]) -> None:
    try:
        recovered = recovering.begin_anew(runtime, quorum, who, revoked)
    except Invalid as fault:
        stop([f"{field}: {words}" for field, words in fault.faults.items()])
    except KeyboardInterrupt:
        stop(["Stopped in the middle: try to sign in. If you cannot, begin again from the start."])
    except CaseworkError as error:
        stop([f"Nothing was changed: {type(error).__name__}. Is casework still running? Stop it first."])
    click.echo("Done. Start casework, sign in, and invite the others again from the page of members.")
    _tell(recovered)
    click.echo("The shares stay in force. New ones: Members, Recovery shares, Draw new shares.")


def _tell(recovered: Recovered) -> None:
    """Say what is open now, and what is not."""
    if recovered.has_sessions_left:
        click.echo("Redis did not answer: restart it before casework, so that the sessions of before end.")
    click.echo(
        f"{recovered.cases} restricted cases and {recovered.drafts} drafts are yours now:"
        " docs/recovery.md says what to do with them."
    )
    if recovered.closed_cases or recovered.closed_drafts:
        click.echo(
            f"These did not open: {recovered.closed_cases} restricted cases,"
            f" {recovered.closed_drafts} drafts."
            " Sheets from before may open them: keep those, and see docs/recovery.md, Sheets from before."
        )


def _ask_earlier(quorum: Quorum) -> Quorum:
    """Let those who keep sheets from before enter them, where only they open something."""
    waiting = list_waiting(quorum.roster)
    while waiting.total:
        click.echo(
            f"Sealed to earlier sheets only: {waiting.cases} restricted cases, {waiting.drafts} drafts."
            " Who has enough of the sheets from before enters them now."
        )
        if not click.confirm("Enter sheets from before?", default=False):
            break
        try:
            earlier = ask_for_shares(Entered()).combine()
        except ShareRefused as refused:
            click.echo(describe(refused), err=True)
        else:
            quorum = replace(quorum, earlier=(*quorum.earlier, earlier))
            if not click.confirm("Are there sheets of yet another date?", default=False):
                break
    return quorum


def _ask_who(runtime: Runtime, quorum: Quorum) -> NewCoordinator:
    before = recovering.list_members_before(runtime, quorum)
    click.echo("Who are you?")
    for number, profile in enumerate(before.values(), start=1):
        click.echo(f"  {number}  {profile.display_name}")
    click.echo("  0  somebody new")
    number = click.prompt("Number", type=click.IntRange(0, len(before)))
    member_id, profile = list(before.items())[number - 1] if number else _ask_profile()
    return NewCoordinator(member_id, profile, _ask_login(), _ask_passphrase(profile.language))


def _ask_login() -> str:
    while True:
        try:
            return clean_login(click.prompt("Login name from now on"))
        except Invalid as fault:
            click.echo("; ".join(fault.faults.values()), err=True)


def _ask_profile() -> tuple[UUID | None, MemberProfile]:
    language = click.prompt("Language", type=click.Choice(list(LANGUAGES)), default=ENGLISH)
    while True:
        try:
            return None, MemberProfile(click.prompt("Name, as the others see it"), language)
        except Invalid as fault:
            click.echo("; ".join(fault.faults.values()), err=True)


def _ask_passphrase(language: str) -> Choice:
    words = generate(language)
    click.echo(f"Your passphrase from now on. Write it down, then type it back:\n\n    {words}\n")
    while True:
        choice = Choice(click.prompt("The five words", hide_input=True), None, words)
        try:
            recovering.check_choice(choice)
        except Invalid as fault:
            click.echo("; ".join(fault.faults.values()), err=True)
        else:
            wipe_screen()
            return choice
