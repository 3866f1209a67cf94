"""Sealed files in a bucket: against a real server, and against some that do not keep to the protocol."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from casework.store.objectfiles import OWNER, PART_BYTES, PIECE_BYTES, ObjectFiles
from casework.store.objectplace import ObjectKey, ObjectPlace
from casework.store.objects import Objects, Patience
from casework.store.sealedfiles import Away, FileName, FilesAway, PlaceState
from casework.store.silence import SILENT_SECONDS, Silence
from tests.support.bucket import KEY_ID, SECRET, Bucket, serve_store, wait_out

KEY = ObjectKey(KEY_ID, SECRET)
ONCE = Patience(5.0, 60.0, 1)
SOON = Patience(1.0, 1.0, 1)
LARGE = os.urandom(1024 * 1024) * 20


def files_of(
    place: ObjectPlace, folder: Path, key: ObjectKey = KEY, patience: Patience = ONCE
) -> ObjectFiles:
    """Return the files of a casework whose data folder this is."""
    return ObjectFiles(Objects(place, key, patience), folder / "attachments.owner")


@pytest.fixture
def files(bucket: Bucket, tmp_path: Path) -> ObjectFiles:
    """A casework's own."""
    return files_of(ObjectPlace.read(bucket.url), tmp_path)


def write(files: ObjectFiles, content: bytes, copy: str = "original") -> FileName:
    """Keep a file that comes in pieces."""
    name = FileName(uuid4(), copy)
    writing = files.create(name)
    for at in range(0, len(content), 65_552):
        writing.write(content[at : at + 65_552])
    writing.keep()
    return name


def read(files: ObjectFiles, name: FileName) -> bytes:
    """Return all of a file."""
    with files.open(name) as file:
        return file.read()


def fault_of(deed: Callable[[], object]) -> Away:
    """Return why the place does not do it."""
    with pytest.raises(FilesAway) as away:
        deed()
    return away.value.reason


SIZES = [1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES, len(LARGE)]


@pytest.mark.parametrize("size", SIZES)
def test_what_was_kept_comes_back(files: ObjectFiles, bucket: Bucket, size: int) -> None:
    """Sent at once or in parts; it is one object, whole, under the name that it has in a folder."""
    content = LARGE[:size]
    name = write(files, content)
    assert read(files, name) == content
    [kept] = [path for path in bucket.list_files() if path.name != OWNER]
    assert kept.relative_to(bucket.folder) == Path(name.attachment_id.hex[:2], str(name))
    assert files.count_bytes() == kept.stat().st_size == size
    assert list(files.objects.list_begun()) == []


def test_any_place_can_be_read_from(files: ObjectFiles) -> None:
    """Over the edges of the pieces that are asked for, backwards, and behind the end."""
    with files.open(write(files, LARGE)) as file:
        for at in (PIECE_BYTES - 10, 0, 3 * PIECE_BYTES - 1, len(LARGE) - 5):
            assert file.seek(at) == at
            assert file.read(100_000) == LARGE[at : at + 100_000]
        assert file.seek(0, os.SEEK_END) == len(LARGE)
        assert file.read(10) == b""


def test_nothing_is_there_before_it_is_whole(files: ObjectFiles, bucket: Bucket) -> None:
    """Neither listed nor opened while its parts arrive, and gone once it is discarded."""
    name = FileName(uuid4(), "original")
    writing = files.create(name)
    writing.write(LARGE)
    assert list(files.list_names()) == []
    with pytest.raises(FileNotFoundError):
        files.open(name)
    assert [begun.name.rpartition("/")[2] for begun in files.objects.list_begun()] == [str(name)]
    writing.discard()
    assert list(files.objects.list_begun()) == []
    assert [path.name for path in bucket.list_files()] == [OWNER]


def test_deleted_means_every_copy(files: ObjectFiles) -> None:
    """And nothing of another attachment; deleting again is no fault."""
    kept = write(files, b"kept")
    name = write(files, b"original")
    files.objects.put(f"{name.attachment_id.hex[:2]}/{name.attachment_id.hex}.cleaned", b"cleaned")
    for _ in range(2):
        files.delete(name.attachment_id)
        assert list(files.list_names()) == [kept]


def test_what_was_left_behind_is_swept(files: ObjectFiles) -> None:
    """Parts that no more follow, once they are old enough; of others' objects nothing."""
    files.claim()
    name, other = FileName(uuid4(), "original"), "not-a-file-of-ours"
    files.create(name).write(LARGE)
    files.objects.begin(other)
    files.sweep_parts(3600)
    assert len(list(files.objects.list_begun())) == 2
    files.sweep_parts(0)
    assert [begun.name for begun in files.objects.list_begun()] == [other]
    kept = write(files, b"kept")
    files.objects.put(other, b"a note")
    assert list(files.find_abandoned(3600)) == []
    assert list(files.find_abandoned(0)) == [kept.attachment_id]
    assert list(files.list_names()) == [kept]


def test_a_slow_file_is_not_swept(files: ObjectFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begun long ago, it counts from its newest part."""
    files.create(FileName(uuid4(), "original")).write(LARGE)
    [begun] = files.objects.list_begun()
    last = files.objects.find_last_part(begun)
    monkeypatch.setattr(Objects, "find_last_part", lambda *_self: last.replace(year=last.year + 1))
    now = time.time()
    monkeypatch.setattr("casework.store.objectfiles.time.time", lambda: now + 7200)
    files.sweep_parts(3600)
    assert list(files.objects.list_begun()) == [begun]
    monkeypatch.undo()
    monkeypatch.setattr("casework.store.objectfiles.time.time", lambda: now + 7200)
    files.sweep_parts(3600)
    assert list(files.objects.list_begun()) == []


def test_one_casework_alone_writes_to_a_place(bucket: Bucket, files: ObjectFiles, tmp_path: Path) -> None:
    """A copy of the database on another machine deletes nothing of it; it may read."""
    name = write(files, b"kept")
    (tmp_path / "other").mkdir()
    other = files_of(files.place, tmp_path / "other")
    deeds: list[Callable[[], object]] = [
        lambda: other.create(name),
        lambda: other.delete(name.attachment_id),
        lambda: other.sweep_parts(0),
        lambda: list(other.find_abandoned(0)),
    ]
    assert [fault_of(deed) for deed in deeds] == [Away.TAKEN] * 4
    assert other.examine() == PlaceState(Away.TAKEN)
    assert read(other, name) == b"kept"
    assert files_of(files.place, tmp_path).examine() == PlaceState(None)
    beside = files_of(replace(files.place, prefix="two/"), tmp_path / "other")
    assert beside.examine() == PlaceState(None)
    assert list(beside.list_names()) == []
    assert {path.name for path in bucket.list_files()} == {OWNER, str(name)}


def test_a_place_that_refuses(files: ObjectFiles, tmp_path: Path) -> None:
    """A wrong secret, no such bucket, nobody there: each says so, and none passes for a file that is gone."""
    name, place = write(files, b"kept"), files.place
    places = {
        Away.REFUSED: files_of(place, tmp_path, ObjectKey(KEY_ID, "another")),
        Away.MISSING: files_of(replace(place, bucket="nowhere"), tmp_path),
        Away.SILENT: files_of(replace(place, endpoint="http://127.0.0.1:9"), tmp_path),
    }
    for reason, away in places.items():
        assert fault_of(lambda away=away: away.open(name)) == reason  # type: ignore[misc]
        assert fault_of(lambda away=away: away.create(name)) == reason  # type: ignore[misc]
        assert away.examine() == PlaceState(reason)


def test_cut_while_it_is_sent_and_while_it_is_read(tmp_path: Path) -> None:
    """The server ends in the middle: an error each time, nothing half, and what was kept is there."""
    with serve_store() as server:
        files = files_of(ObjectPlace.read(server.new_bucket().url), tmp_path)
        kept, half = write(files, LARGE), FileName(uuid4(), "original")
        writing, reading = files.create(half), files.open(kept)
        writing.write(LARGE)
        assert reading.read(PIECE_BYTES) == LARGE[:PIECE_BYTES]
        server.stop()
        assert fault_of(lambda: writing.write(LARGE)) == Away.SILENT
        assert fault_of(writing.keep) == Away.SILENT
        writing.discard()
        assert fault_of(reading.read) == Away.SILENT
        server.start()
        wait_out(files)
        assert list(files.list_names()) == [kept]
        assert read(files, kept) == LARGE


def test_a_short_answer_is_no_content(tmp_path: Path) -> None:
    """Cut in its middle it is asked for again, then it is an error; never is the part taken for the whole."""
    asked: list[str] = []

    class Short(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Range"])
            self.send_response(206)
            self.send_header("Content-Length", "1000")
            self.send_header("Content-Range", "bytes 0-999/1000")
            self.end_headers()
            self.wfile.write(bytes(500))

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with serve(Short) as place:
        assert (
            fault_of(lambda: files_of(place, tmp_path).open(FileName(UUID(int=1), "original"))) == Away.SILENT
        )
    assert asked == [f"bytes=0-{PIECE_BYTES - 1}"] * 3


def test_who_knows_no_ranges_is_refused(tmp_path: Path) -> None:
    """Such a store would send the whole file each time."""

    class Whole(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(bytes(1000))

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with serve(Whole) as place:
        assert (
            fault_of(lambda: files_of(place, tmp_path).open(FileName(UUID(int=1), "original"))) == Away.FAILED
        )


def test_who_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    """A line is taken and nothing is answered: it ends by itself."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = ObjectPlace("files", endpoint=f"http://127.0.0.1:{listener.getsockname()[1]}")
        assert (
            fault_of(lambda: files_of(place, tmp_path, patience=SOON).open(FileName(UUID(int=1), "original")))
            == Away.SILENT
        )


def test_a_silent_place_is_not_waited_for_twice(tmp_path: Path) -> None:
    """For half a minute nobody asks, not even to clear up; then one does, and an answer ends it."""
    with serve_store() as server:
        files = files_of(ObjectPlace.read(server.new_bucket().url), tmp_path)
        kept = write(files, LARGE)
        half = files.create(FileName(uuid4(), "original"))
        server.stop()
        assert fault_of(lambda: half.write(LARGE)) == Away.SILENT
        server.start()  # it would answer, and is not asked
        half.discard()
        deeds: list[Callable[[], object]] = [
            lambda: files.open(kept),
            lambda: files.delete(kept.attachment_id),
            lambda: list(files.list_names()),
        ]
        assert [fault_of(deed) for deed in deeds] == [Away.SILENT] * 3
        assert files.examine() == PlaceState(None)  # who looks whether it answers does ask
        wait_out(files)
        assert read(files, kept) == LARGE
        assert read(files, kept) == LARGE


def test_one_asks_for_all() -> None:
    """After half a minute the first is let through, and those who come while it waits are not."""
    now = [0.0]
    silence = Silence(lambda: now[0])
    silence.require_over()
    silence.begin()
    now[0] = SILENT_SECONDS - 1
    assert fault_of(silence.require_over) == Away.SILENT
    now[0] = SILENT_SECONDS
    silence.require_over()
    assert fault_of(silence.require_over) == Away.SILENT
    silence.end()
    silence.require_over()


def test_counting_waits_little_and_once(tmp_path: Path) -> None:
    """The page that shows how far a backup is asks every two seconds."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = ObjectPlace("files", endpoint=f"http://127.0.0.1:{listener.getsockname()[1]}")
        files = ObjectFiles(Objects(place, KEY), tmp_path / "owner", quick=SOON)
        listener.settimeout(5)
        for _ in range(3):
            assert fault_of(files.count_bytes) == Away.SILENT
        listener.accept()[0].close()
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_the_store_is_told_no_more_than_it_must(tmp_path: Path) -> None:
    """No metadata, no kind of content, nothing of the machine: a name of digits, and what is sealed."""
    seen: list[dict[str, str]] = []

    class Listening(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            seen.append({name.lower(): value for name, value in self.headers.items()})
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with serve(Listening) as place:
        Objects(place, KEY, ONCE).put("ab/cd.original", b"sealed")
    [headers] = seen
    assert headers["user-agent"] == "casework"
    assert not [name for name in headers if name.startswith("x-amz-meta") or name == "content-type"]


@contextmanager
def serve(handler: type[BaseHTTPRequestHandler]) -> Iterator[ObjectPlace]:
    """Answer as this says, at an address of this machine."""
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield ObjectPlace("files", endpoint=f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()


REFUSED = [
    "https://bucket",
    "s3://",
    "s3://Bucket",
    "s3://me:secret@bucket",
    "s3://bucket/a//b",
    "s3://bucket/../b",
    "s3://bucket/a b",
    "s3://bucket#part",
    "s3://bucket?key=secret",
    "s3://bucket?region=",
    "s3://bucket?region=a&region=b",
    "s3://bucket?endpoint=s3.example.org",
    "s3://bucket?endpoint=https://me:secret@s3.example.org",
    "s3://bucket?endpoint=https://s3.example.org/bucket",
    "s3://bucket?endpoint=http://s3.example.org",
    "s3://bucket?endpoint=http://8.8.8.8",
]


@pytest.mark.parametrize("url", REFUSED)
def test_addresses_that_are_none(url: str) -> None:
    """Nothing is guessed, no secret is taken from an address, and none goes in plain over the internet."""
    with pytest.raises(ValueError, match=r".+"):
        ObjectPlace.read(url)


def test_addresses() -> None:
    """With and without folder, of Amazon and of others, in a network of one's own by plain HTTP."""
    assert ObjectPlace.read("s3://bucket") == ObjectPlace("bucket")
    assert ObjectPlace.read("s3://bucket/a/b/?region=ca-central-1") == ObjectPlace(
        "bucket", "a/b/", region="ca-central-1"
    )
    own = ObjectPlace.read("s3://bucket/a?endpoint=http://10.0.0.7:3900&region=garage&ca_certs=/etc/ca.pem")
    assert own == ObjectPlace("bucket", "a/", "http://10.0.0.7:3900", "garage", "/etc/ca.pem")
    assert "secret" not in repr(ObjectKey.read("id\nsecret\n"))
    for text in ("", "id", "id secret more"):
        with pytest.raises(ValueError, match="two lines"):
            ObjectKey.read(text)
