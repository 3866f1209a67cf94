"""One of each deed on stories, for the tests that break deeds."""

from collections.abc import Callable
from uuid import UUID

from casework.domain.storychecks import ITEMS
from casework.services.context import Context
from casework.services.stories import approving, writing
from casework.services.stories.files import give_file
from casework.services.stories.reading import get_story
from tests.services.deed import Deed
from tests.services.stories.written import CHECKS, draft, log, publish, submit
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded

Step = Callable[[Context, UUID, UUID], object]


def begin(founded: Founded) -> Deed:
    """A draft."""
    case_id, context = log(founded), founded.context(CASEWORKER)
    return Deed(lambda: writing.create_story(context, case_id, draft()), CASEWORKER, {"story"})


def _on_draft(step: Step) -> Callable[[Founded], Deed]:
    def prepare(founded: Founded) -> Deed:
        case_id = log(founded)
        story_id = writing.create_story(founded.context(CASEWORKER), case_id, draft())
        context = founded.context(CASEWORKER)
        return Deed(lambda: step(context, case_id, story_id), CASEWORKER, {"story"})

    return prepare


change = _on_draft(lambda context, case, key: writing.change_story(context, case, key, 1, draft()))
discard = _on_draft(lambda context, case, key: writing.discard_story(context, case, key, 1))
send = _on_draft(lambda context, case, key: writing.submit_story(context, case, key, 1, CHECKS))


def pull_back(founded: Founded) -> Deed:
    """A submitted one, taken back."""
    case_id = log(founded)
    story_id, context = submit(founded, case_id), founded.context(CASEWORKER)
    return Deed(lambda: writing.pull_back_story(context, case_id, story_id, 2), CASEWORKER, {"story"})


def give_back(founded: Founded) -> Deed:
    """A submitted one, with a note."""
    case_id = log(founded)
    story_id, context = submit(founded, case_id), founded.context()
    return Deed(
        lambda: writing.return_story(context, case_id, story_id, 2, "Which car?"), COORDINATOR, {"story"}
    )


def allow(founded: Founded) -> Deed:
    """The approval itself, after a look."""
    case_id = log(founded)
    story_id, context = submit(founded, case_id), founded.context()
    mark = get_story(context, case_id, story_id).mark
    return Deed(
        lambda: approving.approve_story(context, case_id, story_id, 2, mark, ITEMS),
        COORDINATOR,
        {"published_story", "story"},
    )


def take(founded: Founded) -> Deed:
    """A file of an approved one."""
    _case, story_id = publish(founded)
    context = founded.context(ADVOCATE)
    return Deed(lambda: give_file(context, story_id, "story-1-fr.txt"), ADVOCATE, set())


def withdraw(founded: Founded) -> Deed:
    """An approved one."""
    _case, story_id = publish(founded)
    context = founded.context()
    return Deed(
        lambda: approving.withdraw_story(context, story_id, 1, "They asked us to."),
        COORDINATOR,
        {"published_story", "story"},
    )
