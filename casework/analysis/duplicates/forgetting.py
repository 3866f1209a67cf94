"""What was read of names and dates is remembered for speed: this forgets it, as the records are."""

from .birthdates import read_birth_date
from .names import name_parts, skeleton


def forget_people() -> None:
    """Forget every name and date that was read."""
    for remembered in (name_parts, skeleton, read_birth_date):
        remembered.cache_clear()
