"""Contexts of another day."""

from dataclasses import replace
from datetime import timedelta

from casework.services.context import Context


def later(context: Context, days: int) -> Context:
    """Return the member's context as it would be in so many days, at the same hour where the organization is.

    Not so many times 24 hours: an hour before midnight that would be a day too far once clocks have changed.
    """
    here = context.runtime.now().astimezone(context.runtime.timezone)
    now = here + timedelta(days=days)
    return replace(context, runtime=replace(context.runtime, now=lambda: now))
