"""Numbers of stories: each is given once, also after a restore that knows nothing of the last ones."""

from datetime import UTC, date

from casework.store import restoration
from casework.store import stories as store

_BEGUN = date(2026, 1, 1)
_OF_A_DAY = 100


def take_number() -> int:
    """Return the number of the story that is approved next, in the caller's transaction.

    After a restore it begins a hundred of its own, by the day of the restore: stories that were approved
    since the backup have numbers that nobody here knows. Two restores share one only within a day.
    """
    last, restored_at = store.last_number(), restoration.find_doubt_of_stories()
    if restored_at is None:
        return last + 1
    restoration.end_doubt_of_stories()
    days = (restored_at.astimezone(UTC).date() - _BEGUN).days
    return max(last, days * _OF_A_DAY) + 1
