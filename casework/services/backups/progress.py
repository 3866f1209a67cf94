"""How far a backup is that is being made: told by what lies on the disk, whichever process makes it."""

from casework.domain.permissions import Permission
from casework.services.backups.folder import count_part_bytes, is_writing
from casework.services.context import Context
from casework.store.copies import count_database_bytes
from casework.store.sealedfiles import FilesAway


def find_progress(context: Context) -> int | None:
    """Return how many hundredths are done, or None while nobody makes a backup."""
    context.require(Permission.MAKE_BACKUPS)
    runtime = context.runtime
    if not is_writing(runtime.backup_folder):
        return None
    # The database counts twice, as a copy and as what is sealed of it; files of cases once, as they are
    # sealed: those on the disk are held by second names, and copies of a bucket's lie where nobody measures.
    done = count_part_bytes(runtime.data_folder, runtime.backup_folder)
    try:
        files_bytes = runtime.files.count_bytes()
    except FilesAway:
        files_bytes = 0
    whole = 2 * count_database_bytes() + files_bytes
    return min(99, done * 100 // max(whole, 1))
