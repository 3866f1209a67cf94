"""Stories as rows: in their case under its keys, and published under the key that advocates hold too."""

from uuid import UUID

from casework.domain.story import PublishedStory, Story
from casework.errors import Conflict, NotFound, Tampered
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.store import stories as store
from casework.vault import documents
from casework.vault.fields import PUBLISHED_STORY_CONTENT, STORY_NARRATIVE, Compartment


def open_story(keys: CaseKeys, row: store.StoryRow) -> Story:
    """Open a story with its case's keys."""
    key = keys.for_reading(Compartment.NARRATIVE, row.narrative_sealed)
    plain = key.open(STORY_NARRATIVE, row.id, row.narrative_version, row.narrative_sealed)
    return Story.from_document(documents.decode(plain))


def write_story(keys: CaseKeys, row: store.StoryRow, story: Story) -> None:
    """Seal a story under its next version, with its case's keys to write."""
    row.version = (row.version or 0) + 1
    row.narrative_version = (row.narrative_version or 0) + 1
    row.narrative_sealed = keys.for_writing(Compartment.NARRATIVE).seal(
        STORY_NARRATIVE, row.id, row.narrative_version, documents.encode(story.to_document())
    )


def open_published(context: Context, row: store.PublishedStoryRow) -> PublishedStory:
    """Open an approved story; raises Tampered where it lies under another number than its own."""
    plain = context.keyring.open(PUBLISHED_STORY_CONTENT, row.id, row.version, row.content_sealed)
    story = PublishedStory.from_document(documents.decode(plain))
    if story.number != row.number:
        raise Tampered("a story under another number than it was approved with")
    return story


def write_published(context: Context, row: store.PublishedStoryRow, story: PublishedStory) -> None:
    """Seal an approved story under its next version."""
    row.version = (row.version or 0) + 1
    row.number = story.number
    row.content_sealed = context.keyring.seal(
        PUBLISHED_STORY_CONTENT, row.id, row.version, documents.encode(story.to_document())
    )


def get_row(case_id: UUID, story_id: UUID, version: int | None = None) -> store.StoryRow:
    """Return the row of a story of this case; raises NotFound, and Conflict where it has another version."""
    row = store.find_story(story_id)
    if row is None or row.case_id != case_id:
        raise NotFound("story")
    if version is not None and row.version != version:
        raise Conflict("story")
    return row


def get_published_row(story_id: UUID, version: int | None = None) -> store.PublishedStoryRow:
    """Return the row of an approved story; raises as `get_row`."""
    row = store.find_published(story_id)
    if row is None:
        raise NotFound("story")
    if version is not None and row.version != version:
        raise Conflict("story")
    return row
