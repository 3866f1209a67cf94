"""A member's context as of a given moment."""

from dataclasses import replace
from datetime import UTC, datetime

from casework.services.context import Context
from tests.support.application import CASEWORKER, Founded

NOON = datetime(2026, 11, 25, 17, tzinfo=UTC)
"""Noon in Toronto, on a Wednesday."""


def context_at(founded: Founded, login: str = CASEWORKER, now: datetime = NOON) -> Context:
    """Return the member's context with the clock at this moment."""
    context = founded.context(login)
    return replace(context, runtime=replace(context.runtime, now=lambda: now))
