"""Typing shares at a terminal."""

import click
from click.testing import CliRunner

from casework.cli.drill import ask_for_shares
from casework.services.recovery.shareentry import Entered
from casework.vault.recovery import split


def test_a_whole_share_where_one_word_was_asked_for_is_read_as_one() -> None:
    """Whoever pastes it has not read the question; it is said, and taken."""
    first, second, _third = split(bytes(range(32)))
    words = first.split()
    wrong = " ".join([*words[:4], "zzzzzz", *words[5:]])

    @click.command()
    def enter() -> None:
        click.echo(str(ask_for_shares(Entered()).numbers))

    result = CliRunner().invoke(enter, input=f"{wrong}\n{first}\n{second}\n")
    assert result.exit_code == 0, result.output
    assert "more than one word" in result.output
    assert "2 of 2" in result.output
