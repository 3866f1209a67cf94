"""Contexts of another day."""

from dataclasses import replace
from datetime import timedelta

from casework.services.context import Context


def later(context: Context, days: int) -> Context:
    """Return the member's context as it would be so many days from now."""
    now = context.runtime.now() + timedelta(days=days)
    return replace(context, runtime=replace(context.runtime, now=lambda: now))
