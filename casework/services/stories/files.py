"""The files of an approved story, given out one at a time."""

from uuid import UUID

from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.reports.stories.files import list_files
from casework.services.casefile import FinishedFile
from casework.services.context import Context
from casework.services.stories.rows import get_published_row, open_published
from casework.services.transactions import transaction


def give_file(context: Context, story_id: UUID, name: str) -> tuple[FinishedFile, str]:
    """Draw a file by its name, and return it with its media type; the audit log has who took one.

    Raises NotFound where the story has no such file: it is not approved, or was withdrawn.
    """
    context.require(Permission.COMPOSE_RELEASES)
    story = open_published(context, get_published_row(story_id))
    found = next((file for file in list_files(story) if file.name == name), None)
    if found is None:
        raise NotFound("file")
    content = found.draw()
    with transaction(context, "story.downloaded") as opened:
        opened.note(story=story_id, number=story.number)
    return FinishedFile(name, content), found.media_type
