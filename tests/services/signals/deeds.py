"""Deeds of signals."""

from functools import partial

from casework.services.signals.dismissing import keep_dismissal, restore_signal
from tests.services.deed import Deed
from tests.support.application import COORDINATOR, Founded
from tests.support.records import dismissal

TABLES = {"dismissal"}


def dismiss(founded: Founded) -> Deed:
    """Dismiss one."""
    return Deed(partial(keep_dismissal, founded.context(), dismissal()), COORDINATOR, TABLES)


def restore(founded: Founded) -> Deed:
    """Take the dismissal back."""
    dismissal_id = keep_dismissal(founded.context(), dismissal())
    return Deed(partial(restore_signal, founded.context(), dismissal_id), COORDINATOR, TABLES)
