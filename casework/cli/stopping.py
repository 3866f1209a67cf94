"""Stopping at a prompt: what was half typed goes off the screen, and it is said what has happened so far."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from casework.cli.drill import wipe_screen

UNCHANGED = "Stopped. Nothing was changed."


@contextmanager
def stoppable(tell: Callable[[], str] = lambda: UNCHANGED) -> Iterator[None]:
    """Let whoever presses Ctrl-C, or says no, leave with a sentence and the status 1."""
    try:
        yield
    except (click.Abort, KeyboardInterrupt):
        wipe_screen()
        click.echo(f"\n{tell()}", err=True)
        raise SystemExit(1) from None
