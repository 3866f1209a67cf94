"""Approving a story as it was seen, by somebody who wrote nothing of it; and taking it back."""

from collections.abc import Collection
from uuid import UUID

from casework.domain.permissions import Permission
from casework.domain.story import PublishedStory
from casework.errors import Conflict
from casework.services.casekeyring import open_case_keys_to_write
from casework.services.cases import open_whole
from casework.services.context import Context
from casework.services.organization import get_organization_profile
from casework.services.stories.numbering import take_number
from casework.services.stories.rows import (
    get_published_row,
    get_row,
    open_published,
    open_story,
    write_published,
    write_story,
)
from casework.services.stories.telling import (
    list_asked,
    mark_of,
    require_clear,
    require_still_offered,
    require_tellable,
    trace,
)
from casework.services.transactions import transaction
from casework.store import stories as store
from casework.store.database import db


def approve_story(
    context: Context, case_id: UUID, story_id: UUID, version: int, mark: str, looked: Collection[str]
) -> int:
    """Publish a story as the approver saw it, under the next number, which is returned.

    `mark` is that of the page that they saw, `looked` the kinds that they went through, and the keys of the
    words that they let stay. Raises Conflict where the story, or what is found in it, changed since;
    Forbidden to whoever wrote any of it; Invalid where somebody does not agree any more, something that has
    to go stands in it, a detail is none that the case gives any more, or a kind or word was left out;
    NotFound.
    """
    context.require(Permission.APPROVE_RELEASES)
    with transaction(context, "story.approved") as opened:
        case = open_whole(context, case_id)
        row, keys = get_row(case_id, story_id, version), open_case_keys_to_write(context, case_id)
        story = open_story(keys, row)
        story.require_other(context.member_id)
        require_tellable(context, case)
        require_still_offered(story.draft, case)
        traces = trace(context, case, story.draft)
        if mark_of(story, traces, version) != mark:
            raise Conflict("story")
        require_clear(traces)
        number = take_number()
        approved = story.approved(number, context.member_id, looked, list_asked(story.draft, traces))
        write_story(keys, row, approved)
        published = PublishedStory(
            number=number,
            approved_in=f"{context.runtime.today():%Y-%m}",
            organization=get_organization_profile(context).name,
            draft=story.draft,
        )
        published_row = store.PublishedStoryRow(id=story_id)
        write_published(context, published_row, published)
        db.session.add(published_row)
        opened.note(case=case_id, story=story_id, number=number)
        return number


def withdraw_story(context: Context, story_id: UUID, version: int, reason: str) -> None:
    """Withdraw an approved story: its words go, here and in its case; number, months and reason stay.

    Raises Conflict where it was withdrawn or changed since, Invalid naming `reason`, NotFound.
    """
    context.require(Permission.APPROVE_RELEASES)
    with transaction(context, "story.withdrawn") as opened:
        row = get_published_row(story_id, version)
        story = open_published(context, row)
        write_published(context, row, story.withdrawn(reason, f"{context.runtime.today():%Y-%m}"))
        if (in_case := store.find_story(story_id)) is not None:
            db.session.delete(in_case)
        opened.note(story=story_id, number=story.number)
