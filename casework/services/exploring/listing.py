"""The very incidents behind a number of the explorer, as lists show them."""

from casework.services import lists
from casework.services.context import Context
from casework.services.exploring.asking import find_incidents
from casework.services.exploring.questions import Question
from casework.services.lists import IncidentLine, Page


def list_behind(
    context: Context, question: Question, page: int = 1, whole: bool = False
) -> Page[IncidentLine]:
    """Return a page of the incidents behind an answer, newest first; `whole` makes all of them one page."""
    return lists.show_incidents(context, find_incidents(context, question), 0 if whole else page)
