"""Moving all sealed files to another place: each is there, and the same, before it goes here.

Only files of attachments that have a row are moved, and nothing else is deleted: the database may be the
wrong one. Nor does an address say which place it is, for one place has many: a file that is written on one
side and seen on the other does.
"""

import errno
import hashlib
import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from sqlalchemy.exc import DBAPIError

from casework.errors import MoveRefused, Tampered
from casework.services.attachments.places import find_place, open_place
from casework.services.runtime import Runtime
from casework.store import attachments as store
from casework.store.database import db
from casework.store.objectplace import ObjectPlace
from casework.store.organization import find_organization
from casework.store.sealedfiles import FOLDER, ORIGINAL, Away, DiskFiles, FileName, FilesAway, SealedFiles

FROM_FOLDER = "folder"
_CHUNK_BYTES = 1024 * 1024
_PROBE_BYTES = 16
_FULL = {errno.ENOSPC, errno.EDQUOT}
_THERE = "They lie there already: say in ATTACHMENTS_URL where they are to go, and here from where."
_SAME = "Both addresses lead to the same place. Nothing was moved, and nothing deleted."
_UNKNOWN = "No organisation has been founded in this database: is DATABASE_URL right? Nothing was moved."
_AWAY = {
    Away.SILENT: "A store does not answer: does it run, and may this machine reach it?",
    Away.REFUSED: "A store refuses: is the key to it right, and what does it allow (docs/operating.md)?",
    Away.MISSING: "A store has no bucket of that name: make it, or mend the address.",
    Away.TAKEN: "That folder of the bucket is another casework's: name one of its own (docs/operating.md).",
    Away.FAILED: "A store took a file and did not give it back, or answered with an error.",
}
_UNREADABLE = "This database cannot be read, or is not casework's: is DATABASE_URL right? Nothing was moved."
_AGAIN = "What was moved stays moved: run it again once that is mended."


@dataclass(frozen=True, slots=True)
class MovedFiles:
    """How many files were moved now; how many attachments have no original where they now should lie.

    `left` is how many files of no attachment that has a row stay where they were.
    """

    files: int
    missing: int
    left: int


def move_here(
    runtime: Runtime,
    source: str,
    key_file: Path,
    begin: Callable[[int], None],
    advance: Callable[[int], None],
) -> MovedFiles:
    """Move every file from `source`, which is `folder` or an address by S3, to where the settings say.

    Raises MoveRefused with a sentence, ConfigError where the key to that address cannot be read.
    """
    try:
        place = None if source == FROM_FOLDER else ObjectPlace.read(source)
    except ValueError as error:
        raise MoveRefused(f"{source} {error}") from None
    if place == find_place(runtime):
        raise MoveRefused(_THERE)
    files = open_place(source if place else "", key_file, runtime.data_folder)
    try:
        return move_files(files or DiskFiles(runtime.data_folder / FOLDER), runtime.files, begin, advance)
    except Tampered as error:
        raise MoveRefused(
            f"{error}. Nothing of it was deleted. Find out which of the two is right, and delete the other."
        ) from None
    except FilesAway as away:
        raise MoveRefused(f"{_AWAY[away.reason]} {_AGAIN}") from None
    except OSError as error:
        raise MoveRefused(f"The disk refuses ({error.strerror}). {_AGAIN}") from None


def move_files(
    source: SealedFiles, target: SealedFiles, begin: Callable[[int], None], advance: Callable[[int], None]
) -> MovedFiles:
    """Move every file; ended at any moment, it goes on where it was once it is called again.

    What stands in both places and is not the same in them stays in both: Tampered, as where a copy does not
    read as what was written. MoveRefused where the two are one place, or the database has no organization.
    Raises FilesAway, OSError. Nothing is opened, and no key is needed.
    """
    known = _list_known()
    _require_apart(source, target)
    everything = list(source.list_names())
    # Without a row it may be on its way here still, of an erased case, or of another database.
    names = sorted((name for name in everything if name.attachment_id in known), key=str)
    begin(len(names))
    moved = 0
    for attachment_id, copies in groupby(names, key=lambda name: name.attachment_id):
        count = sum(_copy_if_there(source, target, name) for name in copies)
        source.delete(attachment_id)
        moved += count
        advance(count)
    originals = {name.attachment_id for name in target.list_names() if name.copy == ORIGINAL}
    return MovedFiles(moved, len(_list_known() - originals), len(everything) - len(names))


def _require_apart(source: SealedFiles, target: SealedFiles) -> None:
    """Write a file on each side: MoveRefused where the other sees it. Nothing of it stays."""
    if _sees(target, source):
        raise MoveRefused(_SAME)
    try:
        is_seen = _sees(source, target)
    except OSError as error:
        # Files are moved away from full disks; and the other place has just taken one.
        if error.errno not in _FULL:
            raise
    else:
        if is_seen:
            raise MoveRefused(_SAME)


def _sees(writer: SealedFiles, reader: SealedFiles) -> bool:
    """Return whether what the one writes is there for the other; killed here, the sweep has it in an hour."""
    name = FileName(uuid4(), ORIGINAL)
    try:
        _write(io.BytesIO(secrets.token_bytes(_PROBE_BYTES)), writer, name)
        return _is_there(reader, name)
    finally:
        writer.delete(name.attachment_id)


def _is_there(files: SealedFiles, name: FileName) -> bool:
    try:
        files.open(name).close()
    except FileNotFoundError:
        return False
    return True


def _copy_if_there(source: SealedFiles, target: SealedFiles, name: FileName) -> bool:
    """Copy a file; return False where it was erased meanwhile."""
    try:
        _copy(source, target, name)
    except FileNotFoundError:
        if _is_there(source, name):
            raise FilesAway(Away.FAILED) from None  # it is the other place that lost it
        return False
    return True


def _copy(source: SealedFiles, target: SealedFiles, name: FileName) -> None:
    """Copy a file unless it is there, and hold the two against each other."""
    with source.open(name) as file:
        before = _digest(file)
        try:
            with target.open(name) as there:
                after = _digest(there)
        except FileNotFoundError:
            file.seek(0)
            _write(file, target, name)
            with target.open(name) as there:
                after = _digest(there)
    if before != after:
        raise Tampered(f"{name} is not the same in both places")


def _write(file: BinaryIO, target: SealedFiles, name: FileName) -> None:
    writing = target.create(name)
    try:
        while chunk := file.read(_CHUNK_BYTES):
            writing.write(chunk)
        writing.keep()
    except BaseException:
        writing.discard()
        raise


def _digest(file: BinaryIO) -> bytes:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
    return digest.digest()


def _list_known() -> set[UUID]:
    """Return the attachments that have a row; MoveRefused where there is no organization."""
    try:
        is_founded, known = find_organization() is not None, set(store.list_attachment_ids())
    except DBAPIError as error:
        # The driver's own words may hold the address. A new database has no tables.
        raise MoveRefused(f"{_UNREADABLE} ({type(error.orig).__name__})") from None
    finally:
        db.session.rollback()
    if not is_founded:
        raise MoveRefused(_UNKNOWN)
    return known
