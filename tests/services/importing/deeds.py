"""One of each deed of the import, for the tests that break deeds."""

from casework.services.importing import remembering
from casework.services.importing.plan import Plan
from casework.services.importing.wizard import begin_import, import_some, undo_import
from tests.services.deed import Deed
from tests.services.importing.lists import bring_in, send, try_list, write_list
from tests.support.application import COORDINATOR, Founded


def begin(founded: Founded) -> Deed:
    """Begin to bring a list in."""
    context = founded.context()
    upload = try_list(context, send(context, write_list()))
    return Deed(lambda: begin_import(context, upload.id), COORDINATOR, {"import_batch"})


def take_out(founded: Founded) -> Deed:
    """Have a list taken out."""
    context = founded.context()
    batch_id = bring_in(context, write_list())
    return Deed(lambda: undo_import(context, batch_id), COORDINATOR, {"import_batch"})


def take_some_out(founded: Founded) -> Deed:
    """Take some of it out."""
    context = founded.context()
    undo_import(context, bring_in(context, write_list()))
    tables = {"case", "case_key", "fact_index", "import_batch", "imported_row", "incident", "person"}
    return Deed(lambda: import_some(context), COORDINATOR, tables)


def remember(founded: Founded) -> Deed:
    """Remember a mapping."""
    context = founded.context()
    act = lambda: remembering.remember_mapping(context, "Mardi", ["No"], Plan("a list"))  # noqa: E731
    return Deed(act, COORDINATOR, {"import_mapping"})


def forget(founded: Founded) -> Deed:
    """Forget it."""
    mapping_id = remembering.remember_mapping(founded.context(), "Mardi", ["No"], Plan("a list"))
    context = founded.context()
    return Deed(lambda: remembering.forget_mapping(context, mapping_id), COORDINATOR, {"import_mapping"})
