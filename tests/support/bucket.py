"""A real store that speaks S3, for as long as the tests run: rclone, which keeps each object as a file."""

import itertools
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import botocore.session
import pytest

from casework.services.runtime import Runtime
from casework.store.objectfiles import ObjectFiles
from casework.store.sealedfiles import DiskFiles, FileName, SealedFiles
from casework.store.silence import SILENT_SECONDS

START_SECONDS = 30
KEY_ID, SECRET = "casework-of-tests", "a-word-between-store-and-server"
PREFIX = "one"
_numbers = itertools.count(1)
_servers: "dict[str | None, StoreServer]" = {}


@dataclass(frozen=True)
class Bucket:
    """An empty bucket of the server; `folder` is where its objects lie as files."""

    server: "StoreServer"
    name: str

    @property
    def folder(self) -> Path:
        """Where the server keeps what is below the prefix."""
        return self.server.folder / self.name / PREFIX

    @property
    def url(self) -> str:
        """Its address, as a setting."""
        return f"s3://{self.name}/{PREFIX}?endpoint={self.server.endpoint}"

    def settings(self, folder: Path) -> dict[str, object]:
        """Return the settings that lead there; the key to it is written beside this folder."""
        key = folder.with_name("attachments.key")
        key.write_text(f"{KEY_ID}\n{SECRET}\n")
        key.chmod(0o600)
        return {"ATTACHMENTS_URL": self.url, "ATTACHMENTS_KEY_FILE": key}

    def list_files(self) -> list[Path]:
        """Return every object that is there, whoever wrote it."""
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


@dataclass
class StoreServer:
    """A server in a folder of its own, which can be ended and started again."""

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def new_bucket(self) -> Bucket:
        """Make a bucket of its own for a test."""
        name = f"files-{next(_numbers)}"
        # By its own way in: the server does not see what comes behind its back at once.
        client = botocore.session.Session().create_client(
            "s3",
            region_name="us-east-1",
            endpoint_url=self.endpoint,
            aws_access_key_id=KEY_ID,
            aws_secret_access_key=SECRET,
        )
        client.create_bucket(Bucket=name)
        client.close()
        return Bucket(self, name)

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = Path(sys.executable).with_name("rclone")
        assert program.is_file(), "rclone is missing: pip install -r requirements-dev.lock"
        arguments = ["--addr", f"127.0.0.1:{self.port}", "--auth-key", f"{KEY_ID},{SECRET}"]
        arguments += ["--config", "/dev/null", "--log-level", "ERROR"]
        command = [str(program), "serve", "s3", *arguments, str(self.folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail("rclone did not start")
                time.sleep(0.02)

    def stop(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(START_SECONDS)
            self._process = None


@contextmanager
def serve_store() -> Iterator[StoreServer]:
    """Run a store of one's own."""
    folder = Path(tempfile.mkdtemp(prefix="casework-store-"))
    server = StoreServer(folder, free_port())
    _servers[server.endpoint] = server
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def store_server() -> Iterator[StoreServer]:
    """The server of this run; its buckets are many."""
    with serve_store() as server:
        yield server


@pytest.fixture
def bucket(store_server: StoreServer) -> Bucket:
    """An empty bucket of this test's own."""
    return store_server.new_bucket()


@dataclass(frozen=True)
class SealedFile:
    """A sealed file, to be hurt where it lies: behind the back of casework, not of the server."""

    runtime: Runtime
    name: FileName

    def read_bytes(self) -> bytes:
        """Return all of it."""
        return (folder_of(self.runtime) / self._place).read_bytes()

    def write_bytes(self, content: bytes) -> None:
        """Put this in its place."""
        files = self.runtime.files
        if isinstance(files, ObjectFiles):
            files.objects.put(self._place, content)
        else:
            path = folder_of(self.runtime) / self._place
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)

    def unlink(self) -> None:
        """Delete it."""
        files = self.runtime.files
        if isinstance(files, ObjectFiles):
            files.objects.delete(self._place)
        else:
            (folder_of(self.runtime) / self._place).unlink()

    @property
    def _place(self) -> str:
        return f"{self.name.attachment_id.hex[:2]}/{self.name}"


def folder_of(runtime: Runtime) -> Path:
    """Return where sealed files lie as files, on the disk or at the server."""
    files = runtime.files
    if isinstance(files, DiskFiles):
        return files.folder
    assert isinstance(files, ObjectFiles)
    place = files.place
    return _servers[place.endpoint].folder / place.bucket / place.prefix


def wait_out(files: SealedFiles) -> None:
    """Let so much time pass that a place which was silent is asked again."""
    assert isinstance(files, ObjectFiles)
    for objects in (files.objects, files.quick):
        before = objects.silence.clock
        objects.silence.clock = lambda before=before: before() + SILENT_SECONDS  # type: ignore[misc]


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
