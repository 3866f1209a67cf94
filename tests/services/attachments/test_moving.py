"""Moving files of cases between the folder and a bucket: each is there, and the same, before it goes."""

import errno
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest
from flask import Flask

from casework.errors import ConfigError, MoveRefused
from casework.services.attachments.moving import FROM_FOLDER, MovedFiles, move_files, move_here
from casework.services.attachments.places import open_place
from casework.services.runtime import Runtime
from casework.services.verifying.checking import Failure
from casework.services.verifying.live import verify_live
from casework.store.objectfiles import ObjectFile, ObjectFiles
from casework.store.sealedfiles import Away, DiskFile, DiskFiles, FileName, FilesAway
from tests.services.attachments.test_adding import add, kept_files, new_case, take
from tests.services.attachments.test_lasting import ignore
from tests.support.application import CASEWORKER, Founded
from tests.support.bucket import Bucket
from tests.support.files import photo, recording


@pytest.fixture
def database() -> str:
    """One is enough: it does not know where files lie."""
    return "sqlite"


@pytest.fixture
def key_file(founded: Founded, bucket: Bucket) -> Path:
    """The key to the bucket."""
    file = bucket.settings(founded.runtime.data_folder)["ATTACHMENTS_KEY_FILE"]
    assert isinstance(file, Path)
    return file


@pytest.fixture
def changed(founded: Founded, bucket: Bucket, key_file: Path) -> Founded:
    """The same casework once ATTACHMENTS_URL is set."""
    there = open_place(bucket.url, key_file, founded.runtime.data_folder)
    founded.app.extensions["casework"] = replace(founded.runtime, other_files=there)
    return founded


def move(runtime: Runtime, source: str, key_file: Path) -> MovedFiles:
    """Move here what lies there."""
    return move_here(runtime, source, key_file, ignore, ignore)


def test_there_and_back(founded: Founded, bucket: Bucket, key_file: Path) -> None:
    """Every copy, with nobody's keys; where it was nothing stays, and everything opens."""
    case_id, content = new_case(founded), photo()
    attachment_id = add(founded.context(CASEWORKER), case_id, "street.jpg", content)
    add(founded.context(CASEWORKER), case_id, "call.mp3", recording(20_000_000))
    at_home, before = founded.runtime, kept_files(founded)
    there = open_place(bucket.url, key_file, at_home.data_folder)
    away = founded.app.extensions["casework"] = replace(at_home, other_files=there)
    assert move(away, FROM_FOLDER, key_file) == MovedFiles(4, 0, left=0)
    assert list(DiskFiles(at_home.data_folder / "attachments").list_names()) == []
    assert kept_files(founded) == sorted([*before])
    failures: list[Failure] = []
    verify_live(founded.context(), ignore, failures.append, ignore)
    assert failures == []
    assert take(founded.context(CASEWORKER), case_id, attachment_id, "original") == content
    founded.app.extensions["casework"] = at_home
    assert move(at_home, bucket.url, key_file) == MovedFiles(4, 0, left=0)
    assert kept_files(founded) == before
    assert take(founded.context(CASEWORKER), case_id, attachment_id, "original") == content


def test_it_goes_on_where_it_was(
    founded: Founded, changed: Founded, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut while a file is written, no file is nowhere; what was moved is not sent again."""
    at_home = replace(changed.runtime, other_files=None)
    changed.app.extensions["casework"], away = at_home, changed.runtime
    case_id = new_case(founded)
    ids = {add(founded.context(CASEWORKER), case_id, f"{n}.mp3", recording(1000 + n)) for n in range(3)}
    sent: list[object] = []
    keep = ObjectFile.keep

    def keep_but_the_second(self: ObjectFile) -> None:
        sent.append(self)
        if len(sent) == 3:  # the try, and two files
            raise FilesAway(Away.SILENT)
        keep(self)

    monkeypatch.setattr(ObjectFile, "keep", keep_but_the_second)
    with pytest.raises(MoveRefused, match="run it again"):
        move(away, FROM_FOLDER, key_file)
    here, there = ({name.attachment_id for name in one.files.list_names()} for one in (at_home, away))
    assert (len(here), len(there)) == (2, 1) and here | there == ids
    assert move(away, FROM_FOLDER, key_file) == MovedFiles(2, 0, left=0)
    assert len(sent) == 6


def test_what_differs_stays_in_both(founded: Founded, changed: Founded, key_file: Path) -> None:
    """Whichever is right: nothing is deleted."""
    at_home = replace(changed.runtime, other_files=None)
    changed.app.extensions["casework"], away = at_home, changed.runtime
    attachment_id = add(founded.context(CASEWORKER), new_case(founded), "call.mp3", recording())
    name = FileName(attachment_id, "original")
    other = away.files.create(name)
    other.write(b"something else")
    other.keep()
    with pytest.raises(MoveRefused, match="not the same in both places"):
        move(away, FROM_FOLDER, key_file)
    assert list(at_home.files.list_names()) == list(away.files.list_names()) == [name]


def test_a_file_on_its_way_is_left_alone(founded: Founded, changed: Founded, key_file: Path) -> None:
    """It has no row yet."""
    at_home = replace(changed.runtime, other_files=None)
    name = FileName(new_case(founded), "original")  # any id without a row of a file
    coming = at_home.files.create(name)
    coming.write(b"sealed")
    coming.keep()
    assert move(changed.runtime, FROM_FOLDER, key_file) == MovedFiles(0, 0, left=1)
    assert list(at_home.files.list_names()) == [name]


def test_where_nothing_is_to_be_moved(
    founded: Founded, changed: Founded, bucket: Bucket, key_file: Path
) -> None:
    """The same place twice, no address, a key that is not there or that others may read: each is said."""
    at_home = replace(changed.runtime, other_files=None)
    for runtime, source in ((at_home, FROM_FOLDER), (changed.runtime, bucket.url)):
        with pytest.raises(MoveRefused, match="there already"):
            move(runtime, source, key_file)
    with pytest.raises(MoveRefused, match="must be s3://"):
        move(at_home, "ftp://bucket", key_file)
    with pytest.raises(ConfigError, match="cannot be read"):
        move(at_home, bucket.url, key_file.with_name("nowhere"))
    key_file.chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        move(at_home, bucket.url, key_file)


@pytest.mark.parametrize("spelling", ["region", "host"])
def test_the_same_bucket_spelled_otherwise(
    founded: Founded, changed: Founded, bucket: Bucket, key_file: Path, spelling: str
) -> None:
    """Each file would be compared with itself and deleted: one side writes, the other sees it."""
    source = f"{bucket.url}&region=ca-central-1"
    if spelling == "host":
        source = bucket.url.replace("127.0.0.1", "localhost")
    add(founded.context(CASEWORKER), new_case(founded), "call.mp3", recording())
    before = bucket.list_files()
    with pytest.raises(MoveRefused, match="the same place"):
        move(changed.runtime, source, key_file)
    assert bucket.list_files() == before and len(before) == 2


def test_a_linked_folder_is_the_same_place(founded: Founded, tmp_path: Path) -> None:
    """Either of two ways to a folder; neither keeps the try."""
    add(founded.context(CASEWORKER), new_case(founded), "call.mp3", recording())
    home = founded.runtime.data_folder / "attachments"
    (tmp_path / "linked").symlink_to(home)
    for source, target in ((home, tmp_path / "linked"), (tmp_path / "linked", home)):
        with pytest.raises(MoveRefused, match="the same place"):
            move_files(DiskFiles(source), DiskFiles(target), ignore, ignore)
        assert [path.name for path in home.rglob("*.*")] == kept_files(founded)


def test_one_side_that_sees_the_other_is_enough(founded: Founded, tmp_path: Path) -> None:
    """Where one of the two answers from what it remembers, the other may see."""

    class Forgetful(DiskFiles):
        def open(self, name: FileName) -> BinaryIO:
            raise FileNotFoundError(str(self.path(name)))

    add(founded.context(CASEWORKER), new_case(founded), "call.mp3", recording())
    home = founded.runtime.data_folder / "attachments"
    with pytest.raises(MoveRefused, match="the same place"):
        move_files(Forgetful(home), DiskFiles(home), ignore, ignore)
    with pytest.raises(MoveRefused, match="the same place"):
        move_files(DiskFiles(home), Forgetful(home), ignore, ignore)
    assert [path.name for path in home.rglob("*.*")] == kept_files(founded)


def test_a_full_disk_can_be_moved_from(
    founded: Founded, changed: Founded, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes no try, which is why somebody moves."""
    at_home = replace(changed.runtime, other_files=None)
    changed.app.extensions["casework"], away = at_home, changed.runtime
    add(founded.context(CASEWORKER), new_case(founded), "call.mp3", recording())

    def refuse(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(DiskFile, "write", refuse)
    assert move(away, FROM_FOLDER, key_file) == MovedFiles(1, 0, left=0)


def test_what_the_new_place_loses_stays_in_the_old(
    founded: Founded, changed: Founded, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written and not there: that is no file that was erased meanwhile."""
    at_home = replace(changed.runtime, other_files=None)
    changed.app.extensions["casework"], away = at_home, changed.runtime
    add(founded.context(CASEWORKER), new_case(founded), "call.mp3", recording())
    before = kept_files(founded)

    def lose(_self: ObjectFiles, name: FileName) -> BinaryIO:
        raise FileNotFoundError(str(name))

    monkeypatch.setattr(ObjectFiles, "open", lose)
    with pytest.raises(MoveRefused, match="run it again"):
        move(away, FROM_FOLDER, key_file)
    assert kept_files(founded) == before


def test_where_no_organization_is_nothing_is_known(
    founded: Founded, changed: Founded, key_file: Path, empty_app: Flask
) -> None:
    """DATABASE_URL leads to an empty database by mistake: every old file looks like one without a row."""
    at_home = replace(changed.runtime, other_files=None)
    changed.app.extensions["casework"], away = at_home, changed.runtime
    add(founded.context(CASEWORKER), new_case(founded), "call.mp3", recording())
    age(at_home)
    before = kept_files(founded)
    with empty_app.app_context(), pytest.raises(MoveRefused, match="No organisation has been founded"):
        move(away, FROM_FOLDER, key_file)
    assert kept_files(founded) == before


def test_old_files_without_a_row_are_left(founded: Founded, changed: Founded, key_file: Path) -> None:
    """Of another database, it may be: they are counted, and the sweep of that place decides."""
    at_home = replace(changed.runtime, other_files=None)
    changed.app.extensions["casework"], away = at_home, changed.runtime
    add(founded.context(CASEWORKER), new_case(founded), "call.mp3", recording())
    name = FileName(new_case(founded), "original")
    other = at_home.files.create(name)
    other.write(b"sealed")
    other.keep()
    age(at_home)
    assert move(away, FROM_FOLDER, key_file) == MovedFiles(1, 0, left=1)
    assert list(at_home.files.list_names()) == [name]


def age(runtime: Runtime) -> None:
    """Date every file in the folder two hours back."""
    then = time.time() - 7200
    for path in (runtime.data_folder / "attachments").rglob("*.*"):
        os.utime(path, (then, then))
