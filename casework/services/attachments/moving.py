"""Moving all sealed files to another place: each is there, and the same, before it goes here."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from casework.errors import MoveFailed, Tampered
from casework.services.attachments.adding import ORIGINAL
from casework.services.attachments.places import find_place, open_place
from casework.services.attachments.sweeping import GRACE_SECONDS
from casework.services.runtime import Runtime
from casework.store import attachments as store
from casework.store.database import db
from casework.store.objectplace import ObjectPlace
from casework.store.sealedfiles import FOLDER, DiskFiles, FileName, FilesAway, SealedFiles

FROM_FOLDER = "folder"
_CHUNK_BYTES = 1024 * 1024
_THERE = "They lie there already: say in ATTACHMENTS_URL where they are to go, and here from where."
_AGAIN = "What was moved stays moved: run it again once that is mended."


@dataclass(frozen=True, slots=True)
class Moved:
    """How many files were moved now; how many attachments have no original where they now should lie."""

    files: int
    missing: int


def move_here(
    runtime: Runtime,
    source: str,
    key_file: Path,
    begin: Callable[[int], None],
    advance: Callable[[int], None],
) -> Moved:
    """Move every file from `source`, which is `folder` or an address by S3, to where the settings say.

    Raises MoveFailed with a sentence, ConfigError where the key to that address cannot be read.
    """
    try:
        place = None if source == FROM_FOLDER else ObjectPlace.read(source)
    except ValueError as error:
        raise MoveFailed(f"{source} {error}") from None
    if place == find_place(runtime):
        raise MoveFailed(_THERE)
    files = open_place(source if place else "", key_file, runtime.data_folder)
    try:
        return move_files(files or DiskFiles(runtime.data_folder / FOLDER), runtime.files, begin, advance)
    except Tampered as error:
        raise MoveFailed(
            f"{error}. Nothing of it was deleted. Find out which of the two is right, and delete the other."
        ) from None
    except FilesAway as away:
        raise MoveFailed(f"A store does not answer, or refuses ({away}). {_AGAIN}") from None
    except OSError as error:
        raise MoveFailed(f"The disk refuses ({error.strerror}). {_AGAIN}") from None


def move_files(
    source: SealedFiles, target: SealedFiles, begin: Callable[[int], None], advance: Callable[[int], None]
) -> Moved:
    """Move every file; ended at any moment, it goes on where it was once it is called again.

    What stands in both places and is not the same in them stays in both: Tampered, as where a copy does not
    read as what was written. Raises FilesAway, OSError. Nothing is opened, and no key is needed.
    """
    known = _list_known()
    # Without a row it may be on its way here still; else nothing refers to it any more.
    names = sorted((name for name in source.list_names() if name.attachment_id in known), key=str)
    begin(len(names))
    moved = 0
    for attachment_id, copies in groupby(names, key=lambda name: name.attachment_id):
        count = 0
        for name in copies:
            with suppress(FileNotFoundError):  # it was erased meanwhile
                _copy(source, target, name)
                count += 1
        source.delete(attachment_id)
        moved += count
        advance(count)
    for attachment_id in set(source.find_abandoned(GRACE_SECONDS)) - _list_known():
        source.delete(attachment_id)
    originals = {name.attachment_id for name in target.list_names() if name.copy == ORIGINAL}
    return Moved(moved, len(_list_known() - originals))


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
    known = set(store.list_attachment_ids())
    db.session.rollback()
    return known
