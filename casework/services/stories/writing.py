"""A story until it is approved: written, changed, submitted, given back, thrown away."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from types import MappingProxyType
from uuid import UUID, uuid4

from casework.domain.approval import OPEN
from casework.domain.permissions import Permission
from casework.domain.story import Story
from casework.domain.storydraft import StoryDraft, require_offered
from casework.errors import Conflict, Undecided
from casework.services.access import get_case_row
from casework.services.casekeyring import open_case_keys, open_case_keys_to_write
from casework.services.cases import CaseView, open_whole
from casework.services.context import Context
from casework.services.drafts import drop_drafts
from casework.services.stories.rows import get_row, open_story, write_story
from casework.services.stories.telling import (
    Asked,
    keep,
    list_asked,
    offer_for,
    require_clear,
    require_still_offered,
    require_tellable,
    trace,
)
from casework.services.transactions import transaction
from casework.store import stories as store
from casework.store.database import db


class _Unchanged(Exception):
    """Nothing was decided that was not before."""


def create_story(
    context: Context,
    case_id: UUID,
    draft: StoryDraft,
    kept_as: Collection[UUID] = (),
    form_id: UUID | None = None,
) -> UUID:
    """Begin the story of a case; raises Invalid naming the field, or `consent`, and NotFound.

    With it go the drafts that its form was `kept_as`, and those that name the form.
    """
    context.require(Permission.EDIT_CASES)
    with transaction(context, "story.drafted") as opened:
        case = open_whole(context, case_id)
        require_tellable(context, case)
        require_offered(draft.details, offer_for(case))
        row = store.StoryRow(id=uuid4(), case_id=case_id)
        keys = open_case_keys_to_write(context, case_id)
        write_story(keys, row, Story(draft=draft, writers=(context.member_id,)))
        db.session.add(row)
        drop_drafts(context, kept_as, form_id)
        opened.note(case=case_id, story=row.id)
        return row.id


def change_story(
    context: Context,
    case_id: UUID,
    story_id: UUID,
    version: int,
    draft: StoryDraft,
    kept_as: Collection[UUID] = (),
    form_id: UUID | None = None,
) -> None:
    """Write it anew; who does is one of its writers from now on. Raises Conflict, Invalid, NotFound.

    With it go the form's drafts, as with `create_story`.
    """

    def write(story: Story, case: CaseView) -> Story:
        require_tellable(context, case)
        require_offered(draft.details, offer_for(case))
        drop_drafts(context, kept_as, form_id)
        return story.edited(draft, context.member_id)

    _move(context, "story.changed", (case_id, story_id), version, write)


def submit_story(
    context: Context,
    case_id: UUID,
    story_id: UUID,
    version: int,
    checks: Mapping[str, str],
    reasons: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Ask somebody else to approve it, with a decision about each kind of what could identify.

    `reasons` say why words stay that a program asks about, by their keys (`telling.list_asked`). Who decides
    is one of the writers, and approves nothing of it. Raises Conflict, NotFound, Undecided once what was
    decided is kept, and Invalid for what is missing, words or somebody's consent; or where something that has
    to go stands in the text, or a detail is none that the case gives any more.
    """
    place = (case_id, story_id)

    def decide(story: Story, asked: Mapping[str, Asked]) -> Story:
        return story.decided(checks, keep(context, asked, reasons), context.member_id)

    def submit(story: Story, case: CaseView) -> Story:
        require_tellable(context, case)
        require_still_offered(story.draft, case)
        traces = trace(context, case, story.draft)
        require_clear(traces)
        asked = list_asked(story.draft, traces)
        return (decided := decide(story, asked)).submitted(checks, asked, decided.stays)

    def only_decide(story: Story, case: CaseView) -> Story:
        decided = decide(story, list_asked(story.draft, trace(context, case, story.draft)))
        if (decided.checks, decided.stays) == (story.checks, story.stays):
            raise _Unchanged
        return decided

    try:
        _move(context, "story.submitted", place, version, submit)
    except Undecided:
        with suppress(_Unchanged):
            _move(context, "story.changed", place, version, only_decide)
        raise


def pull_back_story(context: Context, case_id: UUID, story_id: UUID, version: int) -> None:
    """Make what was submitted a draft again; nothing of it is lost. Raises Conflict, NotFound."""
    _move(
        context, "story.pulled_back", (case_id, story_id), version, lambda story, _case: story.pulled_back()
    )


def return_story(context: Context, case_id: UUID, story_id: UUID, version: int, note: str) -> None:
    """Give it back with a note.

    Raises Conflict, Forbidden to whoever wrote any of it, Invalid naming `note`, NotFound.
    """
    context.require(Permission.APPROVE_RELEASES)

    def give_back(story: Story, _case: CaseView) -> Story:
        return story.returned(note, context.member_id)

    _move(context, "story.returned", (case_id, story_id), version, give_back)


def discard_story(context: Context, case_id: UUID, story_id: UUID, version: int) -> None:
    """Throw a draft away for good; raises Conflict, for what was approved too, and NotFound."""
    context.require(Permission.EDIT_CASES)
    with transaction(context, "story.discarded") as opened:
        get_case_row(context, case_id)
        row = get_row(case_id, story_id, version)
        if open_story(open_case_keys(context, case_id), row).state not in OPEN:
            raise Conflict("story")
        db.session.delete(row)
        opened.note(case=case_id, story=story_id)


def _move(
    context: Context,
    event: str,
    place: tuple[UUID, UUID],
    version: int,
    step: Callable[[Story, CaseView], Story],
) -> None:
    context.require(Permission.EDIT_CASES)
    case_id, story_id = place
    with transaction(context, event) as opened:
        case = open_whole(context, case_id)
        row, keys = get_row(case_id, story_id, version), open_case_keys_to_write(context, case_id)
        write_story(keys, row, step(open_story(keys, row), case))
        opened.note(case=case_id, story=story_id)
