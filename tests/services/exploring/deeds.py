"""One of each deed of saved views, for the tests that break deeds."""

from uuid import UUID

from casework.services.exploring import views
from casework.services.exploring.questions import Question
from casework.services.exploring.views import ViewDraft
from tests.services.deed import Deed
from tests.support.application import CASEWORKER, Founded

TABLES = {"saved_view"}


def view_draft(name: str = "Tickets to detention", is_shared: bool = True) -> ViewDraft:
    """Return a view as a form gives it."""
    question = Question(by="year", filters={"contact_group": ("ticket",)})
    return ViewDraft(name, "explore", question, is_shared)


def kept(founded: Founded, login: str = CASEWORKER, draft: ViewDraft | None = None) -> UUID:
    """Keep a view; returns its id."""
    return views.keep_view(founded.context(login), draft or view_draft())


def keep(founded: Founded) -> Deed:
    """Keep a view."""
    context = founded.context(CASEWORKER)
    return Deed(lambda: views.keep_view(context, view_draft()), CASEWORKER, TABLES)


def remove(founded: Founded) -> Deed:
    """Remove it."""
    view_id, context = kept(founded), founded.context(CASEWORKER)
    return Deed(lambda: views.remove_view(context, view_id), CASEWORKER, TABLES)


def restore(founded: Founded) -> Deed:
    """Bring it back."""
    view_id = kept(founded)
    views.remove_view(founded.context(CASEWORKER), view_id)
    context = founded.context(CASEWORKER)
    return Deed(lambda: views.restore_view(context, view_id), CASEWORKER, TABLES)
