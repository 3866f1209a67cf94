"""A deed for every audit event of a case's files."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from casework.services.attachments import adding, keeping, sweeping
from casework.services.incidents import log_incident
from tests.services.deed import Deed
from tests.support.application import CASEWORKER, Founded
from tests.support.files import photo, recording
from tests.support.records import incident_draft

_WRITTEN = {"attachment", "case", "revision"}


def _attached(founded: Founded, content: bytes = b"") -> tuple[UUID, UUID]:
    case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    pieces = [content or recording()]
    return case_id, adding.add_attachment(founded.context(CASEWORKER), case_id, "a file", "", pieces)


def add_file(founded: Founded) -> Deed:
    """Add one."""
    case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    context = founded.context(CASEWORKER)
    return Deed(
        lambda: adding.add_attachment(context, case_id, "a file", "", [recording()]), CASEWORKER, _WRITTEN
    )


def change_file(founded: Founded) -> Deed:
    """Give one another name."""
    place, context = _attached(founded), founded.context(CASEWORKER)
    return Deed(lambda: keeping.change_file(context, *place, 1, "another", "note"), CASEWORKER, _WRITTEN)


def remove_file(founded: Founded) -> Deed:
    """Remove one."""
    place, context = _attached(founded), founded.context(CASEWORKER)
    return Deed(lambda: keeping.remove_file(context, *place), CASEWORKER, {"attachment", "revision"})


def restore_file(founded: Founded) -> Deed:
    """Put one back."""
    place = _attached(founded)
    keeping.remove_file(founded.context(CASEWORKER), *place)
    context = founded.context(CASEWORKER)
    return Deed(lambda: keeping.restore_file(context, *place), CASEWORKER, _WRITTEN)


def erase_file(founded: Founded) -> Deed:
    """Erase one that was removed long ago."""
    keeping.remove_file(founded.context(CASEWORKER), *_attached(founded))
    context, later = founded.context(CASEWORKER), founded.runtime.now() + timedelta(days=40)
    context = replace(context, runtime=replace(context.runtime, now=lambda: later))
    return Deed(lambda: sweeping.erase_removed_file(context), CASEWORKER, {"attachment", "revision"})


def take_cleaned(founded: Founded) -> Deed:
    """Take a cleaned copy."""
    return _give(founded, "cleaned")


def take_original(founded: Founded) -> Deed:
    """Take an original."""
    return _give(founded, "original")


def view_preview(founded: Founded) -> Deed:
    """Look at a preview."""
    return _give(founded, "preview")


def _give(founded: Founded, copy: str) -> Deed:
    place, context = _attached(founded, photo()), founded.context(CASEWORKER)
    return Deed(lambda: list(keeping.give_copy(context, *place, copy).content), CASEWORKER)
