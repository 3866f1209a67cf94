"""The files of an approved release, given out one at a time."""

from collections.abc import Sequence
from uuid import UUID

from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.reports.publication.formats import File, list_files
from casework.services.casefile import FinishedFile
from casework.services.context import Context
from casework.services.releases.publishing import edit_all
from casework.services.releases.reading import Published, read_release
from casework.services.transactions import transaction


def list_downloads(published: Published) -> Sequence[File]:
    """List the files of a release, drawing none; the last one holds all others."""
    return list_files(edit_all(published))


def give_file(context: Context, release_id: UUID, name: str) -> tuple[FinishedFile, str]:
    """Draw a file by its name, and return it with its media type; the audit log has who took one.

    Raises NotFound where the release has no such file, or is not approved; else as `read_release`.
    """
    context.require(Permission.COMPOSE_RELEASES)
    published = read_release(context, release_id)
    found = next((file for file in list_downloads(published) if file.name == name), None)
    if found is None:
        raise NotFound("file")
    content = found.draw()
    with transaction(context, "release.downloaded") as opened:
        opened.note(release=release_id, number=published.number)
    return FinishedFile(name, content), found.media_type
